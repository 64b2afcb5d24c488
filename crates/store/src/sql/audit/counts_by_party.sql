-- By what each party turned out to be, where it was merged.
SELECT (WITH RECURSIVE up (id) AS (
            SELECT c.party
            UNION SELECT s.merged_into FROM up u JOIN sources s ON s.id = u.id WHERE s.merged_into IS NOT NULL
        ) SELECT s.name FROM up u JOIN sources s ON s.id = u.id WHERE s.merged_into IS NULL), c.measure, c.number
  FROM (SELECT party, measure, sum(number) AS number FROM party_counts
         WHERE hour >= $1 AND hour < $2 AND axis = $3 GROUP BY party, measure) c;
