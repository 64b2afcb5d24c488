-- What is derived of erasures. $1 proposals that were settled, $2 proposals that wait, $3 texts that were erased: JSONB
-- arrays of rows.
INSERT INTO erasures (proposal, event, claim)
SELECT unhex(j.value->>0), j.value->>1, j.value->>2 FROM jsonb_each($2) j;
DELETE FROM erasures WHERE proposal IN (SELECT unhex(value->>0) FROM jsonb_each($1));
INSERT INTO erased_texts (event, field, erased_by)
SELECT j.value->>0, j.value->>1, j.value->>2 FROM jsonb_each($3) j WHERE true
    ON CONFLICT (event, field) DO NOTHING;
