//! The tree over the log: kept with the events, read a few hashes at a time, filled in where the log is older.

use hearsay_ledger::{Edge, Hash, LedgerError, leaf_hash};
use hearsay_store::StoreError;

use crate::desk::{Desk, Dice, assert_same, column, dump, dump_all, execute, tell};
use crate::story::{STORY, note};

/// The leaves, hashed anew from the envelopes.
async fn leaves(desk: &Desk) -> Vec<Hash> {
    let envelopes = column(&desk.path, "SELECT envelope FROM events ORDER BY seq").await;
    envelopes.iter().map(|envelope| leaf_hash(envelope.as_bytes())).collect()
}

fn root(leaves: &[Hash]) -> Hash {
    let mut edge = Edge::default();
    for leaf in leaves {
        edge.append(*leaf, |_, _| {});
    }
    edge.root()
}

#[tokio::test]
async fn every_prefix_of_the_log_has_the_root_of_its_events_and_every_event_a_proof() {
    let desk = Desk::told(STORY).await;
    let leaves = leaves(&desk).await;
    let (size, tree_root) = desk.store.tree_now().await.unwrap();
    assert_eq!((size, tree_root), (leaves.len() as u64, root(&leaves)));
    assert!(size > 32, "{size} events are too few to tell");
    for (prefix, old) in (1..=size).zip(1..) {
        let old_root = desk.store.root_of(prefix).await.unwrap();
        assert_eq!(old_root, root(&leaves[..old]), "the root at {prefix}");
        let proof = desk.store.prove_inclusion(size, prefix).await.unwrap();
        let (leaf, envelope) = desk.store.leaf_of(prefix).await.unwrap();
        assert_eq!(leaf, leaf_hash(envelope.as_bytes()));
        proof.verify(leaf, tree_root).unwrap();
        desk.store.prove_consistency(prefix, size).await.unwrap().verify(old_root, tree_root).unwrap();
    }
}

#[tokio::test]
async fn what_cannot_be_proved_is_refused() {
    let desk = Desk::told(STORY).await;
    let (size, _) = desk.store.tree_now().await.unwrap();
    let refused = desk.store.prove_inclusion(size, 0).await.unwrap_err();
    assert!(matches!(refused, StoreError::Ledger(LedgerError::NoSuchLeaf { .. })), "{refused}");
    let refused = desk.store.prove_inclusion(size, size + 1).await.unwrap_err();
    assert!(matches!(refused, StoreError::Ledger(LedgerError::NoSuchLeaf { .. })), "{refused}");
    desk.store.prove_inclusion(size + 100, 1).await.unwrap_err();
    desk.store.prove_consistency(0, size).await.unwrap_err();
    desk.store.prove_consistency(size, size - 1).await.unwrap_err();
    let refused = desk.store.leaf_of(size + 1).await.unwrap_err();
    assert!(matches!(refused, StoreError::NotFound { what: "event", .. }), "{refused}");
    assert_eq!(Desk::new().await.store.tree_now().await.unwrap(), (0, hearsay_ledger::EMPTY_ROOT));
}

#[tokio::test(flavor = "multi_thread")]
async fn the_tree_is_one_whoever_writes_and_in_whatever_batches() {
    let desk = Desk::told(STORY).await;
    let other = desk.again().await.unwrap();
    let mut dice = Dice(7);
    for round in 0..12 {
        let store = if dice.roll(2) == 0 { &desk.store } else { &other };
        let lines: Vec<_> = (0..=dice.roll(40))
            .map(|number| crate::desk::submission(&note("offer", &format!("note {round} {number}"))))
            .collect();
        if dice.roll(3) == 0 {
            store.submit_together(lines).await.unwrap();
        } else {
            let all = lines.into_iter().map(|line| store.submit(line));
            futures_util::future::join_all(all).await.into_iter().for_each(|ended| drop(ended.unwrap()));
        }
        desk.refuse(r#"{"do":"note","claim":"nobody","text":"x"}"#).await;
    }
    other.close().await;
    let leaves = leaves(&desk).await;
    assert_eq!(desk.store.tree_now().await.unwrap(), (leaves.len() as u64, root(&leaves)));
    desk.assert_sound().await;
}

#[tokio::test]
async fn a_log_that_is_older_than_its_tree_is_filled_in_once() {
    let desk = Desk::told(STORY).await;
    let sound = dump_all(&desk.path, &["tree_hashes"]).await;
    assert!(sound["tree_hashes"].len() > 8);
    execute(&desk.path, "DELETE FROM tree_hashes").await.unwrap();
    let desk = desk.reopened().await;
    assert_same(&sound, &dump_all(&desk.path, &["tree_hashes"]).await);
    tell(&desk.store, &note("offer", "goes on")).await;
    desk.assert_sound().await;
}

#[tokio::test]
async fn what_was_changed_behind_the_writers_back_is_mended_by_a_rebuild() {
    let desk = Desk::told(STORY).await;
    let sound = dump(&desk.path, "tree_hashes").await;
    execute(&desk.path, "DELETE FROM tree_hashes WHERE number > 1").await.unwrap();
    let desk = desk.reopened().await;
    let refused = desk.refuse(&note("offer", "on a tree with holes")).await.to_string();
    assert!(refused.contains("hearsay db rebuild"), "{refused}");
    desk.store.rebuild(&mut |_, _| {}).await.unwrap();
    assert_eq!(dump(&desk.path, "tree_hashes").await, sound);
    tell(&desk.store, &note("offer", "whole again")).await;
    desk.assert_sound().await;
}

#[tokio::test]
async fn proofs_search_and_never_scan() {
    let desk = Desk::told(STORY).await;
    for sql in [
        "SELECT t.number, t.hash FROM json_each('[1]') j JOIN tree_hashes t ON t.number = j.value",
        "SELECT leaf FROM events WHERE seq > 1 AND seq <= 9 ORDER BY seq",
    ] {
        let mut connection = crate::desk::raw(&desk.path).await;
        let explain = sqlx::AssertSqlSafe(format!("EXPLAIN QUERY PLAN {sql}"));
        let plan: Vec<(i64, i64, i64, String)> = sqlx::query_as(explain).fetch_all(&mut connection).await.unwrap();
        assert!(plan.iter().any(|step| step.3.starts_with("SEARCH")), "{plan:?}");
        assert!(
            plan.iter().all(|step| !step.3.starts_with("SCAN events") && !step.3.starts_with("SCAN t")),
            "{plan:?}"
        );
    }
}
