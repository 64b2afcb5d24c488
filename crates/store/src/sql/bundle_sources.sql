-- What the registry tells of sources ($1, hex), as it is kept.
SELECT e.seq, e.envelope,
       (SELECT json_group_array(json_array(t.field, lower(hex(t.salt)), t.body)) FROM texts t WHERE t.event = e.seq),
       (SELECT json_group_array(json_array(x.field, x.erased_by)) FROM erased_texts x WHERE x.event = e.seq)
  FROM json_each($1) j CROSS JOIN mentions m CROSS JOIN events e ON e.seq = m.event
 WHERE m.source = unhex(j.value) AND m.registry = 1;
