//! Records a follow-up that somebody submitted.

use hearsay_store::TaskKind;
use serde::Deserialize;

use super::SubmittedLine;
use crate::context::Context;
use crate::task_error::TaskError;

/// Payload of `record_follow_up`.
#[derive(Debug, Deserialize)]
#[serde(transparent)]
pub(crate) struct RecordFollowUp(SubmittedLine);

impl RecordFollowUp {
    pub(crate) const NAME: TaskKind = TaskKind::RecordFollowUp;

    pub(crate) async fn run(self, context: &Context) -> Result<(), TaskError> {
        self.0.record(Self::NAME, context).await
    }
}
