-- The rows of a batch that touches claims only, put into the view of written_at_once.sql. $1 the data version, or null;
-- $2 events, $3 texts, $4 evidence, $5 claims, $6 to $12 rows of audit queries and the tree: JSONB arrays of rows, or null.
INSERT OR ROLLBACK INTO claim_rows VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12);
