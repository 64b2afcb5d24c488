-- The transparency log: hashes of the tree over the events' leaves, and the checkpoints that were signed.

-- Derived -----------------------------------------------------------------------------------------------------

-- Hashes of nodes over 8 leaves and more, in the order in which they are completed; crates/store/src/tree.rs numbers
-- them. What lies below is hashed anew from the leaves.
CREATE TABLE tree_hashes (
    number INTEGER PRIMARY KEY,
    hash BLOB NOT NULL CHECK (length(hash) = 32)
) STRICT;

-- Record ------------------------------------------------------------------------------------------------------

CREATE TABLE checkpoints (
    origin TEXT NOT NULL,
    size INTEGER NOT NULL CHECK (size > 0),
    root BLOB NOT NULL CHECK (length(root) = 32),
    note TEXT NOT NULL,
    signed_at INTEGER NOT NULL,
    PRIMARY KEY (origin, size)
) STRICT, WITHOUT ROWID;

CREATE TRIGGER checkpoints_are_never_changed BEFORE UPDATE ON checkpoints
BEGIN SELECT RAISE(ABORT, 'a checkpoint that was signed is never changed'); END;
CREATE TRIGGER checkpoints_are_never_deleted BEFORE DELETE ON checkpoints
BEGIN SELECT RAISE(ABORT, 'a checkpoint that was signed is never deleted'); END;
CREATE TRIGGER checkpoints_are_signed_once BEFORE INSERT ON checkpoints
WHEN EXISTS (SELECT 1 FROM checkpoints WHERE origin = NEW.origin AND size = NEW.size)
    OR NEW.size > (SELECT coalesce(max(seq), 0) FROM events)
BEGIN SELECT RAISE(ABORT, 'one checkpoint is signed for a size that the log has'); END;
