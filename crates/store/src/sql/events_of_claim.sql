-- As events.sql, of one claim ($1) and those that were merged into it; $7: 1 for the newest first.
WITH RECURSIVE wanted (number) AS (
    SELECT $1
    UNION SELECT c.number FROM wanted w JOIN claims c ON c.merged_into = w.number
)
SELECT e.seq, e.claim, e.envelope,
       (SELECT json_group_array(json_array(t.field, t.body)) FROM texts t WHERE t.event = e.seq),
       (SELECT json_group_array(json_array(x.field, x.erased_by)) FROM erased_texts x WHERE x.event = e.seq)
  FROM wanted w JOIN events e ON e.claim = w.number
 WHERE ($6 IS NULL OR CASE WHEN $7 = 1 THEN e.seq < $6 ELSE e.seq > $6 END)
   AND ($2 IS NULL OR substr(e.kind, 1, length($2)) = $2)
   AND ($3 IS NULL OR EXISTS (SELECT 1 FROM texts t WHERE t.event = e.seq AND t.field = 'actor.name' AND t.body = $3))
   AND ($4 IS NULL OR e.recorded_at >= $4)
   AND ($5 IS NULL OR e.recorded_at < $5)
 ORDER BY CASE WHEN $7 = 1 THEN -e.seq ELSE e.seq END
 LIMIT coalesce($8, -1);
