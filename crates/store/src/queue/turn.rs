//! A worker's turn: one transaction that settles what ended, rescues what ran out, and leases what is due.

use std::collections::HashSet;

use futures_util::TryStreamExt;
use jiff::{SignedDuration, Timestamp};
use sqlx::sqlite::SqliteRow;
use sqlx::{Either, Executor, Row as _, SqliteConnection};

use super::view::{payload, priority};
use super::{
    BootNumber, LeaseRequest, LeaseToken, LeasedTask, MAX_ATTEMPTS, MAX_INTERRUPTIONS, Settle, Settlement, TaskId,
    Turn, Turned,
};
use crate::error::Fault;
use crate::jsonb::Rows;
use crate::time::{from_micros, to_micros};
use crate::wanted::json;
use crate::{Store, StoreError};

/// Where the rows of `turn.sql` come from, by the statement's place.
const LATEST: usize = 1;
const REFUSED: usize = 2;
const LEASED: usize = 11;
const NEXT: usize = 13;

const MICROS_A_DAY: i64 = 86_400_000_000;

/// The day of a time in microseconds, counted from 1970, UTC.
pub(super) fn day(micros: i64) -> i64 {
    micros.div_euclid(MICROS_A_DAY)
}

/// A later worker has begun.
struct Later {
    pid: u32,
    name: String,
    since: Timestamp,
}

/// What `turn.sql` is given.
struct Asked {
    settles: Vec<u8>,
    now: i64,
    boot: BootNumber,
    kinds: String,
    most: i64,
    until: i64,
    turn: String,
}

impl Store {
    /// Takes a turn. [`StoreError::AnotherWorker`] if a later worker has begun.
    pub async fn turn(&self, turn: Turn) -> Result<Turned, StoreError> {
        let now = (self.options.clock.now)();
        let settled = !turn.settles.is_empty();
        let (asked, repeated) = Asked::of(&turn, now, (self.options.fresh.salts)());
        let count = turn.settles.len() + turn.lease.map_or(0, |lease| lease.most);
        let turned = self
            .write(move |connection| Box::pin(async move { Ok((asked.take(connection).await?, count)) }))
            .await?;
        if settled {
            self.woken.wake_all();
        }
        let path = || self.path().to_owned();
        let turned = turned.map(|mut turned| {
            turned.refused.extend(repeated);
            turned
        });
        turned.map_err(|Later { pid, name, since }| StoreError::AnotherWorker { path: path(), pid, name, since })
    }

    /// Says that the worker is well, and extends its leases to `lease` from now. Gives the tasks whose lease had ended
    /// before: they are no longer this worker's, and settling them will be refused.
    pub async fn heartbeat(
        &self,
        boot: BootNumber,
        leases: &[(TaskId, LeaseToken)],
        lease: SignedDuration,
    ) -> Result<Vec<TaskId>, StoreError> {
        let now = (self.options.clock.now)();
        let until = now.saturating_add(lease).unwrap_or(now);
        let mut rows = Rows::default();
        for (id, token) in leases {
            rows.push(|row| {
                row.int(id.0.cast_signed()).hex(&token.0);
            });
        }
        let (rows, count) = (rows.into_jsonb(), leases.len());
        self.write(move |connection| {
            Box::pin(async move {
                let lost: Vec<i64> = sqlx::query_scalar(include_str!("../sql/heartbeat.sql"))
                    .bind(rows)
                    .bind(to_micros(now))
                    .bind(boot.0.cast_signed())
                    .bind(to_micros(until))
                    .fetch_all(connection)
                    .await?;
                Ok((lost.into_iter().map(|id| TaskId(id.unsigned_abs())).collect(), count / 8))
            })
        })
        .await
    }
}

impl Asked {
    /// With it, the tasks that are settled a second time in the same turn: the first word counts.
    fn of(turn: &Turn, now: Timestamp, random: [u8; 16]) -> (Self, Vec<TaskId>) {
        let (kinds, most, until) = match &turn.lease {
            Some(LeaseRequest { kinds, most, lease }) => {
                let kinds = json(kinds.iter().map(|kind| kind.as_str()));
                let until = now.saturating_add(*lease).unwrap_or(now);
                (kinds, i64::try_from(*most).unwrap_or(i64::MAX), to_micros(until))
            }
            None => ("[]".to_owned(), 0, to_micros(now)),
        };
        let (mut settles, mut repeated) = (Rows::default(), Vec::new());
        let mut seen = HashSet::with_capacity(turn.settles.len());
        for settle in &turn.settles {
            if seen.insert(settle.id) {
                push_settle(&mut settles, settle);
            } else {
                repeated.push(settle.id);
            }
        }
        let asked = Self {
            settles: settles.into_jsonb(),
            now: to_micros(now),
            boot: turn.boot,
            kinds,
            most,
            until,
            turn: crate::jsonb::to_hex(&random[..8]),
        };
        (asked, repeated)
    }

    async fn take(self, connection: &mut SqliteConnection) -> Result<Result<Turned, Later>, Fault> {
        let Self { settles, now, boot, kinds, most, until, turn } = self;
        let query = sqlx::query(include_str!("../sql/turn.sql"))
            .bind(settles)
            .bind(now)
            .bind(boot.0.cast_signed())
            .bind(kinds)
            .bind(most)
            .bind(until)
            .bind(turn)
            .bind(day(now))
            .bind(i64::from(MAX_ATTEMPTS))
            .bind(i64::from(MAX_INTERRUPTIONS));
        let (mut turned, mut later) = (Turned::default(), None);
        let mut statement = 0;
        let mut rows = connection.fetch_many(query);
        while let Some(step) = rows.try_next().await? {
            match step {
                Either::Left(_) => statement += 1,
                Either::Right(row) => match statement {
                    LATEST => later = latest(&row, boot)?,
                    REFUSED => turned.refused.push(TaskId(row.try_get::<i64, _>(0)?.unsigned_abs())),
                    LEASED => turned.leased.push(leased(&row, until)?),
                    NEXT => turned.next_at = row.try_get::<Option<i64>, _>(0)?.map(from_micros).transpose()?,
                    _ => {}
                },
            }
        }
        drop(rows);
        turned.leased.sort_by_key(|task| (std::cmp::Reverse(task.priority), task.run_at, task.id));
        Ok(later.map_or(Ok(turned), Err))
    }
}

fn push_settle(rows: &mut Rows, settle: &Settle) {
    let (how, at, error, field) = match &settle.how {
        Settlement::Done => ("done", None, None, None),
        Settlement::Retry { at, error } => ("retry", Some(to_micros(*at).max(1)), Some(error), None),
        Settlement::Dead { field, error } => ("dead", None, Some(error), field.as_deref()),
        Settlement::Release => ("release", None, None, None),
    };
    rows.push(|row| {
        row.int(settle.id.0.cast_signed())
            .hex(&settle.token.0)
            .text(how)
            .maybe_int(at)
            .maybe_text(error.map(String::as_str))
            .maybe_text(field);
    });
}

/// The worker that began last, if it is another.
fn latest(row: &SqliteRow, boot: BootNumber) -> Result<Option<Later>, Fault> {
    if row.try_get::<i64, _>(0)?.unsigned_abs() <= boot.0 {
        return Ok(None);
    }
    let pid = u32::try_from(row.try_get::<i64, _>(1)?).map_err(Fault::damaged)?;
    Ok(Some(Later { pid, name: row.try_get(2)?, since: from_micros(row.try_get(3)?)? }))
}

fn leased(row: &SqliteRow, until: i64) -> Result<LeasedTask, Fault> {
    let kind: String = row.try_get(2)?;
    let token: Vec<u8> = row.try_get(1)?;
    let (due, enqueued): (i64, i64) = (row.try_get(7)?, row.try_get(8)?);
    Ok(LeasedTask {
        id: TaskId(row.try_get::<i64, _>(0)?.unsigned_abs()),
        token: LeaseToken(token.try_into().map_err(|_| Fault::damaged("a lease token of another length"))?),
        kind: kind.parse().map_err(Fault::damaged)?,
        claim: row.try_get::<Option<u32>, _>(3)?.map(hearsay_core::ClaimNumber),
        payload: payload(row.try_get(4)?),
        priority: priority(row.try_get(5)?),
        attempts: row.try_get(6)?,
        run_at: from_micros(if due == 0 { enqueued } else { due })?,
        enqueued_at: from_micros(enqueued)?,
        lease_until: from_micros(until)?,
    })
}
