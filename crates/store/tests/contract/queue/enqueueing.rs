//! Tasks put on the queue, by one process and by several.

use hearsay_core::{ClaimNumber, Priority};
use hearsay_store::{NewTask, Settlement, Store, TaskId, TaskKind};
use serde_json::json;

use super::hall::{at_hands, hall, keyed, named, names};
use crate::desk::raw;

#[tokio::test]
async fn tasks_are_numbered_in_their_order_and_leased_in_it() {
    let hall = hall().await;
    let ids = hall.put(["a", "b", "c"].map(named)).await;
    assert_eq!(ids, [Some(TaskId(1)), Some(TaskId(2)), Some(TaskId(3))]);
    assert_eq!(hall.put([]).await, []);
    assert_eq!(hall.put([named("d")]).await, [Some(TaskId(4))]);
    assert_eq!(hall.lease_names().await, ["a", "b", "c", "d"]);
}

#[tokio::test]
async fn a_payload_comes_back_as_it_was() {
    let hall = hall().await;
    let payload = json!({ "text": "„Ülo” said:\n\u{0}\"no\" \\ 🦊", "line": 7, "deep": [1.5, null, { "a": [] }] });
    let task = NewTask { payload: payload.clone(), ..named("x") };
    hall.put([task]).await;
    let leased = hall.lease().await;
    assert_eq!(leased[0].payload, payload);
    assert_eq!((leased[0].attempts, leased[0].run_at), (1, hall.hands.now()));
}

#[tokio::test]
async fn each_task_of_a_batch_keeps_its_own_payload_and_claim() {
    let hall = hall().await;
    let batch = ["ä", "", "🦊\u{0}", "b"].into_iter().zip([None, Some(7), None, Some(9)]);
    let batch: Vec<_> =
        batch.map(|(name, claim)| NewTask { claim: claim.map(ClaimNumber), ..named(name) }).collect();
    assert_eq!(hall.put(batch.clone()).await.len(), 4);
    let mut stored = raw(&hall.desk.path).await;
    sqlx::query("UPDATE tasks SET payload = 'nö: ' || char(0) WHERE id = 3").execute(&mut stored).await.unwrap();
    let leased: Vec<_> = hall.lease().await.into_iter().map(|task| (task.payload, task.claim)).collect();
    let mut expected: Vec<_> = batch.into_iter().map(|task| (task.payload, task.claim)).collect();
    expected[2].0 = json!("nö: \u{0}");
    assert_eq!(leased, expected);
}

#[tokio::test]
async fn a_key_is_held_until_the_first_attempt() {
    let hall = hall().await;
    let ids = hall.put([keyed("a", "k"), keyed("b", "k"), named("c"), keyed("d", "other"), keyed("e", "k")]).await;
    assert_eq!(ids.iter().map(Option::is_some).collect::<Vec<_>>(), [true, false, true, true, false]);
    assert_eq!(hall.put([keyed("f", "k"), named("g")]).await.iter().flatten().count(), 1);
    let running = hall.lease().await;
    assert_eq!(names(&running), ["a", "c", "d", "g"]);
    let next = hall.put([keyed("next", "k")]).await;
    assert!(next[0].is_some(), "a running task keeps no other out");
    assert_eq!(hall.retry(&running[..1], 0).await, []);
    assert_eq!(hall.put([keyed("f", "k")]).await, [None], "`next` waits for its first attempt");
    let mut both = hall.lease_names().await;
    both.sort();
    assert_eq!(both, ["a", "next"], "a retry is blocked by nobody");
}

#[tokio::test]
async fn the_numbers_of_a_mixed_batch_are_its_own() {
    let hall = hall().await;
    hall.put([keyed("held", "k1"), keyed("late", "k2")]).await;
    let later = NewTask { run_at: Some(hall.at(60)), ..keyed("later", "k3") };
    hall.put([later]).await;
    let batch = [named("a"), keyed("b", "k3"), keyed("c", "new"), keyed("d", "new"), keyed("e", "k1"), named("f")];
    let ids = hall.put(batch).await;
    assert_eq!(ids.iter().map(Option::is_some).collect::<Vec<_>>(), [true, false, true, false, false, true]);
    for (id, name) in ids.into_iter().zip(["a", "b", "c", "d", "e", "f"]) {
        if let Some(id) = id {
            let task = hall.live().await.into_iter().find(|task| task.id == id).unwrap();
            assert_eq!(task.payload["name"], name);
        }
    }
}

#[tokio::test]
async fn a_key_that_is_held_is_due_no_later_than_the_new_task_would_be() {
    let hall = hall().await;
    let at = |seconds| NewTask { run_at: Some(hall.at(seconds)), ..keyed("a", "k") };
    hall.put([at(100)]).await;
    hall.put([at(200)]).await;
    assert_eq!(hall.live().await[0].run_at, hall.at(100));
    hall.put([at(50), at(60)]).await;
    assert_eq!(hall.live().await[0].run_at, hall.at(50));
    hall.put([keyed("a", "k")]).await;
    assert_eq!(hall.lease_names().await, ["a"]);
}

#[tokio::test]
async fn the_urgent_come_first_then_what_was_scheduled_then_what_came_first() {
    let hall = hall().await;
    let of = |name, priority, run_at| NewTask { priority, run_at, ..named(name) };
    hall.put([
        of("low", Priority::Low, None),
        of("normal", Priority::Normal, None),
        of("due later", Priority::Normal, Some(hall.at(-1))),
        of("due first", Priority::Normal, Some(hall.at(-2))),
        of("in an hour", Priority::Urgent, Some(hall.at(3_600))),
        of("high", Priority::High, None),
        of("urgent", Priority::Urgent, None),
        of("normal too", Priority::Normal, None),
    ])
    .await;
    let mut order = Vec::new();
    for most in [1, 2, 2, 10] {
        let turned = hall.turn_with(Vec::new(), &[TaskKind::Nothing], most).await;
        order.extend(names(&turned.leased));
    }
    assert_eq!(order, ["urgent", "high", "due first", "due later", "normal", "normal too", "low"]);
}

#[tokio::test]
async fn kinds_share_a_turn_by_priority_and_only_those_asked_for_are_leased() {
    let hall = hall().await;
    let of = |kind, name, priority| NewTask { kind, priority, ..named(name) };
    hall.put([
        of(TaskKind::Nothing, "a", Priority::Normal),
        of(TaskKind::Sweep, "b", Priority::High),
        of(TaskKind::ReviewDue, "c", Priority::Urgent),
    ])
    .await;
    let turned = hall.turn_with(Vec::new(), &[TaskKind::Nothing, TaskKind::Sweep], 10).await;
    assert_eq!(names(&turned.leased), ["b", "a"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn several_stores_that_enqueue_at_once_lose_nothing_and_number_nothing_twice() {
    let hall = hall().await;
    let mut writing = Vec::new();
    for writer in 0..4 {
        let store = Store::open(&hall.desk.path, at_hands(&hall.hands)).await.unwrap();
        writing.push(tokio::spawn(async move {
            let mut ids = Vec::new();
            for number in 0..50 {
                let batch =
                    vec![named(&format!("{writer}-{number}")), keyed("shared", &format!("k{number}")), named("x")];
                ids.extend(store.enqueue_tasks(batch).await.unwrap());
            }
            store.close().await;
            ids
        }));
    }
    let mut ids: Vec<TaskId> = Vec::new();
    let mut shared = 0;
    for writing in writing {
        let got = writing.await.unwrap();
        shared += got.iter().skip(1).step_by(3).flatten().count();
        ids.extend(got.into_iter().flatten());
    }
    assert_eq!(shared, 50, "each key once");
    ids.sort();
    ids.dedup();
    assert_eq!(ids.len(), 4 * 50 * 2 + 50);
    assert_eq!(hall.live().await.len(), ids.len());
}

#[tokio::test]
async fn a_task_whose_stored_payload_is_no_json_is_leased_as_text() {
    let hall = hall().await;
    hall.put([named("a"), named("b")]).await;
    crate::desk::execute(&hall.desk.path, "UPDATE tasks SET payload = 'no json' WHERE id = 1").await.unwrap();
    let leased = hall.lease().await;
    assert_eq!((&leased[0].payload, &leased[1].payload["name"]), (&json!("no json"), &json!("b")));
    let dead = Settlement::Dead { field: None, error: "no JSON".to_owned() };
    assert_eq!(hall.settle(&leased, &dead).await, []);
    assert_eq!(hall.dead().await.len(), 2);
}

#[tokio::test]
async fn enqueueing_wakes_those_who_do_that_kind_and_no_others() {
    let hall = hall().await;
    let (mut nothing, mut sweep) = (hall.wake(&[TaskKind::Nothing]), hall.wake(&[TaskKind::Sweep]));
    let soon = std::time::Duration::from_millis(50);
    assert!(tokio::time::timeout(soon, nothing.woken()).await.is_err(), "nothing has happened");
    hall.put([named("a")]).await;
    nothing.woken().await;
    assert!(tokio::time::timeout(soon, nothing.woken()).await.is_err(), "woken once");
    assert!(tokio::time::timeout(soon, sweep.woken()).await.is_err(), "of another kind");
}

#[tokio::test]
async fn what_another_process_enqueues_is_seen_at_the_next_look() {
    let hall = hall().await;
    let mut elsewhere = hall.elsewhere().await.unwrap();
    assert!(!elsewhere.look().await.unwrap());
    let mut wake = hall.wake(&[TaskKind::Nothing]);
    let other = Store::open(&hall.desk.path, at_hands(&hall.hands)).await.unwrap();
    other.enqueue_tasks(vec![named("a")]).await.unwrap();
    assert!(elsewhere.look().await.unwrap());
    wake.woken().await;
    assert!(!elsewhere.look().await.unwrap());
    assert_eq!(hall.lease_names().await, ["a"]);
    other.close().await;
}

#[tokio::test]
async fn what_is_enqueued_is_on_disk_before_it_is_acknowledged() {
    let hall = hall().await;
    hall.put([named("a")]).await;
    let mut connection = raw(&hall.desk.path).await;
    let seen: i64 = sqlx::query_scalar("SELECT count(*) FROM tasks").fetch_one(&mut connection).await.unwrap();
    assert_eq!(seen, 1);
}

#[tokio::test]
async fn many_tasks_go_in_one_transaction() {
    let hall = hall().await;
    let ids = hall.put((0..5_000).map(|number| named(&number.to_string()))).await;
    assert_eq!(ids, (1..=5_000).map(|id| Some(TaskId(id))).collect::<Vec<_>>());
}
