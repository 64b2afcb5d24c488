-- The source of a name: its handle goes before its names. $1 as given, $2 folded.
SELECT id FROM (
    SELECT id, 0 AS rank FROM handles WHERE handle = $1 AND kind = 'source'
    UNION ALL
    SELECT source, 1 FROM source_names WHERE folded = $2
) ORDER BY rank LIMIT 1;
