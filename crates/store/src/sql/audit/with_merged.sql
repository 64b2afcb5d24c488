-- Claims ($1, numbers) and all that were merged into them.
WITH RECURSIVE wanted (number) AS (
    SELECT value FROM json_each($1)
    UNION SELECT c.number FROM wanted w JOIN claims c ON c.merged_into = w.number
)
SELECT number FROM wanted ORDER BY number;
