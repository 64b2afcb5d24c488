-- A schedule's step. $1: its name. $2: when it was due. $3: when it is due next. $4: now, where a task is enqueued, else
-- null. $5: the task, as enqueue_tasks.sql takes it.
BEGIN IMMEDIATE;
UPDATE tasks SET due_at = min(tasks.due_at, j.value->>5)
  FROM jsonb_each($5) j
 WHERE tasks.key = j.value->>1 AND tasks.fresh = 1 AND tasks.due_at > j.value->>5
   AND EXISTS (SELECT 1 FROM schedules WHERE name = $1 AND next_at = $2);
INSERT INTO tasks (kind, key, fresh, claim, payload, priority, due_at, enqueued_at)
SELECT j.value->>0, j.value->>1, 1, j.value->>2, j.value->>3, j.value->>4, j.value->>5, j.value->>6
  FROM jsonb_each($5) j WHERE EXISTS (SELECT 1 FROM schedules WHERE name = $1 AND next_at = $2)
    ON CONFLICT (key) WHERE key IS NOT NULL AND fresh = 1 DO NOTHING
RETURNING id;
UPDATE schedules SET next_at = $3, last_at = coalesce($4, last_at) WHERE name = $1 AND next_at = $2;
COMMIT;
