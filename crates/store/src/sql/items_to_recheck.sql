-- Items on which evidence of open claims rests, and that are to be looked at again by $1: as long after the last look as that
-- was after their arrival, an hour at least and a week at most; the longest overdue first. At most $2.
WITH looked (number, at, due) AS (
    SELECT i.number, coalesce(i.checked_at, i.arrived_at),
           coalesce(i.checked_at, i.arrived_at)
           + max(3600000000, min(604800000000, coalesce(i.checked_at, i.arrived_at) - i.arrived_at))
      FROM items i WHERE i.url IS NOT NULL
)
SELECT l.number FROM looked l
 WHERE l.due <= $1
   AND EXISTS (SELECT 1 FROM item_snapshots s JOIN snapshot_uses u ON u.snapshot = s.snapshot
                 JOIN evidence e ON e.event = u.event JOIN claims c ON c.number = e.claim
                WHERE s.item = l.number AND c.state IN ('reported', 'corroborated', 'denied', 'disputed'))
 ORDER BY l.due, l.number LIMIT $2
