//! Signs checkpoints of the log beside all other work, every so often, while there is something new.
//! Invariant: a refusal to sign never stops the worker; it is told once, until another takes its place.

use std::sync::Arc;
use std::time::Duration;

use hearsay_store::{LogKey, StoreError};

use crate::shared::{Shared, is_final};

/// The target of what an operator is told by default.
const TELLS: &str = "work";

/// What is signed with, and how often.
#[derive(Debug)]
pub(crate) struct Signing {
    pub(crate) key: LogKey,
    pub(crate) every: Duration,
}

impl Signing {
    /// Signs until the worker cannot go on.
    pub(crate) async fn go_on(self, shared: Arc<Shared>) -> StoreError {
        let mut told = None;
        loop {
            match self.sign(&shared).await {
                Ok(()) => told = None,
                Err(error) if is_final(&error) => return error,
                Err(error) => {
                    let error = error.to_string();
                    if told.as_ref() != Some(&error) {
                        tracing::error!(target: TELLS, "the log is not signed: {error}");
                    }
                    told = Some(error);
                }
            }
            tokio::time::sleep(self.every).await;
        }
    }

    async fn sign(&self, shared: &Shared) -> Result<(), StoreError> {
        // Opened anew each time: it may have been renewed since.
        let key = LogKey::open(self.key.path())?;
        let newest = shared.store.newest_checkpoint(Some(key.origin())).await?;
        let (size, _) = shared.store.tree_now().await?;
        if size == 0 || newest.is_some_and(|kept| kept.signed.checkpoint().size() == size) {
            return Ok(());
        }
        let kept = shared.store.sign_checkpoint(&key).await?;
        tracing::info!(size = kept.signed.checkpoint().size(), "signed a checkpoint");
        Ok(())
    }
}
