-- Claims with events that were known ($1: up to that position) and happened after an instant ($2).
SELECT DISTINCT claim FROM events INDEXED BY events_by_occurrence
 WHERE occurred_at > $2 AND seq <= $1 AND claim IS NOT NULL;
