-- Claims that fit a filter; a parameter that is null does not narrow. Which rows lead stands in read/claims.rs, and the
-- conditions in claims_that.sql.
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
