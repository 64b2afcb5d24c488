-- Cosignatures of witnesses, taken back from the notes that they gave.

-- Record ------------------------------------------------------------------------------------------------------

-- witness: its public key. line: its signature as the note has it.
CREATE TABLE cosignatures (
    origin TEXT NOT NULL,
    size INTEGER NOT NULL,
    witness TEXT NOT NULL,
    line TEXT NOT NULL,
    taken_at INTEGER NOT NULL,
    PRIMARY KEY (origin, size, witness),
    FOREIGN KEY (origin, size) REFERENCES checkpoints (origin, size)
) STRICT, WITHOUT ROWID;

CREATE TRIGGER cosignatures_are_never_changed BEFORE UPDATE ON cosignatures
BEGIN SELECT RAISE(ABORT, 'a cosignature that was taken back is never changed'); END;
CREATE TRIGGER cosignatures_are_never_deleted BEFORE DELETE ON cosignatures
BEGIN SELECT RAISE(ABORT, 'a cosignature that was taken back is never deleted'); END;
CREATE TRIGGER cosignatures_are_taken_once BEFORE INSERT ON cosignatures
WHEN EXISTS (SELECT 1 FROM cosignatures WHERE origin = NEW.origin AND size = NEW.size AND witness = NEW.witness)
    OR NOT EXISTS (SELECT 1 FROM checkpoints WHERE origin = NEW.origin AND size = NEW.size)
BEGIN SELECT RAISE(ABORT, 'a witness cosigns a checkpoint that is kept, once'); END;
