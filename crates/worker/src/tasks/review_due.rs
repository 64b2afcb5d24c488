//! Marks a claim overdue whose review did not come in time. A ruling stops that clock.

use hearsay_core::{ClaimNumber, Command, MarkOverdue, Reference, Refusal};
use hearsay_store::{SubmitError, TaskKind};
use serde::Deserialize;

use crate::context::Context;
use crate::task_error::TaskError;

/// Payload of `review_due`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct ReviewDue {
    claim: ClaimNumber,
}

impl ReviewDue {
    pub(crate) const NAME: TaskKind = TaskKind::ReviewDue;

    pub(crate) async fn run(self, context: &Context) -> Result<(), TaskError> {
        let overdue = MarkOverdue { claim: Reference(self.claim.to_string()) };
        match context.command(Self::NAME, Command::MarkOverdue(overdue)).await {
            Ok(_) => Ok(()),
            Err(SubmitError::Refused(refusal)) => refused(&refusal, context),
            Err(error) => Err(TaskError::of_command(error, context.attempts)),
        }
    }
}

/// What a refusal means: mostly that no review is waited for.
#[expect(clippy::wildcard_enum_match_arm, reason = "`of_refusal` matches every class of the others")]
fn refused(refusal: &Refusal, context: &Context) -> Result<(), TaskError> {
    match refusal {
        Refusal::ReviewStopped { .. } | Refusal::Closed { .. } | Refusal::Merged { .. } => Ok(()),
        Refusal::ReviewAhead { review_by, .. } => context.wait_for_own_deadline(*review_by, refusal),
        other => Err(TaskError::of_refusal(other, context.attempts)),
    }
}
