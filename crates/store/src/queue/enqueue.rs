//! Puts tasks on the queue.

use sqlx::{Row as _, SqliteConnection};

use super::view::priority_number;
use super::{NewTask, TaskId};
use crate::error::Fault;
use crate::jsonb::Rows;
use crate::time::to_micros;
use crate::{Store, StoreError};

const ENQUEUE: &str = concat!("BEGIN IMMEDIATE;", include_str!("../sql/enqueue_tasks.sql"), "COMMIT;");

/// The number of the parameter that holds the tasks: those before it belong to the statements of a batch.
const TASKS: usize = 21;

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

impl Store {
    /// Puts tasks on the queue, all in one transaction, and returns once they are on disk: the number of each in their
    /// order, none where its key is held already. The one that holds it is then due no later than the new one would be.
    pub async fn enqueue_tasks(&self, tasks: Vec<NewTask>) -> Result<Vec<Option<TaskId>>, StoreError> {
        if tasks.is_empty() {
            return Ok(Vec::new());
        }
        let now = to_micros((self.options.clock.now)());
        let mut rows = Rows::default();
        for task in &tasks {
            push(&mut rows, task, now);
        }
        let (rows, count) = (rows.into_jsonb(), tasks.len());
        let added = self
            .write(move |connection| Box::pin(async move { Ok((add(connection, rows).await?, count)) }))
            .await?;
        self.woken.wake(tasks.iter().map(|task| task.kind));
        Ok(numbers(&tasks, added))
    }
}

async fn add(connection: &mut SqliteConnection, rows: Vec<u8>) -> Result<Vec<(TaskId, Option<String>)>, Fault> {
    let mut query = sqlx::query(ENQUEUE);
    for _ in 1..TASKS {
        query = query.bind(None::<i64>);
    }
    let rows = query.bind(rows).fetch_all(connection).await?;
    rows.iter().map(|row| Ok((TaskId(row.try_get::<i64, _>(0)?.unsigned_abs()), row.try_get(1)?))).collect()
}

/// The number that each task got. Of several with one key, the first is added: numbers come in the order of the tasks.
fn numbers(tasks: &[NewTask], added: Vec<(TaskId, Option<String>)>) -> Vec<Option<TaskId>> {
    let mut added = added.into_iter().peekable();
    tasks.iter().map(|task| added.next_if(|(_, key)| *key == task.key).map(|(id, _)| id)).collect()
}
