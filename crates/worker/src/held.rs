//! The leases that a lane holds: what heartbeats extend.
//! Invariant: a lease is held from the turn that gave it to the turn that settles it.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use hearsay_store::{LeaseToken, TaskId};

/// The leases of one lane. Clones share them.
#[derive(Clone, Default)]
pub(crate) struct Held(Arc<Mutex<HashMap<LeaseToken, TaskId>>>);

impl Held {
    pub(crate) fn take(&self, id: TaskId, token: LeaseToken) {
        self.lock().insert(token, id);
    }

    pub(crate) fn give_back(&self, token: LeaseToken) {
        self.lock().remove(&token);
    }

    pub(crate) fn all(&self) -> Vec<(TaskId, LeaseToken)> {
        self.lock().iter().map(|(token, id)| (*id, *token)).collect()
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<LeaseToken, TaskId>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
