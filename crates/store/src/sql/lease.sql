-- Rescues what ran out, leases what is due, and ends the turn.
-- $2: now. $3: the worker's run. $4: kinds (JSON). $5: how many to lease at most. $6: until when. $7: the token of what it
-- leases. $8: the day. $9: attempts after which a task is dead. $10: interruptions after which it is.
-- Where all that is due is of one kind, one priority, and all of it due at once or at a time, one index has it in order: the
-- first statement that leases is for that, the second for all else. SQLite plans a statement anew for each value of a limit
-- that is a bare parameter: hence + 0.
INSERT INTO task_counts (kind, day, done, retried, dead)
SELECT kind, $8, 0, 0, count(*) FROM tasks
 WHERE token IS NOT NULL AND lease_until <= $2 AND interruptions + 1 >= $10 GROUP BY kind
    ON CONFLICT (kind, day) DO UPDATE SET dead = dead + excluded.dead;
INSERT INTO dead_tasks (id, kind, key, claim, payload, priority, enqueued_at, died_at, attempts, field, error)
SELECT id, kind, key, claim, payload, priority, enqueued_at, $2, attempts, NULL, 'its worker stopped each time it ran'
  FROM tasks WHERE token IS NOT NULL AND lease_until <= $2 AND interruptions + 1 >= $10;
DELETE FROM tasks WHERE token IS NOT NULL AND lease_until <= $2 AND interruptions + 1 >= $10;
UPDATE tasks SET token = NULL, leased_at = NULL, lease_until = NULL, boot = NULL, attempts = attempts - 1,
       interruptions = interruptions + 1, last_error = 'its lease ran out'
 WHERE token IS NOT NULL AND lease_until <= $2;
WITH asked (kind) AS (
    SELECT k.value FROM json_each($4) k LEFT JOIN task_kinds t ON t.kind = k.value
     WHERE t.paused_at IS NULL AND $5 > 0 AND $3 = (SELECT max(boot) FROM workers)
       AND NOT EXISTS (SELECT 1 FROM task_kinds WHERE per_minute IS NOT NULL)
), level (priority) AS (VALUES (3), (2), (1), (0)
), stream (kind, priority, earliest, latest) AS (
    SELECT a.kind, l.priority, 0, 0 FROM asked a CROSS JOIN level l
     WHERE EXISTS (SELECT 1 FROM tasks c
                    WHERE c.token IS NULL AND c.kind = a.kind AND c.priority = l.priority AND c.due_at = 0)
    UNION ALL
    SELECT a.kind, l.priority, 1, $2 FROM asked a CROSS JOIN level l
     WHERE EXISTS (SELECT 1 FROM tasks c
                    WHERE c.token IS NULL AND c.kind = a.kind AND c.priority = l.priority AND c.due_at BETWEEN 1 AND $2)
), sole (kind, priority, earliest, latest) AS MATERIALIZED (
    SELECT min(kind), min(priority), min(earliest), min(latest) FROM stream HAVING count(*) = 1
)
UPDATE tasks SET token = $7, leased_at = $2, lease_until = $6, boot = $3, attempts = attempts + 1, fresh = 0
 WHERE id IN (
       SELECT c.id FROM tasks c
        WHERE c.token IS NULL AND c.kind = (SELECT kind FROM sole) AND c.priority = (SELECT priority FROM sole)
          AND c.due_at BETWEEN (SELECT earliest FROM sole) AND (SELECT latest FROM sole)
          AND NOT EXISTS (SELECT 1 FROM tasks b WHERE b.token IS NOT NULL AND b.claim = c.claim)
        ORDER BY c.due_at, c.id LIMIT $5 + 0);
WITH allowed (kind, most) AS MATERIALIZED (
    SELECT k.value,
           CASE WHEN t.paused_at IS NOT NULL THEN 0
                WHEN t.per_minute IS NULL THEN $5
                ELSE CAST(CASE WHEN $2 < t.refilled_at THEN max(1.0, t.per_minute / 60.0)
                               ELSE min(max(1.0, t.per_minute / 60.0),
                                        t.allowance + ($2 - t.refilled_at) * t.per_minute / 60000000.0) END AS INTEGER)
                END
      FROM json_each($4) k LEFT JOIN task_kinds t ON t.kind = k.value
     WHERE $5 > 0 AND $3 = (SELECT max(boot) FROM workers)
       AND NOT EXISTS (SELECT 1 FROM tasks WHERE token = $7 AND lease_until = $6)
), level (priority) AS (VALUES (3), (2), (1), (0)
), candidate (id, kind, most, priority, since) AS (
    SELECT t.id, a.kind, a.most, l.priority, t.enqueued_at
      FROM allowed a CROSS JOIN level l CROSS JOIN tasks t
     WHERE a.most > 0 AND t.id IN (
           SELECT c.id FROM tasks c
            WHERE c.token IS NULL AND c.kind = a.kind AND c.priority = l.priority AND c.due_at = 0
              AND NOT EXISTS (SELECT 1 FROM tasks b WHERE b.token IS NOT NULL AND b.claim = c.claim)
            ORDER BY c.id LIMIT $5 + 0)
    UNION ALL
    SELECT t.id, a.kind, a.most, l.priority, t.due_at
      FROM allowed a CROSS JOIN level l CROSS JOIN tasks t
     WHERE a.most > 0 AND t.id IN (
           SELECT c.id FROM tasks c
            WHERE c.token IS NULL AND c.kind = a.kind AND c.priority = l.priority AND c.due_at > 0 AND c.due_at <= $2
              AND NOT EXISTS (SELECT 1 FROM tasks b WHERE b.token IS NOT NULL AND b.claim = c.claim)
            ORDER BY c.due_at, c.id LIMIT $5 + 0)
), ranked (id, most, priority, since, nth) AS (
    SELECT id, most, priority, since, row_number() OVER (PARTITION BY kind ORDER BY priority DESC, since, id)
      FROM candidate
)
UPDATE tasks SET token = $7, leased_at = $2, lease_until = $6, boot = $3, attempts = attempts + 1, fresh = 0
 WHERE id IN (SELECT id FROM ranked WHERE nth <= most ORDER BY priority DESC, since, id LIMIT $5 + 0);
SELECT json_group_array(json_array(id, kind, claim, octet_length(payload), priority, attempts, due_at, enqueued_at)),
       group_concat(payload, '')
  FROM tasks WHERE token = $7 AND lease_until = $6;
UPDATE task_kinds SET refilled_at = $2,
       allowance = CASE WHEN $2 < refilled_at THEN max(1.0, per_minute / 60.0)
                        ELSE min(max(1.0, per_minute / 60.0),
                                 allowance + ($2 - refilled_at) * per_minute / 60000000.0) END
                   - (SELECT count(*) FROM tasks t WHERE t.token = $7 AND t.lease_until = $6 AND t.kind = task_kinds.kind)
 WHERE per_minute IS NOT NULL
   AND EXISTS (SELECT 1 FROM tasks t WHERE t.token = $7 AND t.lease_until = $6 AND t.kind = task_kinds.kind);
WITH asked (kind, per_minute, allowance, refilled_at) AS (
    SELECT k.value, t.per_minute, t.allowance, t.refilled_at
      FROM json_each($4) k LEFT JOIN task_kinds t ON t.kind = k.value WHERE t.paused_at IS NULL
), level (priority) AS (VALUES (3), (2), (1), (0))
SELECT min(at) FROM (
    SELECT (SELECT c.due_at FROM tasks c
             WHERE c.token IS NULL AND c.kind = a.kind AND c.priority = l.priority AND c.due_at > $2
             ORDER BY c.due_at LIMIT 1) AS at
      FROM asked a CROSS JOIN level l
    UNION ALL
    SELECT min(lease_until) FROM tasks WHERE token IS NOT NULL
    UNION ALL
    SELECT a.refilled_at + CAST((1.0 - a.allowance) * 60000000.0 / a.per_minute AS INTEGER) + 1 FROM asked a
     WHERE a.per_minute IS NOT NULL AND a.allowance < 1.0
       AND EXISTS (SELECT 1 FROM level l CROSS JOIN tasks c
                    WHERE c.token IS NULL AND c.kind = a.kind AND c.priority = l.priority AND c.due_at <= $2));
COMMIT;
