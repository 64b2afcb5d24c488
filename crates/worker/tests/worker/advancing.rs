//! The worker advances claims by itself where their policy says so, and never against a person's override.

use hearsay_core::State;
use hearsay_store::TaskKind;

use crate::desk::{Desk, follow_up};

const SAID: &str = "2025-04-22T15:30:00Z";
const LETS_IT: &str = r#"{"do":"set_policy","name":"default","auto_advance":["corroborated"]}"#;

async fn state(desk: &Desk, claim: &str) -> State {
    let number = desk.store.find_claim(claim).await.unwrap();
    desk.store.claim_now(number).await.unwrap().state
}

#[tokio::test]
async fn a_claim_advances_by_itself_where_its_policy_says_so() {
    let desk = Desk::told(LETS_IT).await;
    desk.tell(&follow_up("offer", "reuters", "affirms", SAID)).await;
    desk.work().await;
    assert_eq!(state(&desk, "offer").await, State::Corroborated);
    let events = desk.events("offer").await;
    assert_eq!(events.last().unwrap().event.actor.name.body(), Some("worker/auto_advance"));
    desk.tell(&follow_up("offer", "peskov", "denies", SAID)).await;
    desk.work().await;
    assert_eq!(state(&desk, "offer").await, State::Corroborated, "`disputed` isn't on the list");
    assert_eq!(desk.dead().await, [""; 0]);
}

#[tokio::test]
async fn without_its_policys_leave_a_claim_stays() {
    let desk = Desk::told("").await;
    desk.tell(&follow_up("offer", "reuters", "affirms", SAID)).await;
    desk.work().await;
    assert_eq!(state(&desk, "offer").await, State::Reported);
    assert_eq!(desk.kind(TaskKind::AutoAdvance).await.done_today, 0, "there isn't even a task");
}

#[tokio::test]
async fn a_policy_that_lets_it_later_reaches_what_is_due_already() {
    let desk = Desk::told("").await;
    desk.tell(&follow_up("offer", "reuters", "affirms", SAID)).await;
    desk.tell(LETS_IT).await;
    desk.work().await;
    assert_eq!(state(&desk, "offer").await, State::Corroborated);
    assert_eq!(state(&desk, "truce").await, State::Reported);
}

#[tokio::test]
async fn never_against_an_override() {
    let desk = Desk::told(LETS_IT).await;
    desk.tell(&follow_up("offer", "reuters", "affirms", SAID)).await;
    desk.tell(r#"{"do":"override","claim":"offer","to":"denied","reason":"Both had it from one man"}"#).await;
    desk.work().await;
    assert_eq!(state(&desk, "offer").await, State::Denied, "an override came before the worker");
    desk.tell(r#"{"do":"note","claim":"offer","text":"Look again tomorrow"}"#).await;
    desk.work().await;
    assert_eq!(state(&desk, "offer").await, State::Denied);
    desk.tell(&follow_up("offer", "peskov", "denies", SAID)).await;
    desk.work().await;
    assert_eq!(state(&desk, "offer").await, State::Denied, "the standing has changed, to nothing on the list");
    desk.tell(&follow_up("offer", "peskov", "affirms", "2025-04-22T15:50:00Z")).await;
    desk.work().await;
    assert_eq!(state(&desk, "offer").await, State::Corroborated, "it has changed since the override");
    assert_eq!(desk.dead().await, [""; 0]);
}

#[tokio::test]
async fn a_claim_falls_back_by_itself_only_where_that_is_on_the_list() {
    for (list, expected) in
        [(r#"["corroborated"]"#, State::Corroborated), (r#"["corroborated","reported"]"#, State::Reported)]
    {
        let policy = format!(r#"{{"do":"set_policy","name":"default","auto_advance":{list}}}"#);
        let desk = Desk::told(&policy).await;
        desk.put(&follow_up("offer", "reuters", "affirms", SAID)).await;
        desk.work().await;
        assert_eq!(state(&desk, "offer").await, State::Corroborated);
        desk.put(&format!(r#"{{"do":"withdraw_evidence","evidence":"e1","said_at":"{SAID}"}}"#)).await;
        desk.work().await;
        assert_eq!(state(&desk, "offer").await, expected, "{list}");
    }
}
