//! What a person does to the queue: pause, resume, limit, and see to the dead letters.

use serde_json::Value;

use super::{TaskId, TaskKind};
use crate::{Store, StoreError};

/// Which dead letters.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum DeadSelection {
    /// These.
    Ids(Vec<TaskId>),
    /// All of one kind.
    Kind(TaskKind),
    /// All.
    All,
}

impl Store {
    /// Leases no more tasks of that kind until it is resumed; what is leased already is finished.
    pub async fn pause(&self, kind: TaskKind, by: &str) -> Result<(), StoreError> {
        drop((kind, by));
        Err(StoreError::Closed)
    }

    /// Leases tasks of that kind again.
    pub async fn resume(&self, kind: TaskKind) -> Result<(), StoreError> {
        drop(kind);
        Err(StoreError::Closed)
    }

    /// Leases at most so many tasks of that kind a minute, evenly: a second's worth at once, at least one. None: no limit.
    pub async fn set_rate(&self, kind: TaskKind, per_minute: Option<u32>) -> Result<(), StoreError> {
        drop((kind, per_minute));
        Err(StoreError::Closed)
    }

    /// Puts dead letters back on the queue, due now, under their numbers; gives these. With `edited`, that becomes the
    /// payload of each. A key doesn't keep them out. [`StoreError::NotFound`] if one of the named is no dead letter.
    pub async fn retry_dead(
        &self,
        which: DeadSelection,
        edited: Option<Value>,
    ) -> Result<Vec<TaskId>, StoreError> {
        drop((which, edited));
        Err(StoreError::Closed)
    }

    /// Throws dead letters away for good; tells how many. [`StoreError::NotFound`] if one of the named is no dead letter.
    pub async fn drop_dead(&self, which: DeadSelection) -> Result<u64, StoreError> {
        drop(which);
        Err(StoreError::Closed)
    }
}
