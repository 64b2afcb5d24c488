-- As events.sql, newest first; $6: before that position.
SELECT e.seq, e.claim, e.envelope,
       (SELECT json_group_array(json_array(t.field, t.body)) FROM texts t WHERE t.event = e.seq),
       (SELECT json_group_array(json_array(x.field, x.erased_by)) FROM erased_texts x WHERE x.event = e.seq)
  FROM events e
 WHERE e.seq < coalesce($6, 9223372036854775807)
   AND ($2 IS NULL OR substr(e.kind, 1, length($2)) = $2)
   AND ($3 IS NULL OR EXISTS (SELECT 1 FROM texts t WHERE t.event = e.seq AND t.field = 'actor.name' AND t.body = $3))
   AND ($4 IS NULL OR e.recorded_at >= $4)
   AND ($5 IS NULL OR e.recorded_at < $5)
 ORDER BY e.seq DESC
 LIMIT coalesce($8, -1);
