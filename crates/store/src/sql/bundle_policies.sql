-- Versions of policies ($1, names) as they are kept.
SELECT e.seq, e.envelope,
       (SELECT json_group_array(json_array(t.field, lower(hex(t.salt)), t.body)) FROM texts t WHERE t.event = e.seq),
       (SELECT json_group_array(json_array(x.field, x.erased_by)) FROM erased_texts x WHERE x.event = e.seq)
  FROM events e INDEXED BY events_by_kind
 WHERE e.kind = 'policy_set' AND e.envelope->>'$.fact.data.policy.name' IN (SELECT value FROM json_each($1));
