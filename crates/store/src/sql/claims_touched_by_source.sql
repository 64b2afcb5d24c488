-- Claims on which a change of a source bears: with evidence by, carried by or relaying it or anybody below it, or with
-- one of those as a party. $1: the source. $3: after that number. $4: at most so many. ($2 is its sibling's.)
-- CROSS JOIN: from the few sources to their rows, never the other way round.
WITH RECURSIVE below (id) AS (
    SELECT $1
    UNION SELECT r.source FROM below b JOIN relations r ON r.target = b.id
    UNION SELECT s.id FROM below b JOIN sources s ON s.merged_into = b.id
    UNION SELECT s.merged_into FROM below b JOIN sources s ON s.id = b.id WHERE s.merged_into IS NOT NULL
), touched (number) AS (
    SELECT e.claim FROM below b CROSS JOIN evidence e ON e.source = b.id
    UNION SELECT e.claim FROM below b CROSS JOIN evidence e ON e.via = b.id
    UNION SELECT e.claim FROM below b CROSS JOIN evidence e ON e.relays = b.id
    UNION SELECT p.claim FROM below b CROSS JOIN claim_parties p ON p.source = b.id
    UNION SELECT c.merged_into FROM touched t JOIN claims c ON c.number = t.number WHERE c.merged_into IS NOT NULL
)
SELECT t.number FROM touched t JOIN claims c ON c.number = t.number
 WHERE t.number > $3 AND c.merged_into IS NULL
 ORDER BY t.number LIMIT $4;
