-- Events of a claim, and those of claims that were merged into it, as they are kept: with their texts and salts. $1: its
-- number, in a JSON array.
WITH RECURSIVE wanted (number) AS (
    SELECT value FROM json_each($1)
    UNION SELECT c.number FROM wanted w JOIN claims c ON c.merged_into = w.number
)
SELECT e.seq, e.envelope,
       (SELECT json_group_array(json_array(t.field, lower(hex(t.salt)), t.body)) FROM texts t WHERE t.event = e.seq),
       (SELECT json_group_array(json_array(x.field, x.erased_by)) FROM erased_texts x WHERE x.event = e.seq)
  FROM wanted w JOIN events e ON e.claim = w.number;
