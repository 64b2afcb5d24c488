-- Events with what they are filed under and their texts, in order. $1: after that position. $2: to that one.
SELECT e.seq, e.envelope, e.kind, e.command, e.recorded_at, e.occurred_at,
       (SELECT h.id FROM claim_heads h WHERE h.number = e.claim),
       (SELECT json_group_array(json_array(t.field, hex(t.salt), t.body)) FROM texts t WHERE t.event = e.seq)
  FROM events e WHERE e.seq > $1 AND e.seq <= $2 ORDER BY e.seq;
