-- What became of the word of sources ($1, hex).
WITH pieces (event, claim) AS (
    SELECT v.event, v.claim FROM json_each($1) j CROSS JOIN evidence v INDEXED BY evidence_by_source ON v.source = unhex(j.value)
), opened (claim) AS (
    SELECT p.claim FROM pieces p CROSS JOIN events e ON e.seq = p.event WHERE e.kind = 'claim_reported'
), taken_back (event, kind) AS (
    SELECT DISTINCT v.event, e.kind
      FROM json_each($1) j CROSS JOIN mentions m CROSS JOIN events e ON e.seq = m.event
     CROSS JOIN evidence v ON v.id = unhex(replace(e.envelope->>'$.fact.data.evidence', '-', ''))
     WHERE m.source = unhex(j.value) AND m.registry = 0 AND e.kind IN ('evidence_withdrawn', 'evidence_struck')
       AND v.source IN (SELECT unhex(value) FROM json_each($1))
)
SELECT count(*),
       count(*) FILTER (WHERE EXISTS (SELECT 1 FROM claim_spans s WHERE s.claim = o.claim AND s.state = 'corroborated')),
       count(*) FILTER (WHERE EXISTS (SELECT 1 FROM claim_spans s WHERE s.claim = o.claim AND s.state = 'denied')),
       count(*) FILTER (WHERE EXISTS (SELECT 1 FROM claim_spans s WHERE s.claim = o.claim AND s.state = 'disputed')),
       count(*) FILTER (WHERE EXISTS (SELECT 1 FROM claim_spans s WHERE s.claim = o.claim AND s.state = 'retracted')),
       count(*) FILTER (WHERE EXISTS (SELECT 1 FROM claim_spans s WHERE s.claim = o.claim AND s.state = 'unresolved')),
       count(*) FILTER (WHERE NOT EXISTS (SELECT 1 FROM claim_spans s WHERE s.claim = o.claim AND s.state <> 'reported')),
       (SELECT count(*) FROM pieces),
       (SELECT count(*) FROM taken_back WHERE kind = 'evidence_withdrawn'),
       (SELECT count(*) FROM taken_back WHERE kind = 'evidence_struck')
  FROM opened o;
