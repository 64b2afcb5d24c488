-- Items on which evidence rests, and that were last looked at before $1, the longest ago first; at most $2.
SELECT i.number FROM items i
 WHERE coalesce(i.checked_at, i.arrived_at) < $1 AND i.gone_at IS NULL AND i.url IS NOT NULL
   AND EXISTS (SELECT 1 FROM item_snapshots s JOIN snapshot_uses u ON u.snapshot = s.snapshot
                 JOIN evidence e ON e.event = u.event WHERE s.item = i.number)
 ORDER BY coalesce(i.checked_at, i.arrived_at), i.number LIMIT $2
