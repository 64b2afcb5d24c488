-- Nodes of the tree that a batch completes. $28: a JSONB array of rows.
INSERT OR ROLLBACK INTO tree_hashes (number, hash)
SELECT j.value->>0, unhex(j.value->>1) FROM jsonb_each($28) j;
