-- What audit queries are answered from: indexes of the log, and rows that are derived from it.
-- An old database's rows are refilled when it is opened (crates/store/src/open.rs).

-- The log along its kinds, its actors, and the time of the world. Along the log's own time a position is found by
-- halving: recorded_at never runs backwards.
CREATE INDEX events_by_kind ON events (kind);
CREATE INDEX events_by_occurrence ON events (occurred_at, claim);
CREATE INDEX texts_by_actor ON texts (body, event) WHERE field = 'actor.name';
-- Events that were recorded a day or more after they happened.
CREATE INDEX events_recorded_late ON events (seq) WHERE recorded_at - occurred_at >= 86400000000;

-- Where a source is mentioned, but for evidence, whose own table leads there. registry: 1 where the event tells
-- something of the source itself.
CREATE TABLE mentions (
    source BLOB NOT NULL CHECK (length(source) = 16),
    registry INTEGER NOT NULL CHECK (registry IN (0, 1)),
    event INTEGER NOT NULL,
    PRIMARY KEY (source, registry, event)
) STRICT, WITHOUT ROWID;

-- Changes of a claim's declared state.
CREATE TABLE transitions (
    event INTEGER PRIMARY KEY,
    claim INTEGER NOT NULL,
    from_state TEXT NOT NULL
        CHECK (from_state IN ('reported', 'corroborated', 'denied', 'disputed', 'retracted', 'unresolved', 'merged')),
    to_state TEXT NOT NULL
        CHECK (to_state IN ('reported', 'corroborated', 'denied', 'disputed', 'retracted', 'unresolved', 'merged'))
) STRICT;
CREATE INDEX transitions_by_states ON transitions (from_state, to_state);

-- From which position on a claim had which state and standing: a row where either changes.
CREATE TABLE claim_spans (
    claim INTEGER NOT NULL,
    since INTEGER NOT NULL,
    state TEXT NOT NULL
        CHECK (state IN ('reported', 'corroborated', 'denied', 'disputed', 'retracted', 'unresolved', 'merged')),
    standing TEXT NOT NULL CHECK (standing IN ('reported', 'corroborated', 'denied', 'disputed')),
    PRIMARY KEY (claim, since)
) STRICT, WITHOUT ROWID;

-- Follow-ups and transitions in each hour (counted from 1970, UTC) of either time. actor: the first event by the same
-- actor, where the name lies; 0 where it was erased.
CREATE TABLE counts (
    axis TEXT NOT NULL CHECK (axis IN ('recorded', 'occurred')),
    hour INTEGER NOT NULL,
    measure TEXT NOT NULL CHECK (measure IN ('follow_up', 'transition')),
    kind TEXT NOT NULL,
    actor INTEGER NOT NULL,
    number INTEGER NOT NULL,
    PRIMARY KEY (hour, axis, measure, kind, actor)
) STRICT, WITHOUT ROWID;

-- The same on claims about a party; one of a claim with two parties is counted for each.
CREATE TABLE party_counts (
    axis TEXT NOT NULL CHECK (axis IN ('recorded', 'occurred')),
    hour INTEGER NOT NULL,
    measure TEXT NOT NULL CHECK (measure IN ('follow_up', 'transition')),
    kind TEXT NOT NULL,
    party BLOB NOT NULL CHECK (length(party) = 16),
    number INTEGER NOT NULL,
    PRIMARY KEY (hour, axis, measure, kind, party)
) STRICT, WITHOUT ROWID;

-- By how many claims each state grew or shrank in an hour of the log.
CREATE TABLE state_changes (
    hour INTEGER NOT NULL,
    state TEXT NOT NULL
        CHECK (state IN ('reported', 'corroborated', 'denied', 'disputed', 'retracted', 'unresolved', 'merged')),
    net INTEGER NOT NULL,
    PRIMARY KEY (hour, state)
) STRICT, WITHOUT ROWID;

-- Approvals that were refused because the approver was the proposer. A refusal is no event: it changes nothing.
CREATE TABLE refused_approvals (
    id INTEGER PRIMARY KEY,
    command BLOB NOT NULL UNIQUE CHECK (length(command) = 16),
    refused_at INTEGER NOT NULL,
    actor TEXT NOT NULL,
    role TEXT NOT NULL,
    claim INTEGER NOT NULL,
    what TEXT NOT NULL
) STRICT;
CREATE INDEX refused_approvals_by_time ON refused_approvals (refused_at);
CREATE INDEX claim_heads_by_topic ON claim_heads (topic) WHERE topic IS NOT NULL;
