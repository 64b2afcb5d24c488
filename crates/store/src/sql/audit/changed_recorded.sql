-- What was recorded after a position ($1), up to another ($2): claims, kinds, how many.
SELECT claim, kind, count(*) FROM events NOT INDEXED
 WHERE seq > $1 AND seq <= $2 AND claim IS NOT NULL GROUP BY claim, kind;
