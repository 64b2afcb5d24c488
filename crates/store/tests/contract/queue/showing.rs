//! What is shown of the queue, and the reason why each task isn't being done.

use hearsay_core::{ClaimNumber, Priority};
use hearsay_store::{
    FoundTask, NewTask, Paused, Settlement, StoreError, TaskFilter, TaskId, TaskKind, TaskState, WaitsFor,
};

use super::hall::{Hall, hall, named, of_claim};

async fn reason(hall: &Hall, id: Option<TaskId>) -> WaitsFor {
    match hall.task(id.unwrap()).await.unwrap() {
        FoundTask::Live(task) => task.waits_for,
        FoundTask::Dead(letter) => panic!("{letter:?}"),
    }
}

#[tokio::test]
async fn every_reason_is_told() {
    let hall = hall().await;
    let one = |task| async { hall.put([task]).await[0] };
    let leased = one(of_claim("leased", 7)).await;
    let running = hall.lease().await;
    let lease = WaitsFor::Lease { boot: hall.boot(), since: hall.at(0), until: hall.at(30) };
    assert_eq!(reason(&hall, leased).await, lease);
    let busy = one(of_claim("busy", 7)).await;
    assert_eq!(reason(&hall, busy).await, WaitsFor::Claim { task: leased.unwrap(), until: hall.at(30) });
    let free = one(named("free")).await;
    assert_eq!(reason(&hall, free).await, WaitsFor::Turn);
    let later = one(NewTask { run_at: Some(hall.at(9)), ..named("later") }).await;
    assert_eq!(reason(&hall, later).await, WaitsFor::Time { at: hall.at(9) });
    hall.set_rate(TaskKind::Nothing, Some(6)).await.unwrap();
    hall.turn_with(vec![], &[TaskKind::Nothing], 1).await;
    let limited = one(named("limited")).await;
    let WaitsFor::Rate { per_minute: 6, at } = reason(&hall, limited).await else { panic!("not limited") };
    assert!((9..=11).contains(&at.duration_since(hall.at(0)).as_secs()), "{at}");
    hall.pause(TaskKind::Nothing, "ana").await.unwrap();
    let paused = WaitsFor::Resume(Paused { since: hall.at(0), by: "ana".to_owned() });
    assert_eq!(reason(&hall, limited).await, paused);
    assert_eq!(reason(&hall, leased).await, lease, "what is leased is finished");
    hall.resume(TaskKind::Nothing).await.unwrap();
    hall.settle(&running, &Settlement::Dead { field: None, error: "x".to_owned() }).await;
    assert!(matches!(hall.task(leased.unwrap()).await.unwrap(), FoundTask::Dead(_)));
    assert!(matches!(hall.task(TaskId(99)).await, Err(StoreError::NotFound { what: "task", .. })));
    let store = hall.desk.store.clone();
    store.end_boot(hall.boot).await.unwrap();
    let FoundTask::Live(task) = store.task(limited.unwrap()).await.unwrap() else { panic!("it died") };
    assert_eq!(task.waits_for, WaitsFor::Worker);
}

#[tokio::test]
async fn tasks_are_listed_in_the_order_of_leasing_and_narrowed() {
    let hall = hall().await;
    hall.put([named("leased")]).await;
    hall.lease().await;
    let urgent = NewTask { priority: Priority::Urgent, ..of_claim("urgent", 2) };
    let later = |seconds, name| NewTask { run_at: Some(hall.at(seconds)), ..of_claim(name, 1) };
    let sweep = NewTask { kind: TaskKind::Sweep, ..named("sweep") };
    hall.put([named("a"), urgent, later(9, "later"), later(5, "soon"), sweep]).await;
    let listed = |filter: TaskFilter| {
        let hall = &hall;
        async move {
            let tasks = hall.tasks(&filter).await.unwrap();
            tasks.iter().map(|task| task.payload["name"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
        }
    };
    let all = TaskFilter::default;
    assert_eq!(listed(all()).await, ["leased", "urgent", "a", "sweep", "soon", "later"]);
    assert_eq!(listed(TaskFilter { limit: Some(2), ..all() }).await, ["leased", "urgent"]);
    assert_eq!(listed(TaskFilter { kind: Some(TaskKind::Sweep), ..all() }).await, ["sweep"]);
    assert_eq!(listed(TaskFilter { claim: Some(ClaimNumber(1)), ..all() }).await, ["soon", "later"]);
    for (state, names) in [
        (TaskState::Leased, vec!["leased"]),
        (TaskState::Waiting, vec!["urgent", "a", "sweep"]),
        (TaskState::Scheduled, vec!["soon", "later"]),
    ] {
        assert_eq!(listed(TaskFilter { state: Some(state), ..all() }).await, names, "{state:?}");
    }
    hall.hands.go(6);
    let waiting = TaskFilter { state: Some(TaskState::Waiting), claim: Some(ClaimNumber(1)), ..all() };
    assert_eq!(listed(waiting).await, ["soon"]);
}

#[tokio::test]
async fn every_kind_is_counted() {
    let hall = hall().await;
    let overview = hall.queue_overview().await.unwrap();
    assert_eq!(overview.iter().map(|kind| kind.kind).collect::<Vec<_>>(), TaskKind::ALL);
    hall.put([named("done"), named("dead"), named("retried"), named("leased")]).await;
    let leased = hall.lease().await;
    hall.settle(&leased[..1], &Settlement::Done).await;
    hall.settle(&leased[1..2], &Settlement::Dead { field: None, error: "x".to_owned() }).await;
    hall.retry(&leased[2..3], 60).await;
    hall.hands.go(1);
    let oldest = hall.hands.now();
    hall.put([named("waiting")]).await;
    hall.hands.go(1);
    hall.put([named("waiting too"), NewTask { run_at: Some(hall.at(10)), ..named("later") }]).await;
    let nothing = hall.queue_overview().await.unwrap().pop().unwrap();
    assert_eq!((nothing.waiting, nothing.scheduled, nothing.leased, nothing.dead), (2, 2, 1, 1));
    assert_eq!((nothing.oldest, nothing.next_at), (Some(oldest), Some(hall.at(10))));
    assert_eq!((nothing.done_today, nothing.retried_today, nothing.dead_today), (1, 1, 1));
    hall.hands.go(86_400);
    let tomorrow = hall.queue_overview().await.unwrap().pop().unwrap();
    assert_eq!((tomorrow.done_today, tomorrow.retried_today, tomorrow.dead_today), (0, 0, 0));
    assert_eq!((tomorrow.waiting, tomorrow.scheduled), (4, 0));
}
