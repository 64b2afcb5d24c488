//! A line that goes on the queue, for the worker to record.
//! Invariant: its task bears the line's own id, so that it is recorded once however often it is submitted.

use hearsay_core::{Actor, ClaimNumber, Command, CommandId};
use hearsay_store::{NewTask, TaskKind};
use hearsay_worker::SubmittedLine;

use crate::exit::Failure;

/// What of a command the queue has to know.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Queueable {
    /// The kind of its task.
    pub(crate) kind: TaskKind,
    /// The name of what it is about: a claim, or a piece of evidence.
    pub(crate) about: String,
    /// The handle that it brings along.
    pub(crate) brings: Option<String>,
}

impl Queueable {
    /// Of a command that may go on the queue; none of any other.
    pub(crate) fn of(command: &Command) -> Option<Self> {
        if let Command::RecordFollowUp(line) = command {
            let (about, brings) = (line.claim.0.clone(), line.evidence.handle.clone());
            Some(Self { kind: TaskKind::RecordFollowUp, about, brings })
        } else if let Command::WithdrawEvidence(line) = command {
            Some(Self { kind: TaskKind::WithdrawEvidence, about: line.evidence.0.clone(), brings: None })
        } else {
            None
        }
    }
}

/// A line on its way to the queue.
pub(crate) struct QueuedLine {
    /// What of it the queue has to know.
    pub(crate) what: Queueable,
    /// The id under which it is recorded.
    pub(crate) id: CommandId,
    /// Its number in its file.
    pub(crate) number: u64,
    /// The line.
    pub(crate) text: String,
}

impl QueuedLine {
    /// The key of its task.
    pub(crate) fn key(&self) -> String {
        format!("line:{}", self.id.0)
    }

    /// Its task: of that file, in that person's name, about that claim as far as it is known.
    pub(crate) fn task(&self, source: &str, by: &Actor, claim: Option<ClaimNumber>) -> Result<NewTask, Failure> {
        let submitted = SubmittedLine {
            line: self.number,
            source: source.to_owned(),
            command_id: self.id,
            actor: by.name.body().unwrap_or_default().to_owned(),
            role: by.role,
            text: self.text.clone(),
        };
        let task = submitted.into_task(self.what.kind, claim).map_err(|error| Failure::Output(error.into()))?;
        Ok(NewTask { key: Some(self.key()), ..task })
    }
}
