//! A few times a second: looks for what other processes enqueued, and whether a schedule is due.
//! Invariant: a schedule's task and its next run are written in one transaction.

use std::sync::Arc;

use hearsay_store::{Elsewhere, NewTask, ScheduleAdvance, ScheduleView, StoreError};
use serde_json::json;

use crate::schedule::{Due, due};
use crate::shared::{Shared, is_final};

/// What is looked at.
pub(crate) struct Pulse {
    shared: Arc<Shared>,
    elsewhere: Elsewhere,
    schedules: Vec<ScheduleView>,
}

impl Pulse {
    /// Looks once: what was missed while no worker ran is enqueued before the first task is done.
    pub(crate) async fn begin(shared: Arc<Shared>) -> Result<Self, StoreError> {
        let elsewhere = shared.store.elsewhere().await?;
        let schedules = shared.store.schedules().await?;
        let mut pulse = Self { shared, elsewhere, schedules };
        pulse.advance().await?;
        Ok(pulse)
    }

    /// Beats until the worker cannot go on.
    pub(crate) async fn beat(mut self) -> StoreError {
        loop {
            tokio::time::sleep(self.shared.options.poll).await;
            match self.look().await {
                Ok(()) => {}
                Err(error) if is_final(&error) => return error,
                Err(error) => tracing::warn!(%error, "the queue could not be looked at"),
            }
        }
    }

    async fn look(&mut self) -> Result<(), StoreError> {
        if self.elsewhere.look().await? {
            tracing::trace!("another process wrote");
        }
        self.advance().await
    }

    /// Enqueues what is due by the schedules.
    async fn advance(&mut self) -> Result<(), StoreError> {
        let now = self.shared.store.now();
        let mut advanced = false;
        for schedule in &self.schedules {
            let (task, next_at) = match due(schedule, now) {
                Ok(Due::Ahead) => continue,
                Ok(Due::Run { next_at }) => (Some(task(schedule)), next_at),
                Ok(Due::Skip { next_at }) => (None, next_at),
                Err(error) => {
                    tracing::warn!(%error, schedule = schedule.name, "a schedule cannot be followed");
                    continue;
                }
            };
            let advance = ScheduleAdvance { name: schedule.name.clone(), due: schedule.next_at, next_at, task };
            self.shared.store.enqueue_scheduled(advance).await?;
            advanced = true;
        }
        if advanced {
            self.schedules = self.shared.store.schedules().await?;
        }
        Ok(())
    }
}

/// The task of a schedule; while one waits, another isn't added.
fn task(schedule: &ScheduleView) -> NewTask {
    NewTask { key: Some(format!("schedule:{}", schedule.name)), ..NewTask::now(schedule.kind, json!({})) }
}
