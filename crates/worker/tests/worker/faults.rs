//! Panics, hangs and stops: nothing is lost, nothing is done twice, and a second worker is refused.

use std::time::Duration;

use hearsay_store::{StoreError, TaskFilter, TaskKind};
use hearsay_worker::{CancellationToken, Worker, WorkerError, WorkerOptions};

use crate::desk::{Desk, Ids, follow_up, options, until, work};

const SAID: &str = "2025-04-22T15:30:00Z";

async fn last_error(desk: &Desk, kind: TaskKind) -> String {
    let filter = TaskFilter { kind: Some(kind), ..TaskFilter::default() };
    let tasks = desk.store.tasks(&filter).await.unwrap();
    tasks.into_iter().find_map(|task| task.last_error).unwrap_or_default()
}

#[tokio::test]
async fn a_panic_of_a_task_is_tried_again_with_its_words() {
    let desk = Desk::told(r#"{"do":"rate_source","source":"ft","reliability":"C"}"#).await;
    desk.ids(Ids::Panic);
    assert_eq!(desk.work().await.retried, 1);
    assert_eq!(last_error(&desk, TaskKind::Restand).await, "it panicked: no more ids");
    desk.ids(Ids::Given);
    desk.pass(5);
    desk.work().await;
    assert_eq!((desk.kind(TaskKind::Restand).await.done_today, desk.left().await), (1, 3));
}

#[tokio::test]
async fn a_panic_that_comes_every_time_ends_as_a_dead_letter() {
    let desk = Desk::told(r#"{"do":"rate_source","source":"ft","reliability":"C"}"#).await;
    desk.ids(Ids::Panic);
    for _ in 0..8 {
        desk.work().await;
        desk.pass(800);
    }
    assert_eq!(desk.dead().await, ["restand [] it panicked: no more ids"]);
    desk.work().await;
    assert_eq!(desk.dead().await.len(), 1, "the sweep leaves it to a person");
}

#[tokio::test]
async fn a_defect_of_the_rules_stalls_neither_batch_nor_claim() {
    let desk = Desk::told("").await;
    desk.put(&follow_up("offer", "reuters", "affirms", SAID)).await;
    desk.ids(Ids::Panic);
    assert_eq!(desk.work().await.retried, 1);
    let error = last_error(&desk, TaskKind::RecordFollowUp).await;
    assert!(error.contains("a defect in the rules stopped this command: no more ids"), "{error}");
    desk.ids(Ids::Given);
    desk.put(&follow_up("offer", "blog", "affirms", SAID)).await;
    desk.work().await;
    assert_eq!(
        desk.count("offer", "follow_up_recorded").await,
        1,
        "the next line of the claim didn't wait for it"
    );
    desk.pass(5);
    desk.work().await;
    assert_eq!(desk.count("offer", "follow_up_recorded").await, 2);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_task_that_hangs_is_tried_again_later() {
    let desk = Desk::told("").await;
    let working = desk.start_with(WorkerOptions { task_within: Duration::from_millis(50), ..options() }).await;
    until("it has swept", async || desk.kind(TaskKind::Sweep).await.done_today == 1).await;
    desk.ids(Ids::Hang);
    desk.put(&follow_up("offer", "reuters", "affirms", SAID)).await;
    // The writer hangs with it: the task is given up while it does, and settled once it goes on.
    tokio::time::sleep(Duration::from_millis(200)).await;
    desk.ids(Ids::Given);
    until("it is to be tried again", async || desk.kind(TaskKind::RecordFollowUp).await.retried_today == 1).await;
    assert_eq!(last_error(&desk, TaskKind::RecordFollowUp).await, "it took longer than 0.05 s");
    desk.pass(5);
    until("it is done", async || desk.kind(TaskKind::RecordFollowUp).await.done_today == 1).await;
    working.end().await;
    assert_eq!(
        desk.count("offer", "follow_up_recorded").await,
        1,
        "what hung was recorded, and the repeat wasn't"
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_worker_that_vanishes_leaves_its_work_to_the_next() {
    let desk = Desk::told("").await;
    let lines: Vec<String> = (0..2_000).map(|_| follow_up("offer", "blog", "affirms", SAID)).collect();
    for part in lines.chunks(500) {
        desk.put(&part.join("\n")).await;
    }
    for _ in 0..5 {
        let done = desk.kind(TaskKind::RecordFollowUp).await.done_today;
        let worker = Worker::begin(desk.store.clone(), options()).await.unwrap();
        let run = tokio::spawn(worker.run(CancellationToken::new()));
        until("some of it is done", async || desk.kind(TaskKind::RecordFollowUp).await.done_today > done).await;
        run.abort();
        assert!(run.await.is_err_and(|error| error.is_cancelled()));
    }
    desk.work().await;
    assert_eq!(desk.count("offer", "follow_up_recorded").await, 2_000);
    assert_eq!(desk.dead().await, [""; 0]);
}

#[tokio::test]
async fn a_second_worker_is_refused_and_told_of_the_first() {
    let desk = Desk::told("").await;
    let working = desk.start().await;
    for store in [desk.store.clone(), desk.again().await] {
        let refused = Worker::begin(store, options()).await.err().unwrap();
        let WorkerError::Store(StoreError::AnotherWorker { pid, name, .. }) = &refused else {
            panic!("{refused}")
        };
        assert_eq!((*pid, name.as_str()), (std::process::id(), "test"));
    }
    working.end().await;
    work(desk.again().await).await;
}
