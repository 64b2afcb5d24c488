-- The texts of events, as an erasure needs to know them, and of events that have the same words because the rules copied
-- them. $1: positions. $2: ids (hex) of evidence. $3: ids (hex) of sources. $4: pairs of fields: as proposed, as approved.
-- $5: the fields that a lead and the evidence recorded from it have in common.
WITH RECURSIVE named (seq) AS (
    SELECT value FROM json_each($1)
    UNION SELECT v.event FROM json_each($2) j JOIN evidence v ON v.id = unhex(j.value)
    UNION SELECT n.event FROM json_each($3) j JOIN source_names n ON n.source = unhex(j.value)
), upward (number) AS (
    SELECT e.claim FROM named n JOIN events e ON e.seq = n.seq WHERE e.claim IS NOT NULL
    UNION SELECT c.merged_into FROM upward u JOIN claims c ON c.number = u.number WHERE c.merged_into IS NOT NULL
), family (number, root) AS (
    SELECT c.number, c.number FROM upward u JOIN claims c ON c.number = u.number WHERE c.merged_into IS NULL
    UNION SELECT c.number, f.root FROM family f JOIN claims c ON c.merged_into = f.number
), copying (seq, root, kind) AS (
    SELECT e.seq, f.root, e.kind FROM family f JOIN events e ON e.claim = f.number
     WHERE e.kind IN ('proposal_made', 'claim_overridden', 'ruling_published', 'ruling_corrected', 'erasure_proposed',
                      'text_erased')
    UNION ALL SELECT e.seq, NULL, e.kind FROM events e
     WHERE e.kind IN ('erasure_proposed', 'text_erased') AND e.claim IS NULL
       AND EXISTS (SELECT 1 FROM named n JOIN events m ON m.seq = n.seq
                    WHERE m.claim IS NULL AND m.kind IN ('erasure_proposed', 'text_erased'))
), tied (seq, root, proposal) AS MATERIALIZED (
    SELECT k.seq, k.root, e.envelope ->> CASE k.kind WHEN 'proposal_made' THEN '$.fact.data.proposal.id'
                                                     WHEN 'erasure_proposed' THEN '$.fact.data.erasure.id'
                                                     ELSE '$.fact.data.proposal' END
      FROM copying k JOIN events e ON e.seq = k.seq
), approved (field, as_field) AS (
    SELECT value ->> 0, value ->> 1 FROM json_each($4) UNION SELECT value ->> 1, value ->> 0 FROM json_each($4)
), corrected (field, as_field) AS (
    VALUES ('ruling.summary', 'was.summary'), ('was.summary', 'ruling.summary')
), recorded (seq, other) AS (
    SELECT l.event, v.event FROM named n JOIN leads l ON l.event = n.seq JOIN evidence v ON v.id = l.evidence
    UNION SELECT v.event, l.event FROM named n JOIN evidence v ON v.event = n.seq JOIN leads l ON l.evidence = v.id
), copied (seq, field, other, as_field) AS MATERIALIZED (
    SELECT t.event, t.field, o.event, o.field
      FROM recorded r JOIN texts t ON t.event = r.seq JOIN json_each($5) f ON f.value = t.field
      JOIN texts o ON o.event = r.other AND o.field = t.field
    UNION
    SELECT t.event, t.field, o.event, o.field
      FROM tied a JOIN tied b ON b.proposal = a.proposal AND b.seq <> a.seq
      JOIN texts t ON t.event = a.seq JOIN approved p ON p.field = t.field
      JOIN texts o ON o.event = b.seq AND o.field = p.as_field AND o.body = t.body
    UNION
    SELECT t.event, t.field, o.event, o.field
      FROM tied a JOIN tied b ON b.root = a.root
      JOIN texts t ON t.event = a.seq JOIN corrected p ON p.field = t.field
      JOIN texts o ON o.event = b.seq AND o.field = p.as_field AND o.body = t.body
), wanted (seq) AS (
    SELECT seq FROM named UNION SELECT other FROM copied
), held (number, since) AS (
    SELECT e.claim, e.seq FROM events e INDEXED BY events_by_kind
     WHERE e.kind = 'claim_held'
       AND NOT EXISTS (SELECT 1 FROM events r INDEXED BY events_by_kind
                        WHERE r.kind = 'claim_released' AND r.envelope->>'$.fact.data.hold' = e.seq)
    UNION SELECT c.merged_into, h.since FROM held h JOIN claims c ON c.number = h.number WHERE c.merged_into IS NOT NULL
    UNION SELECT c.number, h.since FROM held h JOIN claims c ON c.merged_into = h.number
), pieces (source, via, relays, since) AS (
    SELECT v.source, v.via, v.relays, h.since
      FROM held h CROSS JOIN events e INDEXED BY events_by_claim ON e.claim = h.number CROSS JOIN evidence v ON v.event = e.seq
), covered (source, since) AS MATERIALIZED (
    SELECT source, since FROM pieces UNION SELECT via, since FROM pieces UNION SELECT relays, since FROM pieces
    UNION SELECT p.source, h.since FROM held h CROSS JOIN claim_parties p ON p.claim = h.number
)
SELECT e.envelope, e.claim,
       (SELECT json_group_array(t.field) FROM texts t WHERE t.event = e.seq),
       (SELECT json_group_array(json_array(c.field, c.other, c.as_field)) FROM copied c WHERE c.seq = e.seq),
       CASE WHEN e.kind IN ('source_added', 'source_aliased') THEN
           (SELECT json_array(h.number, h.since) FROM covered v JOIN held h ON h.since = v.since
              JOIN claims c ON c.number = h.number AND c.merged_into IS NULL
             WHERE v.source = unhex(replace(e.envelope->>'$.fact.data.source', '-', '')) LIMIT 1) END
  FROM wanted w JOIN events e ON e.seq = w.seq;
