//! The order of tasks: those of one claim one after the other as they were enqueued, whatever else runs beside them.

use hearsay_store::{NewTask, TaskKind};
use serde_json::json;

use crate::desk::Desk;

/// More than one turn leases.
const MANY: usize = 600;

fn numbered(claim: &str, number: usize) -> String {
    format!(
        r#"{{"do":"record_follow_up","claim":"{claim}","evidence":{{"ref":"{claim}-{number}","source":"blog","stance":"affirms","footing":"own","said_at":"2025-04-22T15:30:00Z"}}}}"#
    )
}

async fn handles(desk: &Desk, claim: &str) -> Vec<String> {
    let number = desk.store.find_claim(claim).await.unwrap();
    let evidence = desk.store.claim_file(number).await.unwrap().evidence;
    evidence.into_iter().skip(1).filter_map(|piece| piece.handle).collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn lines_are_recorded_in_the_order_in_which_they_were_submitted() {
    let desk = Desk::told("").await;
    let claim = |number: usize| if number.is_multiple_of(3) { "truce" } else { "offer" };
    let lines: Vec<String> = (0..MANY).map(|number| numbered(claim(number), number)).collect();
    desk.put(&lines.join("\n")).await;
    assert_eq!(desk.work().await.done, 601);
    for name in ["offer", "truce"] {
        let numbers = (0..MANY).filter(|number| claim(*number) == name);
        let expected: Vec<String> = numbers.map(|number| format!("{name}-{number}")).collect();
        assert_eq!(handles(&desk, name).await, expected);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_withdrawal_finds_the_line_before_it() {
    let desk = Desk::told("").await;
    let mut lines = Vec::new();
    for number in 0..100 {
        lines.push(numbered("offer", number));
        // It names its evidence alone, so that no claim is known when it is submitted.
        let said_at = "2025-04-22T15:40:00Z";
        lines.push(format!(r#"{{"do":"withdraw_evidence","evidence":"offer-{number}","said_at":"{said_at}"}}"#));
    }
    desk.put(&lines.join("\n")).await;
    let worked = desk.work().await;
    assert_eq!((worked.retried, worked.dead), (0, 0));
    assert_eq!(desk.count("offer", "evidence_withdrawn").await, 100);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_poison_task_stalls_neither_its_batch_nor_its_claim() {
    let desk = Desk::told("").await;
    let poison = |number: usize| number.is_multiple_of(5);
    let lines: Vec<String> = (0..MANY)
        .map(|number| {
            if poison(number) {
                numbered("offer", number).replace("own", "relays")
            } else {
                numbered("offer", number)
            }
        })
        .collect();
    desk.put(&lines.join("\n")).await;
    let worked = desk.work().await;
    assert_eq!((worked.dead, worked.done), (120, 481));
    assert_eq!(handles(&desk, "offer").await.len(), MANY - 120);
}

#[tokio::test]
async fn the_more_urgent_goes_first() {
    let desk = Desk::told("").await;
    desk.put(&format!("{}\n{}", numbered("offer", 1), numbered("offer", 2))).await;
    let mut urgent = desk.put_task(3, &numbered("offer", 3)).await;
    urgent.priority = hearsay_core::Priority::Urgent;
    desk.enqueue(vec![urgent]).await;
    desk.work().await;
    assert_eq!(handles(&desk, "offer").await, ["offer-3", "offer-1", "offer-2"]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn tasks_that_do_nothing_leave_nothing() {
    let desk = Desk::new().await;
    let tasks = (0..2_000).map(|_| NewTask::now(TaskKind::Nothing, json!({}))).collect();
    desk.enqueue(tasks).await;
    assert_eq!(desk.work().await.done, 2_001);
    assert_eq!(desk.left().await, 0);
    assert_eq!(desk.kind(TaskKind::Nothing).await.done_today, 2_000);
}
