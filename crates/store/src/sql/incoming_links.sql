-- Links of other claims to a claim, or to any that was merged into it. $1: the claim's id.
WITH RECURSIVE here (number, id) AS (
    SELECT number, id FROM claim_heads WHERE id = $1
    UNION
    SELECT h.number, h.id FROM here w JOIN claims c ON c.merged_into = w.number JOIN claim_heads h ON h.number = c.number
)
SELECT l.relation, h.id
  FROM here w JOIN claim_links l ON l.other = w.id JOIN claim_heads h ON h.number = l.claim;
