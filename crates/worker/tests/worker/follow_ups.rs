//! Submitted lines: recorded once, in the name of who submitted them, or kept as dead letters that say why.

use hearsay_core::Standing;
use hearsay_store::{DeadFilter, DeadSelection, TaskKind};

use crate::desk::{Desk, follow_up};

const SAID: &str = "2025-04-22T15:30:00Z";

async fn standing(desk: &Desk, claim: &str) -> Standing {
    let number = desk.store.find_claim(claim).await.unwrap();
    desk.store.claim_now(number).await.unwrap().weighed.standing
}

#[tokio::test]
async fn a_line_is_recorded_once_in_the_name_of_who_submitted_it() {
    let desk = Desk::told("").await;
    let task = desk.put_task(1, &follow_up("offer", "reuters", "affirms", SAID)).await;
    for _ in 0..3 {
        desk.enqueue(vec![task.clone(), task.clone()]).await;
        desk.work().await;
    }
    assert_eq!(desk.count("offer", "follow_up_recorded").await, 1);
    let events = desk.events("offer").await;
    let actor = &events.last().unwrap().event.actor;
    assert_eq!((actor.name.body(), actor.role.as_str()), (Some("ana"), "checker"));
    assert_eq!(standing(&desk, "offer").await, Standing::Corroborated);
    assert_eq!(desk.kind(TaskKind::RecordFollowUp).await.done_today, 6);
}

#[tokio::test]
async fn what_is_refused_is_kept_with_line_field_and_reason() {
    let desk = Desk::told("").await;
    desk.put(
        r#"
{"do":"record_follow_up","claim":"offer","evidence":{"source":"reuters","stance":"affirms","said_at":"2025-04-22T15:30:00Z"}}
{"do":"record_follow_up","claim":"offer","version":1,"evidence":{"source":"reuters","stance":"affirms","footing":"own","said_at":"2025-04-22T15:30:00Z"}}
{"do":"record_follow_up","claim":"offer","version":1,"evidence":{"source":"reuters","stance":"denies","footing":"own","said_at":"2025-04-22T15:30:00Z"}}
{"do":"record_follow_up","claim":"offer","evidence":{"source":"reuters","stance":"affirms","footing":"own","said_at":"yesterday"}}
{"do":"record_follow_up","claim":"offer","evidence":{"source":"offer","stance":"affirms","footing":"own","said_at":"2025-04-22T15:30:00Z"}}
{"do":"record_follow_up","claim":"offer"
{"do":"withdraw_evidence","evidence":"e1","said_at":"2025-04-22T15:30:00Z"}"#,
    )
    .await;
    let worked = desk.work().await;
    assert_eq!((worked.dead, worked.retried), (5, 0));
    let dead = desk.dead().await;
    let expected = [
        "line 1 [evidence.footing] a footing is needed",
        "line 3 [version] C-1 has changed since: you saw version 1",
        "line 4 [evidence.said_at] not a time with its offset",
        "line 5 [evidence.source] `offer` is a claim",
        "line 6 [] not JSON",
    ];
    assert_eq!(dead.len(), expected.len(), "{dead:#?}");
    for (letter, expected) in dead.iter().zip(expected) {
        assert!(letter.starts_with("record_follow_up ") && letter.contains(expected), "{letter}\n{expected}");
    }
    assert_eq!(desk.facts("offer").await, ["claim_reported", "follow_up_recorded", "evidence_withdrawn"]);
}

#[tokio::test]
async fn a_task_does_the_command_that_it_is_for() {
    let desk = Desk::told("").await;
    for text in
        [r#"{"do":"note","claim":"offer","text":"x"}"#, r#"{"do":"add_source","name":"y","kind":"outlet"}"#]
    {
        let mut task = desk.put_task(9, &follow_up("offer", "reuters", "affirms", SAID)).await;
        task.payload["text"] = text.into();
        desk.enqueue(vec![task]).await;
    }
    let mut withdrawal = desk.put_task(9, &follow_up("offer", "reuters", "affirms", SAID)).await;
    withdrawal.kind = TaskKind::WithdrawEvidence;
    let mut unreadable = withdrawal.clone();
    unreadable.payload["urgent"] = true.into();
    desk.enqueue(vec![withdrawal, unreadable]).await;
    assert_eq!(desk.work().await.dead, 4);
    let dead = desk.dead().await;
    assert!(dead[0].contains("[do] the task is to `record_follow_up`, and the line says `note`"), "{dead:#?}");
    assert!(dead[2].contains("[do] the task is to `withdraw_evidence`"), "{dead:#?}");
    assert!(dead[3].contains("[payload] unknown field `urgent`"), "{dead:#?}");
    assert_eq!(desk.facts("offer").await, ["claim_reported"]);
}

#[tokio::test]
async fn what_is_unknown_may_be_on_its_way() {
    let desk = Desk::told("").await;
    desk.put(&follow_up("offer", "tass", "affirms", SAID)).await;
    assert_eq!(desk.work().await.retried, 1);
    let waiting = desk.store.tasks(&hearsay_store::TaskFilter::default()).await.unwrap();
    let retried = waiting.iter().find(|task| task.kind == TaskKind::RecordFollowUp).unwrap();
    assert_eq!(retried.last_error.as_deref(), Some("no source is known as `tass`"));
    desk.tell(r#"{"do":"add_source","ref":"tass","name":"TASS","kind":"agency","reliability":"C"}"#).await;
    desk.pass(3);
    desk.work().await;
    assert_eq!(desk.count("offer", "follow_up_recorded").await, 1);
    assert_eq!(desk.dead().await, [""; 0]);
}

#[tokio::test]
async fn what_stays_unknown_is_given_up_after_five_tries() {
    let desk = Desk::told("").await;
    desk.put(&follow_up("offer", "tass", "affirms", SAID)).await;
    for tried in 1..=4 {
        assert_eq!(desk.work().await.retried, 1, "try {tried}");
        desk.pass(60);
    }
    assert_eq!(desk.work().await.dead, 1);
    let dead = desk.dead().await;
    assert_eq!(dead, ["record_follow_up line 1 [evidence.source] no source is known as `tass`"]);
}

#[tokio::test]
async fn a_dead_letter_is_mended_and_retried() {
    let desk = Desk::told("").await;
    let wrong = follow_up("offer", "reuters", "affirms", SAID).replace("own", "relays");
    desk.put(&wrong).await;
    assert_eq!(desk.work().await.dead, 1);
    let dead = desk.store.dead_tasks(&DeadFilter::default()).await.unwrap().remove(0);
    let mut mended = dead.payload.clone();
    mended["text"] = follow_up("offer", "reuters", "affirms", SAID).into();
    desk.store.retry_dead(DeadSelection::Ids(vec![dead.id]), Some(mended)).await.unwrap();
    assert_eq!(desk.work().await.done, 2, "the line, and the sweep of every start");
    assert_eq!(desk.count("offer", "follow_up_recorded").await, 1);
    assert_eq!(desk.dead().await, [""; 0]);
}

#[tokio::test]
async fn a_submitter_may_no_more_than_by_hand() {
    let desk = Desk::told("").await;
    let mut task = desk.put_task(1, &follow_up("offer", "reuters", "affirms", SAID)).await;
    task.payload["role"] = "auditor".into();
    desk.enqueue(vec![task]).await;
    desk.work().await;
    let dead = desk.dead().await;
    assert!(dead[0].contains("[do] the role `auditor` may not `record_follow_up`"), "{dead:#?}");
}
