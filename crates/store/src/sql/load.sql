-- What of the docket some names lead to; it may follow look.sql, whose parameters come first. $4: handles. $5: folded names of sources. $6: claim numbers.
-- $7: ids (hex) of claims, evidence or sources. $8: 1 for all texts, 0 for those that the rules need. $9: 1 for the policies. $10: numbers of leads.
SELECT h.handle, h.kind, h.id FROM json_each($4) j JOIN handles h ON h.handle = j.value;
SELECT n.folded, n.source FROM json_each($5) j JOIN source_names n ON n.folded = j.value;
WITH RECURSIVE named (id) AS (
    SELECT unhex(value) FROM json_each($7)
    UNION SELECT h.id FROM json_each($4) j JOIN handles h ON h.handle = j.value
), wanted (number) AS (
    SELECT value FROM json_each($6)
    UNION SELECT h.number FROM named n JOIN claim_heads h ON h.id = n.id
    UNION SELECT e.claim FROM named n JOIN evidence e ON e.id = n.id
    UNION SELECT l.claim FROM json_each($10) j JOIN leads l ON l.number = j.value
    UNION SELECT c.merged_into FROM wanted w JOIN claims c ON c.number = w.number WHERE c.merged_into IS NOT NULL
    UNION SELECT c.number FROM wanted w JOIN claims c ON c.merged_into = w.number
)
SELECT e.seq, e.envelope FROM wanted w JOIN events e ON e.claim = w.number ORDER BY e.seq;
WITH RECURSIVE named (id) AS (
    SELECT unhex(value) FROM json_each($7)
    UNION SELECT h.id FROM json_each($4) j JOIN handles h ON h.handle = j.value
), wanted (number) AS (
    SELECT value FROM json_each($6)
    UNION SELECT h.number FROM named n JOIN claim_heads h ON h.id = n.id
    UNION SELECT e.claim FROM named n JOIN evidence e ON e.id = n.id
    UNION SELECT l.claim FROM json_each($10) j JOIN leads l ON l.number = j.value
    UNION SELECT c.merged_into FROM wanted w JOIN claims c ON c.number = w.number WHERE c.merged_into IS NOT NULL
    UNION SELECT c.number FROM wanted w JOIN claims c ON c.merged_into = w.number
)
SELECT t.event, t.field, t.body
  FROM wanted w JOIN events e ON e.claim = w.number JOIN texts t ON t.event = e.seq
 WHERE $8 = 1 OR e.kind IN ('claim_assigned', 'proposal_made', 'ruling_published', 'ruling_corrected')
    OR e.kind = 'lead_laid' AND t.field <> 'actor.name' AND EXISTS (
        SELECT 1 FROM leads l WHERE l.event = e.seq
           AND (l.state = 'waiting' OR t.field = 'suggested.speaker' OR l.state = 'accepted' AND t.field = 'words.quote'))
UNION ALL
SELECT x.event, x.field, '[erased by event ' || x.erased_by || ']'
  FROM wanted w JOIN events e ON e.claim = w.number JOIN erased_texts x ON x.event = e.seq
 WHERE $8 = 1 AND x.field NOT IN ('ref', 'evidence.ref');
WITH RECURSIVE named (id) AS (
    SELECT unhex(value) FROM json_each($7)
    UNION SELECT h.id FROM json_each($4) j JOIN handles h ON h.handle = j.value
), claims_wanted (number) AS (
    SELECT value FROM json_each($6)
    UNION SELECT h.number FROM named n JOIN claim_heads h ON h.id = n.id
    UNION SELECT e.claim FROM named n JOIN evidence e ON e.id = n.id
    UNION SELECT l.claim FROM json_each($10) j JOIN leads l ON l.number = j.value
    UNION SELECT c.merged_into FROM claims_wanted w JOIN claims c ON c.number = w.number WHERE c.merged_into IS NOT NULL
    UNION SELECT c.number FROM claims_wanted w JOIN claims c ON c.merged_into = w.number
), first_pieces (source, via, relays) AS MATERIALIZED (
    SELECT v.source, v.via, v.relays
      FROM claims_wanted w JOIN events e ON e.claim = w.number JOIN evidence v ON v.event = e.seq
    UNION SELECT l.source, l.via, l.relays FROM claims_wanted w JOIN leads l ON l.claim = w.number
), wanted (id) AS (
    SELECT id FROM named
    UNION SELECT n.source FROM json_each($5) j JOIN source_names n ON n.folded = j.value
    UNION SELECT source FROM first_pieces WHERE source IS NOT NULL
    UNION SELECT via FROM first_pieces WHERE via IS NOT NULL
    UNION SELECT relays FROM first_pieces WHERE relays IS NOT NULL
    UNION SELECT p.source FROM claims_wanted w JOIN claim_parties p ON p.claim = w.number
    UNION SELECT r.target FROM wanted w JOIN relations r ON r.source = w.id
    UNION SELECT s.merged_into FROM wanted w JOIN sources s ON s.id = w.id WHERE s.merged_into IS NOT NULL
)
SELECT s.id, s.name, s.kind, s.reliability, s.merged_into, r.relation, r.target, r.since, r.until
  FROM wanted w JOIN sources s ON s.id = w.id LEFT JOIN relations r ON r.source = s.id;
SELECT p.body FROM policies p
 WHERE $9 = 1 AND p.version = (SELECT max(q.version) FROM policies q WHERE q.name = p.name);
SELECT e.envelope, (SELECT json_group_array(json_array(t.field, t.body)) FROM texts t WHERE t.event = e.seq)
  FROM erasures p JOIN events e ON e.seq = p.event WHERE $9 = 1;
