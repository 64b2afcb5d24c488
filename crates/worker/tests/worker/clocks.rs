//! A clock that jumps: forward over deadlines, back behind them, and both while the worker looks.

use std::time::Duration;

use hearsay_store::TaskKind;

use crate::desk::{BASICS, Desk, at, follow_up, report, silence, until};

const BEFORE: &str = "2025-04-23T15:59:59Z";
const AFTER: &str = "2025-04-23T16:00:01Z";
const SAID: &str = "2025-04-22T15:30:00Z";

#[tokio::test]
async fn a_clock_that_jumps_forward_makes_due_what_lies_before_it() {
    let desk = Desk::told("").await;
    let working = desk.start().await;
    desk.set("2031-01-01T00:00:00Z");
    until("all three deadlines are done", async || {
        desk.kind(TaskKind::AnswerDue).await.done_today == 1
            && desk.kind(TaskKind::ReviewDue).await.done_today == 2
    })
    .await;
    desk.put(&follow_up("offer", "reuters", "affirms", SAID)).await;
    until("work goes on", async || desk.kind(TaskKind::RecordFollowUp).await.done_today == 1).await;
    working.end().await;
    let silences: Vec<_> = desk.events("offer").await.iter().filter_map(silence).collect();
    assert_eq!(silences, [at("2025-04-23T16:00:00Z")]);
}

#[tokio::test]
async fn a_clock_that_jumps_back_holds_up_nothing_that_is_due() {
    let desk = Desk::told("").await;
    desk.set("2025-04-23T12:00:00Z");
    let working = desk.start().await;
    until("it has swept", async || desk.kind(TaskKind::Sweep).await.done_today == 1).await;
    desk.set("2025-01-01T00:00:00Z");
    desk.put(&follow_up("offer", "reuters", "affirms", SAID)).await;
    until("work goes on", async || desk.count("offer", "follow_up_recorded").await == 1).await;
    desk.set(AFTER);
    until("the deadline passes", async || desk.count("offer", "silence_recorded").await == 1).await;
    working.end().await;
}

/// Whatever the clock says between lease and decision, each silence is recorded once.
#[tokio::test(flavor = "multi_thread", worker_threads = 3)]
async fn a_clock_that_flutters_about_a_deadline_loses_none() {
    const MANY: usize = 300;
    let desk = Desk::new().await;
    desk.tell(BASICS).await;
    desk.tell_at_once((0..MANY).map(|number| report(number, "kremlin"))).await;
    let working = desk.start().await;
    for _ in 0..300 {
        desk.set(AFTER);
        tokio::time::sleep(Duration::from_micros(300)).await;
        desk.set(BEFORE);
        tokio::time::sleep(Duration::from_micros(300)).await;
    }
    desk.set(AFTER);
    until("every deadline is done", async || desk.kind(TaskKind::AnswerDue).await.done_today == MANY as u64 + 1)
        .await;
    let worked = working.end().await;
    assert_eq!(worked.dead, 0);
    for number in 1..=MANY {
        let claim = format!("C-{number}");
        let expected = usize::from(claim != "C-2");
        assert_eq!(desk.count(&claim, "silence_recorded").await, expected, "{claim}");
    }
}

#[tokio::test]
async fn a_deadline_that_is_ahead_again_is_waited_for() {
    let desk = Desk::told("").await;
    desk.set(BEFORE);
    let worked = desk.work().await;
    assert_eq!((worked.retried, worked.dead), (0, 0));
    assert_eq!(desk.count("offer", "silence_recorded").await, 0);
    desk.set(AFTER);
    desk.work().await;
    assert_eq!(desk.count("offer", "silence_recorded").await, 1);
}
