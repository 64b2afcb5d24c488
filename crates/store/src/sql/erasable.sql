-- The texts of events, as an erasure needs to know them, and of events that have the same words because the rules copied
-- them. $1: positions. $2: ids (hex) of evidence. $3: ids (hex) of sources. $4: fields whose words are copied.
WITH copying (kind) AS (
    VALUES ('proposal_made'), ('claim_overridden'), ('ruling_published'), ('ruling_corrected'), ('erasure_proposed'),
           ('text_erased')
), named (seq) AS (
    SELECT value FROM json_each($1)
    UNION SELECT v.event FROM json_each($2) j JOIN evidence v ON v.id = unhex(j.value)
    UNION SELECT n.event FROM json_each($3) j JOIN source_names n ON n.source = unhex(j.value)
), copied (seq, field, other, as_field) AS MATERIALIZED (
    SELECT t.event, t.field, o.event, o.field
      FROM named n JOIN events e ON e.seq = n.seq AND e.kind IN (SELECT kind FROM copying)
      JOIN texts t ON t.event = e.seq AND t.field IN (SELECT value FROM json_each($4))
      JOIN events x ON x.claim = e.claim AND x.seq <> e.seq AND x.kind IN (SELECT kind FROM copying)
      JOIN texts o ON o.event = x.seq AND o.field IN (SELECT value FROM json_each($4)) AND o.body = t.body
), wanted (seq) AS (
    SELECT seq FROM named UNION SELECT other FROM copied
)
SELECT e.envelope, e.claim,
       (SELECT json_group_array(t.field) FROM texts t WHERE t.event = e.seq),
       (SELECT json_group_array(json_array(c.field, c.other, c.as_field)) FROM copied c WHERE c.seq = e.seq)
  FROM wanted w JOIN events e ON e.seq = w.seq;
