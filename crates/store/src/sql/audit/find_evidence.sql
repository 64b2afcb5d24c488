-- A piece of evidence by its handle ($1) or its id ($2).
SELECT id FROM handles WHERE handle = $1 AND kind = 'evidence' UNION ALL SELECT id FROM evidence WHERE id = $2 LIMIT 1;
