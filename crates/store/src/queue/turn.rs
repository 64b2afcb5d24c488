//! A worker's turn: one transaction that settles what ended, rescues what ran out, and leases what is due.

use std::collections::HashSet;

use futures_util::TryStreamExt;
use jiff::{SignedDuration, Timestamp};
use sqlx::sqlite::SqliteRow;
use sqlx::{Either, Executor, Row as _, SqliteConnection};

use super::view::{payload, priority};
use super::{
    BootNumber, LeaseRequest, LeaseToken, LeasedTask, MAX_ATTEMPTS, MAX_INTERRUPTIONS, Settle, Settlement, TaskId,
    TaskKind, Turn, Turned,
};
use crate::error::Fault;
use crate::jsonb::Rows;
use crate::time::{from_micros, to_micros};
use crate::wanted::json;
use crate::{Store, StoreError};

/// Where the rows of `turn.sql` come from, by the statement's place.
const LATEST: usize = 1;
const REFUSED: [usize; 2] = [2, 5];
const LEASED: usize = 16;
const NEXT: usize = 18;

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
    token: LeaseToken,
    done: Vec<u8>,
    done_token: Option<LeaseToken>,
}

/// A leased task as `turn.sql` tells it: number, kind, claim, the payload's bytes, priority, attempts, due at, enqueued at.
type Told<'a> = (u64, &'a str, Option<u32>, usize, i64, u32, i64, i64);

impl Store {
    /// Takes a turn. [`StoreError::AnotherWorker`] if a later worker has begun.
    pub async fn turn(&self, turn: Turn) -> Result<Turned, StoreError> {
        let now = (self.options.clock.now)();
        // The turn itself sees what its settles set free: only lanes that do other kinds are to look.
        let own = turn.lease.as_ref().map_or(&[][..], |lease| lease.kinds.as_slice());
        let others: Vec<_> = TaskKind::ALL.into_iter().filter(|kind| !own.contains(kind)).collect();
        let settled = !turn.settles.is_empty();
        let (asked, repeated) = Asked::of(&turn, now, (self.options.fresh.salts)());
        let count = turn.settles.len() + turn.lease.map_or(0, |lease| lease.most);
        let turned = self
            .write(move |connection| Box::pin(async move { Ok((asked.take(connection).await?, count)) }))
            .await?;
        if settled {
            self.woken.wake(others.into_iter());
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
        let (mut settles, mut done, mut repeated) = (Rows::default(), Rows::default(), Vec::new());
        let mut done_token = None;
        let mut seen = HashSet::with_capacity(turn.settles.len());
        for settle in &turn.settles {
            if !seen.insert(settle.id) {
                repeated.push(settle.id);
            } else if settle.how == Settlement::Done && *done_token.get_or_insert(settle.token) == settle.token {
                done.push_int(settle.id.0.cast_signed());
            } else {
                push_settle(&mut settles, settle);
            }
        }
        let asked = Self {
            settles: settles.into_jsonb(),
            now: to_micros(now),
            boot: turn.boot,
            kinds,
            most,
            until,
            token: LeaseToken(random),
            done: done.into_jsonb(),
            done_token,
        };
        (asked, repeated)
    }

    async fn take(self, connection: &mut SqliteConnection) -> Result<Result<Turned, Later>, Fault> {
        let Self { settles, now, boot, kinds, most, until, token, done, done_token } = self;
        let query = sqlx::query(include_str!("../sql/turn.sql"))
            .bind(settles)
            .bind(now)
            .bind(boot.0.cast_signed())
            .bind(kinds)
            .bind(most)
            .bind(until)
            .bind(token.0.to_vec())
            .bind(day(now))
            .bind(i64::from(MAX_ATTEMPTS))
            .bind(i64::from(MAX_INTERRUPTIONS))
            .bind(done)
            .bind(done_token.map(|token| token.0.to_vec()));
        let (mut turned, mut later) = (Turned::default(), None);
        let mut statement = 0;
        let mut rows = connection.fetch_many(query);
        while let Some(step) = rows.try_next().await? {
            match step {
                Either::Left(_) => statement += 1,
                Either::Right(row) => match statement {
                    LATEST => later = latest(&row, boot)?,
                    of if REFUSED.contains(&of) => {
                        turned.refused.push(TaskId(row.try_get::<i64, _>(0)?.unsigned_abs()));
                    }
                    LEASED => turned.leased = leased(&row, token, until)?,
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

/// What was leased under that token: its figures are one JSON array, its payloads one text.
fn leased(row: &SqliteRow, token: LeaseToken, until: i64) -> Result<Vec<LeasedTask>, Fault> {
    let tasks: &str = row.try_get(0)?;
    let tasks: Vec<Told<'_>> = serde_json::from_str(tasks).map_err(Fault::damaged)?;
    let mut payloads = row.try_get::<Option<&str>, _>(1)?.unwrap_or_default();
    let lease_until = from_micros(until)?;
    let mut leased = Vec::with_capacity(tasks.len());
    for (id, kind, claim, bytes, urgency, attempts, due, enqueued) in tasks {
        let (own, rest) =
            payloads.split_at_checked(bytes).ok_or_else(|| Fault::damaged("a payload is cut off"))?;
        payloads = rest;
        leased.push(LeasedTask {
            id: TaskId(id),
            token,
            kind: kind.parse().map_err(Fault::damaged)?,
            claim: claim.map(hearsay_core::ClaimNumber),
            payload: payload(own),
            priority: priority(urgency),
            attempts,
            run_at: from_micros(if due == 0 { enqueued } else { due })?,
            enqueued_at: from_micros(enqueued)?,
            lease_until,
        });
    }
    Ok(leased)
}
