-- Claims ($1, numbers), all that were merged into them, and all that they were merged into.
WITH RECURSIVE around (number) AS (
    SELECT value FROM json_each($1)
    UNION SELECT c.merged_into FROM around a JOIN claims c ON c.number = a.number WHERE c.merged_into IS NOT NULL
    UNION SELECT c.number FROM around a JOIN claims c ON c.merged_into = a.number
)
SELECT number FROM around;
