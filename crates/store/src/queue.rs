//! The task queue: what goes in, what is leased to the worker, and how it ends. Finished tasks leave no row.
//! Invariant: whoever settles a task names the lease token of the attempt; a stale attempt changes nothing.
//! Every write goes through the process's one writer; a task may run more than once, never not at all.

mod boot;
mod control;
mod enqueue;
mod kind;
mod schedule;
mod show;
mod turn;
mod view;
mod wake;

use std::fmt;
use std::str::FromStr;

use hearsay_core::{ClaimNumber, Priority};
use jiff::{SignedDuration, Timestamp};
use serde::Serialize;

pub use boot::Boot;
pub use control::DeadSelection;
pub(crate) use enqueue::{enqueue_within, push};
pub use kind::{TaskKind, UnknownTaskKind};
pub use schedule::{MissedRuns, Schedule, ScheduleAdvance, ScheduleView};
pub use view::{
    DeadFilter, DeadTask, FoundTask, KindOverview, Paused, TaskFilter, TaskState, TaskView, WaitsFor, WorkerNow,
};
pub(crate) use wake::Waker;
pub use wake::{Elsewhere, Wake};

/// A task that failed this often is dead: its last attempt is the eighth.
pub const MAX_ATTEMPTS: u32 = 8;

/// A task whose worker stopped this often while it ran is dead. Such an end is not counted as an attempt: it is rarely
/// the task's fault.
pub const MAX_INTERRUPTIONS: u32 = 100;

/// A task's number. It keeps it for good, dead and retried included.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize)]
pub struct TaskId(pub u64);

impl fmt::Display for TaskId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.0)
    }
}

impl FromStr for TaskId {
    type Err = std::num::ParseIntError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        text.parse().map(Self)
    }
}

/// Names one attempt at a task, together with the task's id: whoever holds it may settle.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct LeaseToken(pub(crate) [u8; 16]);

/// The number of one run of a worker. A later run has a higher one.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize)]
pub struct BootNumber(pub u64);

impl fmt::Display for BootNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.0)
    }
}

/// A task to be put on the queue.
#[derive(Clone, PartialEq, Debug)]
pub struct NewTask {
    /// What is to be done.
    pub kind: TaskKind,
    /// While a task of that key waits for its first attempt, no other of the same key is added; one that runs, or waits
    /// to be tried again, doesn't keep a new one out.
    pub key: Option<String>,
    /// The claim that it is about; tasks of one claim are never leased in two turns at once.
    pub claim: Option<ClaimNumber>,
    /// What the task's kind reads.
    pub payload: serde_json::Value,
    /// Tasks of a higher priority are leased first.
    pub priority: Priority,
    /// When it is due; none: now, whatever the clock does.
    pub run_at: Option<Timestamp>,
}

impl NewTask {
    /// A task of normal priority that is due now, of no key and no claim.
    pub fn now(kind: TaskKind, payload: serde_json::Value) -> Self {
        Self { kind, key: None, claim: None, payload, priority: Priority::Normal, run_at: None }
    }
}

/// A task that was leased: it is this turn's to do and to settle until the lease runs out.
#[derive(Clone, PartialEq, Debug)]
pub struct LeasedTask {
    /// Its number.
    pub id: TaskId,
    /// Names this attempt.
    pub token: LeaseToken,
    /// What is to be done.
    pub kind: TaskKind,
    /// The claim that it is about.
    pub claim: Option<ClaimNumber>,
    /// What the task's kind reads; a string where the stored text is no JSON.
    pub payload: serde_json::Value,
    /// How urgent it is.
    pub priority: Priority,
    /// How often it was tried, this attempt included.
    pub attempts: u32,
    /// When it was due: when it was enqueued, where it named no time.
    pub run_at: Timestamp,
    /// When it was enqueued.
    pub enqueued_at: Timestamp,
    /// When the lease runs out unless a heartbeat extends it.
    pub lease_until: Timestamp,
}

/// How an attempt ended.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Settlement {
    /// It is done, and leaves the queue.
    Done,
    /// It is to be tried again; after [`MAX_ATTEMPTS`] it is dead instead.
    Retry {
        /// Not before then.
        at: Timestamp,
        /// What went wrong.
        error: String,
    },
    /// Trying again is useless: it becomes a dead letter.
    Dead {
        /// The field of the payload that is wrong, where one is.
        field: Option<String>,
        /// What went wrong.
        error: String,
    },
    /// It was not tried after all, and goes back as it was: for a worker that drains.
    Release,
    /// It was not its turn, which is no failed attempt: it goes back, and is due then.
    Postpone {
        /// Not before then.
        at: Timestamp,
    },
}

/// How the attempt of that token at that task ended.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Settle {
    /// The task.
    pub id: TaskId,
    /// The attempt.
    pub token: LeaseToken,
    /// The task's kind, under which it is counted.
    pub kind: TaskKind,
    /// How it ended.
    pub how: Settlement,
}

/// What a worker asks for in one transaction: its settles first, then expired leases are rescued, then tasks leased.
#[derive(Clone, PartialEq, Debug)]
pub struct Turn {
    /// The worker's run.
    pub boot: BootNumber,
    /// Attempts that ended.
    pub settles: Vec<Settle>,
    /// Tasks that it would lease; none while it drains.
    pub lease: Option<LeaseRequest>,
}

/// Tasks that a worker would lease.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct LeaseRequest {
    /// Of these kinds.
    pub kinds: Vec<TaskKind>,
    /// So many at most.
    pub most: usize,
    /// For so long, unless heartbeats extend it.
    pub lease: SignedDuration,
}

/// What a turn came to.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct Turned {
    /// Settles that named an attempt whose lease had ended: they changed nothing, and the task is or will be tried again.
    pub refused: Vec<TaskId>,
    /// Tasks that are this worker's now: the most urgent first, then the one due first. All that bear on one claim are
    /// to be done in this order, one after the other.
    pub leased: Vec<LeasedTask>,
    /// When a task of the asked kinds may next be due, or a lease may run out: take a turn then, or once woken. None: only
    /// once woken. A turn that leased as many as it asked for should be followed by another at once.
    pub next_at: Option<Timestamp>,
}
