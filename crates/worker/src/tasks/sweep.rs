//! Looks for deadlines that passed with no task waiting for them, and enqueues what is missing: of databases from
//! before there was a queue, and of whatever was lost.

use hearsay_store::TaskKind;
use serde::Deserialize;

use crate::context::Context;
use crate::task_error::TaskError;

/// Payload of `sweep`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Sweep {}

impl Sweep {
    pub(crate) const NAME: TaskKind = TaskKind::Sweep;

    pub(crate) async fn run(self, context: &Context) -> Result<(), TaskError> {
        let missed = context.store.enqueue_missed().await?;
        if missed > 0 {
            tracing::info!(missed, "enqueued what no task was waiting for");
        }
        Ok(())
    }
}
