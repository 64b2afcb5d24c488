//! The queue: leases, settles, keys, and what follows from events.

mod claims;
mod control;
mod ends;
mod enqueueing;
mod following;
mod hall;
mod leases;
mod plans;
mod schedules;
mod showing;
mod workers;

use hearsay_core::{ClaimNumber, Priority};
use hearsay_store::{
    BootNumber, LeaseRequest, LeasedTask, MissedRuns, NewTask, Schedule, Settle, Settlement, Store, TaskKind,
    Turn, Turned,
};
use jiff::SignedDuration;
use serde_json::json;

use crate::desk::Desk;

fn task(kind: TaskKind, key: Option<&str>, claim: Option<u32>) -> NewTask {
    NewTask { key: key.map(str::to_owned), claim: claim.map(ClaimNumber), ..NewTask::now(kind, json!({"a": 1})) }
}

async fn lease(store: &Store, boot: BootNumber, settles: Vec<Settle>, most: usize) -> Turned {
    let lease = Some(LeaseRequest { kinds: TaskKind::ALL.to_vec(), most, lease: SignedDuration::from_secs(30) });
    store.turn(Turn { boot, settles, lease }).await.unwrap()
}

fn settle(task: &LeasedTask, how: Settlement) -> Settle {
    Settle { id: task.id, token: task.token, kind: task.kind, how }
}

/// A queue with a row in each of its tables: something leased, something dead, a kind paused, another limited.
pub(crate) async fn busy(store: &Store) {
    let boot = store.begin_boot(7, "one").await.unwrap();
    let tasks = vec![task(TaskKind::Sweep, None, None), task(TaskKind::Nothing, Some("late"), Some(1))];
    store.enqueue_tasks(tasks).await.unwrap();
    let turned = lease(store, boot.number(), vec![], 1).await;
    let dead = settle(&turned.leased[0], Settlement::Dead { field: Some("text".into()), error: "wrong".into() });
    lease(store, boot.number(), vec![dead], 1).await;
    store.pause(TaskKind::ReviewDue, "ana").await.unwrap();
    store.set_rate(TaskKind::RecordFollowUp, Some(60)).await.unwrap();
    let next_at = "2025-04-23T00:00:00Z".parse().unwrap();
    let (name, cron, zone) = ("sweep".to_owned(), "*/15 * * * *".to_owned(), "UTC".to_owned());
    let missed = MissedRuns::RunOnce;
    let schedule = Schedule { name, kind: TaskKind::Sweep, cron, zone, missed, next_at };
    store.declare_schedules(vec![schedule]).await.unwrap();
}

#[tokio::test]
async fn tasks_are_leased_by_priority_and_settled_once() {
    let desk = Desk::new().await;
    let store = &desk.store;
    let boot = store.begin_boot(7, "one").await.unwrap();
    let number = boot.number();
    let mut low = task(TaskKind::Nothing, None, None);
    low.priority = Priority::Low;
    let ids = store
        .enqueue_tasks(vec![
            task(TaskKind::Nothing, Some("a"), None),
            task(TaskKind::Nothing, Some("a"), None),
            low,
            task(TaskKind::Sweep, None, Some(3)),
            task(TaskKind::Sweep, None, Some(3)),
        ])
        .await
        .unwrap();
    assert_eq!(ids.iter().filter(|id| id.is_none()).count(), 1);
    let turned = lease(store, number, vec![], 3).await;
    assert_eq!(turned.leased.len(), 3, "{turned:?}");
    let again = lease(store, number, vec![], 10).await;
    assert_eq!(again.leased.len(), 1, "{again:?}");
    let settles = turned.leased.iter().map(|task| settle(task, Settlement::Done)).collect::<Vec<_>>();
    let refused = lease(store, number, settles.clone(), 10).await;
    assert!(refused.refused.is_empty());
    let refused = lease(store, number, settles, 10).await;
    assert_eq!(refused.refused.len(), 3);
    let other = store.begin_boot(8, "two").await.unwrap_err();
    assert!(other.to_string().contains("process 7 (`one`)"), "{other}");
    store.end_boot(boot).await.unwrap();
    let boot = store.begin_boot(9, "three").await.unwrap();
    let turned = lease(store, boot.number(), vec![], 10).await;
    assert_eq!(turned.leased.len(), 1);
    let dead = settle(&turned.leased[0], Settlement::Dead { field: Some("x".into()), error: "bad".into() });
    lease(store, boot.number(), vec![dead], 10).await;
    store.retry_dead(hearsay_store::DeadSelection::All, None).await.unwrap();
    let turned = lease(store, boot.number(), vec![], 10).await;
    assert_eq!(turned.leased.len(), 1);
}
