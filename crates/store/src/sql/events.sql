-- Events that fit a filter, oldest first; a parameter that is null does not narrow. $2 kind's beginning, $3 actor,
-- $4 since, $5 until, $6 after that position, $8 limit. ($1 and $7 are used by its siblings.)
SELECT e.seq, e.claim, e.envelope,
       (SELECT json_group_array(json_array(t.field, t.body)) FROM texts t WHERE t.event = e.seq),
       (SELECT json_group_array(json_array(x.field, x.erased_by)) FROM erased_texts x WHERE x.event = e.seq)
  FROM events e
 WHERE e.seq > coalesce($6, 0)
   AND ($2 IS NULL OR substr(e.kind, 1, length($2)) = $2)
   AND ($3 IS NULL OR EXISTS (SELECT 1 FROM texts t WHERE t.event = e.seq AND t.field = 'actor.name' AND t.body = $3))
   AND ($4 IS NULL OR e.recorded_at >= $4)
   AND ($5 IS NULL OR e.recorded_at < $5)
 ORDER BY e.seq
 LIMIT coalesce($8, -1);
