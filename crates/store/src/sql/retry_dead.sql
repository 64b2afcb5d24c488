-- Puts dead letters back on the queue. $1: tasks (JSON), or null. $2: a kind, or null; both null: all. $3: a payload to take
-- the place of theirs, or null.
BEGIN IMMEDIATE;
INSERT INTO tasks (id, kind, key, fresh, claim, payload, priority, due_at, enqueued_at)
SELECT id, kind, key, 0, claim, coalesce($3, payload), priority, 0, enqueued_at FROM dead_tasks
 WHERE ($1 IS NULL OR id IN (SELECT value FROM json_each($1))) AND ($2 IS NULL OR kind = $2)
RETURNING id, kind;
DELETE FROM dead_tasks
 WHERE ($1 IS NULL OR id IN (SELECT value FROM json_each($1))) AND ($2 IS NULL OR kind = $2);
COMMIT;
