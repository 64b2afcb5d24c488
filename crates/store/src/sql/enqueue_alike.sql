-- Puts tasks on the queue that are alike: $1: their kind. $2: their priority. $3: now. $4: a JSONB array of payloads, each
-- in an array with its claim if it has one. They have no keys and are due at once, and get numbers in a row.
BEGIN IMMEDIATE;
INSERT INTO tasks (kind, fresh, claim, payload, priority, due_at, enqueued_at)
SELECT $1, 1, CASE j.type WHEN 'array' THEN j.value->>1 END,
       CASE j.type WHEN 'array' THEN j.value->>0 ELSE j.value END, $2, 0, $3
  FROM json_each($4) j;
SELECT last_insert_rowid(), changes();
COMMIT;
