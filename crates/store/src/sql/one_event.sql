-- One event with its texts. $1: its position.
SELECT e.envelope, (SELECT json_group_array(json_array(t.field, t.body)) FROM texts t WHERE t.event = e.seq)
  FROM events e WHERE e.seq = $1;
