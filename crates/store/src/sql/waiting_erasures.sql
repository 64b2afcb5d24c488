-- The events that proposed what still waits to be erased, with their texts and claims.
SELECT e.envelope, (SELECT json_group_array(json_array(t.field, t.body)) FROM texts t WHERE t.event = e.seq), p.claim
  FROM erasures p JOIN events e ON e.seq = p.event ORDER BY e.seq;
