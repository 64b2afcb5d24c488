-- The claim that an id leads to, through every merge. $1: the claim's id.
WITH RECURSIVE way (number, step) AS (
    SELECT number, 0 FROM claim_heads WHERE id = $1
    UNION ALL
    SELECT c.merged_into, w.step + 1 FROM way w JOIN claims c ON c.number = w.number WHERE c.merged_into IS NOT NULL
)
SELECT h.number,
       coalesce(h.text, (SELECT '[erased by event ' || x.erased_by || ']' FROM erased_texts x
          WHERE x.field = 'text' AND x.event = (SELECT min(e.seq) FROM events e WHERE e.claim = h.number))),
       c.state
  FROM way w JOIN claim_heads h ON h.number = w.number JOIN claims c ON c.number = w.number
 ORDER BY w.step DESC LIMIT 1;
