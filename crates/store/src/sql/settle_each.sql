-- Settles tasks one by one, each as it ended; tells those that are no longer held. $1: settles, a JSONB array of rows: task,
-- token (hex), how, at, error, field.
SELECT j.value->>0 FROM jsonb_each($1) j
 WHERE NOT EXISTS (SELECT 1 FROM tasks t
                    WHERE t.id = j.value->>0 AND t.token = unhex(j.value->>1) AND t.lease_until > $2);
INSERT INTO task_counts (kind, day, done, retried, dead)
SELECT t.kind, $8, sum(j.value->>2 = 'done'), sum(j.value->>2 = 'retry' AND t.attempts < $9),
       sum(j.value->>2 = 'dead' OR (j.value->>2 = 'retry' AND t.attempts >= $9))
  FROM jsonb_each($1) j CROSS JOIN tasks t
 WHERE t.id = j.value->>0 AND t.token = unhex(j.value->>1) AND t.lease_until > $2
 GROUP BY t.kind
    ON CONFLICT (kind, day) DO UPDATE SET
       done = done + excluded.done, retried = retried + excluded.retried, dead = dead + excluded.dead;
INSERT INTO dead_tasks (id, kind, key, claim, payload, priority, enqueued_at, died_at, attempts, field, error)
SELECT t.id, t.kind, t.key, t.claim, t.payload, t.priority, t.enqueued_at, $2, t.attempts, j.value->>5, j.value->>4
  FROM jsonb_each($1) j CROSS JOIN tasks t
 WHERE j.value->>2 IN ('dead', 'retry') AND t.id = j.value->>0 AND t.token = unhex(j.value->>1) AND t.lease_until > $2
   AND (j.value->>2 = 'dead' OR t.attempts >= $9);
DELETE FROM tasks WHERE id IN (
    SELECT t.id FROM jsonb_each($1) j CROSS JOIN tasks t
     WHERE t.id = j.value->>0 AND t.token = unhex(j.value->>1) AND t.lease_until > $2
       AND (j.value->>2 IN ('done', 'dead') OR (j.value->>2 = 'retry' AND t.attempts >= $9)));
UPDATE tasks SET token = NULL, leased_at = NULL, lease_until = NULL, boot = NULL,
       due_at = CASE WHEN j.value->>2 IN ('retry', 'postpone') THEN j.value->>3 ELSE due_at END,
       last_error = CASE j.value->>2 WHEN 'retry' THEN j.value->>4 ELSE last_error END,
       attempts = attempts - (j.value->>2 IN ('release', 'postpone'))
  FROM jsonb_each($1) j
 WHERE j.value->>2 IN ('retry', 'release', 'postpone') AND tasks.id = j.value->>0 AND tasks.token = unhex(j.value->>1) AND tasks.lease_until > $2;
