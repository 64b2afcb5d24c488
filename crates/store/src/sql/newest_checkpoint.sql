-- The checkpoint of the most events, of one origin ($1) or, where that is null, of the one that signed last.
SELECT note, signed_at FROM checkpoints
 WHERE $1 IS NULL OR origin = $1
 ORDER BY CASE WHEN $1 IS NULL THEN signed_at END DESC, size DESC LIMIT 1;
