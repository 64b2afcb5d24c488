//! How a verb fails, and the exit code of each failure. The one place where errors become codes.

use std::io;
use std::path::PathBuf;

use hearsay_core::{Refusal, RefusalClass};
use hearsay_ledger::LedgerError;
use hearsay_store::{StoreError, SubmitError};
use hearsay_worker::WorkerError;

/// Refused by the rules; also: something was found that needs a person.
const REFUSED: u8 = 1;
/// Wrong usage, or bad input.
const INPUT: u8 = 2;
/// Somebody else was faster.
const CONFLICT: u8 = 3;
/// What was named isn't there.
const NOT_FOUND: u8 = 4;
/// The database is unavailable.
const UNAVAILABLE: u8 = 5;
/// A defect of this program.
pub(crate) const BUG: u8 = 70;

/// Why a verb did not do what was asked.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Failure {
    /// The store said no.
    #[error("{0}")]
    Store(#[from] StoreError),
    /// A command was not taken in.
    #[error("{0}")]
    Submit(#[from] SubmitError),
    /// The worker did not begin, or ended.
    #[error("{0}")]
    Worker(#[from] WorkerError),
    /// The command line, or a file that it names, is wrong.
    #[error("{0}")]
    Usage(String),
    /// What was asked for isn't there.
    #[error("{0}")]
    Missing(String),
    /// A key, a note or a proof is refused.
    #[error("{0}")]
    Ledger(LedgerError),
    /// Something was found that needs a person.
    #[error("{0}")]
    Found(String),
    /// A file could not be read or written.
    #[error("`{}`: {source}", path.display())]
    File {
        /// The file.
        path: PathBuf,
        /// What the system says.
        source: io::Error,
    },
    /// Lines of a file were refused, and it was said which.
    #[error("lines were refused")]
    LinesRefused,
    /// An import met a defect, and has said where.
    #[error("a line met a defect")]
    LineDefect,
    /// An import had to stop because the database was not available.
    #[error("{0}")]
    Stopped(String),
    /// A signal ended it; the number is the exit code.
    #[error("interrupted")]
    Interrupted(u8),
    /// Standard output is gone.
    #[error("cannot write the answer: {0}")]
    Output(#[source] io::Error),
}

impl Failure {
    /// What to tell on standard error; none where it was told already.
    pub(crate) fn sentence(&self) -> Option<String> {
        match self {
            Self::LinesRefused | Self::LineDefect | Self::Interrupted(_) => None,
            Self::Output(error) if error.kind() == io::ErrorKind::BrokenPipe => None,
            Self::Store(StoreError::NotFound { what, .. }) => Some(format!("{self}; see `{}`", listing_of(what))),
            Self::Worker(WorkerError::Store(StoreError::AnotherWorker { .. })) => {
                Some(format!("{self}; it does what is due, and `hearsay queue show` says how far it is"))
            }
            Self::Store(_)
            | Self::Submit(_)
            | Self::Worker(_)
            | Self::Usage(_)
            | Self::Found(_)
            | Self::Missing(_)
            | Self::Ledger(_)
            | Self::File { .. }
            | Self::Stopped(_)
            | Self::Output(_) => Some(self.to_string()),
        }
    }

    /// The exit code.
    pub(crate) fn code(&self) -> u8 {
        match self {
            Self::Store(error) | Self::Worker(WorkerError::Store(error)) => of_store(error),
            Self::Submit(error) => of_submit(error),
            Self::Worker(WorkerError::Schedule { .. } | WorkerError::Fetch(_))
            | Self::Usage(_)
            | Self::File { .. }
            | Self::LinesRefused => INPUT,
            Self::Found(_) => REFUSED,
            Self::Missing(_) => NOT_FOUND,
            Self::Ledger(error) => of_ledger(error),
            Self::Worker(WorkerError::Defect(_)) | Self::LineDefect => BUG,
            Self::Interrupted(code) => *code,
            Self::Output(error) if error.kind() == io::ErrorKind::BrokenPipe => 0,
            Self::Stopped(_) | Self::Output(_) => UNAVAILABLE,
        }
    }
}

/// The verb that lists what was not found.
fn listing_of(what: &str) -> &'static str {
    match what {
        "source" | "evidence or source" => "hearsay source list",
        "policy" => "hearsay policy show",
        "erasure" => "hearsay erase list",
        "lead" => "hearsay lead list --state all",
        "feed" => "hearsay feed list",
        "task" => "hearsay queue show --tasks",
        "dead letter" => "hearsay queue dead",
        _ => "hearsay claim list",
    }
}

fn of_store(error: &StoreError) -> u8 {
    match error {
        StoreError::NotFound { .. } | StoreError::NoKey { .. } => NOT_FOUND,
        StoreError::NothingToSign
        | StoreError::LogIsBehind { .. }
        | StoreError::LogWasRewritten { .. }
        | StoreError::NeverSigned { .. }
        | StoreError::SignedOtherwise { .. } => REFUSED,
        StoreError::Ledger(error) => of_ledger(error),
        StoreError::KeyIsOpen { .. }
        | StoreError::BadKey { .. }
        | StoreError::Ambiguous { .. }
        | StoreError::Exists { .. }
        | StoreError::Question { .. } => INPUT,
        StoreError::Missing { .. }
        | StoreError::NotADatabase { .. }
        | StoreError::Newer { .. }
        | StoreError::ReadOnly { .. }
        | StoreError::Full { .. }
        | StoreError::Busy { .. }
        | StoreError::Damaged { .. }
        | StoreError::AnotherWorker { .. }
        | StoreError::Closed
        | StoreError::Io { .. }
        | StoreError::Sql { .. } => UNAVAILABLE,
    }
}

fn of_ledger(error: &LedgerError) -> u8 {
    match error {
        LedgerError::Malformed { .. }
        | LedgerError::TooLong { .. }
        | LedgerError::KeyName { .. }
        | LedgerError::NoSuchLeaf { .. }
        | LedgerError::NoSuchPrefix { .. } => INPUT,
        LedgerError::NotSigned { .. }
        | LedgerError::NotCosigned
        | LedgerError::UnknownWitness { .. }
        | LedgerError::WrongSignature { .. }
        | LedgerError::OtherOrigin { .. }
        | LedgerError::NotIncluded
        | LedgerError::NotConsistent { .. } => REFUSED,
        LedgerError::HashMissing { .. } => UNAVAILABLE,
    }
}

fn of_submit(error: &SubmitError) -> u8 {
    match error {
        SubmitError::Refused(refusal) => of_refusal(refusal),
        SubmitError::RefusedBefore { .. } | SubmitError::LeftOut => INPUT,
        SubmitError::Defect(_) => BUG,
        SubmitError::Unavailable(_) => UNAVAILABLE,
    }
}

fn of_refusal(refusal: &Refusal) -> u8 {
    match refusal.class() {
        RefusalClass::Rules => REFUSED,
        RefusalClass::Input => INPUT,
        RefusalClass::Conflict => CONFLICT,
        RefusalClass::NotFound => NOT_FOUND,
    }
}
