//! A worker that is stopped: it leases nothing more, lets what runs end, gives back the rest, all within its bound.

use std::time::{Duration, Instant};

use hearsay_store::{NewTask, TaskKind};
use hearsay_worker::WorkerOptions;
use serde_json::json;

use crate::desk::{Desk, Ids, follow_up, options, until};

const SAID: &str = "2025-04-22T15:30:00Z";

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_runs_ends_and_nothing_more_is_leased() {
    let desk = Desk::new().await;
    for _ in 0..20 {
        desk.enqueue((0..1_000).map(|_| NewTask::now(TaskKind::Nothing, json!({}))).collect()).await;
    }
    let working = desk.start().await;
    until("some are done", async || desk.kind(TaskKind::Nothing).await.done_today > 0).await;
    let worked = working.end().await;
    let nothing = desk.kind(TaskKind::Nothing).await;
    assert_eq!((nothing.leased, nothing.done_today + nothing.waiting), (0, 20_000));
    assert!(worked.done >= nothing.done_today, "{worked:?}");
    assert!(nothing.waiting > 0, "it stopped before the end");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn what_cannot_end_is_left_within_the_bound() {
    let desk = Desk::told("").await;
    let within = Duration::from_millis(400);
    let working = desk.start_with(WorkerOptions { drain_within: within, ..options() }).await;
    until("it has swept", async || desk.kind(TaskKind::Sweep).await.done_today == 1).await;
    desk.ids(Ids::Hang);
    desk.put(
        &[follow_up("offer", "reuters", "affirms", SAID), follow_up("offer", "blog", "affirms", SAID)].join("\n"),
    )
    .await;
    until("they are leased", async || desk.kind(TaskKind::RecordFollowUp).await.leased == 2).await;
    let asked = Instant::now();
    working.end().await;
    let took = asked.elapsed();
    assert!(took < within + Duration::from_millis(300), "it took {took:?}");
    desk.ids(Ids::Given);
    desk.work().await;
    assert_eq!(desk.count("offer", "follow_up_recorded").await, 2);
    assert_eq!((desk.kind(TaskKind::RecordFollowUp).await.waiting, desk.dead().await.len()), (0, 0));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_turn_that_hangs_and_tasks_that_hang_share_one_bound() {
    let desk = Desk::told("").await;
    let within = Duration::from_millis(1_600);
    let working = desk.start_with(WorkerOptions { drain_within: within, ..options() }).await;
    until("it has swept", async || desk.kind(TaskKind::Sweep).await.done_today == 1).await;
    let later = Some(desk.store.now() + Duration::from_mins(1));
    desk.enqueue(vec![NewTask { run_at: later, ..NewTask::now(TaskKind::Nothing, json!({})) }]).await;
    desk.ids(Ids::Hang);
    desk.put(&follow_up("offer", "reuters", "affirms", SAID)).await;
    until("it is leased", async || desk.kind(TaskKind::RecordFollowUp).await.leased == 1).await;
    desk.pass(60);
    tokio::time::sleep(Duration::from_millis(400)).await;
    let asked = Instant::now();
    working.end().await;
    let took = asked.elapsed();
    desk.ids(Ids::Given);
    assert!(took < within + Duration::from_millis(300), "it took {took:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_drain_waits_no_longer_than_it_must() {
    let desk = Desk::told("").await;
    let working = desk.start().await;
    until("it has swept", async || desk.kind(TaskKind::Sweep).await.done_today == 1).await;
    desk.ids(Ids::Hang);
    desk.put(&follow_up("offer", "reuters", "affirms", SAID)).await;
    until("it is leased", async || desk.kind(TaskKind::RecordFollowUp).await.leased == 1).await;
    // Leased is not yet begun.
    tokio::time::sleep(Duration::from_millis(50)).await;
    working.stop();
    tokio::time::sleep(Duration::from_millis(50)).await;
    desk.ids(Ids::Given);
    let worked = working.end().await;
    assert_eq!((worked.done, worked.given_back), (2, 0), "what ran was let end, and was settled");
    let idle = Instant::now();
    desk.start().await.end().await;
    assert!(idle.elapsed() < Duration::from_secs(2));
}
