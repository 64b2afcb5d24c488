//! A line of the interchange file that somebody submitted through the queue.
//! Invariant: it is recorded in the submitter's name and under the line's own id, so once at most.

use hearsay_core::{Actor, Addressed, ClaimNumber, CommandId, Priority, Role, Text, parse_line};
use hearsay_store::{NewTask, TaskKind};
use serde::{Deserialize, Serialize};

use crate::context::{Context, submission};
use crate::task_error::TaskError;

/// The payload of a submitted line.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SubmittedLine {
    /// Its number in the file that it comes from, from 1.
    pub line: u64,
    /// The file; `-` where it came through a pipe.
    pub source: String,
    /// The id of its command.
    pub command_id: CommandId,
    /// Who submitted it.
    pub actor: String,
    /// What they may do.
    pub role: Role,
    /// The line itself.
    pub text: String,
}

impl SubmittedLine {
    /// The task that records it. `claim`: the claim that it is about, as far as that is known; tasks of one claim are
    /// done in their order.
    pub fn into_task(self, kind: TaskKind, claim: Option<ClaimNumber>) -> Result<NewTask, serde_json::Error> {
        let payload = serde_json::to_value(self)?;
        Ok(NewTask { kind, key: None, claim, payload, priority: Priority::Normal, run_at: None })
    }

    /// Records it, if it is the command of that name.
    pub(super) async fn record(self, name: TaskKind, context: &Context) -> Result<(), TaskError> {
        let addressed = parse_line(&self.text)?;
        check_name(name, &addressed)?;
        let actor = Actor { name: Text::from(self.actor), role: self.role };
        match context.submit(submission(addressed, self.command_id, actor)).await {
            Ok(_) => Ok(()),
            Err(error) => Err(TaskError::of_command(error, context.attempts)),
        }
    }
}

fn check_name(name: TaskKind, addressed: &Addressed) -> Result<(), TaskError> {
    let given = addressed.command.name();
    if given == name.as_str() {
        return Ok(());
    }
    Err(TaskError::give_up("do", &format!("the task is to `{name}`, and the line says `{given}`")))
}
