-- Events at positions ($1), in their order, with their texts, the state and standing of their claim before each, and
-- which events erased which of their texts.
SELECT e.seq, e.claim, e.envelope,
       (SELECT json_group_array(json_array(t.field, t.body)) FROM texts t WHERE t.event = e.seq),
       (SELECT s.state || ' ' || s.standing FROM claim_spans s
         WHERE s.claim = e.claim AND s.since < e.seq ORDER BY s.since DESC LIMIT 1),
       (SELECT json_group_array(json_array(x.field, x.erased_by)) FROM erased_texts x WHERE x.event = e.seq)
  FROM json_each($1) j CROSS JOIN events e ON e.seq = j.value
 ORDER BY j.key;
