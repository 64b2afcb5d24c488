-- Events at positions ($1), as they are kept.
SELECT e.seq, e.envelope,
       (SELECT json_group_array(json_array(t.field, lower(hex(t.salt)), t.body)) FROM texts t WHERE t.event = e.seq),
       (SELECT json_group_array(json_array(x.field, x.erased_by)) FROM erased_texts x WHERE x.event = e.seq)
  FROM json_each($1) j CROSS JOIN events e ON e.seq = j.value;
