-- Claims on which a change of a source or a policy bears that happened after an instant ($1), up to another ($2), and was
-- known at a position ($3), where their standing changed since or may still do so.
WITH RECURSIVE changed (seq, source, policy) AS (
    SELECT seq, unhex(replace(envelope->>'$.fact.data.source', '-', '')), envelope->>'$.fact.data.policy.name'
      FROM events INDEXED BY events_by_occurrence
     WHERE occurred_at > $1 AND occurred_at <= $2 AND seq <= $3
       AND kind IN ('source_rated', 'source_related', 'sources_merged', 'policy_set')
), below (id) AS (
    SELECT source FROM changed WHERE source IS NOT NULL
    UNION SELECT r.source FROM below b JOIN relations r ON r.target = b.id
    UNION SELECT s.id FROM below b JOIN sources s ON s.merged_into = b.id
    UNION SELECT s.merged_into FROM below b JOIN sources s ON s.id = b.id WHERE s.merged_into IS NOT NULL
), touched (number) AS (
    SELECT e.claim FROM below b CROSS JOIN evidence e ON e.source = b.id
    UNION SELECT e.claim FROM below b CROSS JOIN evidence e ON e.via = b.id
    UNION SELECT e.claim FROM below b CROSS JOIN evidence e ON e.relays = b.id
    UNION SELECT p.claim FROM below b CROSS JOIN claim_parties p ON p.source = b.id
    UNION SELECT h.number FROM (SELECT DISTINCT policy FROM changed WHERE policy IS NOT NULL) x
            CROSS JOIN claim_heads h ON h.policy = x.policy
    UNION SELECT c.merged_into FROM touched t JOIN claims c ON c.number = t.number WHERE c.merged_into IS NOT NULL
)
SELECT t.number FROM touched t
 WHERE EXISTS (SELECT 1 FROM claim_spans s WHERE s.claim = t.number AND s.since > (SELECT min(seq) FROM changed))
    OR EXISTS (SELECT 1 FROM restands);
