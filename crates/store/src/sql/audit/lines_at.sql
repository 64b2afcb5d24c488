-- Events at positions ($1) as canonical JSON Lines, in their order; and how many.
SELECT group_concat(line, ''), count(*) FROM (
    SELECT '{"envelope":' || e.envelope || ',"leaf":"' || lower(hex(e.leaf)) || '","texts":{' ||
           coalesce((SELECT group_concat(json_quote(t.field) || ':{"body":' || json_quote(t.body) || ',"salt":"' ||
                                         lower(hex(t.salt)) || '"}')
                       FROM texts t WHERE t.event = e.seq), '') || '}}' || char(10) AS line
      FROM json_each($1) j CROSS JOIN events e ON e.seq = j.value ORDER BY j.key
);
