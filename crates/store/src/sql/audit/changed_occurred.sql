-- What happened after an instant ($1), up to another ($2), and was known at a position ($3): claims, kinds, how many.
SELECT claim, kind, count(*) FROM events INDEXED BY events_by_occurrence
 WHERE occurred_at > $1 AND occurred_at <= $2 AND seq <= $3 AND claim IS NOT NULL GROUP BY claim, kind;
