-- Events as canonical JSON Lines; and how many. $1: 1 with confidential texts. (An envelope holds no words but such as
-- topics and tags, whose quotes are escaped: what is looked for is a member.) What follows says which: FROM …
SELECT group_concat(line, ''), count(*) FROM (
    SELECT '{"envelope":' || e.envelope || ',"leaf":"' || lower(hex(e.leaf)) || '","texts":{' ||
           coalesce((SELECT group_concat(json_quote(t.field) || ':{"body":' || json_quote(t.body) || ',"salt":"' ||
                                         lower(hex(t.salt)) || '"}')
                       FROM texts t WHERE t.event = e.seq
                        AND ($1 = 1 OR instr(e.envelope, '"confidence":"confidential"') = 0
                             OR NOT (t.field IN ('words.url', 'words.title', 'words.quote', 'words.described_as')
                                     OR e.kind = 'note_added' AND t.field = 'text'))), '') || '}}' || char(10) AS line
