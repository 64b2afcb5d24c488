//! A desk with a worker's run, and a clock that stands until it is set.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use hearsay_core::{ClaimNumber, Clock};
use hearsay_store::{
    Boot, BootNumber, ClockSource, Create, DeadFilter, DeadTask, LeaseRequest, LeasedTask, NewTask, OpenOptions,
    Settle, Settlement, Store, TaskFilter, TaskId, TaskKind, TaskView, Turn, Turned,
};
use jiff::{SignedDuration, Timestamp};
use serde_json::json;

use crate::desk::{Desk, START, options};

/// How long leases last here.
pub(super) const LEASE: SignedDuration = SignedDuration::from_secs(30);

/// A clock that stands until it is set.
#[derive(Clone)]
pub(super) struct Hands(pub(super) Arc<AtomicI64>);

impl Hands {
    pub(super) fn source(&self) -> ClockSource {
        let hands = self.0.clone();
        let now = move || Timestamp::from_microsecond(hands.load(Ordering::SeqCst)).unwrap();
        ClockSource { kind: Clock::Story, now: Arc::new(now) }
    }

    pub(super) fn now(&self) -> Timestamp {
        (self.source().now)()
    }

    /// Goes on, or back, by so many seconds.
    pub(super) fn go(&self, seconds: i64) {
        self.0.fetch_add(seconds * 1_000_000, Ordering::SeqCst);
    }
}

/// A desk with a worker's run.
pub(super) struct Hall {
    pub(super) desk: Desk,
    pub(super) hands: Hands,
    pub(super) boot: Boot,
}

impl std::ops::Deref for Hall {
    type Target = Store;

    fn deref(&self) -> &Store {
        &self.desk.store
    }
}

pub(super) fn at_hands(hands: &Hands) -> OpenOptions {
    OpenOptions { clock: hands.source(), ..options(Create::IfMissing) }
}

pub(super) async fn hall() -> Hall {
    let hands = Hands(Arc::new(AtomicI64::new(START)));
    let desk = Desk::with(at_hands(&hands)).await;
    let boot = desk.store.begin_boot(1, "first").await.unwrap();
    Hall { desk, hands, boot }
}

/// A task that does nothing, of that name.
pub(super) fn named(name: &str) -> NewTask {
    NewTask::now(TaskKind::Nothing, json!({ "name": name }))
}

pub(super) fn of_claim(name: &str, claim: u32) -> NewTask {
    NewTask { claim: Some(ClaimNumber(claim)), ..named(name) }
}

pub(super) fn keyed(name: &str, key: &str) -> NewTask {
    NewTask { key: Some(key.to_owned()), ..named(name) }
}

impl Hall {
    pub(super) fn boot(&self) -> BootNumber {
        self.boot.number()
    }

    /// So many seconds from now.
    pub(super) fn at(&self, seconds: i64) -> Timestamp {
        self.hands.now() + SignedDuration::from_secs(seconds)
    }

    pub(super) async fn put(&self, tasks: impl IntoIterator<Item = NewTask>) -> Vec<Option<TaskId>> {
        self.enqueue_tasks(tasks.into_iter().collect()).await.unwrap()
    }

    pub(super) async fn turn_with(&self, settles: Vec<Settle>, kinds: &[TaskKind], most: usize) -> Turned {
        let lease = Some(LeaseRequest { kinds: kinds.to_vec(), most, lease: LEASE });
        self.turn(Turn { boot: self.boot(), settles, lease }).await.unwrap()
    }

    /// Leases up to a hundred that do nothing.
    pub(super) async fn lease(&self) -> Vec<LeasedTask> {
        self.turn_with(Vec::new(), &[TaskKind::Nothing], 100).await.leased
    }

    /// The same: their names.
    pub(super) async fn lease_names(&self) -> Vec<String> {
        names(&self.lease().await)
    }

    /// Settles all alike; the refused.
    pub(super) async fn settle(&self, tasks: &[LeasedTask], how: &Settlement) -> Vec<TaskId> {
        let settles = tasks.iter().map(|task| ended(task, how.clone())).collect();
        self.turn(Turn { boot: self.boot(), settles, lease: None }).await.unwrap().refused
    }

    pub(super) async fn retry(&self, tasks: &[LeasedTask], seconds: i64) -> Vec<TaskId> {
        self.settle(tasks, &Settlement::Retry { at: self.at(seconds), error: "not yet".to_owned() }).await
    }

    pub(super) async fn live(&self) -> Vec<TaskView> {
        self.tasks(&TaskFilter::default()).await.unwrap()
    }

    pub(super) async fn dead(&self) -> Vec<DeadTask> {
        self.dead_tasks(&DeadFilter::default()).await.unwrap()
    }
}

pub(super) fn names(leased: &[LeasedTask]) -> Vec<String> {
    leased.iter().map(|task| task.payload["name"].as_str().unwrap().to_owned()).collect()
}

pub(super) fn ended(task: &LeasedTask, how: Settlement) -> Settle {
    Settle { id: task.id, token: task.token, kind: task.kind, how }
}
