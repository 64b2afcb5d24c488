-- The task queue. All of it is operational: a rebuild leaves it alone.

-- Tasks that wait, are due later, or are leased. Finished ones are counted in task_counts, dead ones kept in dead_tasks.
CREATE TABLE tasks (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    kind TEXT NOT NULL,
    key TEXT,
    -- Whether it was never leased: only then does it hold its key.
    fresh INTEGER NOT NULL CHECK (fresh IN (0, 1)),
    claim INTEGER,
    payload TEXT NOT NULL,
    priority INTEGER NOT NULL CHECK (priority BETWEEN 0 AND 3),
    -- 0: at once, whatever the clock does.
    due_at INTEGER NOT NULL,
    enqueued_at INTEGER NOT NULL,
    attempts INTEGER NOT NULL DEFAULT 0,
    interruptions INTEGER NOT NULL DEFAULT 0,
    last_error TEXT,
    token BLOB CHECK (length(token) = 16),
    leased_at INTEGER,
    lease_until INTEGER,
    boot INTEGER,
    CHECK ((token IS NULL) = (lease_until IS NULL) AND (token IS NULL) = (boot IS NULL))
) STRICT;
CREATE UNIQUE INDEX tasks_by_key ON tasks (key) WHERE key IS NOT NULL AND fresh = 1;
CREATE INDEX tasks_waiting ON tasks (kind, priority, due_at, id) WHERE token IS NULL;
CREATE INDEX tasks_leased ON tasks (lease_until) WHERE token IS NOT NULL;
CREATE INDEX tasks_busy ON tasks (claim) WHERE token IS NOT NULL AND claim IS NOT NULL;

CREATE TABLE dead_tasks (
    id INTEGER PRIMARY KEY,
    kind TEXT NOT NULL,
    key TEXT,
    claim INTEGER,
    payload TEXT NOT NULL,
    priority INTEGER NOT NULL CHECK (priority BETWEEN 0 AND 3),
    enqueued_at INTEGER NOT NULL,
    died_at INTEGER NOT NULL,
    attempts INTEGER NOT NULL,
    field TEXT,
    error TEXT NOT NULL
) STRICT;

-- Kinds that are paused or limited. allowance: how many may be leased at refilled_at.
CREATE TABLE task_kinds (
    kind TEXT PRIMARY KEY,
    paused_at INTEGER,
    paused_by TEXT,
    per_minute INTEGER CHECK (per_minute > 0),
    allowance REAL NOT NULL DEFAULT 1,
    refilled_at INTEGER NOT NULL DEFAULT 0,
    CHECK ((paused_at IS NULL) = (paused_by IS NULL))
) STRICT, WITHOUT ROWID;

-- How attempts ended, by kind and day (days since 1970, UTC).
CREATE TABLE task_counts (
    kind TEXT NOT NULL,
    day INTEGER NOT NULL,
    done INTEGER NOT NULL,
    retried INTEGER NOT NULL,
    dead INTEGER NOT NULL,
    PRIMARY KEY (kind, day)
) STRICT, WITHOUT ROWID;

-- The worker's runs, the last few.
CREATE TABLE workers (
    boot INTEGER PRIMARY KEY AUTOINCREMENT,
    pid INTEGER NOT NULL,
    name TEXT NOT NULL,
    started_at INTEGER NOT NULL,
    seen_at INTEGER NOT NULL,
    stopped_at INTEGER
) STRICT;

CREATE TABLE schedules (
    name TEXT PRIMARY KEY,
    kind TEXT NOT NULL,
    cron TEXT NOT NULL,
    zone TEXT NOT NULL,
    missed TEXT NOT NULL CHECK (missed IN ('run_once', 'skip')),
    next_at INTEGER NOT NULL,
    last_at INTEGER
) STRICT, WITHOUT ROWID;
