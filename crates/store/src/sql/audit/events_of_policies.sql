-- Versions of policies. $1: up to that position. $2: that were in force by then; a first version always was.
SELECT e.seq, e.envelope, '[]' FROM events e INDEXED BY events_by_kind
 WHERE e.kind = 'policy_set' AND e.seq <= $1
   AND (e.occurred_at <= $2 OR e.envelope->>'$.fact.data.policy.version' = 1);
