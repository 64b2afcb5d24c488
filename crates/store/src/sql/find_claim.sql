-- Claims of a name. $1 the name as given, $2 the number that it reads as, $3 the beginning of an id (hex).
SELECT number, 0 AS rank FROM claim_heads WHERE number = $2
UNION
SELECT h.number, 0 FROM handles n JOIN claim_heads h ON h.id = n.id WHERE n.handle = $1 AND n.kind = 'claim'
UNION
SELECT number, 1 FROM claim_heads WHERE $3 IS NOT NULL AND lower(hex(id)) LIKE $3 || '%'
 ORDER BY rank, number LIMIT 12;
