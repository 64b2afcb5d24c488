//! A rating, a relation, a merge of sources, a policy: the rows of all claims that they bear on follow.

use hearsay_core::Standing;
use hearsay_store::{ClaimFilter, Need, Store};

use crate::desk::{Desk, column, tell};
use crate::story::{BASICS, follow_up};

/// More claims than are weighed between two marks.
const MANY: usize = 450;

async fn with(store: &Store, standing: Standing) -> usize {
    let filter = ClaimFilter { standings: vec![standing], ..ClaimFilter::default() };
    store.claims(&filter).await.unwrap().len()
}

async fn restand(store: &Store) -> u64 {
    store.restand(&mut |_| {}).await.unwrap()
}

/// A desk on whose claims Reuters and the FT agree.
async fn corroborated() -> Desk {
    let desk = Desk::told(BASICS).await;
    desk.tell(&follow_up("offer", "reuters", "affirms", "own")).await;
    desk.tell(&follow_up("truce", "ft", "affirms", "own")).await;
    assert_eq!(with(&desk.store, Standing::Corroborated).await, 2);
    desk
}

#[tokio::test]
async fn every_change_of_a_source_or_a_policy_reaches_its_claims() {
    for (change, corroborated_after) in [
        (r#"{"do":"rate_source","source":"ft","reliability":"E"}"#, 0),
        (r#"{"do":"rate_source","source":"ft","reliability":"F"}"#, 0),
        (r#"{"do":"relate_source","source":"ft","part_of":"reuters"}"#, 0),
        (r#"{"do":"relate_source","source":"ft","part_of":"reuters","until":"2025-04-22T15:10:00Z"}"#, 1),
        (r#"{"do":"merge_sources","source":"ft","into":"reuters"}"#, 0),
        (r#"{"do":"merge_sources","source":"reuters","into":"ft"}"#, 0),
        (r#"{"do":"set_policy","name":"default","origins":3}"#, 0),
        (r#"{"do":"set_policy","name":"other","origins":3}"#, 2),
        (r#"{"do":"rate_source","source":"blog","reliability":"A"}"#, 2),
    ] {
        let desk = corroborated().await;
        desk.tell(change).await;
        let changed = restand(&desk.store).await;
        assert_eq!(with(&desk.store, Standing::Corroborated).await, corroborated_after, "{change}");
        assert_eq!(usize::try_from(changed).unwrap(), 2 - corroborated_after, "{change}");
        assert_eq!(restand(&desk.store).await, 0, "{change}");
        desk.assert_sound().await;
    }
}

#[tokio::test]
async fn what_lies_below_a_source_follows_it() {
    let desk = corroborated().await;
    desk.tell(
        r#"
{"do":"add_source","ref":"holding","name":"Holding","kind":"institution"}
{"do":"add_source","ref":"trust","name":"Trust","kind":"institution"}
{"do":"relate_source","source":"ft","part_of":"holding"}
{"do":"relate_source","source":"reuters","part_of":"trust"}"#,
    )
    .await;
    assert_eq!(restand(&desk.store).await, 0);
    desk.tell(r#"{"do":"relate_source","source":"holding","part_of":"trust"}"#).await;
    assert_eq!(restand(&desk.store).await, 2);
    assert_eq!(with(&desk.store, Standing::Corroborated).await, 0);
    desk.tell(r#"{"do":"relate_source","source":"holding","part_of":null}"#).await;
    assert_eq!(restand(&desk.store).await, 2);
    assert_eq!(with(&desk.store, Standing::Corroborated).await, 2);
    desk.assert_sound().await;
}

#[tokio::test]
async fn a_claim_that_was_merged_answers_for_the_evidence_that_it_brought() {
    let desk = corroborated().await;
    desk.tell(&follow_up("truce", "blog", "denies", "own")).await;
    desk.tell(r#"{"do":"merge","claim":"truce","into":"offer","reason":"the same"}"#).await;
    desk.tell(r#"{"do":"set_policy","name":"default","origins":1}"#).await;
    restand(&desk.store).await;
    desk.tell(r#"{"do":"rate_source","source":"blog","reliability":"B"}"#).await;
    assert_eq!(restand(&desk.store).await, 1);
    let offer = desk.store.claim_file("C-1".parse().unwrap()).await.unwrap();
    assert_eq!(offer.row.standing, Standing::Disputed);
    desk.assert_sound().await;
}

#[tokio::test]
async fn what_is_interrupted_is_finished_by_another_store() {
    let desk = Desk::told(BASICS).await;
    let mut pending = Vec::new();
    for number in 0..MANY {
        let line = format!(
            r#"{{"do":"report_claim","text":"Claim {number}","kind":"event","evidence":{{"source":"ft","stance":"affirms","footing":"own","said_at":"2025-04-22T15:00:00Z"}}}}"#
        );
        pending.push(desk.store.enqueue(crate::desk::submission(&line)).await.unwrap());
    }
    for pending in pending {
        pending.receipt().await.unwrap();
    }
    desk.tell(r#"{"do":"set_policy","name":"default","origins":1}"#).await;
    let store = desk.store.clone();
    let (begun, mut weighed) = tokio::sync::mpsc::unbounded_channel();
    let interrupted = tokio::spawn(async move {
        store.restand(&mut |done| begun.send(done).unwrap()).await.unwrap();
    });
    weighed.recv().await.unwrap();
    interrupted.abort();
    assert!(interrupted.await.is_err() || with(&desk.store, Standing::Corroborated).await == MANY + 2);
    let desk = desk.reopened().await;
    let other = desk.again().await.unwrap();
    let waiting = column(&desk.path, "SELECT CAST(count(*) AS TEXT) FROM restands").await;
    tell(&desk.store, r#"{"do":"rate_source","source":"blog","reliability":"A"}"#).await;
    restand(&other).await;
    assert_eq!(with(&desk.store, Standing::Corroborated).await, MANY + 2, "{waiting:?} waited");
    assert_eq!(column(&desk.path, "SELECT CAST(id AS TEXT) FROM restands").await, Vec::<String>::new());
    let due = ClaimFilter { needs: vec![Need::Advance], ..ClaimFilter::default() };
    assert_eq!(other.claims(&due).await.unwrap().len(), MANY + 2);
    other.close().await;
    desk.assert_sound().await;
}

#[tokio::test]
async fn two_stores_that_weigh_again_at_once_come_to_the_same() {
    let desk = corroborated().await;
    let other = desk.again().await.unwrap();
    desk.tell(r#"{"do":"rate_source","source":"ft","reliability":"F"}"#).await;
    desk.tell(r#"{"do":"set_policy","name":"default","count_unrated":true}"#).await;
    desk.tell(r#"{"do":"set_policy","name":"default","origins":1}"#).await;
    tokio::join!(restand(&desk.store), restand(&other));
    assert_eq!(with(&other, Standing::Corroborated).await, 2);
    other.close().await;
    desk.assert_sound().await;
}
