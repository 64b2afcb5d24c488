//! How attempts end: retries, dead letters, releases, and what is counted.

use hearsay_store::{
    DeadFilter, DeadSelection, FoundTask, MAX_ATTEMPTS, NewTask, Settlement, StoreError, TaskId, TaskKind,
};
use serde_json::json;

use super::hall::{Hall, ended, hall, keyed, named, names, of_claim};
use crate::desk::execute;

fn dead(error: &str) -> Settlement {
    Settlement::Dead { field: None, error: error.to_owned() }
}

#[tokio::test]
async fn a_retry_waits_for_its_time_and_keeps_its_error() {
    let hall = hall().await;
    hall.put([named("a")]).await;
    let leased = hall.lease().await;
    hall.retry(&leased, 60).await;
    assert_eq!(hall.lease_names().await, [""; 0]);
    let view = hall.live().await.remove(0);
    assert_eq!((view.attempts, view.last_error.as_deref(), view.run_at), (1, Some("not yet"), hall.at(60)));
    hall.hands.go(60);
    assert_eq!(hall.lease().await[0].attempts, 2);
}

#[tokio::test]
async fn the_last_attempt_that_fails_is_the_end() {
    let hall = hall().await;
    let id = hall.put([keyed("poison", "k")]).await[0].unwrap();
    for attempt in 1..=MAX_ATTEMPTS {
        let leased = hall.lease().await;
        assert_eq!(leased[0].attempts, attempt);
        hall.retry(&leased, 0).await;
    }
    assert_eq!(hall.live().await, []);
    let letter = hall.dead().await.remove(0);
    assert_eq!((letter.id, letter.attempts, letter.error.as_str()), (id, MAX_ATTEMPTS, "not yet"));
    assert_eq!((letter.key.as_deref(), letter.died_at), (Some("k"), hall.hands.now()));
    let nothing = hall.queue_overview().await.unwrap().pop().unwrap();
    assert_eq!((nothing.retried_today, nothing.dead_today), (u64::from(MAX_ATTEMPTS - 1), 1));
}

#[tokio::test]
async fn a_poison_task_stalls_neither_its_batch_nor_those_behind_it() {
    let hall = hall().await;
    hall.put([named("poison"), named("a"), of_claim("b", 1)]).await;
    let leased = hall.lease().await;
    let how = |index| if index == 0 { dead("poison") } else { Settlement::Done };
    let settles = leased.iter().enumerate().map(|(index, task)| ended(task, how(index))).collect();
    hall.put([named("behind"), of_claim("of the same claim", 1)]).await;
    let turned = hall.turn_with(settles, &[TaskKind::Nothing], 9).await;
    assert_eq!(
        (turned.refused, names(&turned.leased)),
        (vec![], vec!["behind".into(), "of the same claim".into()])
    );
    assert_eq!(hall.dead().await.len(), 1);
}

#[tokio::test]
async fn a_dead_letter_keeps_all_that_is_needed_to_mend_it() {
    let hall = hall().await;
    let payload = json!({ "line": 17, "source": "wire.jsonl", "text": "{}" });
    let task = NewTask { payload: payload.clone(), ..of_claim("x", 3) };
    let id = hall.put([task]).await[0].unwrap();
    let leased = hall.lease().await;
    let how = Settlement::Dead { field: Some("stance".to_owned()), error: "no such stance".to_owned() };
    hall.settle(&leased, &how).await;
    let FoundTask::Dead(letter) = hall.task(id).await.unwrap() else { panic!("it lives") };
    assert_eq!(
        (letter.line, letter.source.as_deref(), letter.field.as_deref()),
        (Some(17), Some("wire.jsonl"), Some("stance"))
    );
    assert_eq!(
        (letter.payload, letter.error.as_str(), letter.claim),
        (payload, "no such stance", leased[0].claim)
    );
}

#[tokio::test]
async fn a_release_is_no_attempt_and_a_key_that_was_let_go_blocks_nobody() {
    let hall = hall().await;
    hall.put([named("a"), keyed("b", "k")]).await;
    let leased = hall.lease().await;
    assert!(hall.put([keyed("c", "k")]).await[0].is_some());
    assert_eq!(hall.settle(&leased, &Settlement::Release).await, []);
    let again = hall.lease().await;
    assert_eq!(names(&again), ["a", "b", "c"]);
    assert_eq!(again[0].attempts, 1);
    assert_eq!(hall.settle(&again, &Settlement::Release).await, [], "both of the key at once");
    assert_eq!(hall.lease().await.len(), 3);
}

#[tokio::test]
async fn what_is_put_off_is_no_attempt_and_is_due_then() {
    let hall = hall().await;
    hall.put([named("a")]).await;
    let leased = hall.lease().await;
    let at = leased[0].run_at + jiff::SignedDuration::from_secs(5);
    assert_eq!(hall.settle(&leased, &Settlement::Postpone { at }).await, []);
    assert_eq!(hall.lease().await.len(), 0);
    hall.hands.go(5);
    let again = hall.lease().await;
    assert_eq!((names(&again), again[0].attempts), (vec!["a".to_owned()], 1));
}

async fn with_dead(letters: &[NewTask]) -> (Hall, Vec<TaskId>) {
    let hall = hall().await;
    let ids = hall.put(letters.iter().cloned()).await.into_iter().flatten().collect();
    let leased = hall.turn_with(vec![], &TaskKind::ALL, 100).await.leased;
    hall.settle(&leased, &dead("wrong")).await;
    (hall, ids)
}

#[tokio::test]
async fn a_dead_letter_is_retried_under_its_number_with_all_its_attempts_before_it() {
    let (hall, ids) = with_dead(&[named("a"), named("b")]).await;
    let mut wake = hall.wake(&[TaskKind::Nothing]);
    let retried =
        hall.retry_dead(DeadSelection::Ids(vec![ids[1]]), Some(json!({ "name": "mended" }))).await.unwrap();
    assert_eq!(retried, [ids[1]]);
    wake.woken().await;
    let leased = hall.lease().await;
    assert_eq!((leased[0].id, names(&leased)), (ids[1], vec!["mended".to_owned()]));
    assert!(leased[0].attempts <= 2);
    assert_eq!(hall.dead().await.iter().map(|letter| letter.id).collect::<Vec<_>>(), [ids[0]]);
    assert_eq!(hall.retry_dead(DeadSelection::All, None).await.unwrap(), [ids[0]]);
    assert_eq!(hall.lease_names().await, ["a"]);
    assert_eq!(hall.retry_dead(DeadSelection::All, None).await.unwrap(), []);
}

#[tokio::test]
async fn a_key_keeps_no_dead_letter_from_being_retried() {
    let (hall, ids) = with_dead(&[keyed("old", "k")]).await;
    assert!(hall.put([keyed("new", "k")]).await[0].is_some(), "a dead letter holds no key");
    assert_eq!(hall.retry_dead(DeadSelection::Ids(ids.clone()), None).await.unwrap(), ids);
    let mut both = hall.lease_names().await;
    both.sort();
    assert_eq!(both, ["new", "old"]);
}

#[tokio::test]
async fn dead_letters_are_chosen_by_number_or_kind_and_an_unknown_one_stops_it_all() {
    let sweep = |name| NewTask { kind: TaskKind::Sweep, ..named(name) };
    let (hall, ids) = with_dead(&[named("a"), sweep("b"), named("c"), sweep("d")]).await;
    let unknown = || DeadSelection::Ids(vec![ids[0], TaskId(99)]);
    let refused = hall.retry_dead(unknown(), None).await.unwrap_err();
    assert!(matches!(&refused, StoreError::NotFound { what: "dead letter", name } if name == "99"), "{refused}");
    hall.drop_dead(unknown()).await.unwrap_err();
    assert_eq!((hall.dead().await.len(), hall.live().await.len()), (4, 0));
    hall.put([named("the writer is not left in a transaction")]).await;
    let filter = DeadFilter { kind: Some(TaskKind::Sweep), ..DeadFilter::default() };
    assert_eq!(hall.dead_tasks(&filter).await.unwrap().len(), 2);
    assert_eq!(hall.retry_dead(DeadSelection::Kind(TaskKind::Sweep), None).await.unwrap(), [ids[1], ids[3]]);
    assert_eq!(hall.drop_dead(DeadSelection::Ids(vec![ids[0]])).await.unwrap(), 1);
    assert_eq!(hall.drop_dead(DeadSelection::All).await.unwrap(), 1);
    assert_eq!(hall.dead().await, []);
    assert!(matches!(hall.task(ids[0]).await, Err(StoreError::NotFound { what: "task", .. })));
}

#[tokio::test]
async fn kinds_of_a_newer_program_are_left_alone_and_hide_nothing() {
    let hall = hall().await;
    hall.put([named("a"), named("b")]).await;
    let leased = hall.turn_with(vec![], &TaskKind::ALL, 1).await.leased;
    hall.settle(&leased, &dead("wrong")).await;
    for newer in [
        "INSERT INTO tasks (kind, fresh, payload, priority, due_at, enqueued_at) VALUES ('send_webhook', 1, '{}', 1, 0, 1)",
        "INSERT INTO dead_tasks VALUES (78, 'send_webhook', NULL, NULL, 'no json', 1, 1, 1, 1, NULL, 'x')",
    ] {
        execute(hall.path(), newer).await.unwrap();
    }
    assert_eq!(hall.live().await.len(), 1);
    assert_eq!(hall.dead_tasks(&DeadFilter::default()).await.unwrap().len(), 1);
    assert_eq!(hall.unknown_kinds().await.unwrap(), [("send_webhook".to_owned(), 2)]);
    assert_eq!(hall.lease().await.len(), 1);
}

#[tokio::test]
async fn keys_of_tasks_that_were_tried_are_told() {
    let hall = hall().await;
    hall.put([keyed("a", "tried"), keyed("b", "fresh")]).await;
    let leased = hall.turn_with(vec![], &TaskKind::ALL, 1).await.leased;
    let tried = || async { hall.keys_tried(&[TaskKind::Nothing]).await.unwrap().into_iter().collect::<Vec<_>>() };
    assert_eq!(tried().await, ["tried"]);
    hall.retry(&leased, 60).await;
    assert_eq!(tried().await, ["tried"]);
    assert!(hall.keys_tried(&[TaskKind::Sweep]).await.unwrap().is_empty());
}
