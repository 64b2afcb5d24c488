//! When the worker works, and when it ends: until idle, woken by what is enqueued here and elsewhere, paused, limited.

use std::time::{Duration, Instant};

use hearsay_store::{NewTask, TaskKind};
use hearsay_worker::WorkerOptions;
use jiff::SignedDuration;
use serde_json::json;

use crate::desk::{Desk, follow_up, options, until};

const SAID: &str = "2025-04-22T15:30:00Z";

fn nothing() -> NewTask {
    NewTask::now(TaskKind::Nothing, json!({}))
}

#[tokio::test]
async fn until_idle_waits_for_nothing_that_is_scheduled_or_paused() {
    let desk = Desk::told("").await;
    let later = desk.store.now().checked_add(SignedDuration::from_secs(1)).unwrap();
    desk.enqueue(vec![NewTask { run_at: Some(later), ..nothing() }]).await;
    desk.store.pause(TaskKind::RecordFollowUp, "ana").await.unwrap();
    desk.put(&follow_up("offer", "reuters", "affirms", SAID)).await;
    let worked = desk.work().await;
    assert_eq!(worked.done, 1, "the sweep alone");
    assert_eq!(desk.kind(TaskKind::RecordFollowUp).await.waiting, 1);
    desk.store.resume(TaskKind::RecordFollowUp).await.unwrap();
    desk.pass(1);
    assert_eq!(desk.work().await.done, 3);
}

#[tokio::test]
async fn until_idle_does_what_its_own_work_brings() {
    let desk = Desk::told(r#"{"do":"set_policy","name":"default","auto_advance":["corroborated"]}"#).await;
    desk.put(&follow_up("offer", "reuters", "affirms", SAID)).await;
    desk.work().await;
    assert_eq!(desk.count("offer", "claim_advanced").await, 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn it_is_woken_at_the_commit() {
    let desk = Desk::told("").await;
    let working = desk.start_with(WorkerOptions { poll: Duration::from_hours(1), ..options() }).await;
    until("it has swept", async || desk.kind(TaskKind::Sweep).await.done_today == 1).await;
    let mut slowest = Duration::ZERO;
    for done in 1..=50 {
        let enqueued = Instant::now();
        desk.enqueue(vec![nothing()]).await;
        while desk.kind(TaskKind::Nothing).await.done_today < done {
            tokio::time::sleep(Duration::from_micros(200)).await;
        }
        slowest = slowest.max(enqueued.elapsed());
    }
    println!("slowest of 50, the look at it included: {slowest:?}");
    assert!(slowest < Duration::from_secs(1), "{slowest:?}");
    working.end().await;
}

#[tokio::test]
async fn it_finds_what_another_process_enqueued() {
    let desk = Desk::told("").await;
    let working = desk.start_with(WorkerOptions { poll: Duration::from_millis(250), ..options() }).await;
    until("it has swept", async || desk.kind(TaskKind::Sweep).await.done_today == 1).await;
    let other = desk.again().await;
    let enqueued = Instant::now();
    other.enqueue_tasks(vec![nothing()]).await.unwrap();
    until("it is done", async || desk.kind(TaskKind::Nothing).await.done_today == 1).await;
    assert!(enqueued.elapsed() < Duration::from_secs(1), "{:?}", enqueued.elapsed());
    working.end().await;
    other.close().await;
}

#[tokio::test]
async fn a_paused_kind_goes_on_once_it_is_resumed() {
    let desk = Desk::told("").await;
    desk.store.pause(TaskKind::Nothing, "ana").await.unwrap();
    let working = desk.start().await;
    desk.enqueue(vec![nothing()]).await;
    desk.put(&follow_up("offer", "reuters", "affirms", SAID)).await;
    until("the line is done", async || desk.kind(TaskKind::RecordFollowUp).await.done_today == 1).await;
    assert_eq!(desk.kind(TaskKind::Nothing).await.done_today, 0);
    desk.store.resume(TaskKind::Nothing).await.unwrap();
    until("it is done", async || desk.kind(TaskKind::Nothing).await.done_today == 1).await;
    working.end().await;
}

#[tokio::test]
async fn a_limited_kind_is_done_at_its_rate() {
    let desk = Desk::told("").await;
    desk.store.set_rate(TaskKind::Nothing, Some(60)).await.unwrap();
    let working = desk.start().await;
    desk.enqueue((0..5).map(|_| nothing()).collect()).await;
    for done in 1..=5 {
        until("one more is done", async || desk.kind(TaskKind::Nothing).await.done_today >= done).await;
        tokio::time::sleep(Duration::from_millis(30)).await;
        assert_eq!(desk.kind(TaskKind::Nothing).await.done_today, done, "no more than one a second");
        desk.pass(2);
    }
    working.end().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_heartbeat_keeps_what_is_being_done() {
    let desk = Desk::told("").await;
    let options = WorkerOptions { lease: Duration::from_millis(150), ..options() };
    let working = desk.start_with(options).await;
    until("it has swept", async || desk.kind(TaskKind::Sweep).await.done_today == 1).await;
    until("it says that it is well", async || {
        desk.pass(1);
        let worker = desk.store.worker_now().await.unwrap().unwrap();
        worker.seen_at > worker.since
    })
    .await;
    working.end().await;
    assert_eq!(desk.store.worker_now().await.unwrap(), None);
}
