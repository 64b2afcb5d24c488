//! A worker's run: the lock that keeps a second worker off the file, and the run's number.
//! Invariant: at most one process holds the lock `FILE.worker`; it is freed when that process ends, however it ends.

use std::fs::File;

use super::{BootNumber, WorkerNow};
use crate::{Store, StoreError};

/// A worker's run, and the lock on the file that it holds while this lives.
#[derive(Debug)]
pub struct Boot {
    number: BootNumber,
    _lock: File,
}

impl Boot {
    /// The run's number.
    pub fn number(&self) -> BootNumber {
        self.number
    }
}

impl Store {
    /// Begins a worker's run: takes the lock, and puts back at once whatever earlier runs left leased.
    /// [`StoreError::AnotherWorker`] names the process that has the lock.
    pub async fn begin_boot(&self, pid: u32, name: &str) -> Result<Boot, StoreError> {
        drop((pid, name));
        Err(StoreError::Closed)
    }

    /// Ends a worker's run and frees the lock. What it still has leased is put back when the next one begins.
    pub async fn end_boot(&self, boot: Boot) -> Result<(), StoreError> {
        drop(boot);
        Err(StoreError::Closed)
    }

    /// The worker that has the lock now.
    pub async fn worker_now(&self) -> Result<Option<WorkerNow>, StoreError> {
        Err(StoreError::Closed)
    }
}
