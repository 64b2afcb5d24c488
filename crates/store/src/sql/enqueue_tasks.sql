-- Puts tasks on the queue, within a transaction. $28: a JSONB array of rows: kind, key, claim, payload, priority, due at,
-- enqueued at. A key that is held keeps a task out, but the holder is due no later than it would have been.
INSERT INTO tasks (kind, key, fresh, claim, payload, priority, due_at, enqueued_at)
SELECT j.value->>0, j.value->>1, 1, j.value->>2, j.value->>3, j.value->>4, j.value->>5, j.value->>6
  FROM jsonb_each($28) j WHERE true
    ON CONFLICT (key) WHERE key IS NOT NULL AND fresh = 1 DO NOTHING
RETURNING id, key;
UPDATE tasks SET due_at = j.earliest
  FROM (SELECT value->>1 AS key, min(value->>5) AS earliest FROM jsonb_each($28) WHERE value->>1 IS NOT NULL GROUP BY 1) j
 WHERE tasks.key = j.key AND tasks.fresh = 1 AND tasks.due_at > j.earliest;
