//! Puts tasks on the queue.

use sqlx::query::Query;
use sqlx::sqlite::{SqliteArguments, SqliteRow};
use sqlx::{Row as _, Sqlite, SqliteConnection};

use super::view::priority_number;
use super::{NewTask, TaskId, TaskKind};
use crate::error::Fault;
use crate::jsonb::Rows;
use crate::time::to_micros;
use crate::{Store, StoreError};

const ENQUEUE: &str = concat!("BEGIN IMMEDIATE;", include_str!("../sql/enqueue_tasks.sql"), "COMMIT;");

const ENQUEUE_WITHIN: &str = include_str!("../sql/enqueue_tasks.sql");

/// The number of the parameter that holds the tasks: those before it belong to the statements of a batch.
const TASKS: usize = 28;

/// Adds a task to rows that the statements take; `now` in microseconds.
pub(crate) fn push(rows: &mut Rows, task: &NewTask, now: i64) {
    let payload = task.payload.to_string();
    rows.push(|row| {
        row.text(task.kind.as_str())
            .maybe_text(task.key.as_deref())
            .maybe_int(task.claim.map(|claim| i64::from(claim.0)))
            .text(&payload)
            .int(priority_number(task.priority))
            .int(task.run_at.map_or(0, to_micros).max(0))
            .int(now);
    });
}

/// Puts tasks on the queue in a transaction that has begun; whoever commits it wakes their lanes. `now` in microseconds.
pub(crate) async fn enqueue_within(
    connection: &mut SqliteConnection,
    tasks: &[NewTask],
    now: i64,
) -> Result<(), Fault> {
    if tasks.is_empty() {
        return Ok(());
    }
    let mut rows = Rows::default();
    for task in tasks {
        push(&mut rows, task, now);
    }
    with_tasks(ENQUEUE_WITHIN, rows.into_jsonb()).fetch_all(connection).await?;
    Ok(())
}

/// A statement that puts tasks on the queue: they are its last parameter, and those before it are none of its own.
fn with_tasks(statement: &'static str, rows: Vec<u8>) -> Query<'static, Sqlite, SqliteArguments> {
    let mut query = sqlx::query(statement);
    for _ in 1..TASKS {
        query = query.bind(None::<i64>);
    }
    query.bind(rows)
}

impl Store {
    /// Puts tasks on the queue, all in one transaction, and returns once they are on disk: the number of each in their
    /// order, none where its key is held already. The one that holds it is then due no later than the new one would be.
    pub async fn enqueue_tasks(&self, tasks: Vec<NewTask>) -> Result<Vec<Option<TaskId>>, StoreError> {
        if tasks.is_empty() {
            return Ok(Vec::new());
        }
        let now = to_micros((self.options.clock.now)());
        let asked = Asked::of(&tasks, now);
        let count = tasks.len();
        let added = self
            .write(move |connection| Box::pin(async move { Ok((asked.add(connection).await?, count)) }))
            .await?;
        self.woken.wake(tasks.iter().map(|task| task.kind));
        Ok(match added {
            Added::InARow { first } => (first..).take(count).map(|id| Some(TaskId(id))).collect(),
            Added::Unless(added) => numbers(&tasks, added),
        })
    }
}

/// What is to be added.
enum Asked {
    /// Without keys, of one kind and priority, due at once.
    Alike { kind: TaskKind, priority: i64, now: i64, rows: Vec<u8>, count: u64 },
    /// Of any kind.
    Any(Vec<u8>),
}

/// What was added.
enum Added {
    /// All, under numbers in a row.
    InARow { first: u64 },
    /// These: what had a key that is held was not.
    Unless(Vec<(TaskId, Option<String>)>),
}

impl Asked {
    fn of(tasks: &[NewTask], now: i64) -> Self {
        let mut rows = Rows::default();
        let of_all = |first: &&NewTask| tasks.iter().all(|task| is_alike(first, task));
        let Some(first) = tasks.first().filter(of_all) else {
            for task in tasks {
                push(&mut rows, task, now);
            }
            return Self::Any(rows.into_jsonb());
        };
        for task in tasks {
            let payload = task.payload.to_string();
            match task.claim {
                None => rows.push_text(&payload),
                Some(claim) => rows.push(|row| {
                    row.text(&payload).int(i64::from(claim.0));
                }),
            }
        }
        let (kind, priority, count) = (first.kind, priority_number(first.priority), tasks.len() as u64);
        Self::Alike { kind, priority, now, rows: rows.into_jsonb(), count }
    }

    async fn add(self, connection: &mut SqliteConnection) -> Result<Added, Fault> {
        match self {
            Self::Alike { kind, priority, now, rows, count } => {
                let told: Vec<(i64, i64)> = sqlx::query_as(include_str!("../sql/enqueue_alike.sql"))
                    .bind(kind.as_str())
                    .bind(priority)
                    .bind(now)
                    .bind(rows)
                    .fetch_all(connection)
                    .await?;
                match told.first() {
                    Some((last, added)) if added.unsigned_abs() == count => {
                        Ok(Added::InARow { first: last.unsigned_abs() + 1 - count })
                    }
                    Some(_) | None => Err(Fault::Other("not each task was added".to_owned())),
                }
            }
            Self::Any(rows) => {
                let rows = with_tasks(ENQUEUE, rows).fetch_all(connection).await?;
                let added =
                    |row: &SqliteRow| Ok((TaskId(row.try_get::<i64, _>(0)?.unsigned_abs()), row.try_get(1)?));
                rows.iter().map(added).collect::<Result<_, Fault>>().map(Added::Unless)
            }
        }
    }
}

/// Whether tasks differ in nothing but payload and claim, and nothing keeps either out or makes it wait.
fn is_alike(first: &NewTask, task: &NewTask) -> bool {
    task.key.is_none() && task.run_at.is_none() && task.kind == first.kind && task.priority == first.priority
}

/// The number that each task got. Of several with one key, the first is added: numbers come in the order of the tasks.
fn numbers(tasks: &[NewTask], added: Vec<(TaskId, Option<String>)>) -> Vec<Option<TaskId>> {
    let mut added = added.into_iter().peekable();
    tasks.iter().map(|task| added.next_if(|(_, key)| *key == task.key).map(|(id, _)| id)).collect()
}
