//! The kinds of tasks, each done by one file of the worker. The table `task_kinds` has a row for each.

use std::fmt;
use std::str::FromStr;

use serde::{Serialize, Serializer};

/// What a task does.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum TaskKind {
    /// Records a follow-up that somebody submitted.
    RecordFollowUp,
    /// Withdraws a piece of evidence, as somebody submitted.
    WithdrawEvidence,
    /// Records the silence of a party that did not answer by its deadline.
    AnswerDue,
    /// Marks a claim overdue whose review did not come in time.
    ReviewDue,
    /// Weighs the claims again that a changed source or policy touches.
    Restand,
    /// Advances a claim to its standing, where its policy lets the worker.
    AutoAdvance,
    /// Polls a feed: what it brings are items.
    PollFeed,
    /// Fetches an item's document, reads it, and lays what leads there are.
    FetchItem,
    /// Looks again at a document that evidence of an open claim rests on.
    Recheck,
    /// Looks after the queue itself, on a schedule.
    Sweep,
    /// Does nothing: for benchmarks.
    Nothing,
}

impl TaskKind {
    /// Every kind, in the order of the documentation.
    pub const ALL: [Self; 11] = [
        Self::RecordFollowUp,
        Self::WithdrawEvidence,
        Self::AnswerDue,
        Self::ReviewDue,
        Self::Restand,
        Self::AutoAdvance,
        Self::PollFeed,
        Self::FetchItem,
        Self::Recheck,
        Self::Sweep,
        Self::Nothing,
    ];

    /// The word for it in the database, in files and on screen.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::RecordFollowUp => "record_follow_up",
            Self::WithdrawEvidence => "withdraw_evidence",
            Self::AnswerDue => "answer_due",
            Self::ReviewDue => "review_due",
            Self::Restand => "restand",
            Self::AutoAdvance => "auto_advance",
            Self::PollFeed => "poll_feed",
            Self::FetchItem => "fetch_item",
            Self::Recheck => "recheck",
            Self::Sweep => "sweep",
            Self::Nothing => "nothing",
        }
    }
}

impl fmt::Display for TaskKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl Serialize for TaskKind {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

/// There is no such kind of task.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("no kind of task is called `{0}`")]
pub struct UnknownTaskKind(pub String);

impl FromStr for TaskKind {
    type Err = UnknownTaskKind;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == text).ok_or_else(|| UnknownTaskKind(text.to_owned()))
    }
}
