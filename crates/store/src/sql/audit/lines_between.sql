-- Events after a position ($1), up to another ($2), as canonical JSON Lines; and how many.
SELECT group_concat(line, ''), count(*) FROM (
    SELECT '{"envelope":' || e.envelope || ',"leaf":"' || lower(hex(e.leaf)) || '","texts":{' ||
           coalesce((SELECT group_concat(json_quote(t.field) || ':{"body":' || json_quote(t.body) || ',"salt":"' ||
                                         lower(hex(t.salt)) || '"}')
                       FROM texts t WHERE t.event = e.seq), '') || '}}' || char(10) AS line
      FROM events e WHERE e.seq > $1 AND e.seq <= $2 ORDER BY e.seq
);
