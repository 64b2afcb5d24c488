-- Notes that the file is to be written anew, and deletes the texts. $1: the texts, as JSONB rows of event, field and the
-- event that erases them. $2: whether the index for search is to be written anew, too.
INSERT INTO purges (event, search, tasks)
SELECT j.value->>2, $2, count(DISTINCT k.id)
  FROM jsonb_each($1) j
  LEFT JOIN texts t ON t.event = j.value->>0 AND t.field = j.value->>1
  LEFT JOIN (SELECT id, payload FROM tasks UNION ALL SELECT -id, payload FROM dead_tasks) k
         ON EXISTS (SELECT 1 FROM json_tree(k.payload) p WHERE instr(p.atom, t.body) > 0)
 GROUP BY j.value->>2;
DELETE FROM texts WHERE (event, field) IN (SELECT j.value->>0, j.value->>1 FROM jsonb_each($1) j);
