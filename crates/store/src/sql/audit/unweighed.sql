-- Of claims ($1, numbers), those on which a change of a source or a policy bears that was recorded after they were last
-- weighed, up to a position ($2): what they came to by it was recorded later, or not yet.
WITH RECURSIVE asked (number, weighed) AS MATERIALIZED (
    SELECT j.value, (SELECT max(e.seq) FROM events e INDEXED BY events_by_claim WHERE e.claim = j.value AND e.seq <= $2)
      FROM json_each($1) j
     WHERE EXISTS (SELECT 1 FROM claim_spans s WHERE s.claim = j.value AND s.since > $2)
        OR EXISTS (SELECT 1 FROM restands)
), parts (number, part) AS (
    SELECT number, number FROM asked
    UNION SELECT p.number, c.number FROM parts p CROSS JOIN claims c ON c.merged_into = p.part
), pieces (number, source, via, relays) AS (
    SELECT p.number, v.source, v.via, v.relays
      FROM parts p CROSS JOIN events e INDEXED BY events_by_claim ON e.claim = p.part CROSS JOIN evidence v ON v.event = e.seq
), named (number, source) AS (
    SELECT number, source FROM pieces
    UNION SELECT number, via FROM pieces WHERE via IS NOT NULL
    UNION SELECT number, relays FROM pieces WHERE relays IS NOT NULL
    UNION SELECT a.number, p.source FROM asked a CROSS JOIN claim_parties p ON p.claim = a.number
    UNION SELECT n.number, r.target FROM named n CROSS JOIN relations r ON r.source = n.source
    UNION SELECT n.number, s.merged_into FROM named n CROSS JOIN sources s ON s.id = n.source WHERE s.merged_into IS NOT NULL
)
SELECT a.number
  FROM named n CROSS JOIN asked a ON a.number = n.number
 CROSS JOIN mentions m ON m.source = n.source AND m.registry = 1 AND m.event > a.weighed AND m.event <= $2
UNION
SELECT a.number
  FROM asked a CROSS JOIN claim_heads h ON h.number = a.number
 CROSS JOIN events e INDEXED BY events_by_kind ON e.kind = 'policy_set' AND e.seq > a.weighed AND e.seq <= $2
 WHERE e.envelope->>'$.fact.data.policy.name' = h.policy;
