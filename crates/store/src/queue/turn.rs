//! A worker's turn: one transaction that settles what ended, rescues what ran out, and leases what is due.

use jiff::SignedDuration;

use super::{BootNumber, LeaseToken, TaskId, Turn, Turned};
use crate::{Store, StoreError};

impl Store {
    /// Takes a turn. [`StoreError::AnotherWorker`] if a later worker has begun.
    pub async fn turn(&self, turn: Turn) -> Result<Turned, StoreError> {
        drop(turn);
        Err(StoreError::Closed)
    }

    /// Says that the worker is well, and extends its leases to `lease` from now. Gives the tasks whose lease had ended
    /// before: they are no longer this worker's, and settling them will be refused.
    pub async fn heartbeat(
        &self,
        boot: BootNumber,
        leases: &[(TaskId, LeaseToken)],
        lease: SignedDuration,
    ) -> Result<Vec<TaskId>, StoreError> {
        drop((boot, leases, lease));
        Err(StoreError::Closed)
    }
}
