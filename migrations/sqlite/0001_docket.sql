-- The docket: the log, what is derived from it, and what the program needs to run.
-- crates/store/src/tables.rs names the class of every table.

PRAGMA application_id = 1213354841;

-- Record ------------------------------------------------------------------------------------------------------

CREATE TABLE events (
    seq INTEGER PRIMARY KEY,
    command BLOB NOT NULL CHECK (length(command) = 16),
    part INTEGER NOT NULL,
    kind TEXT NOT NULL,
    claim INTEGER,
    recorded_at INTEGER NOT NULL,
    occurred_at INTEGER NOT NULL,
    envelope TEXT NOT NULL,
    leaf BLOB NOT NULL CHECK (length(leaf) = 32)
) STRICT;
CREATE UNIQUE INDEX events_by_command ON events (command, part);
CREATE INDEX events_by_claim ON events (claim, seq) WHERE claim IS NOT NULL;

CREATE TABLE texts (
    event INTEGER NOT NULL REFERENCES events (seq),
    field TEXT NOT NULL,
    salt BLOB NOT NULL CHECK (length(salt) = 16),
    body TEXT NOT NULL,
    PRIMARY KEY (event, field)
) STRICT, WITHOUT ROWID;

CREATE TRIGGER events_are_never_changed BEFORE UPDATE ON events
BEGIN SELECT RAISE(ABORT, 'the log is append-only'); END;
CREATE TRIGGER events_are_never_deleted BEFORE DELETE ON events
BEGIN SELECT RAISE(ABORT, 'the log is append-only'); END;
CREATE TRIGGER events_only_follow BEFORE INSERT ON events
WHEN NEW.seq IS NOT (SELECT coalesce(max(seq), 0) + 1 FROM events)
    OR EXISTS (SELECT 1 FROM events WHERE command = NEW.command AND part = NEW.part)
BEGIN SELECT RAISE(ROLLBACK, 'an event follows the last one, and bears a command of its own'); END;
CREATE TRIGGER texts_are_never_changed BEFORE UPDATE ON texts
BEGIN SELECT RAISE(ABORT, 'a text of the log is never changed'); END;

-- Derived -----------------------------------------------------------------------------------------------------

CREATE TABLE handles (
    handle TEXT PRIMARY KEY,
    kind TEXT NOT NULL CHECK (kind IN ('source', 'claim', 'evidence')),
    id BLOB NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE sources (
    id BLOB PRIMARY KEY CHECK (length(id) = 16),
    handle TEXT,
    name TEXT NOT NULL,
    kind TEXT NOT NULL CHECK (kind IN ('outlet', 'agency', 'institution', 'person', 'unnamed', 'document')),
    reliability TEXT NOT NULL CHECK (reliability IN ('A', 'B', 'C', 'D', 'E', 'F')),
    merged_into BLOB
) STRICT, WITHOUT ROWID;
CREATE INDEX sources_by_merge ON sources (merged_into) WHERE merged_into IS NOT NULL;

CREATE TABLE source_names (
    folded TEXT PRIMARY KEY,
    source BLOB NOT NULL,
    name TEXT NOT NULL,
    event INTEGER NOT NULL,
    position INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX source_names_by_source ON source_names (source);

CREATE TABLE relations (
    source BLOB NOT NULL,
    relation TEXT NOT NULL CHECK (relation IN ('speaks_for', 'part_of')),
    position INTEGER NOT NULL,
    target BLOB NOT NULL,
    since INTEGER,
    until INTEGER,
    PRIMARY KEY (source, relation, position)
) STRICT, WITHOUT ROWID;
CREATE INDEX relations_by_target ON relations (target);

CREATE TABLE policies (
    name TEXT NOT NULL,
    version INTEGER NOT NULL,
    body TEXT NOT NULL,
    recorded_at INTEGER NOT NULL,
    PRIMARY KEY (name, version)
) STRICT, WITHOUT ROWID;

CREATE TABLE claim_heads (
    number INTEGER PRIMARY KEY,
    id BLOB NOT NULL CHECK (length(id) = 16),
    handle TEXT,
    text TEXT,
    kind TEXT NOT NULL CHECK (kind IN ('event', 'statement', 'intention', 'quantity', 'not_checkable')),
    topic TEXT,
    language TEXT,
    policy TEXT NOT NULL,
    opened_at INTEGER NOT NULL
) STRICT;
CREATE UNIQUE INDEX claim_heads_by_id ON claim_heads (id);

-- What every event of a claim changes: kept narrow, so that a batch dirties few pages.
CREATE TABLE claims (
    number INTEGER PRIMARY KEY,
    version INTEGER NOT NULL,
    state TEXT NOT NULL
        CHECK (state IN ('reported', 'corroborated', 'denied', 'disputed', 'retracted', 'unresolved', 'merged')),
    standing TEXT NOT NULL CHECK (standing IN ('reported', 'corroborated', 'denied', 'disputed')),
    due TEXT CHECK (due IN ('advance', 'reopen')),
    overdue INTEGER NOT NULL CHECK (overdue IN (0, 1)),
    priority TEXT NOT NULL CHECK (priority IN ('low', 'normal', 'high', 'urgent')),
    affirming INTEGER NOT NULL,
    denying INTEGER NOT NULL,
    documents INTEGER NOT NULL,
    outlets INTEGER NOT NULL,
    updated_at INTEGER NOT NULL,
    review_by INTEGER,
    answer_by INTEGER,
    assignee TEXT,
    merged_into INTEGER
) STRICT;
CREATE INDEX claims_by_due ON claims (due) WHERE due IS NOT NULL;
CREATE INDEX claims_by_merge ON claims (merged_into) WHERE merged_into IS NOT NULL;

CREATE TABLE claim_parties (
    claim INTEGER NOT NULL,
    position INTEGER NOT NULL,
    source BLOB NOT NULL,
    interest TEXT NOT NULL CHECK (interest IN ('against', 'neutral', 'in_favour')),
    PRIMARY KEY (claim, position)
) STRICT, WITHOUT ROWID;
CREATE INDEX claim_parties_by_source ON claim_parties (source);

CREATE TABLE claim_tags (
    claim INTEGER NOT NULL,
    tag TEXT NOT NULL,
    PRIMARY KEY (claim, tag)
) STRICT, WITHOUT ROWID;

CREATE TABLE claim_links (
    claim INTEGER NOT NULL,
    relation TEXT NOT NULL CHECK (relation IN ('contradicts', 'follows_from')),
    other BLOB NOT NULL,
    PRIMARY KEY (claim, relation, other)
) STRICT, WITHOUT ROWID;
CREATE INDEX claim_links_by_other ON claim_links (other);

CREATE TABLE evidence (
    event INTEGER PRIMARY KEY,
    id BLOB NOT NULL CHECK (length(id) = 16),
    claim INTEGER NOT NULL,
    source BLOB NOT NULL,
    via BLOB,
    relays BLOB
) STRICT;
CREATE UNIQUE INDEX evidence_by_id ON evidence (id);
CREATE INDEX evidence_by_source ON evidence (source);
CREATE INDEX evidence_by_via ON evidence (via) WHERE via IS NOT NULL;
CREATE INDEX evidence_by_relays ON evidence (relays) WHERE relays IS NOT NULL;

-- Folded words of a claim; its rowid is the claim's number.
CREATE VIRTUAL TABLE claim_search USING fts5 (text, topic, parties, notes, tokenize = "unicode61 remove_diacritics 2", prefix = '2 3');

-- Operational -------------------------------------------------------------------------------------------------

-- Commands of imports that added nothing to the log: an import that is run again answers as the first time.
CREATE TABLE settled_commands (
    command BLOB PRIMARY KEY CHECK (length(command) = 16),
    outcome TEXT NOT NULL CHECK (outcome IN ('refused', 'unchanged')),
    field TEXT,
    reason TEXT,
    subject TEXT,
    claim INTEGER
) STRICT, WITHOUT ROWID;

-- Changes of a source or a policy whose claims are still to be weighed again; claims up to after_claim are done.
CREATE TABLE restands (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    source BLOB,
    policy TEXT,
    after_claim INTEGER NOT NULL DEFAULT 0,
    CHECK ((source IS NULL) <> (policy IS NULL))
) STRICT;

-- What keeps command ids of imports from telling what their lines say.
CREATE TABLE secrets (
    name TEXT PRIMARY KEY,
    body BLOB NOT NULL CHECK (length(body) = 32)
) STRICT, WITHOUT ROWID;
INSERT INTO secrets (name, body) VALUES ('command_ids', randomblob(32));
