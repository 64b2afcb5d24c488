-- Names of sources. $1: JSONB rows.
INSERT INTO source_names (folded, source, name, event, position)
SELECT j.value->>0, unhex(j.value->>1), j.value->>2, j.value->>3, j.value->>4 FROM jsonb_each($1) j;
