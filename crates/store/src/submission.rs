//! What goes into the writer, and what comes back from it.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use hearsay_core::{Actor, Addressed, Claim, ClaimId, ClaimNumber, CommandId, Refusal, State, Subject, Weighed};
use serde::Serialize;

/// Whether the outcome of a command that adds nothing to the log is kept, so that the same command id is answered
/// the same way the next time. Imports keep it: a second run of a file must add nothing.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Remember {
    /// A command that is refused may be tried again under the same id.
    No,
    /// Its refusal, or that it changed nothing, stands.
    Yes,
    /// As `Yes`, and an earlier refusal under the same id is decided anew.
    Retry,
}

/// Commands that build on one another, such as the lines of an import: once one of them could not be taken in, those
/// after it are not decided at all, as they would miss what it brings.
#[derive(Clone, Debug, Default)]
pub struct Sequence(Arc<AtomicBool>);

impl Submission {
    /// Keeps what builds on this command from being decided, if a defect stopped it.
    pub(crate) fn break_off_if_defective(&self, outcome: &Result<Receipt, SubmitError>) {
        if matches!(outcome, Err(SubmitError::Defect(_))) {
            self.break_off();
        }
    }

    /// Keeps what builds on this command from being decided.
    pub(crate) fn break_off(&self) {
        if let Some(sequence) = &self.sequence {
            sequence.break_off();
        }
    }
}

impl Sequence {
    pub(crate) fn is_broken_off(&self) -> bool {
        self.0.load(Ordering::Acquire)
    }

    pub(crate) fn break_off(&self) {
        self.0.store(true, Ordering::Release);
    }
}

impl PartialEq for Sequence {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0)
    }
}

/// A command on its way to the writer.
#[derive(Clone, PartialEq, Debug)]
pub struct Submission {
    /// What to do.
    pub addressed: Addressed,
    /// The command's id; the log refuses it twice.
    pub id: CommandId,
    /// Who asks.
    pub actor: Actor,
    /// Whether an outcome without events is kept.
    pub remember: Remember,
    /// The commands that it builds on.
    pub sequence: Option<Sequence>,
}

/// How a command ended that wasn't refused.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// Its events are in the log.
    Recorded,
    /// The log had taken in the same command id before.
    RecordedBefore,
    /// It changed nothing.
    Unchanged,
}

/// The claim that a command was about, as it stands afterwards.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct ClaimNow {
    /// Its id.
    pub id: ClaimId,
    /// Its short reference.
    pub number: ClaimNumber,
    /// Its version.
    pub version: u64,
    /// What the desk declared.
    pub state: State,
    /// What its evidence comes to.
    pub weighed: Weighed,
    /// Whether the standing asks for another open state.
    pub due_to_advance: bool,
    /// Whether the standing has changed since the claim was closed.
    pub due_to_reopen: bool,
}

impl ClaimNow {
    /// The claim as it stands in the docket.
    pub(crate) fn of(claim: &Claim) -> Self {
        Self {
            id: claim.id,
            number: claim.number,
            version: claim.version,
            state: claim.state,
            weighed: claim.weighed,
            due_to_advance: claim.is_due_to_advance(claim.weighed.standing),
            due_to_reopen: claim.is_due_to_reopen(claim.weighed.standing),
        }
    }
}

/// What the caller is told once everything is on disk.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Receipt {
    /// How it ended.
    pub outcome: Outcome,
    /// What it was about; none where only the command's id is remembered.
    pub subject: Option<Subject>,
    /// The claim that it was about, afterwards.
    pub claim: Option<ClaimNow>,
    /// Position of its last event; of its first, where it was recorded before.
    pub seq: Option<u64>,
}

/// Why a submission was not taken in.
#[derive(Debug, Clone, thiserror::Error)]
pub enum SubmitError {
    /// The rules, or the input.
    #[error("{0}")]
    Refused(Refusal),
    /// Refused before under the same id, with these words.
    #[error("refused before: {reason}")]
    RefusedBefore {
        /// The field that the refusal was about.
        field: String,
        /// The refusal's sentence.
        reason: String,
    },
    /// Another command of the same all-or-nothing group was refused.
    #[error("not taken in: other lines of the same file were refused")]
    LeftOut,
    /// The rules panicked on this command; nothing of it was taken in.
    #[error("a defect in the rules stopped this command: {0}")]
    Defect(String),
    /// The database could not take it in.
    #[error("{0}")]
    Unavailable(String),
}
