//! A worker's turn: one transaction that settles what ended, rescues what ran out, and leases what is due.

use std::collections::{BTreeMap, HashSet};

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

macro_rules! turn_with {
    ($($settles:literal)?) => {
        concat!(include_str!("../sql/begin_turn.sql"), $(include_str!($settles),)? include_str!("../sql/lease.sql"))
    };
}

const SETTLE_NOTHING: Statements = Statements { sql: turn_with!(), settles: 0 };
const SETTLE_DONE: Statements = Statements { sql: turn_with!("../sql/settle_done.sql"), settles: 3 };
const SETTLE_EACH: Statements = Statements { sql: turn_with!("../sql/settle_each.sql"), settles: 5 };

/// Where rows come from, by the statement's place in `begin_turn.sql`, `settle_each.sql` and `lease.sql`.
const LATEST: usize = 1;
const BEFORE_SETTLES: usize = 2;
const LEASED: usize = 6;
const NEXT: usize = 8;

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

/// A turn's statements, and how many of them settle.
struct Statements {
    sql: &'static str,
    settles: usize,
}

/// Whether it is what `settle_done.sql` fails with where a task is no longer held.
fn is_no_longer_held(fault: &Fault) -> bool {
    matches!(fault, Fault::Sqlite { message, .. } if message.contains("malformed JSON"))
}

/// What a turn's statements are given.
struct Asked {
    settles: Vec<Settle>,
    now: i64,
    boot: BootNumber,
    kinds: String,
    most: i64,
    until: i64,
    token: LeaseToken,
}

/// Tasks that are done, all leased by one turn.
struct AllDone {
    token: LeaseToken,
    ids: Vec<u8>,
    kinds: Vec<u8>,
    count: i64,
}

/// A leased task as `lease.sql` tells it: number, kind, claim, the payload's bytes, priority, attempts, due at, enqueued at.
type Told<'a> = (u64, &'a str, Option<u32>, usize, i64, u32, i64, i64);

impl Store {
    /// Takes a turn. [`StoreError::AnotherWorker`] if a later worker has begun.
    pub async fn turn(&self, turn: Turn) -> Result<Turned, StoreError> {
        let now = (self.options.clock.now)();
        // The turn itself sees what its settles set free: only lanes that do other kinds are to look.
        let own = turn.lease.as_ref().map_or(&[][..], |lease| lease.kinds.as_slice());
        let others: Vec<_> = TaskKind::ALL.into_iter().filter(|kind| !own.contains(kind)).collect();
        let settled = !turn.settles.is_empty();
        let count = turn.settles.len() + turn.lease.as_ref().map_or(0, |lease| lease.most);
        let (asked, repeated) = Asked::of(turn, now, (self.options.fresh.salts)());
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
    fn of(turn: Turn, now: Timestamp, random: [u8; 16]) -> (Self, Vec<TaskId>) {
        let (kinds, most, until) = match turn.lease {
            Some(LeaseRequest { kinds, most, lease }) => {
                let kinds = json(kinds.iter().map(|kind| kind.as_str()));
                let until = now.saturating_add(lease).unwrap_or(now);
                (kinds, i64::try_from(most).unwrap_or(i64::MAX), to_micros(until))
            }
            None => ("[]".to_owned(), 0, to_micros(now)),
        };
        let (mut settles, mut repeated) = (Vec::with_capacity(turn.settles.len()), Vec::new());
        let mut seen = HashSet::with_capacity(turn.settles.len());
        for settle in turn.settles {
            if seen.insert(settle.id) {
                settles.push(settle);
            } else {
                repeated.push(settle.id);
            }
        }
        let token = LeaseToken(random);
        (Self { settles, now: to_micros(now), boot: turn.boot, kinds, most, until, token }, repeated)
    }

    async fn take(self, connection: &mut SqliteConnection) -> Result<Result<Turned, Later>, Fault> {
        if self.settles.is_empty() {
            return self.run(connection, &SETTLE_NOTHING, Vec::new(), None).await;
        }
        if let Some(AllDone { token, ids, kinds, count }) = AllDone::of(&self.settles) {
            match self.run(connection, &SETTLE_DONE, ids, Some((token, kinds, count))).await {
                Err(fault) if is_no_longer_held(&fault) => tracing::debug!("tasks are settled one by one"),
                ended => return ended,
            }
            connection.execute("ROLLBACK").await?;
        }
        let mut rows = Rows::default();
        self.settles.iter().for_each(|settle| push_settle(&mut rows, settle));
        self.run(connection, &SETTLE_EACH, rows.into_jsonb(), None).await
    }

    async fn run(
        &self,
        connection: &mut SqliteConnection,
        statements: &Statements,
        settles: Vec<u8>,
        done: Option<(LeaseToken, Vec<u8>, i64)>,
    ) -> Result<Result<Turned, Later>, Fault> {
        let mut query = sqlx::query(statements.sql)
            .bind(settles)
            .bind(self.now)
            .bind(self.boot.0.cast_signed())
            .bind(&self.kinds)
            .bind(self.most)
            .bind(self.until)
            .bind(self.token.0.to_vec())
            .bind(day(self.now))
            .bind(i64::from(MAX_ATTEMPTS))
            .bind(i64::from(MAX_INTERRUPTIONS));
        if let Some((token, kinds, count)) = done {
            query = query.bind(token.0.to_vec()).bind(kinds).bind(count);
        }
        let (mut turned, mut later) = (Turned::default(), None);
        let mut statement = 0;
        let leasing = BEFORE_SETTLES + statements.settles;
        let refused = (statements.settles == SETTLE_EACH.settles).then_some(BEFORE_SETTLES);
        let mut rows = connection.fetch_many(query);
        while let Some(step) = rows.try_next().await? {
            match step {
                Either::Left(_) => statement += 1,
                Either::Right(row) if statement == LATEST => later = latest(&row, self.boot)?,
                Either::Right(row) if Some(statement) == refused => {
                    turned.refused.push(TaskId(row.try_get::<i64, _>(0)?.unsigned_abs()));
                }
                Either::Right(row) if statement == leasing + LEASED => {
                    turned.leased = leased(&row, self.token, self.until)?;
                }
                Either::Right(row) if statement == leasing + NEXT => {
                    turned.next_at = row.try_get::<Option<i64>, _>(0)?.map(from_micros).transpose()?;
                }
                Either::Right(_) => {}
            }
        }
        drop(rows);
        turned.leased.sort_by_key(|task| (std::cmp::Reverse(task.priority), task.run_at, task.id));
        Ok(later.map_or(Ok(turned), Err))
    }
}

impl AllDone {
    /// None where something else is settled, too, or what another turn leased.
    fn of(settles: &[Settle]) -> Option<Self> {
        let token = settles.first()?.token;
        let (mut ids, mut kinds) = (Rows::default(), BTreeMap::<TaskKind, i64>::new());
        for settle in settles {
            if settle.how != Settlement::Done || settle.token != token {
                return None;
            }
            ids.push_int(settle.id.0.cast_signed());
            *kinds.entry(settle.kind).or_default() += 1;
        }
        let mut by_kind = Rows::default();
        for (kind, count) in &kinds {
            by_kind.push(|row| {
                row.text(kind.as_str()).int(*count);
            });
        }
        Some(Self { token, ids: ids.into_jsonb(), kinds: by_kind.into_jsonb(), count: kinds.values().sum() })
    }
}

fn push_settle(rows: &mut Rows, settle: &Settle) {
    let (how, at, error, field) = match &settle.how {
        Settlement::Done => ("done", None, None, None),
        Settlement::Retry { at, error } => ("retry", Some(to_micros(*at).max(1)), Some(error), None),
        Settlement::Dead { field, error } => ("dead", None, Some(error), field.as_deref()),
        Settlement::Release => ("release", None, None, None),
        Settlement::Postpone { at } => ("postpone", Some(to_micros(*at).max(1)), None, None),
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
