//! One attempt at one task, from its lease to how it is settled.
//! Invariant: whatever a task does, panic and never end included, its attempt ends in a settlement.

use std::any::Any;
use std::panic::AssertUnwindSafe;
use std::time::Duration;

use futures_util::FutureExt;
use hearsay_store::{LeasedTask, MAX_ATTEMPTS, Settle, Settlement, TaskKind};
use tokio::sync::oneshot;

use crate::backoff::backoff;
use crate::context::Context;
use crate::task::Task;
use crate::task_error::TaskError;

/// The turn of a task on its claim: once the task before it has ended, or its command has its place.
pub(crate) type TurnOnClaim = oneshot::Receiver<()>;

/// Does a task, and tells how it is to be settled. One that has not begun when the worker stops is given back.
pub(crate) async fn attempt(
    task: LeasedTask,
    context: Context,
    before: Option<TurnOnClaim>,
    within: Duration,
) -> Settle {
    let LeasedTask { id, token, kind, payload, attempts, .. } = task;
    let has_turn = wait_for_turn(&context, before).await;
    let how = if has_turn {
        let ended = done(Task::read(kind, payload), kind, &context, within).await;
        settlement(ended, attempts, &context)
    } else {
        Settlement::Release
    };
    match &how {
        Settlement::Done => tracing::debug!(%id, %kind, "done"),
        Settlement::Retry { at, error } => tracing::info!(%id, %kind, attempts, %at, error, "to be tried again"),
        Settlement::Dead { error, .. } => tracing::warn!(%id, %kind, attempts, error, "given up"),
        Settlement::Postpone { at } => tracing::debug!(%id, %kind, %at, "not its turn yet"),
        Settlement::Release => tracing::debug!(%id, %kind, "given back"),
    }
    Settle { id, token, kind, how }
}

/// Waits for the task before it on the same claim; false if the worker stops first.
async fn wait_for_turn(context: &Context, before: Option<TurnOnClaim>) -> bool {
    if let Some(before) = before {
        tokio::select! {
            biased;
            () = context.stop.cancelled() => return false,
            // An error says that the task before ended without a command: that, too, is the turn.
            _ended = before => {}
        }
    }
    !context.stop.is_cancelled()
}

async fn done(
    task: Result<Task, TaskError>,
    kind: TaskKind,
    context: &Context,
    within: Duration,
) -> Result<(), TaskError> {
    let run = AssertUnwindSafe(task?.run(context)).catch_unwind();
    let ended = match limit(kind, within) {
        None => Ok(run.await),
        Some(within) => tokio::time::timeout(within, run).await,
    };
    match ended {
        Err(_) => Err(TaskError::retry(&format!("it took longer than {} s", within.as_secs_f32()))),
        Ok(Err(panic)) => Err(TaskError::retry(&format!("it panicked: {}", words_of(panic.as_ref())))),
        Ok(Ok(ended)) => ended,
    }
}

/// How long a task of that kind may take; none where it gives way by itself.
fn limit(kind: TaskKind, within: Duration) -> Option<Duration> {
    match kind {
        TaskKind::Restand => None,
        TaskKind::RecordFollowUp
        | TaskKind::WithdrawEvidence
        | TaskKind::AnswerDue
        | TaskKind::ReviewDue
        | TaskKind::AutoAdvance
        | TaskKind::PollFeed
        | TaskKind::FetchItem
        | TaskKind::Recheck
        | TaskKind::Sweep
        | TaskKind::Nothing => Some(within),
    }
}

fn settlement(ended: Result<(), TaskError>, attempts: u32, context: &Context) -> Settlement {
    match ended {
        Ok(()) => Settlement::Done,
        Err(TaskError::Interrupted) => Settlement::Release,
        Err(TaskError::NotYet { at }) => Settlement::Postpone { at },
        Err(TaskError::GiveUp { field, reason }) => Settlement::Dead { field, error: reason },
        Err(TaskError::Retry { error, .. }) if attempts >= MAX_ATTEMPTS => Settlement::Dead { field: None, error },
        Err(TaskError::Retry { at, error }) => {
            let wait = backoff(attempts, context.store.random());
            let later = || context.store.now().saturating_add(wait).unwrap_or(context.run_at);
            Settlement::Retry { at: at.unwrap_or_else(later), error }
        }
    }
}

/// What a panic said.
fn words_of(panic: &(dyn Any + Send)) -> String {
    let text = panic.downcast_ref::<&str>().map(|text| (*text).to_owned());
    text.or_else(|| panic.downcast_ref::<String>().cloned()).unwrap_or_else(|| "without words".to_owned())
}
