-- Approvals that were refused to the proposer are events of the log from now on. The rows that lay beside it are not carried
-- over: nobody vouches for them. The copy that is made before a migration still has them.
DROP TABLE refused_approvals;

-- When the file was last written anew after an erasure, where only its write-ahead log is left to be emptied.
ALTER TABLE purges ADD COLUMN rewritten_at INTEGER;
