-- What is derived of events that are in the log. $4 evidence, $5 claims, $6 to $12 rows of audit queries and the tree, as in
-- write_claims.sql.
INSERT OR ROLLBACK INTO derived_rows VALUES ($4, $5, $6, $7, $8, $9, $10, $11, $12);
