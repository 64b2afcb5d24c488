//! A rating, a relation, a policy changed: the worker weighs the claims again, gives way, and goes on.

use hearsay_core::{ClaimNumber, Standing};
use hearsay_store::{ClaimFilter, TaskKind};

use crate::desk::{Desk, follow_up, until};

const SAID: &str = "2025-04-22T15:30:00Z";

async fn with(desk: &Desk, standing: Standing) -> usize {
    let filter = ClaimFilter { standings: vec![standing], ..ClaimFilter::default() };
    desk.store.claims(&filter).await.unwrap().len()
}

/// Claims that the FT alone affirms.
async fn many(count: usize) -> Desk {
    let desk = Desk::told("").await;
    let line = |number: usize| {
        format!(
            r#"{{"do":"report_claim","text":"Claim {number}","kind":"event","evidence":{{"source":"ft","stance":"affirms","footing":"own","said_at":"{SAID}"}}}}"#
        )
    };
    desk.tell_at_once((0..count).map(line)).await;
    desk
}

#[tokio::test]
async fn a_changed_rating_changes_standings() {
    let desk = Desk::told("").await;
    desk.tell(&follow_up("offer", "reuters", "affirms", SAID)).await;
    desk.tell(r#"{"do":"rate_source","source":"ft","reliability":"E"}"#).await;
    assert_eq!(with(&desk, Standing::Corroborated).await, 1, "nobody has weighed it again yet");
    desk.work().await;
    assert_eq!(with(&desk, Standing::Corroborated).await, 0);
    assert_eq!(desk.count("offer", "standing_recorded").await, 1);
    assert_eq!(desk.count("truce", "standing_recorded").await, 0);
    desk.tell(r#"{"do":"rate_source","source":"ft","reliability":"B"}"#).await;
    desk.tell(r#"{"do":"set_policy","name":"default","origins":1}"#).await;
    desk.work().await;
    assert_eq!(with(&desk, Standing::Corroborated).await, 2);
    assert_eq!(desk.kind(TaskKind::Restand).await.waiting, 0);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn it_gives_way_when_it_is_stopped_and_goes_on_from_there() {
    const MANY: usize = 3_000;
    let desk = many(MANY).await;
    desk.tell(r#"{"do":"set_policy","name":"default","origins":1}"#).await;
    let mut stops = 0;
    loop {
        let before = with(&desk, Standing::Corroborated).await;
        let working = desk.start().await;
        until("some are weighed", async || with(&desk, Standing::Corroborated).await > before).await;
        let worked = working.end().await;
        let now = with(&desk, Standing::Corroborated).await;
        if now == MANY + 2 {
            break;
        }
        assert_eq!(worked.given_back, 1, "the rest goes back on the queue");
        stops += 1;
    }
    assert!(stops > 0, "it was never stopped in between");
    desk.work().await;
    for number in [1, 500, 3_002] {
        let events = desk.facts(&ClaimNumber(number).to_string()).await;
        assert_eq!(events, ["claim_reported", "standing_recorded"], "claim {number}");
    }
    assert_eq!(desk.kind(TaskKind::Restand).await.dead, 0);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn others_get_through_while_it_works() {
    const MANY: usize = 3_000;
    let desk = many(MANY).await;
    let working = desk.start().await;
    until("it has swept", async || desk.kind(TaskKind::Sweep).await.done_today == 1).await;
    let line = desk.put_task(1, &follow_up("truce", "blog", "denies", SAID)).await;
    desk.tell(r#"{"do":"set_policy","name":"default","origins":1}"#).await;
    until("some are weighed", async || desk.count("offer", "standing_recorded").await == 1).await;
    desk.enqueue(vec![line]).await;
    desk.tell(r#"{"do":"note","claim":"truce","text":"Still here"}"#).await;
    until("all are weighed", async || with(&desk, Standing::Corroborated).await == MANY + 2).await;
    working.end().await;
    let last = desk.events(&ClaimNumber(3_002).to_string()).await.last().unwrap().event.seq;
    let events = desk.events("truce").await;
    for kind in ["note_added", "follow_up_recorded"] {
        let got_through = events.iter().any(|view| view.event.fact.kind() == kind && view.event.seq < last);
        assert!(got_through, "{kind} before the last claim was weighed");
    }
}

#[tokio::test]
async fn a_change_that_was_left_waiting_is_found() {
    let desk = Desk::told(r#"{"do":"set_policy","name":"default","origins":1}"#).await;
    assert_eq!(desk.lose(&[TaskKind::Restand]).await, 1);
    desk.work().await;
    assert_eq!(with(&desk, Standing::Corroborated).await, 2);
}
