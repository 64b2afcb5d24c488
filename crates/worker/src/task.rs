//! Which task is which: from the kind and the payload on the queue to the file that does it.

use hearsay_store::TaskKind;
use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::context::Context;
use crate::task_error::TaskError;
use crate::tasks::{
    AnswerDue, AutoAdvance, FetchItem, Nothing, PollFeed, Recheck, RecordFollowUp, Restand, ReviewDue, Sweep,
    WithdrawEvidence,
};

/// A task, ready to run.
#[derive(Debug)]
pub(crate) enum Task {
    RecordFollowUp(RecordFollowUp),
    WithdrawEvidence(WithdrawEvidence),
    AnswerDue(AnswerDue),
    ReviewDue(ReviewDue),
    Restand(Restand),
    AutoAdvance(AutoAdvance),
    PollFeed(PollFeed),
    FetchItem(FetchItem),
    Recheck(Recheck),
    Sweep(Sweep),
    Nothing(Nothing),
}

impl Task {
    /// Reads a payload; one that cannot be read will not be read the next time either.
    pub(crate) fn read(kind: TaskKind, payload: Value) -> Result<Self, TaskError> {
        match kind {
            TaskKind::RecordFollowUp => read(payload).map(Self::RecordFollowUp),
            TaskKind::WithdrawEvidence => read(payload).map(Self::WithdrawEvidence),
            TaskKind::AnswerDue => read(payload).map(Self::AnswerDue),
            TaskKind::ReviewDue => read(payload).map(Self::ReviewDue),
            TaskKind::Restand => read(payload).map(Self::Restand),
            TaskKind::AutoAdvance => read(payload).map(Self::AutoAdvance),
            TaskKind::PollFeed => read(payload).map(Self::PollFeed),
            TaskKind::FetchItem => read(payload).map(Self::FetchItem),
            TaskKind::Recheck => read(payload).map(Self::Recheck),
            TaskKind::Sweep => read(payload).map(Self::Sweep),
            TaskKind::Nothing => read(payload).map(Self::Nothing),
        }
    }

    pub(crate) async fn run(self, context: &Context) -> Result<(), TaskError> {
        match self {
            Self::RecordFollowUp(task) => task.run(context).await,
            Self::WithdrawEvidence(task) => task.run(context).await,
            Self::AnswerDue(task) => task.run(context).await,
            Self::ReviewDue(task) => task.run(context).await,
            Self::Restand(task) => task.run(context).await,
            Self::AutoAdvance(task) => task.run(context).await,
            Self::PollFeed(task) => task.run(context).await,
            Self::FetchItem(task) => task.run(context).await,
            Self::Recheck(task) => task.run(context).await,
            Self::Sweep(task) => task.run(context).await,
            Self::Nothing(task) => task.run().await,
        }
    }
}

fn read<T: DeserializeOwned>(payload: Value) -> Result<T, TaskError> {
    serde_json::from_value(payload).map_err(|error| TaskError::give_up("payload", &error))
}
