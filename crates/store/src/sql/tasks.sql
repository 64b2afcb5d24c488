-- Tasks that are not dead: leased ones first, then in the order of leasing. $1: now. $2: kind, $3: state, $4: claim; null
-- does not narrow. $5: at most so many. $6: one task, or null.
SELECT t.id, t.kind, t.key, t.claim, t.payload, t.priority, t.due_at, t.enqueued_at, t.attempts, t.interruptions,
       t.last_error, t.boot, t.leased_at, t.lease_until, k.paused_at, k.paused_by, k.per_minute, k.allowance, k.refilled_at,
       (SELECT b.id FROM tasks b WHERE b.token IS NOT NULL AND b.claim = t.claim AND b.id <> t.id LIMIT 1) AS busy,
       (SELECT max(b.lease_until) FROM tasks b WHERE b.token IS NOT NULL AND b.claim = t.claim AND b.id <> t.id)
  FROM tasks t LEFT JOIN task_kinds k ON k.kind = t.kind
 WHERE ($2 IS NULL OR t.kind = $2)
   AND ($3 IS NULL
        OR $3 = CASE WHEN t.token IS NOT NULL THEN 'leased' WHEN t.due_at > $1 THEN 'scheduled' ELSE 'waiting' END)
   AND ($4 IS NULL OR t.claim = $4)
   AND ($6 IS NULL OR t.id = $6)
 ORDER BY t.token IS NULL, t.due_at > $1, t.priority DESC, CASE t.due_at WHEN 0 THEN t.enqueued_at ELSE t.due_at END, t.id
 LIMIT coalesce($5, -1);
