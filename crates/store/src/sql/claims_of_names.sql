-- The claims on which names bear, of claims or of pieces of evidence. $1: for each name [the name, the number that it
-- reads as, the id (hex) that it reads as].
SELECT j.value->>0,
       coalesce(
           (SELECT number FROM claim_heads WHERE number = j.value->>1),
           (SELECT h.number FROM handles n JOIN claim_heads h ON h.id = n.id
             WHERE n.handle = j.value->>0 AND n.kind = 'claim'),
           (SELECT e.claim FROM handles n JOIN evidence e ON e.id = n.id
             WHERE n.handle = j.value->>0 AND n.kind = 'evidence'),
           (SELECT number FROM claim_heads WHERE id = unhex(j.value->>2)),
           (SELECT claim FROM evidence WHERE id = unhex(j.value->>2)))
  FROM json_each($1) j;
