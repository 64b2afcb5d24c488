//! The queue, read: how each kind fares, and each task with the reason why it isn't being done.

use std::collections::{HashMap, HashSet};

use hearsay_core::ClaimNumber;
use sqlx::Row as _;
use sqlx::sqlite::SqliteRow;

use super::turn::day;
use super::view::{payload, priority};
use super::{
    BootNumber, DeadFilter, DeadTask, FoundTask, KindOverview, Paused, TaskFilter, TaskId, TaskKind, TaskState,
    TaskView, WaitsFor,
};
use crate::error::Fault;
use crate::read::CONFIDENTIAL;
use crate::time::{from_micros, to_micros};
use crate::wanted::json;
use crate::{Store, StoreError};

const DEAD: &str = "SELECT id, kind, key, claim, payload, priority, enqueued_at, died_at, attempts, field, error \
    FROM dead_tasks WHERE ($1 IS NULL OR kind = $1) AND ($2 IS NULL OR claim = $2) AND ($4 IS NULL OR id = $4) \
    ORDER BY died_at DESC, id DESC LIMIT coalesce($3, -1)";

const UNKNOWN: &str = "SELECT kind, count(*) FROM (SELECT kind FROM tasks UNION ALL SELECT kind FROM dead_tasks) \
    WHERE kind NOT IN (SELECT value FROM json_each($1)) GROUP BY kind ORDER BY kind";
const TRIED: &str = "SELECT key FROM tasks WHERE fresh = 0 AND key IS NOT NULL \
    AND kind IN (SELECT value FROM json_each($1))";

impl Store {
    /// How every kind fares, in the order of [`super::TaskKind::ALL`].
    pub async fn queue_overview(&self) -> Result<Vec<KindOverview>, StoreError> {
        let now = to_micros((self.options.clock.now)());
        let rows = sqlx::query(include_str!("../sql/queue_overview.sql"))
            .bind(now)
            .bind(day(now))
            .fetch_all(self.readers())
            .await
            .map_err(|error| self.fault(error))?;
        let mut found = HashMap::new();
        for row in &rows {
            let kind: String = row.try_get(0).map_err(|error| self.fault(error))?;
            match kind.parse::<TaskKind>() {
                Ok(kind) => {
                    found.insert(kind, overview(kind, row).map_err(|fault| self.fault(fault))?);
                }
                Err(error) => tracing::warn!(%error, "a newer program enqueued it"),
            }
        }
        let of = |kind| found.remove(&kind).unwrap_or_else(|| nothing(kind));
        Ok(TaskKind::ALL.into_iter().map(of).collect())
    }

    /// The tasks that fit and are not dead: leased ones first, then in the order in which they would be leased.
    pub async fn tasks(&self, filter: &TaskFilter) -> Result<Vec<TaskView>, StoreError> {
        self.live(filter, None).await
    }

    async fn live(&self, filter: &TaskFilter, id: Option<TaskId>) -> Result<Vec<TaskView>, StoreError> {
        let is_worked = self.worker_now().await?.is_some();
        let now = to_micros((self.options.clock.now)());
        let state = filter.state.map(|state| match state {
            TaskState::Waiting => "waiting",
            TaskState::Scheduled => "scheduled",
            TaskState::Leased => "leased",
        });
        let rows = sqlx::query(include_str!("../sql/tasks.sql"))
            .bind(now)
            .bind(filter.kind.map(TaskKind::as_str))
            .bind(state)
            .bind(filter.claim.map(|claim| i64::from(claim.0)))
            .bind(filter.limit.map(i64::from))
            .bind(id.map(|id| id.0.cast_signed()))
            .fetch_all(self.readers())
            .await
            .map_err(|error| self.fault(error))?;
        let known = rows.iter().filter(|row| is_known(row));
        let shown = |row| -> Result<TaskView, Fault> {
            let mut task = task(row, now, is_worked)?;
            if self.reader.veil_line(&mut task.payload) {
                task.last_error = task.last_error.map(|_| CONFIDENTIAL.to_owned());
            }
            Ok(task)
        };
        known.map(|row| shown(row).map_err(|fault| self.fault(fault))).collect()
    }

    /// The dead letters that fit, the newest first.
    pub async fn dead_tasks(&self, filter: &DeadFilter) -> Result<Vec<DeadTask>, StoreError> {
        self.dead(filter, None).await
    }

    async fn dead(&self, filter: &DeadFilter, id: Option<TaskId>) -> Result<Vec<DeadTask>, StoreError> {
        let rows = sqlx::query(DEAD)
            .bind(filter.kind.map(TaskKind::as_str))
            .bind(filter.claim.map(|claim| i64::from(claim.0)))
            .bind(filter.limit.map(i64::from))
            .bind(id.map(|id| id.0.cast_signed()))
            .fetch_all(self.readers())
            .await
            .map_err(|error| self.fault(error))?;
        let known = rows.iter().filter(|row| is_known(row));
        let shown = |row| -> Result<DeadTask, Fault> {
            let mut letter = dead_task(row)?;
            if self.reader.veil_line(&mut letter.payload) {
                CONFIDENTIAL.clone_into(&mut letter.error);
            }
            Ok(letter)
        };
        known.map(|row| shown(row).map_err(|fault| self.fault(fault))).collect()
    }

    /// Kinds of which there are tasks, dead or not, and that only a newer program knows; with how many. No worker of this
    /// program leases them, and no listing shows them.
    pub async fn unknown_kinds(&self) -> Result<Vec<(String, u64)>, StoreError> {
        let rows: Vec<(String, i64)> = sqlx::query_as(UNKNOWN)
            .bind(json(TaskKind::ALL.iter()))
            .fetch_all(self.readers())
            .await
            .map_err(|error| self.fault(error))?;
        Ok(rows.into_iter().map(|(kind, count)| (kind, count.unsigned_abs())).collect())
    }

    /// The keys of tasks of these kinds that were leased before and are not done: they hold their keys no longer.
    pub async fn keys_tried(&self, kinds: &[TaskKind]) -> Result<HashSet<String>, StoreError> {
        let keys: Vec<String> = sqlx::query_scalar(TRIED)
            .bind(json(kinds.iter()))
            .fetch_all(self.readers())
            .await
            .map_err(|error| self.fault(error))?;
        Ok(keys.into_iter().collect())
    }

    /// The task of that number, dead or not; [`StoreError::NotFound`] if it is done, or never was.
    pub async fn task(&self, id: TaskId) -> Result<FoundTask, StoreError> {
        if let Some(task) = self.live(&TaskFilter::default(), Some(id)).await?.pop() {
            return Ok(FoundTask::Live(task));
        }
        let dead = self.dead(&DeadFilter::default(), Some(id)).await?.pop();
        dead.map(FoundTask::Dead).ok_or_else(|| StoreError::NotFound { what: "task", name: id.to_string() })
    }
}

/// Whether this program knows the task's kind; a newer one may have enqueued it.
fn is_known(row: &SqliteRow) -> bool {
    row.try_get::<&str, _>(1).is_ok_and(|kind| kind.parse::<TaskKind>().is_ok())
}

fn nothing(kind: TaskKind) -> KindOverview {
    KindOverview {
        kind,
        waiting: 0,
        scheduled: 0,
        leased: 0,
        dead: 0,
        oldest: None,
        next_at: None,
        paused: None,
        per_minute: None,
        done_today: 0,
        retried_today: 0,
        dead_today: 0,
    }
}

fn overview(kind: TaskKind, row: &SqliteRow) -> Result<KindOverview, Fault> {
    let count = |column: usize| Ok::<u64, Fault>(row.try_get::<i64, _>(column)?.unsigned_abs());
    let time = |column: usize| row.try_get::<Option<i64>, _>(column)?.map(from_micros).transpose();
    Ok(KindOverview {
        kind,
        waiting: count(1)?,
        scheduled: count(2)?,
        leased: count(3)?,
        dead: count(4)?,
        oldest: time(5)?,
        next_at: time(6)?,
        paused: paused(row, 7)?,
        per_minute: row.try_get(9)?,
        done_today: count(10)?,
        retried_today: count(11)?,
        dead_today: count(12)?,
    })
}

/// Two columns: since when, and by whom.
fn paused(row: &SqliteRow, from: usize) -> Result<Option<Paused>, Fault> {
    let (since, by): (Option<i64>, Option<String>) = (row.try_get(from)?, row.try_get(from + 1)?);
    Ok(match (since, by) {
        (Some(since), Some(by)) => Some(Paused { since: from_micros(since)?, by }),
        (Some(_) | None, _) => None,
    })
}

fn task(row: &SqliteRow, now: i64, is_worked: bool) -> Result<TaskView, Fault> {
    let kind: String = row.try_get(1)?;
    let (due, enqueued): (i64, i64) = (row.try_get(6)?, row.try_get(7)?);
    let state = match row.try_get::<Option<i64>, _>(11)? {
        Some(_) => TaskState::Leased,
        None if due > now => TaskState::Scheduled,
        None => TaskState::Waiting,
    };
    Ok(TaskView {
        id: TaskId(row.try_get::<i64, _>(0)?.unsigned_abs()),
        kind: kind.parse().map_err(Fault::damaged)?,
        state,
        waits_for: waits_for(row, now, due, is_worked)?,
        key: row.try_get(2)?,
        claim: row.try_get::<Option<u32>, _>(3)?.map(ClaimNumber),
        payload: payload(row.try_get(4)?),
        priority: priority(row.try_get(5)?),
        run_at: from_micros(if due == 0 { enqueued } else { due })?,
        enqueued_at: from_micros(enqueued)?,
        attempts: row.try_get(8)?,
        interruptions: row.try_get(9)?,
        last_error: row.try_get(10)?,
    })
}

fn waits_for(row: &SqliteRow, now: i64, due: i64, is_worked: bool) -> Result<WaitsFor, Fault> {
    if let Some(boot) = row.try_get::<Option<i64>, _>(11)? {
        let (since, until) = (from_micros(row.try_get(12)?)?, from_micros(row.try_get(13)?)?);
        return Ok(WaitsFor::Lease { boot: BootNumber(boot.unsigned_abs()), since, until });
    }
    if let Some(paused) = paused(row, 14)? {
        return Ok(WaitsFor::Resume(paused));
    }
    if due > now {
        return Ok(WaitsFor::Time { at: from_micros(due)? });
    }
    if !is_worked {
        return Ok(WaitsFor::Worker);
    }
    if let Some(task) = row.try_get::<Option<i64>, _>(19)? {
        let until = from_micros(row.try_get(20)?)?;
        return Ok(WaitsFor::Claim { task: TaskId(task.unsigned_abs()), until });
    }
    if let Some(per_minute) = row.try_get::<Option<u32>, _>(16)?
        && let Some(at) = limited_until(row.try_get(17)?, row.try_get(18)?, per_minute, now)
    {
        return Ok(WaitsFor::Rate { per_minute, at: from_micros(at)? });
    }
    Ok(WaitsFor::Turn)
}

/// When a kind may next be leased, if not now. As in `lease.sql`.
#[expect(clippy::cast_possible_truncation, reason = "at most a minute, in microseconds")]
fn limited_until(allowance: f64, refilled_at: i64, per_minute: u32, now: i64) -> Option<i64> {
    let at = refilled_at + ((1.0 - allowance).max(0.0) * 60_000_000.0 / f64::from(per_minute)) as i64;
    (refilled_at <= now && at > now).then_some(at)
}

fn dead_task(row: &SqliteRow) -> Result<DeadTask, Fault> {
    let kind: String = row.try_get(1)?;
    let payload = payload(row.try_get(4)?);
    Ok(DeadTask {
        id: TaskId(row.try_get::<i64, _>(0)?.unsigned_abs()),
        kind: kind.parse().map_err(Fault::damaged)?,
        key: row.try_get(2)?,
        claim: row.try_get::<Option<u32>, _>(3)?.map(ClaimNumber),
        priority: priority(row.try_get(5)?),
        enqueued_at: from_micros(row.try_get(6)?)?,
        died_at: from_micros(row.try_get(7)?)?,
        attempts: row.try_get(8)?,
        line: payload.get("line").and_then(serde_json::Value::as_u64),
        source: payload.get("source").and_then(|source| source.as_str()).map(str::to_owned),
        field: row.try_get(9)?,
        error: row.try_get(10)?,
        payload,
    })
}
