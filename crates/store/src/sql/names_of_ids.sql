-- What ids name: sources by name, claims by number. $1: ids (hex).
SELECT unhex(j.value), s.name, h.number
  FROM json_each($1) j
  LEFT JOIN sources s ON s.id = unhex(j.value)
  LEFT JOIN claim_heads h ON h.id = unhex(j.value)
 WHERE s.id IS NOT NULL OR h.id IS NOT NULL;
