//! Schedules: tasks that come again and again. The arithmetic of cron is the worker's.
//! Invariant: a schedule is advanced in the transaction that enqueues its task, and only from where it was read.

use jiff::Timestamp;
use serde::Serialize;

use super::{NewTask, TaskId, TaskKind};
use crate::{Store, StoreError};

/// What becomes of runs whose time passed while no worker ran.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum MissedRuns {
    /// However many were missed, one is made up for.
    RunOnce,
    /// The next one comes at its time.
    Skip,
}

impl MissedRuns {
    /// The word for it in the database.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::RunOnce => "run_once",
            Self::Skip => "skip",
        }
    }
}

/// A schedule as the worker declares it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Schedule {
    /// Its name.
    pub name: String,
    /// The kind of its tasks.
    pub kind: TaskKind,
    /// When, in cron's notation.
    pub cron: String,
    /// In which time zone, by its IANA name.
    pub zone: String,
    /// What becomes of missed runs.
    pub missed: MissedRuns,
    /// When it is due first, counted from now; not used where the schedule is known and unchanged.
    pub next_at: Timestamp,
}

/// A schedule as it is kept.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct ScheduleView {
    /// Its name.
    pub name: String,
    /// The kind of its tasks.
    pub kind: TaskKind,
    /// When, in cron's notation.
    pub cron: String,
    /// In which time zone, by its IANA name.
    pub zone: String,
    /// What becomes of missed runs.
    pub missed: MissedRuns,
    /// When it is due next.
    pub next_at: Timestamp,
    /// When a task of it was enqueued last.
    pub last_at: Option<Timestamp>,
}

/// One step of a schedule.
#[derive(Clone, PartialEq, Debug)]
pub struct ScheduleAdvance {
    /// The schedule's name.
    pub name: String,
    /// The `next_at` that was read: if it is another by now, somebody else has taken this step, and nothing happens.
    pub due: Timestamp,
    /// When it is due next.
    pub next_at: Timestamp,
    /// The task; none where a missed run is skipped.
    pub task: Option<NewTask>,
}

impl Store {
    /// Declares all schedules: new ones are added, changed ones start anew from their `next_at`, unchanged ones keep
    /// theirs, and those that are no longer declared are removed.
    pub async fn declare_schedules(&self, schedules: Vec<Schedule>) -> Result<(), StoreError> {
        drop(schedules);
        Err(StoreError::Closed)
    }

    /// Every schedule, the one that is due first first.
    pub async fn schedules(&self) -> Result<Vec<ScheduleView>, StoreError> {
        Err(StoreError::Closed)
    }

    /// Advances a schedule and enqueues its task, in one transaction. None: no task was added, because none was given,
    /// its key is held, or somebody else has taken this step.
    pub async fn enqueue_scheduled(&self, advance: ScheduleAdvance) -> Result<Option<TaskId>, StoreError> {
        drop(advance);
        Err(StoreError::Closed)
    }
}
