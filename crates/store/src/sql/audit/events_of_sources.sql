-- What the registry tells of sources ($1, hex), with texts. $2: up to that position. $3: that had happened by then.
SELECT e.seq, e.envelope,
       (SELECT json_group_array(json_array(t.field, t.body)) FROM texts t WHERE t.event = e.seq)
  FROM json_each($1) j CROSS JOIN mentions m CROSS JOIN events e ON e.seq = m.event
 WHERE m.source = unhex(j.value) AND m.registry = 1 AND m.event <= $2 AND e.occurred_at <= $3;
