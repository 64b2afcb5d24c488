//! Schedules: tasks that come again and again. The arithmetic of cron is the worker's.
//! Invariant: a schedule is advanced in the transaction that enqueues its task, and only from where it was read.

use jiff::Timestamp;
use serde::Serialize;
use sqlx::Row as _;
use sqlx::sqlite::SqliteRow;

use super::enqueue::push;
use super::{NewTask, TaskId, TaskKind};
use crate::error::Fault;
use crate::jsonb::Rows;
use crate::time::{from_micros, to_micros};
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
        let mut rows = Rows::default();
        for schedule in &schedules {
            rows.push(|row| {
                row.text(&schedule.name)
                    .text(schedule.kind.as_str())
                    .text(&schedule.cron)
                    .text(&schedule.zone)
                    .text(schedule.missed.as_str())
                    .int(to_micros(schedule.next_at));
            });
        }
        let rows = rows.into_jsonb();
        self.write(move |connection| {
            Box::pin(async move {
                sqlx::query(include_str!("../sql/declare_schedules.sql")).bind(rows).execute(connection).await?;
                Ok(((), 1))
            })
        })
        .await
    }

    /// Every schedule, the one that is due first first.
    pub async fn schedules(&self) -> Result<Vec<ScheduleView>, StoreError> {
        let rows = sqlx::query(
            "SELECT name, kind, cron, zone, missed, next_at, last_at FROM schedules ORDER BY next_at, name",
        )
        .fetch_all(self.readers())
        .await
        .map_err(|error| self.fault(error))?;
        rows.iter().map(|row| view(row).map_err(|fault| self.fault(fault))).collect()
    }

    /// Advances a schedule and enqueues its task, in one transaction. None: no task was added, because none was given,
    /// its key is held, or somebody else has taken this step.
    pub async fn enqueue_scheduled(&self, advance: ScheduleAdvance) -> Result<Option<TaskId>, StoreError> {
        let now = to_micros((self.options.clock.now)());
        let mut rows = Rows::default();
        if let Some(task) = &advance.task {
            push(&mut rows, task, now);
        }
        let (rows, last) = (rows.into_jsonb(), advance.task.is_some().then_some(now));
        let ScheduleAdvance { name, due, next_at, task } = advance;
        let added = self
            .write(move |connection| {
                Box::pin(async move {
                    let added: Vec<i64> = sqlx::query_scalar(include_str!("../sql/enqueue_scheduled.sql"))
                        .bind(name)
                        .bind(to_micros(due))
                        .bind(to_micros(next_at))
                        .bind(last)
                        .bind(rows)
                        .fetch_all(connection)
                        .await?;
                    Ok((added.first().copied(), 1))
                })
            })
            .await?;
        self.woken.wake(task.iter().map(|task| task.kind));
        Ok(added.map(|id| TaskId(id.unsigned_abs())))
    }
}

fn view(row: &SqliteRow) -> Result<ScheduleView, Fault> {
    let (kind, missed): (String, String) = (row.try_get(1)?, row.try_get(4)?);
    let last: Option<i64> = row.try_get(6)?;
    Ok(ScheduleView {
        name: row.try_get(0)?,
        kind: kind.parse().map_err(Fault::damaged)?,
        cron: row.try_get(2)?,
        zone: row.try_get(3)?,
        missed: if missed == MissedRuns::Skip.as_str() { MissedRuns::Skip } else { MissedRuns::RunOnce },
        next_at: from_micros(row.try_get(5)?)?,
        last_at: last.map(from_micros).transpose()?,
    })
}
