-- Open claims past a deadline that nothing was recorded of, and which. $1: now. $2: after that number. $3: at most so many.
SELECT number, coalesce(answer_by <= $1, 0), coalesce(review_by <= $1 AND overdue = 0, 0)
  FROM claims
 WHERE number > $2
   AND state IN ('reported', 'corroborated', 'denied', 'disputed')
   AND (answer_by <= $1 OR (review_by <= $1 AND overdue = 0))
 ORDER BY number LIMIT $3;
