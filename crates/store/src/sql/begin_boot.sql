-- A worker's run begins: whatever earlier runs left leased is put back. $1: its process. $2: its name. $3: now. $4: the day.
-- $5: interruptions after which a task is dead.
BEGIN IMMEDIATE;
INSERT INTO workers (pid, name, started_at, seen_at) VALUES ($1, $2, $3, $3) RETURNING boot;
DELETE FROM workers WHERE boot <= (SELECT max(boot) FROM workers) - 20;
INSERT INTO task_counts (kind, day, done, retried, dead)
SELECT kind, $4, 0, 0, count(*) FROM tasks WHERE token IS NOT NULL AND interruptions + 1 >= $5 GROUP BY kind
    ON CONFLICT (kind, day) DO UPDATE SET dead = dead + excluded.dead;
INSERT INTO dead_tasks (id, kind, key, claim, payload, priority, enqueued_at, died_at, attempts, field, error)
SELECT id, kind, key, claim, payload, priority, enqueued_at, $3, attempts, NULL, 'its worker stopped each time it ran'
  FROM tasks WHERE token IS NOT NULL AND interruptions + 1 >= $5;
DELETE FROM tasks WHERE token IS NOT NULL AND interruptions + 1 >= $5;
UPDATE tasks SET token = NULL, leased_at = NULL, lease_until = NULL, boot = NULL, attempts = attempts - 1,
       interruptions = interruptions + 1, last_error = 'its worker stopped while it ran'
 WHERE token IS NOT NULL;
COMMIT;
