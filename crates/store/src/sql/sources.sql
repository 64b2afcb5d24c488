-- Sources by name. $1: text that a folded name contains, or null. $2: one id, or null.
SELECT s.id, s.handle, s.name, s.kind, s.reliability,
       (SELECT m.name FROM sources m WHERE m.id = s.merged_into),
       (SELECT count(*) FROM evidence e WHERE e.source = s.id),
       (SELECT json_group_array(a.name) FROM (
            SELECT n.name FROM source_names n WHERE n.source = s.id AND n.name <> s.name ORDER BY n.event, n.position) a),
       (SELECT json_group_array(json_array(r.relation, (SELECT t.name FROM sources t WHERE t.id = r.target), r.since, r.until))
          FROM relations r WHERE r.source = s.id)
  FROM sources s
 WHERE ($1 IS NULL OR EXISTS (SELECT 1 FROM source_names n WHERE n.source = s.id AND instr(n.folded, $1) > 0))
   AND ($2 IS NULL OR s.id = $2)
 ORDER BY s.name COLLATE NOCASE, s.id;
