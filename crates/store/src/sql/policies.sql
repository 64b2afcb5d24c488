-- The policies in force, or every version of one. $1: its name, or null.
SELECT p.body, p.recorded_at FROM policies p
 WHERE CASE WHEN $1 IS NULL THEN p.version = (SELECT max(q.version) FROM policies q WHERE q.name = p.name)
            ELSE p.name = $1 END
 ORDER BY p.name, p.version;
