//! The leases that a lane holds: what heartbeats extend.
//! Invariant: a lease is held from the turn that gave it to the turn that settles it.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use hearsay_store::{LeaseToken, TaskId, TaskKind};

/// The leases of one lane. Clones share them.
#[derive(Clone, Default)]
pub(crate) struct Held(Arc<Mutex<HashMap<(TaskId, LeaseToken), TaskKind>>>);

impl Held {
    pub(crate) fn take(&self, id: TaskId, token: LeaseToken, kind: TaskKind) {
        self.lock().insert((id, token), kind);
    }

    pub(crate) fn give_back(&self, id: TaskId, token: LeaseToken) {
        self.lock().remove(&(id, token));
    }

    pub(crate) fn all(&self) -> Vec<(TaskId, LeaseToken)> {
        self.lock().keys().copied().collect()
    }

    /// Each with its task's kind.
    pub(crate) fn with_kinds(&self) -> Vec<((TaskId, LeaseToken), TaskKind)> {
        self.lock().iter().map(|(lease, kind)| (*lease, *kind)).collect()
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<(TaskId, LeaseToken), TaskKind>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
