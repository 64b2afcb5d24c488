-- Claims of a name. $1 the name as given, $2 the number that it reads as, $3 and $4 the ids (hex) between which an id of that beginning lies.
SELECT number, 0 AS rank FROM claim_heads WHERE number = $2
UNION
SELECT h.number, 0 FROM handles n JOIN claim_heads h ON h.id = n.id WHERE n.handle = $1 AND n.kind = 'claim'
UNION
SELECT number, 1 FROM claim_heads WHERE id BETWEEN unhex($3) AND unhex($4)
 ORDER BY rank, number LIMIT 12;
