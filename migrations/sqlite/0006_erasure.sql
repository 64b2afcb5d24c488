-- Texts that were erased, and what is left to do about them.

-- Derived: which event erased which text, and the erasures that wait for a second person.
CREATE TABLE erased_texts (
    event INTEGER NOT NULL,
    field TEXT NOT NULL,
    erased_by INTEGER NOT NULL,
    PRIMARY KEY (event, field)
) STRICT, WITHOUT ROWID;

CREATE TABLE erasures (
    proposal BLOB PRIMARY KEY CHECK (length(proposal) = 16),
    event INTEGER NOT NULL,
    claim INTEGER
) STRICT, WITHOUT ROWID;

-- Operational: the erasures after which the file was, or is still to be, written anew so that no words are left in its
-- free space. search: whether the index for search has to be, too. tasks: on how many tasks the same words still stand.
CREATE TABLE purges (
    event INTEGER PRIMARY KEY,
    search INTEGER NOT NULL CHECK (search IN (0, 1)),
    tasks INTEGER NOT NULL,
    done_at INTEGER
) STRICT;
CREATE INDEX purges_waiting ON purges (event) WHERE done_at IS NULL;
