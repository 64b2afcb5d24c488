-- How each kind fares, of those that have tasks, limits or counts. $1: now. $2: the day.
WITH live AS (
    SELECT kind, count(*) FILTER (WHERE token IS NULL AND due_at <= $1) AS waiting,
           count(*) FILTER (WHERE token IS NULL AND due_at > $1) AS scheduled,
           count(*) FILTER (WHERE token IS NOT NULL) AS leased,
           min(enqueued_at) FILTER (WHERE token IS NULL AND due_at <= $1) AS oldest,
           min(due_at) FILTER (WHERE token IS NULL AND due_at > $1) AS next_at
      FROM tasks GROUP BY kind
), dead AS (SELECT kind, count(*) AS dead FROM dead_tasks GROUP BY kind
), kinds (kind) AS (
    SELECT kind FROM live UNION SELECT kind FROM dead UNION SELECT kind FROM task_kinds
    UNION SELECT kind FROM task_counts WHERE day = $2
)
SELECT k.kind, coalesce(l.waiting, 0), coalesce(l.scheduled, 0), coalesce(l.leased, 0), coalesce(d.dead, 0), l.oldest,
       l.next_at, t.paused_at, t.paused_by, t.per_minute, coalesce(c.done, 0), coalesce(c.retried, 0), coalesce(c.dead, 0)
  FROM kinds k
  LEFT JOIN live l ON l.kind = k.kind
  LEFT JOIN dead d ON d.kind = k.kind
  LEFT JOIN task_kinds t ON t.kind = k.kind
  LEFT JOIN task_counts c ON c.kind = k.kind AND c.day = $2;
