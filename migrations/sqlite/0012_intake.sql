-- Intake: feeds, the items that they bring, the bytes that were fetched, and the leads that were read out of them.

-- Record: what was fetched, as it was received, known by the SHA-256 of its bytes. An erasure leaves the row and takes
-- what it says. urls: every address on the way; headers: those of the last answer; both as JSON.
CREATE TABLE snapshots (
    sha256 BLOB PRIMARY KEY CHECK (length(sha256) = 32),
    size INTEGER NOT NULL,
    compression TEXT NOT NULL CHECK (compression IN ('deflate')),
    body BLOB,
    content_type TEXT,
    urls TEXT NOT NULL,
    headers TEXT NOT NULL,
    fetched_at INTEGER NOT NULL
) STRICT;

CREATE TRIGGER snapshots_are_never_changed BEFORE UPDATE ON snapshots
WHEN NEW.sha256 IS NOT OLD.sha256 OR NEW.size IS NOT OLD.size OR NEW.fetched_at IS NOT OLD.fetched_at
    OR NEW.body IS NOT NULL OR NEW.content_type IS NOT NULL OR NEW.urls <> '[]' OR NEW.headers <> '{}'
BEGIN SELECT RAISE(ABORT, 'a snapshot is never changed; an erasure takes all that it says'); END;
CREATE TRIGGER snapshots_are_never_deleted BEFORE DELETE ON snapshots
BEGIN SELECT RAISE(ABORT, 'a snapshot is never deleted'); END;

-- Derived: leads, by the events that laid them; which items folded into them; which events rest on which snapshot.
CREATE TABLE leads (
    event INTEGER PRIMARY KEY,
    number INTEGER NOT NULL,
    claim INTEGER NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('waiting', 'accepted', 'dismissed', 'undone')),
    automatic INTEGER NOT NULL CHECK (automatic IN (0, 1)),
    confidence INTEGER NOT NULL,
    stance TEXT NOT NULL CHECK (stance IN ('affirms', 'denies', 'neutral')),
    item INTEGER NOT NULL,
    feed INTEGER,
    source BLOB,
    via BLOB,
    relays BLOB,
    evidence BLOB,
    settled_by INTEGER
) STRICT;
CREATE UNIQUE INDEX leads_by_number ON leads (number);
CREATE INDEX leads_by_claim ON leads (claim);
CREATE INDEX leads_by_state ON leads (state, number);
CREATE INDEX leads_by_evidence ON leads (evidence) WHERE evidence IS NOT NULL;

CREATE TABLE folded_leads (
    event INTEGER PRIMARY KEY,
    lead INTEGER NOT NULL,
    item INTEGER NOT NULL
) STRICT;
CREATE INDEX folded_leads_by_lead ON folded_leads (lead);

CREATE TABLE snapshot_uses (
    event INTEGER PRIMARY KEY,
    snapshot BLOB NOT NULL
) STRICT;
CREATE INDEX snapshot_uses_by_snapshot ON snapshot_uses (snapshot);

-- Operational: what is polled, and when next. Numbers are never given twice: a policy may name one.
CREATE TABLE feeds (
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    url TEXT NOT NULL,
    title TEXT,
    source BLOB,
    interval INTEGER NOT NULL CHECK (interval > 0),
    etag TEXT,
    last_modified TEXT,
    next_poll INTEGER NOT NULL,
    polled_at INTEGER,
    failures INTEGER NOT NULL DEFAULT 0,
    error TEXT,
    added_at INTEGER NOT NULL,
    paused_at INTEGER,
    paused_by TEXT,
    gone_at INTEGER,
    removed_at INTEGER
) STRICT;
CREATE UNIQUE INDEX feeds_by_url ON feeds (url) WHERE removed_at IS NULL;
CREATE INDEX feeds_due ON feeds (next_poll) WHERE paused_at IS NULL AND gone_at IS NULL AND removed_at IS NULL;

-- Operational: what arrived, each thing once. What it is known again by are SHA-256s: of the feed's own id, of the
-- canonical address, of the text. document: the first item with nearly the same text.
CREATE TABLE items (
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    feed INTEGER,
    guid BLOB CHECK (length(guid) = 32),
    address BLOB CHECK (length(address) = 32),
    words BLOB CHECK (length(words) = 32),
    url TEXT,
    title TEXT,
    language TEXT,
    published_at INTEGER,
    arrived_at INTEGER NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('waiting', 'read', 'failed')),
    error TEXT,
    document INTEGER,
    sketch BLOB,
    checked_at INTEGER,
    edited_at INTEGER,
    gone_at INTEGER
) STRICT;
CREATE UNIQUE INDEX items_by_guid ON items (feed, guid) WHERE guid IS NOT NULL;
CREATE UNIQUE INDEX items_by_address ON items (address) WHERE address IS NOT NULL;
CREATE UNIQUE INDEX items_by_words ON items (coalesce(feed, 0), words) WHERE words IS NOT NULL;
CREATE INDEX items_waiting ON items (number) WHERE state = 'waiting';

CREATE TABLE item_bands (
    band INTEGER NOT NULL,
    item INTEGER NOT NULL,
    PRIMARY KEY (band, item)
) STRICT, WITHOUT ROWID;

CREATE TABLE item_snapshots (
    item INTEGER NOT NULL,
    position INTEGER NOT NULL,
    snapshot BLOB NOT NULL,
    fetched_at INTEGER NOT NULL,
    PRIMARY KEY (item, position)
) STRICT, WITHOUT ROWID;
CREATE INDEX item_snapshots_by_snapshot ON item_snapshots (snapshot);
