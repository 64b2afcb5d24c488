//! A worker that signs the log while there is something new, and goes on with its work where it may not.

use std::time::Duration;

use hearsay_store::LogKey;
use hearsay_worker::{CancellationToken, Until, Worker, WorkerOptions};

use crate::desk::{Desk, follow_up, options, until};

const EVERY: Duration = Duration::from_millis(30);

fn key(folder: &tempfile::TempDir) -> LogKey {
    LogKey::make(&folder.path().join("log.key"), "hearsay.local/desk", &[3; 32]).unwrap()
}

async fn sizes(desk: &Desk) -> Vec<u64> {
    desk.store.checkpoints().await.unwrap().iter().map(|kept| kept.signed.checkpoint().size()).collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn the_log_is_signed_while_there_is_something_new() {
    let (desk, folder) = (Desk::told("").await, tempfile::tempdir().unwrap());
    let worker = Worker::begin(desk.store.clone(), options()).await.unwrap().signs(key(&folder), EVERY);
    let stop = CancellationToken::new();
    let working = tokio::spawn(worker.run(stop.clone()));
    until("what is there is signed", async || sizes(&desk).await.len() == 1).await;
    tokio::time::sleep(EVERY * 5).await;
    assert_eq!(sizes(&desk).await.len(), 1, "nothing is new, and nothing is signed");
    desk.put(&follow_up("offer", "reuters", "affirms", "2025-04-22T15:30:00Z")).await;
    until("what is new is signed", async || sizes(&desk).await.len() == 2).await;
    stop.cancel();
    working.await.unwrap().unwrap();
    let (size, root) = desk.store.tree_now().await.unwrap();
    let newest = desk.store.newest_checkpoint(None).await.unwrap().unwrap().signed;
    assert_eq!((newest.checkpoint().size(), newest.checkpoint().root()), (size, root));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_log_that_may_not_be_signed_is_worked_on_all_the_same() {
    let (desk, folder) = (Desk::told("").await, tempfile::tempdir().unwrap());
    let other = Desk::told(&"{\"do\":\"note\",\"claim\":\"offer\",\"text\":\"x\"}\n".repeat(30)).await;
    let key = key(&folder);
    other.store.sign_checkpoint(&key).await.unwrap();
    desk.put(&follow_up("offer", "reuters", "affirms", "2025-04-22T15:30:00Z")).await;
    let idle = WorkerOptions { until: Until::Idle, ..options() };
    let worker = Worker::begin(desk.store.clone(), idle).await.unwrap().signs(key, EVERY);
    worker.run(CancellationToken::new()).await.unwrap();
    assert_eq!(desk.count("offer", "follow_up_recorded").await, 1);
    assert_eq!(sizes(&desk).await, Vec::<u64>::new());
}
