//! Records the silence of a party that did not answer by its deadline.
//! Harmless if it answered: what counts is when it said so, not when that was recorded.

use hearsay_core::{ClaimNumber, Command, RecordSilence, Reference, Refusal, SourceId};
use hearsay_store::{SubmitError, TaskKind};
use serde::Deserialize;

use crate::context::Context;
use crate::task_error::TaskError;

/// Payload of `answer_due`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct AnswerDue {
    claim: ClaimNumber,
    party: SourceId,
}

impl AnswerDue {
    pub(crate) const NAME: TaskKind = TaskKind::AnswerDue;

    pub(crate) async fn run(self, context: &Context) -> Result<(), TaskError> {
        let claim = Reference(self.claim.to_string());
        let silence = RecordSilence { claim, of: Reference(self.party.to_string()) };
        match context.command(Self::NAME, Command::RecordSilence(silence)).await {
            Ok(_) => Ok(()),
            Err(SubmitError::Refused(refusal)) => refused(&refusal, context),
            Err(error) => Err(TaskError::of_command(error, context.attempts)),
        }
    }
}

/// What a refusal means: mostly that no silence is to be recorded.
#[expect(clippy::wildcard_enum_match_arm, reason = "`of_refusal` matches every class of the others")]
fn refused(refusal: &Refusal, context: &Context) -> Result<(), TaskError> {
    match refusal {
        Refusal::Answered { .. }
        | Refusal::Closed { .. }
        | Refusal::Merged { .. }
        | Refusal::NotAsked { .. }
        | Refusal::NotAParty { .. } => Ok(()),
        Refusal::DeadlineAhead { until, .. } => context.wait_for_own_deadline(*until, refusal),
        other => Err(TaskError::of_refusal(other, context.attempts)),
    }
}
