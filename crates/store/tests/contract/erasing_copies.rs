//! Erasures of texts that the rules copied: every copy goes, whenever it was made, and nothing else.

use hearsay_core::Subject;

use crate::desk::{Desk, column, submission};
use crate::story::STORY;

/// A desk at which rulings and overrides take two.
async fn desk_of_two() -> Desk {
    let desk = Desk::told(STORY).await;
    desk.tell(
        r#"
{"do":"set_policy","name":"default","four_eyes":["ruling"]}
{"do":"add_source","ref":"wire","name":"Wire","kind":"agency"}
{"do":"report_claim","ref":"one","text":"One","kind":"event","evidence":{"source":"wire","stance":"affirms","footing":"own","said_at":"2025-04-22T16:00:00Z"}}
{"do":"report_claim","ref":"two","text":"Two","kind":"event","evidence":{"source":"wire","stance":"affirms","footing":"own","said_at":"2025-04-22T16:00:00Z"}}
"#,
    )
    .await;
    desk
}

/// Tells a line that proposes something; the line by which somebody else approves it.
async fn proposed(desk: &Desk, line: &str) -> String {
    let receipt = desk.tell(line).await.remove(0);
    let (claim, id) = match receipt.subject {
        Some(Subject::Proposal(claim, id)) => (Some(claim), id),
        Some(Subject::Erasure(claim, id)) => (claim, id),
        other => panic!("{line}: {other:?}"),
    };
    let claim = claim.map(|claim| format!(r#""claim":"{claim}","#)).unwrap_or_default();
    format!(r#"ben {{"do":"approve",{claim}"proposal":"{id}"}}"#)
}

/// Proposes to erase the texts of the last event; the line that approves it.
async fn erase_last(desk: &Desk, basis: &str) -> String {
    let seq = desk.store.head().await.unwrap().unwrap();
    proposed(desk, &format!(r#"{{"do":"erase","event":{seq},"basis":"{basis}"}}"#)).await
}

/// Where words stand in the log.
async fn saying(desk: &Desk, words: &str) -> Vec<String> {
    let all =
        column(&desk.path, "SELECT event || ' ' || field || ' ' || body FROM texts ORDER BY event, field").await;
    all.into_iter().filter(|text| text.contains(words)).collect()
}

const RULING: &str = r#"{"do":"propose_ruling","claim":"one","rating":"True","summary":"QZXV did."}"#;

#[tokio::test]
async fn copies_made_between_proposal_and_approval_go_with_the_text() {
    let desk = desk_of_two().await;
    let ruling = proposed(&desk, RULING).await;
    let erase = erase_last(&desk, "law").await;
    desk.tell(&ruling).await;
    let correct = r#"{"do":"correct_ruling","claim":"one","rating":"False","summary":"No.","reason":"new"}"#;
    let correction = proposed(&desk, correct).await;
    desk.tell(&correction).await;
    assert_eq!(saying(&desk, "QZXV").await.len(), 3);
    let desk = desk.reopened().await;
    desk.tell(&erase).await;
    assert_eq!(saying(&desk, "QZXV").await, Vec::<String>::new());
    assert_eq!(saying(&desk, "No.").await.len(), 2);
    desk.assert_sound().await;
}

#[tokio::test]
async fn copies_are_found_past_a_merge_and_where_there_is_no_claim() {
    let desk = desk_of_two().await;
    desk.tell(r#"{"do":"note","claim":"one","text":"x"}"#).await;
    let note = erase_last(&desk, "QZXV law").await;
    let basis = erase_last(&desk, "law").await;
    desk.tell(r#"{"do":"merge","claim":"one","into":"two","reason":"the same"}"#).await;
    desk.tell(&note).await;
    assert_eq!(saying(&desk, "QZXV").await.len(), 2);
    desk.tell(&basis).await;
    assert_eq!(saying(&desk, "QZXV").await, Vec::<String>::new());
    let source = r#"{"do":"erase","source":"Wire","basis":"QZXV law","reason":"QZXV asked"}"#;
    let source = proposed(&desk, source).await;
    let basis = erase_last(&desk, "law").await;
    desk.tell(&source).await;
    assert_eq!(
        saying(&desk, "QZXV").await.len(),
        4,
        "both, of the event that proposed and of the one that erased"
    );
    desk.tell(&basis).await;
    assert_eq!(saying(&desk, "QZXV").await, Vec::<String>::new());
    desk.assert_sound().await;
}

#[tokio::test]
async fn what_only_happens_to_have_the_same_words_is_not_erased() {
    let desk = desk_of_two().await;
    desk.tell(r#"{"do":"override","claim":"one","to":"disputed","reason":"typo"}"#).await;
    let erase = erase_last(&desk, "the same law").await;
    desk.tell(r#"{"do":"override","claim":"one","to":"denied","reason":"typo"}"#).await;
    desk.tell(&erase).await;
    let left = saying(&desk, "typo").await;
    assert_eq!(left.len(), 1, "{left:?}");
    desk.tell(r#"{"do":"note","claim":"one","text":"x"}"#).await;
    let other = erase_last(&desk, "the same law").await;
    let of_basis = erase_last(&desk, "another").await;
    desk.tell(&of_basis).await;
    desk.tell(&other).await;
    let left = saying(&desk, "the same law").await;
    assert_eq!(left.len(), 2, "of the first erasure, proposed and done: {left:?}");
}

#[tokio::test]
async fn copies_that_the_same_group_makes_are_not_overlooked() {
    let desk = desk_of_two().await;
    let ruling = proposed(&desk, RULING).await;
    let erase = erase_last(&desk, "law").await;
    let group = [ruling.as_str(), erase.as_str()].map(submission).to_vec();
    let ended = desk.store.submit_together(group).await.unwrap();
    let refused = ended[1].as_ref().unwrap_err().to_string();
    assert!(refused.contains("by a command of its own"), "{refused}");
    desk.tell(&ruling).await;
    desk.tell(&erase).await;
    assert_eq!(saying(&desk, "QZXV").await, Vec::<String>::new());
}

#[tokio::test]
async fn a_hold_covers_the_names_of_the_sources_that_its_claim_names() {
    let desk = Desk::told(STORY).await;
    let erase = |source: &str| format!(r#"{{"do":"erase","source":"{source}","basis":"GDPR, article 17"}}"#);
    let led = desk.refuse(&erase("novosti")).await;
    assert!(led.to_string().contains("C-3 is under a hold"), "its leads name the source: {led}");
    desk.tell(r#"{"do":"release","claim":"kursk","reason":"settled"}"#).await;
    desk.tell(&erase("novosti")).await;
    desk.tell(r#"{"do":"hold","claim":"offer","reason":"Case 18"}"#).await;
    let waiting = desk.store.erasures().await.unwrap();
    let names = waiting.iter().find(|row| row.claim.is_none()).unwrap();
    let approve = format!(r#"ben {{"do":"approve","proposal":"{}"}}"#, names.proposal);
    for refused in
        [desk.refuse(&approve).await, desk.refuse(&erase("reuters")).await, desk.refuse(&erase("kremlin")).await]
    {
        assert!(refused.to_string().contains("C-1 is under a hold"), "{refused}");
    }
    desk.tell(r#"{"do":"release","claim":"offer","reason":"settled"}"#).await;
    desk.tell(&approve).await;
    desk.assert_sound().await;
}
