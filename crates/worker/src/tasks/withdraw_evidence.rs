//! Withdraws a piece of evidence, as somebody submitted.

use hearsay_store::TaskKind;
use serde::Deserialize;

use super::SubmittedLine;
use crate::context::Context;
use crate::task_error::TaskError;

/// Payload of `withdraw_evidence`.
#[derive(Debug, Deserialize)]
#[serde(transparent)]
pub(crate) struct WithdrawEvidence(SubmittedLine);

impl WithdrawEvidence {
    pub(crate) const NAME: TaskKind = TaskKind::WithdrawEvidence;

    pub(crate) async fn run(self, context: &Context) -> Result<(), TaskError> {
        self.0.record(Self::NAME, context).await
    }
}
