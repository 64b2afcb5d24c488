-- Tasks of intake of these keys that died, each with its last error, where no other has followed; of a recheck only what died
-- since its document was last looked at. $1: keys (JSON).
SELECT d.key, d.error FROM dead_tasks d
 WHERE d.kind IN ('poll_feed', 'fetch_item', 'recheck') AND d.key IN (SELECT value FROM json_each($1))
   AND NOT EXISTS (SELECT 1 FROM tasks t WHERE t.key = d.key)
   AND NOT EXISTS (SELECT 1 FROM dead_tasks l WHERE l.key = d.key AND l.id > d.id)
   AND (d.kind <> 'recheck'
        OR d.died_at >= (SELECT coalesce(i.checked_at, i.arrived_at) FROM items i
                          WHERE i.number = CAST(substr(d.key, length('recheck:I-') + 1) AS INTEGER)))
