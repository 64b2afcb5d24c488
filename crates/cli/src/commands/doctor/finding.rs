//! One thing that the doctor found, and whom it needs.

use hearsay_store::{TaskId, TaskKind};
use serde::Serialize;

/// The columns of a finding in CSV.
pub(super) const COLUMNS: &[&str] = &["about", "reason", "kind", "count", "tasks", "care", "says", "next"];

/// How many tasks of a group are named.
pub(super) const NAMED: usize = 5;

/// What it is about.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum About {
    /// The file and the log in it.
    Database,
    /// The disk under it.
    Disk,
    /// The machine's clock.
    Clock,
    /// The process that does tasks.
    Worker,
    /// Tasks and dead letters.
    Queue,
    /// Feeds, and what they bring.
    Intake,
    /// Claims.
    Docket,
}

impl About {
    /// The word for it.
    pub(super) fn as_str(self) -> &'static str {
        match self {
            Self::Database => "database",
            Self::Disk => "disk",
            Self::Clock => "clock",
            Self::Worker => "worker",
            Self::Queue => "queue",
            Self::Intake => "intake",
            Self::Docket => "docket",
        }
    }
}

/// Whom it needs, the most pressing first.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Serialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Care {
    /// A person.
    Person,
    /// Nobody: it moves by itself, with time.
    Patience,
    /// Nobody: it is as it should be.
    Fine,
}

/// One thing that was found.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub(super) struct Finding {
    /// What it is about.
    pub(super) about: About,
    /// Why, in one word.
    pub(super) reason: &'static str,
    /// The kind of the tasks.
    pub(super) kind: Option<TaskKind>,
    /// How many there are.
    pub(super) count: Option<u64>,
    /// The first of the tasks.
    pub(super) tasks: Vec<TaskId>,
    /// Whom it needs.
    pub(super) care: Care,
    /// What was found, in a sentence.
    pub(super) says: String,
    /// What to do.
    pub(super) next: Option<String>,
}

impl Finding {
    /// A finding that is not about tasks.
    pub(super) fn new(about: About, reason: &'static str, care: Care, says: impl Into<String>) -> Self {
        Self { about, reason, kind: None, count: None, tasks: Vec::new(), care, says: says.into(), next: None }
    }

    /// The same, with what to do.
    pub(super) fn then(self, next: impl Into<String>) -> Self {
        Self { next: Some(next.into()), ..self }
    }

    /// The same, of so many.
    pub(super) fn of(self, count: u64) -> Self {
        Self { count: Some(count), ..self }
    }
}
