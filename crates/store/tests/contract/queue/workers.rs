//! Runs of a worker: one at a time on a file, and what an earlier one left is taken up at once.

use std::os::unix::process::ExitStatusExt;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use hearsay_store::{MAX_INTERRUPTIONS, Settlement, Store, StoreError, Turn};

use super::hall::{at_hands, ended, hall, keyed, named, names};
use crate::desk::{execute, options};

#[tokio::test]
async fn a_second_worker_is_refused_with_a_sentence_that_names_the_first() {
    let hall = hall().await;
    let other = Store::open(&hall.desk.path, at_hands(&hall.hands)).await.unwrap();
    for store in [&other, &hall.desk.store] {
        let refused = store.begin_boot(2, "second").await.unwrap_err();
        let sentence = refused.to_string();
        assert!(sentence.contains("process 1") && sentence.contains("`first`"), "{sentence}");
        assert!(matches!(refused, StoreError::AnotherWorker { pid: 1, .. }));
    }
    let now = other.worker_now().await.unwrap().unwrap();
    assert_eq!((now.boot, now.pid, now.name.as_str()), (Some(hall.boot()), 1, "first"));
    other.close().await;
}

#[tokio::test]
async fn a_worker_that_has_ended_makes_way() {
    let hall = hall().await;
    let first = hall.boot();
    hall.desk.store.end_boot(hall.boot).await.unwrap();
    assert_eq!(hall.desk.store.worker_now().await.unwrap(), None);
    let second = hall.desk.store.begin_boot(2, "second").await.unwrap();
    assert!(second.number() > first);
    assert_eq!(hall.desk.store.worker_now().await.unwrap().unwrap().name, "second");
}

#[tokio::test]
async fn looking_who_works_keeps_no_worker_from_beginning() {
    let hall = hall().await;
    hall.desk.store.end_boot(hall.boot).await.unwrap();
    let store = hall.desk.store.clone();
    let looking = tokio::spawn(async move {
        loop {
            store.worker_now().await.unwrap();
            tokio::task::yield_now().await;
        }
    });
    for round in 0..30 {
        let boot = hall.desk.store.begin_boot(round, "again").await.unwrap();
        hall.desk.store.end_boot(boot).await.unwrap();
    }
    looking.abort();
}

#[tokio::test]
async fn what_an_earlier_run_left_leased_is_due_at_once_and_its_settles_are_refused() {
    let hall = hall().await;
    hall.put([named("a"), keyed("b", "k"), named("c")]).await;
    let left = hall.lease().await;
    let (store, first) = (hall.desk.store.clone(), hall.boot());
    drop(hall.boot);
    let second = store.begin_boot(2, "second").await.unwrap();
    let settles = vec![ended(&left[0], Settlement::Done)];
    let refused = store.turn(Turn { boot: second.number(), settles: settles.clone(), lease: None }).await.unwrap();
    assert_eq!(refused.refused, [left[0].id], "of an earlier run");
    let stale = store.turn(Turn { boot: first, settles, lease: None }).await.unwrap_err();
    assert!(matches!(stale, StoreError::AnotherWorker { pid: 2, .. }), "{stale}");
    let lease = hearsay_store::LeaseRequest {
        kinds: hearsay_store::TaskKind::ALL.to_vec(),
        most: 9,
        lease: super::hall::LEASE,
    };
    let old = store.turn(Turn { boot: first, settles: vec![], lease: Some(lease.clone()) }).await;
    assert!(old.is_err(), "a run that was overtaken leases nothing");
    let turned = store.turn(Turn { boot: second.number(), settles: vec![], lease: Some(lease) }).await.unwrap();
    assert_eq!(names(&turned.leased), ["a", "b", "c"]);
    assert_eq!(turned.leased.iter().map(|task| task.attempts).collect::<Vec<_>>(), [1, 1, 1], "not its fault");
}

#[tokio::test]
async fn forty_interruptions_kill_no_task_and_a_hundred_do() {
    let hall = hall().await;
    let id = hall.put([named("a")]).await[0].unwrap();
    let store = hall.desk.store.clone();
    let mut hall = hall;
    for run in 1..MAX_INTERRUPTIONS {
        assert_eq!(hall.lease().await[0].attempts, 1, "{run}");
        drop(hall.boot);
        hall.boot = store.begin_boot(run, "again").await.unwrap();
        assert_eq!(hall.live().await[0].interruptions, run);
    }
    hall.lease().await;
    drop(hall.boot);
    hall.boot = store.begin_boot(0, "last").await.unwrap();
    assert_eq!((hall.live().await.len(), hall.dead().await[0].id), (0, id));
    assert_eq!(hall.queue_overview().await.unwrap().pop().unwrap().dead_today, 1);
}

#[tokio::test]
async fn the_last_few_runs_are_kept() {
    let mut hall = hall().await;
    for run in 0..30 {
        let store = hall.desk.store.clone();
        store.end_boot(hall.boot).await.unwrap();
        hall.boot = store.begin_boot(run, "again").await.unwrap();
    }
    let kept = crate::desk::column(&hall.desk.path, "SELECT CAST(count(*) AS TEXT) FROM workers").await;
    assert_eq!(kept, ["20"]);
    execute(&hall.desk.path, "DELETE FROM workers").await.unwrap();
    assert_eq!(hall.lease_names().await, [""; 0]);
}

/// The other process of the next test: begins a run, and stays until it is killed.
#[tokio::test]
#[ignore = "run by the next test, in a process of its own"]
async fn holds_the_lock() {
    let Ok(path) = std::env::var("HEARSAY_LOCKED") else { return };
    let store = Store::open(path.as_ref(), options(hearsay_store::Create::Never)).await.unwrap();
    let boot = store.begin_boot(std::process::id(), "victim").await.unwrap();
    println!("began");
    tokio::time::sleep(Duration::from_mins(1)).await;
    drop(boot);
}

#[tokio::test]
async fn the_lock_is_free_once_its_process_is_killed() {
    let hall = hall().await;
    let store = hall.desk.store.clone();
    store.end_boot(hall.boot).await.unwrap();
    let mut child = Command::new(std::env::current_exe().unwrap())
        .args(["queue::workers::holds_the_lock", "--exact", "--ignored", "--nocapture"])
        .env("HEARSAY_LOCKED", &hall.desk.path)
        .stdout(Stdio::null())
        .spawn()
        .unwrap();
    let begun = Instant::now();
    let other = loop {
        if let Some(other) = store.worker_now().await.unwrap()
            && other.boot.is_some()
        {
            break other;
        }
        assert!(begun.elapsed() < Duration::from_secs(30), "the other process never began");
        tokio::time::sleep(Duration::from_millis(10)).await;
    };
    assert_eq!((other.pid, other.name.as_str()), (child.id(), "victim"));
    let refused = store.begin_boot(3, "third").await.unwrap_err();
    assert!(refused.to_string().contains(&format!("process {} (`victim`)", child.id())), "{refused}");
    child.kill().unwrap();
    assert_eq!(child.wait().unwrap().signal(), Some(9));
    assert_eq!(store.worker_now().await.unwrap(), None);
    store.begin_boot(3, "third").await.unwrap();
}
