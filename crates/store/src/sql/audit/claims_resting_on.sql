-- Claims with decisions that may have rested on pieces ($1, hex) or on words by, or carried by, sources ($2, hex): those
-- with such evidence, and what they were merged into.
WITH RECURSIVE bearing (number) AS (
    SELECT v.claim FROM json_each($1) j CROSS JOIN evidence v ON v.id = unhex(j.value)
    UNION SELECT v.claim FROM json_each($2) j CROSS JOIN evidence v ON v.source = unhex(j.value)
    UNION SELECT v.claim FROM json_each($2) j CROSS JOIN evidence v ON v.via = unhex(j.value)
    UNION SELECT c.merged_into FROM bearing b JOIN claims c ON c.number = b.number WHERE c.merged_into IS NOT NULL
)
SELECT b.number FROM bearing b
 WHERE (SELECT count(*) FROM (SELECT DISTINCT s.state FROM claim_spans s WHERE s.claim = b.number)) > 1
 ORDER BY b.number;
