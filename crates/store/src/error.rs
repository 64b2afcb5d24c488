//! Why the store could not do what was asked.

use std::path::PathBuf;

/// Errors of the store. Each names the file it is about.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// Nothing goes by that name.
    #[error("no {what} is known as `{name}`")]
    NotFound {
        /// `claim`, `source`, `policy`, `task`, `dead letter`, `event`, `checkpoint`, `lead`, `item`, `feed` or
        /// `snapshot`.
        what: &'static str,
        /// The name as it was given.
        name: String,
    },
    /// What is asked for cannot be answered.
    #[error("{why}")]
    Question {
        /// What is wrong with it, and what to ask instead.
        why: String,
    },
    /// Several things go by that beginning of an id.
    #[error("`{name}` begins several ids: {}", candidates.join(", "))]
    Ambiguous {
        /// The beginning as it was given.
        name: String,
        /// What it may mean.
        candidates: Vec<String>,
    },
    /// There is no such file.
    #[error("there is no database at `{}`; `hearsay init --db FILE` makes one", path.display())]
    Missing {
        /// The file.
        path: PathBuf,
    },
    /// There is such a file already.
    #[error("`{}` is there already", path.display())]
    Exists {
        /// The file.
        path: PathBuf,
    },
    /// The file is something else.
    #[error("`{}` is no Hearsay database{}", path.display(), if why.is_empty() { String::new() } else { format!(": {why}") })]
    NotADatabase {
        /// The file.
        path: PathBuf,
        /// What it is, as far as that can be told.
        why: String,
    },
    /// A later version of this program wrote it.
    #[error("`{}` was written by a newer Hearsay (schema {found}; this one knows {known}): update this program", path.display())]
    Newer {
        /// The file.
        path: PathBuf,
        /// The version it has.
        found: i64,
        /// The latest version that this program knows.
        known: i64,
    },
    /// The file or its directory cannot be written to.
    #[error("`{}` cannot be written to: {why}", path.display())]
    ReadOnly {
        /// The file.
        path: PathBuf,
        /// What the system says.
        why: String,
    },
    /// The disk is full.
    #[error("the disk under `{}` is full: free some space and run it again; nothing was lost", path.display())]
    Full {
        /// The file.
        path: PathBuf,
    },
    /// Another process has held it for longer than the busy timeout.
    #[error("`{}` is locked by another process for over 5 seconds; try again when it is done", path.display())]
    Busy {
        /// The file.
        path: PathBuf,
    },
    /// What it holds contradicts itself.
    #[error("`{}` is damaged: {what}", path.display())]
    Damaged {
        /// The file.
        path: PathBuf,
        /// What was found.
        what: String,
    },
    /// A worker is at work on this file already, or a later one has taken over.
    #[error("a worker is at work on `{}` already: process {pid} (`{name}`), since {since}", path.display())]
    AnotherWorker {
        /// The file.
        path: PathBuf,
        /// The other worker's process.
        pid: u32,
        /// What the other worker calls itself.
        name: String,
        /// Since when.
        since: jiff::Timestamp,
    },
    /// There is no key to sign with.
    #[error("there is no key at `{}`; `hearsay audit key --make` makes one", path.display())]
    NoKey {
        /// The file.
        path: PathBuf,
    },
    /// Others than the key's owner may read it.
    #[error(
        "`{}` may be read by others than its owner (mode {mode:o}): `chmod 600` it, or make a new key if somebody may have",
        path.display()
    )]
    KeyIsOpen {
        /// The file.
        path: PathBuf,
        /// Its permissions.
        mode: u32,
    },
    /// A key's file, or the file of what it signed last, is something else.
    #[error("`{}` cannot be used: {why}", path.display())]
    BadKey {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        why: String,
    },
    /// A log without events.
    #[error("the log has no events yet: there is nothing to sign")]
    NothingToSign,
    /// The log is shorter than what the key has signed: it was restored to an older state.
    #[error(
        "the log has {size} events, and its key has signed {signed}: nothing is signed until it has caught up; \
         or `hearsay audit key --renew` gives it a new origin"
    )]
    LogIsBehind {
        /// How many events the log has.
        size: u64,
        /// How many the key has signed.
        signed: u64,
    },
    /// The log does not begin with what the key has signed.
    #[error(
        "the log of {size} events is not the continuation of the {signed} events that its key has signed: its past was \
         rewritten, or it is another log; nothing is signed; `hearsay audit verify` says where, and \
         `hearsay audit key --renew` gives it a new origin"
    )]
    LogWasRewritten {
        /// How many events the log has.
        size: u64,
        /// How many the key has signed.
        signed: u64,
    },
    /// A note of a checkpoint that is not kept here.
    #[error(
        "no checkpoint of {size} events was signed here as `{origin}`: `hearsay audit checkpoint --list` shows those that were"
    )]
    NeverSigned {
        /// The log that the note is of.
        origin: String,
        /// How many events it is of.
        size: u64,
    },
    /// A note that the key has signed, and that contradicts what is kept.
    #[error(
        "the note says something else of {size} events than the checkpoint that is kept here, and the log's key has signed \
         both: the key signs for another log, too, or somebody has a copy of it"
    )]
    SignedOtherwise {
        /// How many events both are of.
        size: u64,
    },
    /// A proof cannot be made, or does not hold.
    #[error("{0}")]
    Ledger(#[from] hearsay_ledger::LedgerError),
    /// The writer has ended.
    #[error("the store is closed")]
    Closed,
    /// The file system said no.
    #[error("`{}`: {source}", path.display())]
    Io {
        /// The file.
        path: PathBuf,
        /// What the system says.
        source: std::io::Error,
    },
    /// Anything else that SQLite says.
    #[error("the database `{}` said: {what}", path.display())]
    Sql {
        /// The file.
        path: PathBuf,
        /// What SQLite says.
        what: String,
    },
}

/// What went wrong inside, before it is known of which file.
#[derive(Debug, Clone, thiserror::Error)]
pub(crate) enum Fault {
    /// SQLite's primary result code, and its message.
    #[error("{message}")]
    Sqlite { code: i32, message: String },
    /// Something in the database cannot be read.
    #[error("{0}")]
    Damaged(String),
    /// Anything else between this program and SQLite.
    #[error("{0}")]
    Other(String),
}

/// SQLite's code for a full disk.
const FULL: i32 = 13;

/// SQLite's code where the write-ahead log's index finds no room: on a full disk, the first thing that opening needs.
const NO_ROOM_FOR_INDEX: i32 = 4874;

impl Fault {
    /// Something in the database cannot be read.
    pub(crate) fn damaged(what: impl std::fmt::Display) -> Self {
        Self::Damaged(what.to_string())
    }

    /// The same fault, of that file.
    pub(crate) fn of(self, path: &std::path::Path) -> StoreError {
        let path = path.to_owned();
        match self {
            Self::Damaged(what) => StoreError::Damaged { path, what },
            Self::Other(what) => StoreError::Sql { path, what },
            Self::Sqlite { code, message } => match code {
                5 | 6 => StoreError::Busy { path },
                8 | 14 => StoreError::ReadOnly { path, why: message },
                11 => StoreError::Damaged { path, what: message },
                FULL => StoreError::Full { path },
                26 => StoreError::NotADatabase { path, why: message },
                _ => StoreError::Sql { path, what: message },
            },
        }
    }

    /// Whether the same batch, cut into single commands, may yet be taken in.
    pub(crate) fn may_be_one_command(&self) -> bool {
        match self {
            // Busy, locked, read-only, I/O error, damaged, full, cannot open, not a database: the file's fault.
            Self::Sqlite { code, .. } => !matches!(*code, 5 | 6 | 8 | 10 | 11 | FULL | 14 | 26),
            Self::Damaged(_) | Self::Other(_) => true,
        }
    }
}

impl From<sqlx::Error> for Fault {
    fn from(error: sqlx::Error) -> Self {
        let Some(database) = error.as_database_error() else { return Self::Other(error.to_string()) };
        let extended = database.code().and_then(|code| code.parse::<i32>().ok()).unwrap_or(0);
        let code = if extended == NO_ROOM_FOR_INDEX { FULL } else { extended & 0xff };
        Self::Sqlite { code, message: database.message().to_owned() }
    }
}
