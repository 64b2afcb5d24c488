-- Events after a position ($1), up to another ($2), as canonical JSON Lines; and how many. $3: 1 with confidential texts.
-- (An envelope holds no words but such as topics and tags, whose quotes are escaped: what is looked for is a member.)
SELECT group_concat(line, ''), count(*) FROM (
    SELECT '{"envelope":' || e.envelope || ',"leaf":"' || lower(hex(e.leaf)) || '","texts":{' ||
           coalesce((SELECT group_concat(json_quote(t.field) || ':{"body":' || json_quote(t.body) || ',"salt":"' ||
                                         lower(hex(t.salt)) || '"}')
                       FROM texts t WHERE t.event = e.seq
                        AND ($3 = 1 OR instr(e.envelope, '"confidence":"confidential"') = 0
                             OR NOT (t.field IN ('words.url', 'words.title', 'words.quote', 'words.described_as')
                                     OR e.kind = 'note_added' AND t.field = 'text'))), '') || '}}' || char(10) AS line
      FROM events e WHERE e.seq > $1 AND e.seq <= $2 ORDER BY e.seq
);
