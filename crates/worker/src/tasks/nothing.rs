//! Does nothing: what the queue itself costs.

use std::future::ready;

use hearsay_store::TaskKind;
use serde::Deserialize;

use crate::task_error::TaskError;

/// Payload of `nothing`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Nothing {}

impl Nothing {
    pub(crate) const NAME: TaskKind = TaskKind::Nothing;

    pub(crate) async fn run(self) -> Result<(), TaskError> {
        ready(Ok(())).await
    }
}
