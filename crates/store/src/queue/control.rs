//! What a person does to the queue: pause, resume, limit, and see to the dead letters.

use serde_json::Value;
use sqlx::{Row as _, SqliteConnection};

use super::{TaskId, TaskKind};
use crate::error::Fault;
use crate::time::to_micros;
use crate::wanted::json;
use crate::{Store, StoreError};

const PAUSE: &str = "INSERT INTO task_kinds (kind, paused_at, paused_by) VALUES ($1, $2, $3) \
    ON CONFLICT (kind) DO UPDATE SET paused_at = coalesce(paused_at, $2), paused_by = coalesce(paused_by, $3)";
const RESUME: &str = "UPDATE task_kinds SET paused_at = NULL, paused_by = NULL WHERE kind = $1";
const SET_RATE: &str = "INSERT INTO task_kinds (kind, per_minute, refilled_at) VALUES ($1, $2, $3) \
    ON CONFLICT (kind) DO UPDATE SET per_minute = $2, allowance = 1, refilled_at = $3";
const MISSING: &str = "SELECT value FROM json_each($1) WHERE value NOT IN (SELECT id FROM dead_tasks) LIMIT 1";
const DROP: &str = "DELETE FROM dead_tasks \
    WHERE ($1 IS NULL OR id IN (SELECT value FROM json_each($1))) AND ($2 IS NULL OR kind = $2)";

/// Which dead letters.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum DeadSelection {
    /// These.
    Ids(Vec<TaskId>),
    /// All of one kind.
    Kind(TaskKind),
    /// All.
    All,
}

impl DeadSelection {
    /// As the statements take it: numbers (JSON), and a kind.
    fn parameters(&self) -> (Option<String>, Option<&'static str>) {
        match self {
            Self::Ids(ids) => (Some(json(ids.iter().map(|id| id.0))), None),
            Self::Kind(kind) => (None, Some(kind.as_str())),
            Self::All => (None, None),
        }
    }
}

impl Store {
    /// Leases no more tasks of that kind until it is resumed; what is leased already is finished.
    pub async fn pause(&self, kind: TaskKind, by: &str) -> Result<(), StoreError> {
        let (now, by) = (to_micros((self.options.clock.now)()), by.to_owned());
        self.write(move |connection| {
            Box::pin(async move {
                sqlx::query(PAUSE).bind(kind.as_str()).bind(now).bind(by).execute(connection).await?;
                Ok(((), 1))
            })
        })
        .await
    }

    /// Leases tasks of that kind again.
    pub async fn resume(&self, kind: TaskKind) -> Result<(), StoreError> {
        self.write(move |connection| {
            Box::pin(async move {
                sqlx::query(RESUME).bind(kind.as_str()).execute(connection).await?;
                Ok(((), 1))
            })
        })
        .await?;
        self.woken.wake([kind].into_iter());
        Ok(())
    }

    /// Leases at most so many tasks of that kind a minute, evenly: a second's worth at once, at least one. None: no limit.
    pub async fn set_rate(&self, kind: TaskKind, per_minute: Option<u32>) -> Result<(), StoreError> {
        let now = to_micros((self.options.clock.now)());
        let per_minute = per_minute.map(|rate| i64::from(rate.max(1)));
        self.write(move |connection| {
            Box::pin(async move {
                sqlx::query(SET_RATE).bind(kind.as_str()).bind(per_minute).bind(now).execute(connection).await?;
                Ok(((), 1))
            })
        })
        .await?;
        self.woken.wake([kind].into_iter());
        Ok(())
    }

    /// Puts dead letters back on the queue, due now, under their numbers; gives these. With `edited`, that becomes the
    /// payload of each. A key doesn't keep them out. [`StoreError::NotFound`] if one of the named is no dead letter.
    pub async fn retry_dead(
        &self,
        which: DeadSelection,
        edited: Option<Value>,
    ) -> Result<Vec<TaskId>, StoreError> {
        let edited = edited.map(|payload| payload.to_string());
        let retried = self
            .write(move |connection| {
                Box::pin(async move {
                    let retried = match missing(connection, &which).await? {
                        Some(id) => Err(id),
                        None => Ok(retry(connection, &which, edited).await?),
                    };
                    let rows = retried.as_ref().map_or(0, Vec::len);
                    Ok((retried, rows))
                })
            })
            .await?;
        let retried = retried.map_err(no_dead_letter)?;
        self.woken.wake_all();
        Ok(retried)
    }

    /// Throws dead letters away for good; tells how many. [`StoreError::NotFound`] if one of the named is no dead letter.
    pub async fn drop_dead(&self, which: DeadSelection) -> Result<u64, StoreError> {
        let dropped = self
            .write(move |connection| {
                Box::pin(async move {
                    if let Some(id) = missing(connection, &which).await? {
                        return Ok((Err(id), 0));
                    }
                    let (ids, kind) = which.parameters();
                    let dropped = sqlx::query(DROP).bind(ids).bind(kind).execute(connection).await?;
                    Ok((Ok(dropped.rows_affected()), 1))
                })
            })
            .await?;
        dropped.map_err(no_dead_letter)
    }
}

fn no_dead_letter(id: i64) -> StoreError {
    StoreError::NotFound { what: "dead letter", name: id.to_string() }
}

/// The first of the named that is no dead letter.
async fn missing(connection: &mut SqliteConnection, which: &DeadSelection) -> Result<Option<i64>, Fault> {
    let (ids, _) = which.parameters();
    Ok(sqlx::query_scalar(MISSING).bind(ids).fetch_optional(connection).await?)
}

async fn retry(
    connection: &mut SqliteConnection,
    which: &DeadSelection,
    edited: Option<String>,
) -> Result<Vec<TaskId>, Fault> {
    let (ids, kind) = which.parameters();
    let rows = sqlx::query(include_str!("../sql/retry_dead.sql"))
        .bind(ids)
        .bind(kind)
        .bind(edited)
        .fetch_all(connection)
        .await?;
    rows.iter().map(|row| Ok(TaskId(row.try_get::<i64, _>(0)?.unsigned_abs()))).collect()
}
