-- Claims of topics ($1), of parties ($2, hex) or of words ($3), as JSON, and how many events they have. The first that is
-- asked for gathers them. $4: more claims than that are not gathered.
WITH found (number) AS (
    SELECT rowid FROM claim_search WHERE $3 IS NOT NULL AND claim_search MATCH coalesce($3, '""')
    UNION ALL
    SELECT p.claim FROM json_each($2) j CROSS JOIN claim_parties p INDEXED BY claim_parties_by_source
     WHERE $3 IS NULL AND p.source = unhex(j.value)
    UNION ALL
    SELECT h.number FROM json_each($1) j CROSS JOIN claim_heads h INDEXED BY claim_heads_by_topic
     WHERE $3 IS NULL AND $2 IS NULL AND h.topic = j.value
), some (number) AS (
    SELECT DISTINCT number FROM found LIMIT $4
)
SELECT json_group_array(s.number), coalesce(sum(c.version), 0) FROM some s CROSS JOIN claims c ON c.number = s.number;
