//! The leases that a lane holds: what heartbeats extend.
//! Invariant: a lease is held from the turn that gave it to the turn that settles it.

use std::collections::HashSet;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use hearsay_store::{LeaseToken, TaskId};

/// The leases of one lane. Clones share them.
#[derive(Clone, Default)]
pub(crate) struct Held(Arc<Mutex<HashSet<(TaskId, LeaseToken)>>>);

impl Held {
    pub(crate) fn take(&self, id: TaskId, token: LeaseToken) {
        self.lock().insert((id, token));
    }

    pub(crate) fn give_back(&self, id: TaskId, token: LeaseToken) {
        self.lock().remove(&(id, token));
    }

    pub(crate) fn all(&self) -> Vec<(TaskId, LeaseToken)> {
        self.lock().iter().copied().collect()
    }

    fn lock(&self) -> MutexGuard<'_, HashSet<(TaskId, LeaseToken)>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
