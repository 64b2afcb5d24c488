//! The queue of the store, driven as a worker's lane drives it: each turn settles the last batch and leases the next.

use std::path::Path;

use anyhow::{Result, bail, ensure};
use hearsay_store::{Boot, LeaseRequest, LeasedTask, NewTask, Settle, Settlement, Store, TaskKind, Turn, Turned};
use jiff::SignedDuration;
use serde_json::json;

use super::span::{Span, Stopwatch};
use crate::clock;

/// As the worker's.
pub(super) const LEASE: SignedDuration = SignedDuration::from_secs(30);

/// A store, and a worker's run on it.
pub(super) struct Ours {
    store: Store,
    boot: Boot,
}

/// A task that does nothing.
pub(super) fn nothing() -> NewTask {
    NewTask::now(TaskKind::Nothing, json!({}))
}

/// Puts tasks on the queue, so many in each transaction.
pub(super) async fn enqueue(store: &Store, tasks: usize, batch: usize) -> Result<()> {
    let mut left = tasks;
    while left > 0 {
        let some = left.min(batch);
        let added = store.enqueue_tasks((0..some).map(|_| nothing()).collect()).await?;
        ensure!(added.iter().flatten().count() == some, "a task was not added");
        left -= some;
    }
    Ok(())
}

impl Ours {
    pub(super) async fn open(path: &Path) -> Result<Self> {
        let store = Store::open(path, clock::options()).await?;
        let boot = store.begin_boot(std::process::id(), "bench").await?;
        Ok(Self { store, boot })
    }

    pub(super) async fn close(self) -> Result<()> {
        self.store.end_boot(self.boot).await?;
        self.store.close().await;
        Ok(())
    }

    /// Enqueues so many tasks, then does as many.
    pub(super) async fn round(&self, tasks: usize, batch: usize) -> Result<Span> {
        let mut watch = Stopwatch::start(tasks);
        enqueue(&self.store, tasks, batch).await?;
        watch.enqueued();
        self.work(tasks, batch).await?;
        Ok(watch.worked())
    }

    async fn work(&self, tasks: usize, batch: usize) -> Result<()> {
        let (mut left, mut settles) = (tasks, Vec::new());
        while left > 0 || !settles.is_empty() {
            let turned = self.turn(settles, left.min(batch)).await?;
            if turned.leased.is_empty() && left > 0 {
                bail!("{left} tasks are not there");
            }
            ensure!(turned.refused.is_empty(), "a settle was refused");
            left -= turned.leased.len();
            settles = turned.leased.iter().map(done).collect();
        }
        Ok(())
    }

    async fn turn(&self, settles: Vec<Settle>, most: usize) -> Result<Turned> {
        let kinds = vec![TaskKind::Nothing];
        let lease = (most > 0).then_some(LeaseRequest { kinds, most, lease: LEASE });
        Ok(self.store.turn(Turn { boot: self.boot.number(), settles, lease }).await?)
    }
}

fn done(task: &LeasedTask) -> Settle {
    Settle { id: task.id, token: task.token, kind: task.kind, how: Settlement::Done }
}
