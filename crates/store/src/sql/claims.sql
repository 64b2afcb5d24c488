-- Claims that fit a filter; a parameter that is null does not narrow.
-- $1 numbers (JSON), $2 states (JSON), $3 standings (JSON), $4 advance, $5 reopen, $6 overdue (0 or 1, any of them if
-- one is), $7 now, $8 assignee, $9 unassigned (0 or 1), $10 topic, $11 tag, $12 priority, $13 party (folded name),
-- $14 source (folded name), $15 full-text query, $16–$19 opened and updated, since and until, $20 limit.
WITH RECURSIVE party (id) AS (
    SELECT source FROM source_names WHERE folded = $13
    UNION SELECT unhex($21) WHERE $21 IS NOT NULL
    UNION SELECT s.merged_into FROM party p JOIN sources s ON s.id = p.id WHERE s.merged_into IS NOT NULL
    UNION SELECT s.id FROM party p JOIN sources s ON s.merged_into = p.id
), source (id) AS (
    SELECT source FROM source_names WHERE folded = $14
    UNION SELECT unhex($22) WHERE $22 IS NOT NULL
    UNION SELECT s.merged_into FROM source o JOIN sources s ON s.id = o.id WHERE s.merged_into IS NOT NULL
    UNION SELECT s.id FROM source o JOIN sources s ON s.merged_into = o.id
), sourced (number) AS (
    SELECT e.claim FROM source o JOIN evidence e ON e.source = o.id
    UNION SELECT e.claim FROM source o JOIN evidence e ON e.via = o.id
    UNION SELECT c.merged_into FROM sourced f JOIN claims c ON c.number = f.number WHERE c.merged_into IS NOT NULL
), found (number, rank) AS (
    SELECT rowid, rank FROM claim_search WHERE claim_search MATCH coalesce($15, '""')
)
SELECT c.number, h.id, h.handle,
       coalesce(h.text, (SELECT '[erased by event ' || x.erased_by || ']' FROM erased_texts x
          WHERE x.field = 'text' AND x.event = (SELECT min(e.seq) FROM events e WHERE e.claim = c.number))),
       h.kind, c.state, c.standing, c.due, c.affirming, c.denying, c.documents,
       c.outlets, h.topic, h.language, c.priority,
       (SELECT json_group_array(t.tag) FROM claim_tags t WHERE t.claim = c.number),
       c.assignee, h.policy, c.version, h.opened_at, c.updated_at, c.review_by, c.answer_by, c.merged_into,
       (c.state IN ('reported', 'corroborated', 'denied', 'disputed')
        AND (c.overdue = 1 OR coalesce(c.review_by < $7, 0) OR coalesce(c.answer_by < $7, 0))) AS late
  FROM claims c
  JOIN claim_heads h ON h.number = c.number
  LEFT JOIN found f ON f.number = c.number
 WHERE ($1 IS NULL OR c.number IN (SELECT value FROM json_each($1)))
   AND ($2 IS NULL OR c.state IN (SELECT value FROM json_each($2)))
   AND ($3 IS NULL OR c.standing IN (SELECT value FROM json_each($3)))
   AND (($4 = 0 AND $5 = 0 AND $6 = 0)
        OR ($4 = 1 AND c.due = 'advance') OR ($5 = 1 AND c.due = 'reopen') OR ($6 = 1 AND late = 1))
   AND ($8 IS NULL OR c.assignee = $8)
   AND ($9 = 0 OR c.assignee IS NULL)
   AND ($10 IS NULL OR h.topic = $10)
   AND ($11 IS NULL OR EXISTS (SELECT 1 FROM claim_tags t WHERE t.claim = c.number AND t.tag = $11))
   AND ($12 IS NULL OR c.priority = $12)
   AND ($13 IS NULL OR EXISTS (SELECT 1 FROM claim_parties p WHERE p.claim = c.number AND p.source IN (SELECT id FROM party)))
   AND ($14 IS NULL OR (c.merged_into IS NULL AND c.number IN (SELECT number FROM sourced)))
   AND ($15 IS NULL OR f.number IS NOT NULL)
   AND ($16 IS NULL OR h.opened_at >= $16)
   AND ($17 IS NULL OR h.opened_at < $17)
   AND ($18 IS NULL OR c.updated_at >= $18)
   AND ($19 IS NULL OR c.updated_at < $19)
 ORDER BY f.rank, c.number
 LIMIT coalesce($20, -1);
