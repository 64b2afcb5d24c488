//! Advances a claim to its standing, where its policy lets the worker. Never against an override: the rules refuse it.

use hearsay_core::{Advance, ClaimNumber, Command, Reference, RefusalClass, State};
use hearsay_store::{StoreError, SubmitError, TaskKind};
use serde::Deserialize;

use crate::context::Context;
use crate::task_error::TaskError;

/// Payload of `auto_advance`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct AutoAdvance {
    claim: ClaimNumber,
}

impl AutoAdvance {
    pub(crate) const NAME: TaskKind = TaskKind::AutoAdvance;

    pub(crate) async fn run(self, context: &Context) -> Result<(), TaskError> {
        let now = match context.store.claim_now(self.claim).await {
            Err(StoreError::NotFound { .. }) => {
                return Err(TaskError::give_up("claim", &"there is no such claim"));
            }
            now => now?,
        };
        if !now.due_to_advance {
            return Ok(());
        }
        let to = State::from(now.weighed.standing);
        let advance = Advance { claim: Reference(now.number.to_string()), to, reason: None };
        match context.command(Self::NAME, Command::Advance(advance)).await {
            Ok(_) => Ok(()),
            Err(SubmitError::Refused(refusal)) if refusal.class() == RefusalClass::Rules => Ok(()),
            Err(error) => Err(TaskError::of_command(error, context.attempts)),
        }
    }
}
