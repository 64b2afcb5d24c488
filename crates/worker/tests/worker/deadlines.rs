//! Deadlines of answers and reviews: what is recorded when they pass, and when nothing is.

use hearsay_store::{EventFilter, NewTask, TaskFilter, TaskKind, Term};
use jiff::Timestamp;
use serde_json::json;

use crate::desk::{BASICS, Desk, at, follow_up, report, silence};

/// When the Kremlin's time to answer is up.
const ANSWER_BY: &str = "2025-04-23T16:00:00Z";
/// When both claims are to be reviewed.
const REVIEW_BY: &str = "2025-04-25T16:00:00Z";
/// The morning after the answer was due.
const NEXT_MORNING: &str = "2025-04-24T08:00:00Z";

async fn silences(desk: &Desk, claim: &str) -> Vec<Timestamp> {
    desk.events(claim).await.iter().filter_map(silence).collect()
}

#[tokio::test]
async fn a_silence_is_recorded_once_and_dated_at_the_deadline() {
    let desk = Desk::told("").await;
    desk.work().await;
    assert_eq!(silences(&desk, "offer").await, [], "the deadline is ahead");
    desk.set(NEXT_MORNING);
    desk.work().await;
    desk.work().await;
    assert_eq!(silences(&desk, "offer").await, [at(ANSWER_BY)]);
    let events = desk.events("offer").await;
    let recorded = &events.last().unwrap().event;
    assert_eq!(recorded.recorded_at, at(NEXT_MORNING));
    assert_eq!(recorded.actor.name.body(), Some("worker/answer_due"));
    assert_eq!(desk.dead().await, [""; 0]);
}

#[tokio::test]
async fn what_counts_is_when_it_was_said() {
    for (said_at, recorded_at, silent) in [
        ("2025-04-22T17:00:00Z", "2025-04-22T17:30:00Z", false),
        ("2025-04-23T15:59:59Z", NEXT_MORNING, false),
        (ANSWER_BY, NEXT_MORNING, false),
        ("2025-04-23T16:00:01Z", NEXT_MORNING, true),
    ] {
        let desk = Desk::told("").await;
        desk.set(recorded_at);
        desk.tell(&follow_up("offer", "peskov", "denies", said_at)).await;
        desk.set(NEXT_MORNING);
        desk.work().await;
        assert_eq!(!silences(&desk, "offer").await.is_empty(), silent, "said {said_at}, recorded {recorded_at}");
        assert_eq!(desk.dead().await, [""; 0]);
        assert_eq!(desk.kind(TaskKind::AnswerDue).await.scheduled, 0, "nothing is left of it");
    }
}

#[tokio::test]
async fn where_nothing_is_waited_for_nothing_is_recorded() {
    for change in [
        r#"{"do":"close","claim":"offer","as":"unresolved","reason":"Nobody can go and look"}"#,
        r#"{"do":"merge","claim":"offer","into":"truce","reason":"The same"}"#,
        r#"{"do":"record_silence","claim":"offer","of":"kremlin"}"#,
    ] {
        let desk = Desk::told("").await;
        desk.set(ANSWER_BY);
        desk.tell(change).await;
        let before = desk.facts("offer").await;
        let worked = desk.work().await;
        assert_eq!((worked.retried, worked.dead), (0, 0), "{change}");
        assert_eq!(desk.facts("offer").await, before, "{change}");
        assert_eq!(desk.kind(TaskKind::AnswerDue).await.done_today, 1, "{change}");
    }
}

#[tokio::test]
async fn a_deadline_that_was_moved_is_waited_for() {
    let desk = Desk::told("").await;
    desk.tell(r#"{"do":"request_answer","claim":"offer","of":"kremlin","until":"2025-04-24T16:00:00Z"}"#).await;
    desk.tell(r#"{"do":"set_review","claim":"offer","until":"2025-04-27T16:00:00Z"}"#).await;
    desk.set(NEXT_MORNING);
    let worked = desk.work().await;
    assert_eq!((worked.retried, worked.dead), (0, 0), "the new deadline has a task of its own");
    assert_eq!(silences(&desk, "offer").await, []);
    desk.set("2025-04-26T08:00:00Z");
    desk.work().await;
    assert_eq!(silences(&desk, "offer").await, [at("2025-04-24T16:00:00Z")]);
    assert_eq!(desk.count("offer", "overdue_marked").await, 0);
    desk.tell(r#"{"do":"request_answer","claim":"offer","of":"kremlin","until":"2025-04-26T16:00:00Z"}"#).await;
    desk.set("2025-04-28T08:00:00Z");
    desk.work().await;
    assert_eq!(silences(&desk, "offer").await, [at("2025-04-24T16:00:00Z"), at("2025-04-26T16:00:00Z")]);
    assert_eq!(desk.count("offer", "overdue_marked").await, 1);
}

#[tokio::test]
async fn a_deadline_in_the_past_is_due_at_once() {
    let desk = Desk::told("").await;
    desk.tell(r#"{"do":"request_answer","claim":"offer","of":"kremlin","until":"2025-04-01T00:00:00Z"}"#).await;
    desk.work().await;
    assert_eq!(silences(&desk, "offer").await, [at("2025-04-01T00:00:00Z")]);
}

#[tokio::test]
async fn a_party_that_was_added_has_a_deadline_of_its_own() {
    let desk = Desk::told("").await;
    desk.set("2025-04-23T10:00:00Z");
    desk.tell(
        r#"{"do":"set_party","claim":"truce","source":"kremlin","interest":"against","reason":"Named in it"}"#,
    )
    .await;
    desk.set(NEXT_MORNING);
    desk.work().await;
    assert_eq!(silences(&desk, "truce").await, []);
    desk.set("2025-04-24T10:00:00Z");
    desk.work().await;
    assert_eq!(silences(&desk, "truce").await, [at("2025-04-24T10:00:00Z")]);
}

#[tokio::test]
async fn a_review_that_did_not_come_makes_a_claim_overdue_once() {
    let desk = Desk::told("").await;
    desk.set(REVIEW_BY);
    desk.work().await;
    desk.work().await;
    for claim in ["offer", "truce"] {
        assert_eq!(desk.count(claim, "overdue_marked").await, 1, "{claim}");
    }
}

#[tokio::test]
async fn a_ruling_stops_the_clock_of_the_review() {
    let desk = Desk::told("").await;
    desk.tell(r#"{"do":"propose_ruling","claim":"truce","rating":"True","summary":"Two cameras show it"}"#).await;
    desk.set(REVIEW_BY);
    let worked = desk.work().await;
    assert_eq!(worked.dead, 0);
    assert_eq!(desk.count("truce", "overdue_marked").await, 0);
    assert_eq!(desk.count("offer", "overdue_marked").await, 1);
}

#[tokio::test]
async fn deadlines_that_were_lost_are_found() {
    let desk = Desk::told("").await;
    desk.set("2025-04-26T08:00:00Z");
    assert_eq!(desk.lose(&[TaskKind::AnswerDue, TaskKind::ReviewDue]).await, 3);
    desk.work().await;
    assert_eq!(silences(&desk, "offer").await, [at(ANSWER_BY)]);
    for claim in ["offer", "truce"] {
        assert_eq!(desk.count(claim, "overdue_marked").await, 1, "{claim}");
    }
    let before = desk.store.head().await.unwrap();
    desk.work().await;
    assert_eq!(desk.store.head().await.unwrap(), before, "nothing is found twice");
    assert_eq!(desk.kind(TaskKind::AnswerDue).await.done_today, 2, "the lost one and the found one");
}

#[tokio::test]
async fn a_deadline_whose_task_waits_is_not_lost() {
    let desk = Desk::told(r#"{"do":"set_policy","name":"default","origins":1}"#).await;
    for kind in [TaskKind::AnswerDue, TaskKind::ReviewDue, TaskKind::Restand] {
        desk.store.pause(kind, "ana").await.unwrap();
    }
    desk.set("2025-04-26T08:00:00Z");
    assert_eq!(desk.store.enqueue_missed().await.unwrap(), 0);
}

#[tokio::test]
async fn a_deadline_whose_task_is_dead_waits_for_a_person() {
    let desk = Desk::told("").await;
    desk.set(NEXT_MORNING);
    assert_eq!(desk.lose(&[TaskKind::AnswerDue]).await, 1);
    // What stands in its place, under its key, cannot be read.
    assert_eq!(desk.store.enqueue_missed().await.unwrap(), 1);
    let tasks = desk.store.tasks(&TaskFilter { kind: Some(TaskKind::AnswerDue), ..Default::default() }).await;
    let key = tasks.unwrap().remove(0).key;
    assert_eq!(desk.lose(&[TaskKind::AnswerDue]).await, 1);
    let unreadable = NewTask { key, ..NewTask::now(TaskKind::AnswerDue, json!({"claim": 1})) };
    desk.enqueue(vec![unreadable]).await;
    desk.work().await;
    desk.work().await;
    assert_eq!(desk.dead().await.len(), 1);
    assert_eq!(silences(&desk, "offer").await, []);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn ten_thousand_deadlines_pass_in_one_second() {
    const MANY: usize = 10_000;
    let desk = Desk::new().await;
    desk.tell(BASICS).await;
    desk.tell_at_once((0..MANY).map(|number| report(number, "kremlin"))).await;
    desk.set(NEXT_MORNING);
    let worked = desk.work().await;
    assert_eq!((worked.retried, worked.dead, worked.refused), (0, 0, 0));
    let filter = EventFilter { kinds: Term::only("silence_recorded".to_owned()), ..Default::default() };
    let silences = desk.store.events(&filter).await.unwrap();
    assert_eq!(silences.len(), MANY + 1);
    assert!(silences.iter().all(|view| view.event.occurred_at == at(ANSWER_BY)));
    assert_eq!(desk.kind(TaskKind::AnswerDue).await.scheduled, 0);
}
