//! What reads of the queue give, and what narrows them.

use hearsay_core::{ClaimNumber, Priority};
use jiff::Timestamp;
use serde::Serialize;

use super::{BootNumber, TaskId, TaskKind};

/// Where a task stands that is not dead.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum TaskState {
    /// Due, and not leased.
    Waiting,
    /// Due later.
    Scheduled,
    /// A worker has it.
    Leased,
}

/// What narrows a listing of tasks; what is empty does not.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct TaskFilter {
    /// Of that kind.
    pub kind: Option<TaskKind>,
    /// Which stand there.
    pub state: Option<TaskState>,
    /// About that claim.
    pub claim: Option<ClaimNumber>,
    /// So many at most.
    pub limit: Option<u32>,
}

/// What narrows a listing of dead letters; what is empty does not.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct DeadFilter {
    /// Of that kind.
    pub kind: Option<TaskKind>,
    /// About that claim.
    pub claim: Option<ClaimNumber>,
    /// So many at most.
    pub limit: Option<u32>,
}

/// Why a task is not being done, or that it is. The first that applies is told.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
#[serde(rename_all = "snake_case", tag = "why")]
pub enum WaitsFor {
    /// A worker has it: until its lease runs out.
    Lease {
        /// The worker's run.
        boot: BootNumber,
        /// Since when.
        since: Timestamp,
        /// Until when, unless a heartbeat extends it; if that has passed, the next turn takes it back.
        until: Timestamp,
    },
    /// Its kind is paused.
    Resume(Paused),
    /// It is due later.
    Time {
        /// Due then.
        at: Timestamp,
    },
    /// No worker is running.
    Worker,
    /// Another task of its claim is being done.
    Claim {
        /// The other task.
        task: TaskId,
        /// When the other's lease runs out.
        until: Timestamp,
    },
    /// Its kind may not be done more often.
    Rate {
        /// So many a minute.
        per_minute: u32,
        /// When the next may be done.
        at: Timestamp,
    },
    /// Nothing but its turn: others are before it.
    Turn,
}

/// A task that is not dead.
#[derive(Clone, PartialEq, Debug, Serialize)]
pub struct TaskView {
    /// Its number.
    pub id: TaskId,
    /// What is to be done.
    pub kind: TaskKind,
    /// Where it stands.
    pub state: TaskState,
    /// Why it is not being done, or that it is.
    pub waits_for: WaitsFor,
    /// Its key.
    pub key: Option<String>,
    /// The claim that it is about.
    pub claim: Option<ClaimNumber>,
    /// What its kind reads; a string where the stored text is no JSON.
    pub payload: serde_json::Value,
    /// How urgent it is.
    pub priority: Priority,
    /// When it is or was due: when it was enqueued, where it named no time.
    pub run_at: Timestamp,
    /// When it was enqueued.
    pub enqueued_at: Timestamp,
    /// How often it was tried.
    pub attempts: u32,
    /// How often its worker stopped while it ran.
    pub interruptions: u32,
    /// What went wrong last.
    pub last_error: Option<String>,
}

/// A dead letter.
#[derive(Clone, PartialEq, Debug, Serialize)]
pub struct DeadTask {
    /// Its number, as when it lived.
    pub id: TaskId,
    /// What was to be done.
    pub kind: TaskKind,
    /// Its key.
    pub key: Option<String>,
    /// The claim that it is about.
    pub claim: Option<ClaimNumber>,
    /// What its kind reads.
    pub payload: serde_json::Value,
    /// How urgent it was.
    pub priority: Priority,
    /// When it was enqueued.
    pub enqueued_at: Timestamp,
    /// When it died.
    pub died_at: Timestamp,
    /// How often it was tried.
    pub attempts: u32,
    /// The line of the submitted file that it comes from: the payload's `line`.
    pub line: Option<u64>,
    /// The file that it comes from: the payload's `source`.
    pub source: Option<String>,
    /// The field that is wrong, where one is.
    pub field: Option<String>,
    /// What went wrong.
    pub error: String,
}

/// A task, dead or not.
#[derive(Clone, PartialEq, Debug)]
pub enum FoundTask {
    /// On the queue.
    Live(TaskView),
    /// A dead letter.
    Dead(DeadTask),
}

/// That a kind is paused.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct Paused {
    /// Since when.
    pub since: Timestamp,
    /// Who did it.
    pub by: String,
}

/// How a kind of task fares.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct KindOverview {
    /// The kind.
    pub kind: TaskKind,
    /// Due, and not leased.
    pub waiting: u64,
    /// Due later.
    pub scheduled: u64,
    /// Being done.
    pub leased: u64,
    /// Dead letters.
    pub dead: u64,
    /// When the task was enqueued that is due and has waited longest.
    pub oldest: Option<Timestamp>,
    /// When the next scheduled one is due.
    pub next_at: Option<Timestamp>,
    /// That it is paused.
    pub paused: Option<Paused>,
    /// How many a minute may be leased.
    pub per_minute: Option<u32>,
    /// How many were done since midnight UTC.
    pub done_today: u64,
    /// How many attempts were to be tried again since midnight UTC.
    pub retried_today: u64,
    /// How many became dead letters since midnight UTC.
    pub dead_today: u64,
}

/// The worker that holds the file's worker lock.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct WorkerNow {
    /// Its run; none in the moment in which it starts.
    pub boot: Option<BootNumber>,
    /// Its process.
    pub pid: u32,
    /// What it calls itself.
    pub name: String,
    /// Since when.
    pub since: Timestamp,
    /// When it last said that it is well.
    pub seen_at: Timestamp,
}

/// A priority as the database keeps it.
pub(super) fn priority_number(priority: Priority) -> i64 {
    match priority {
        Priority::Low => 0,
        Priority::Normal => 1,
        Priority::High => 2,
        Priority::Urgent => 3,
    }
}

/// A priority that the database keeps.
pub(super) fn priority(number: i64) -> Priority {
    match number {
        0 => Priority::Low,
        2 => Priority::High,
        3 => Priority::Urgent,
        _ => Priority::Normal,
    }
}

/// A payload that the database keeps; a string where it is no JSON.
pub(super) fn payload(text: &str) -> serde_json::Value {
    serde_json::from_str(text).unwrap_or_else(|_| serde_json::Value::String(text.to_owned()))
}
