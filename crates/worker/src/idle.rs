//! Tells when nothing is left that may be done.

use std::sync::Arc;

use std::time::Duration;

use hearsay_store::{KindOverview, StoreError};

use crate::lane::LANES;
use crate::shared::{Shared, is_final};

/// How long to wait until a queue that wasn't idle is looked at again.
const PAUSE: Duration = Duration::from_millis(20);

/// Returns once no lane has anything to do and no task is due that isn't paused.
pub(crate) async fn idle(shared: Arc<Shared>) -> Result<(), StoreError> {
    let mut quiet = shared.quiet.subscribe();
    loop {
        if quiet.wait_for(|quiet| *quiet == LANES.len()).await.is_err() {
            return Ok(());
        }
        match shared.store.queue_overview().await {
            Ok(kinds) if kinds.iter().all(is_idle) => return Ok(()),
            Ok(_) => {}
            Err(error) if is_final(&error) => return Err(error),
            Err(error) => tracing::warn!(%error, "the queue could not be looked at"),
        }
        tokio::time::sleep(PAUSE).await;
    }
}

/// A limited rate is waited for, a pause isn't: only a person ends it.
fn is_idle(kind: &KindOverview) -> bool {
    kind.leased == 0 && (kind.waiting == 0 || kind.paused.is_some())
}
