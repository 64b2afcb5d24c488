-- A source ($1), all that were merged into it, and all that it was merged into.
WITH RECURSIVE same (id) AS (
    SELECT $1
    UNION SELECT s.merged_into FROM same o JOIN sources s ON s.id = o.id WHERE s.merged_into IS NOT NULL
    UNION SELECT s.id FROM same o JOIN sources s ON s.merged_into = o.id
)
SELECT s.id FROM same o JOIN sources s ON s.id = o.id;
