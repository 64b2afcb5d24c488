-- The checkpoint of the most events, of one origin ($1) or, where that is null, of any.
SELECT note, signed_at FROM checkpoints WHERE $1 IS NULL OR origin = $1 ORDER BY size DESC, signed_at DESC LIMIT 1;
