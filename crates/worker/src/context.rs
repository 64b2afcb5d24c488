//! What a task is given: the store, what is known of this attempt, and its place among the tasks of its claim.
//! Invariant: a command bears the same id at every attempt of the same task.

use std::sync::{Arc, Mutex, PoisonError};

use hearsay_core::{Actor, Addressed, Command, CommandId, Refusal, Role, Text};
use hearsay_store::{Receipt, Remember, Store, Submission, SubmitError, TaskId, TaskKind, import_namespace};
use jiff::Timestamp;
use tokio::sync::oneshot;
use tokio_util::sync::CancellationToken;

use crate::intake::Intake;
use crate::task_error::TaskError;

/// The namespace of the ids of the commands that tasks give.
const TASKS: &str = "tasks of the worker";

/// Lets the next task of the same claim begin; dropped, too.
pub(crate) type Place = oneshot::Sender<()>;

/// One attempt at one task.
pub(crate) struct Context {
    pub(crate) store: Store,
    /// What the tasks of intake share.
    pub(crate) intake: Arc<Intake>,
    /// The task's number.
    pub(crate) id: TaskId,
    /// How often it was tried, this attempt included.
    pub(crate) attempts: u32,
    /// When it was due.
    pub(crate) run_at: Timestamp,
    /// Cancelled once the worker stops.
    pub(crate) stop: CancellationToken,
    /// Given up once the task's command has its place in the writer's queue: the writer keeps the order from there.
    pub(crate) place: Mutex<Option<Place>>,
}

impl Context {
    /// Gives a command to the writer, and lets the next task of the same claim begin behind it.
    pub(crate) async fn submit(&self, submission: Submission) -> Result<Receipt, SubmitError> {
        let pending = self.store.enqueue(submission).await;
        drop(self.place.lock().unwrap_or_else(PoisonError::into_inner).take());
        pending?.receipt().await
    }

    /// Gives a command of the worker's own, in the name of one of its components.
    pub(crate) async fn command(&self, name: TaskKind, command: Command) -> Result<Receipt, SubmitError> {
        let id = self.store.command_id(import_namespace(TASKS), &format!("{name}:{}", self.id), 0);
        self.command_as(name, command, id).await
    }

    /// Gives a command of the worker's own under an id that is not the task's: of several, or of what is done anew.
    pub(crate) async fn command_as(
        &self,
        name: TaskKind,
        command: Command,
        id: CommandId,
    ) -> Result<Receipt, SubmitError> {
        self.submit(submission(command.into(), id, actor(name))).await
    }

    /// What it means that a deadline is still ahead. The task's own: the clock went back, and it is due then. Another:
    /// the deadline was moved, and has a task of its own.
    pub(crate) fn wait_for_own_deadline(&self, deadline: Timestamp, why: &Refusal) -> Result<(), TaskError> {
        if deadline.as_microsecond() != self.run_at.as_microsecond() {
            return Ok(());
        }
        Err(TaskError::Retry { at: Some(deadline), error: why.to_string() })
    }
}

/// A component of the worker, as the log names it.
fn actor(name: TaskKind) -> Actor {
    Actor { name: Text::from(format!("worker/{name}")), role: Role::Worker }
}

/// A command whose refusal isn't kept: the same task may be tried again.
pub(crate) fn submission(addressed: Addressed, id: CommandId, actor: Actor) -> Submission {
    Submission { addressed, id, actor, remember: Remember::No, sequence: None }
}
