-- Notes that the file is to be written anew, and deletes the texts. $1: the texts, as JSONB rows of event, field and the
-- event that erases them. $2: whether the index for search is to be written anew, too.
INSERT INTO purges (event, search, tasks)
SELECT j.value->>2, $2, count(DISTINCT k.id)
  FROM jsonb_each($1) j
  LEFT JOIN texts t ON t.event = j.value->>0 AND t.field = j.value->>1
  LEFT JOIN (SELECT id, payload FROM tasks UNION ALL SELECT -id, payload FROM dead_tasks) k
         ON EXISTS (
            SELECT 1 FROM json_tree(CASE WHEN json_valid(k.payload) THEN k.payload END) p
             WHERE trim(p.atom, char(9, 10, 13, 32)) = t.body
                OR EXISTS (SELECT 1 FROM json_tree(CASE WHEN p.type = 'text' AND json_valid(p.atom) THEN p.atom END) v
                            WHERE trim(v.atom, char(9, 10, 13, 32)) = t.body)
                OR length(t.body) >= 8 AND p.type = 'text' AND NOT json_valid(p.atom)
                   AND (instr(p.atom, t.body) > 0 OR instr(p.atom, trim(json_quote(t.body), '"')) > 0))
 GROUP BY j.value->>2;
DELETE FROM texts WHERE (event, field) IN (SELECT j.value->>0, j.value->>1 FROM jsonb_each($1) j);
