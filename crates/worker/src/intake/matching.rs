//! What items are matched to, shared by all tasks of a worker, and kept up with the log.

use std::sync::{Arc, PoisonError, RwLock};

use hearsay_store::{OpenClaims, Store};
use tokio::sync::Mutex;

use super::known::{Known, Registry};
use crate::task_error::TaskError;

/// What is known, and up to which event of the log.
#[derive(Default)]
pub(crate) struct Matching {
    known: Arc<RwLock<Known>>,
    up_to: Mutex<Option<u64>>,
}

impl Matching {
    /// What is known, brought up to what the log has now. The first time that is all open claims.
    pub(crate) async fn caught_up(&self, store: &Store) -> Result<Arc<RwLock<Known>>, TaskError> {
        let mut up_to = self.up_to.lock().await;
        let changed = match *up_to {
            None => store.open_claims().await?,
            Some(seq) => store.open_claims_since(seq).await?,
        };
        let now_at = changed.up_to;
        if changed.sources_changed || !changed.open.is_empty() || !changed.closed.is_empty() {
            self.take(changed, store).await?;
        }
        *up_to = Some(now_at);
        Ok(Arc::clone(&self.known))
    }

    async fn take(&self, changed: OpenClaims, store: &Store) -> Result<(), TaskError> {
        let sources = if changed.sources_changed { Some(store.sources(None).await?) } else { None };
        let (known, now) = (Arc::clone(&self.known), store.now());
        let took = tokio::task::spawn_blocking(move || {
            let registry = sources.map(|rows| Registry::of(&rows, now));
            known.write().unwrap_or_else(PoisonError::into_inner).take(changed, registry);
        });
        took.await.map_err(|error| TaskError::retry(&error))
    }
}
