//! One task at a time for each claim: several in one turn are one lane's, which does them in order.

use hearsay_core::Priority;
use hearsay_store::{NewTask, Settlement, TaskKind};

use super::hall::{ended, hall, named, names, of_claim};

#[tokio::test]
async fn a_turn_may_lease_several_of_a_claim_and_no_other_turn_until_they_are_settled() {
    let hall = hall().await;
    hall.put([of_claim("a1", 1), of_claim("b1", 2), of_claim("a2", 1), named("free"), of_claim("a3", 1)]).await;
    let first = hall.turn_with(vec![], &[TaskKind::Nothing], 3).await.leased;
    assert_eq!(names(&first), ["a1", "b1", "a2"]);
    assert_eq!(hall.lease_names().await, ["free"], "both claims are busy");
    hall.put([of_claim("a4", 1), of_claim("c1", 3)]).await;
    assert_eq!(hall.lease_names().await, ["c1"]);
    hall.settle(&first[..1], &Settlement::Done).await;
    assert_eq!(hall.lease_names().await, [""; 0], "one of claim 1 is still leased");
    let settles = vec![ended(&first[2], Settlement::Done)];
    let turned = hall.turn_with(settles, &[TaskKind::Nothing], 9).await;
    assert_eq!(names(&turned.leased), ["a3", "a4"], "settled and leased in one turn");
}

#[tokio::test]
async fn a_claim_is_busy_for_every_kind() {
    let hall = hall().await;
    let sweep = NewTask { kind: TaskKind::Sweep, ..of_claim("other kind", 1) };
    hall.put([of_claim("a", 1), sweep]).await;
    let leased = hall.lease().await;
    assert_eq!(hall.turn_with(vec![], &[TaskKind::Sweep], 9).await.leased, []);
    let mut wake = hall.wake(&[TaskKind::Sweep]);
    hall.settle(&leased, &Settlement::Done).await;
    wake.woken().await;
    assert_eq!(names(&hall.turn_with(vec![], &[TaskKind::Sweep], 9).await.leased), ["other kind"]);
}

#[tokio::test]
async fn a_claim_is_free_once_its_lease_has_run_out_or_its_task_waits_to_be_tried_again() {
    let hall = hall().await;
    hall.put([of_claim("a", 1), of_claim("b", 1)]).await;
    let first = hall.turn_with(vec![], &[TaskKind::Nothing], 1).await.leased;
    hall.hands.go(31);
    assert_eq!(
        hall.turn_with(vec![], &[TaskKind::Nothing], 1).await.leased[0].id,
        first[0].id,
        "rescued, in order"
    );
    hall.hands.go(31);
    let again = hall.turn_with(vec![], &[TaskKind::Nothing], 1).await.leased;
    hall.retry(&again, 600).await;
    assert_eq!(hall.lease_names().await, ["b"], "a poison task stalls its claim no longer than its attempt");
}

#[tokio::test]
async fn a_busy_claim_with_a_long_queue_holds_up_nobody_else() {
    let hall = hall().await;
    hall.put((0..3_000).map(|number| of_claim(&number.to_string(), 1))).await;
    let held = hall.turn_with(vec![], &[TaskKind::Nothing], 1).await.leased;
    let low = NewTask { priority: Priority::Low, ..of_claim("of another claim", 2) };
    hall.put([low]).await;
    assert_eq!(hall.lease_names().await, ["of another claim"]);
    hall.settle(&held, &Settlement::Done).await;
    assert_eq!(hall.lease_names().await.len(), 100);
}

#[tokio::test]
async fn the_tasks_of_a_claim_come_in_their_order() {
    let hall = hall().await;
    let at = |name: &str, seconds| NewTask { run_at: Some(hall.at(seconds)), ..of_claim(name, 1) };
    hall.put([at("third", -1), at("second", -2), at("fourth", -1), at("first", -3)]).await;
    assert_eq!(hall.lease_names().await, ["first", "second", "third", "fourth"]);
}
