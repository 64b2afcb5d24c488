-- Events with their texts, in order. $1: after that position. $2: at most so many.
SELECT e.seq, e.envelope,
       (SELECT json_group_array(json_array(t.field, t.body)) FROM texts t WHERE t.event = e.seq)
  FROM events e
 WHERE e.seq > $1
 ORDER BY e.seq
 LIMIT $2;
