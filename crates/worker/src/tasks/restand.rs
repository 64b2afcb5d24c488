//! Weighs the claims again that a changed source or policy touches.
//! It gives way between two chunks to a worker that stops; the next attempt goes on from there.

use std::ops::ControlFlow;

use hearsay_store::TaskKind;
use serde::Deserialize;

use crate::context::Context;
use crate::task_error::TaskError;

/// Payload of `restand`: all that waits is worked off.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Restand {}

impl Restand {
    pub(crate) const NAME: TaskKind = TaskKind::Restand;

    pub(crate) async fn run(self, context: &Context) -> Result<(), TaskError> {
        let stop = context.stop.clone();
        let mut goes_on = |_| if stop.is_cancelled() { ControlFlow::Break(()) } else { ControlFlow::Continue(()) };
        let restood = context.store.restand_while(&mut goes_on).await?;
        tracing::debug!(weighed = restood.weighed, changed = restood.changed, "claims were weighed again");
        if restood.is_finished { Ok(()) } else { Err(TaskError::Interrupted) }
    }
}
