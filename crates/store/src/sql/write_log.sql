-- (OR ROLLBACK: a batch that fails is rolled back as a whole, so that SQLite need not keep a journal for each statement.)
-- The log's rows of a batch. $1 events, $2 texts: JSONB arrays of rows.
INSERT OR ROLLBACK INTO events (seq, command, part, kind, claim, recorded_at, occurred_at, envelope, leaf)
SELECT j.value->>0, unhex(j.value->>1), j.value->>2, j.value->>3, j.value->>4, j.value->>5, j.value->>6, j.value->>7, unhex(j.value->>8)
  FROM jsonb_each($1) j;
INSERT OR ROLLBACK INTO texts (event, field, salt, body)
SELECT j.value->>0, j.value->>1, unhex(j.value->>2), j.value->>3 FROM jsonb_each($2) j;
