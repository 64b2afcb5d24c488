-- Which of some pieces ($1, hex) are by, or were carried by, sources ($2, hex).
SELECT v.id FROM json_each($1) j CROSS JOIN evidence v ON v.id = unhex(j.value)
 WHERE v.source IN (SELECT unhex(value) FROM json_each($2)) OR v.via IN (SELECT unhex(value) FROM json_each($2));
