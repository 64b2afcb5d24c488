//! Derived tables can be rebuilt byte for byte, and a reload gives what was live, after every kind of command.

use hearsay_core::Command;
use hearsay_store::tables;

use crate::desk::{Desk, assert_same, dump_all, execute, explained, submission, tell};
use crate::story::{STORY, note};

#[tokio::test]
async fn a_rebuild_changes_no_byte_after_a_story_in_which_every_command_occurs() {
    let said: Vec<&str> = STORY
        .lines()
        .filter(|line| !line.is_empty())
        .map(|line| submission(line).addressed.command.name())
        .collect();
    let unsaid: Vec<_> = Command::NAMES.iter().filter(|name| !said.contains(name)).collect();
    assert!(unsaid.is_empty(), "the story lacks {unsaid:?}");
    let desk = Desk::told(STORY).await;
    let before = dump_all(&desk.path, tables::DERIVED).await;
    for (table, rows) in before {
        assert!(!rows.is_empty(), "{table} is empty: nothing would be compared");
    }
    desk.assert_sound().await;
    desk.store.restand(&mut |_| {}).await.unwrap();
    desk.assert_sound().await;
}

#[tokio::test]
async fn a_story_is_the_same_when_the_store_is_opened_anew_before_every_line() {
    let lively = Desk::told(STORY).await;
    let mut forgetful = Desk::new().await;
    for line in STORY.lines() {
        forgetful.tell(line).await;
        forgetful = forgetful.reopened().await;
    }
    for desk in [&lively, &forgetful] {
        desk.assert_sound().await;
    }
    let standings =
        |files: Vec<String>| files.iter().map(|file| file.matches("counted").count()).collect::<Vec<_>>();
    assert_eq!(standings(explained(&lively.store).await), standings(explained(&forgetful.store).await));
}

#[tokio::test]
async fn evidence_on_a_merged_claim_is_found_at_the_end_of_the_chain() {
    let desk = Desk::told(STORY).await.reopened().await;
    for name in ["offer", "twin", "triplet"] {
        let number = desk.store.find_claim(name).await.unwrap();
        let explanation = serde_json::to_value(desk.store.explanation(number).await.unwrap()).unwrap();
        assert_eq!(explanation["reference"], "C-1", "{name}");
    }
    let merged = desk.store.claim_file("C-6".parse().unwrap()).await.unwrap();
    assert_eq!(merged.evidence.len(), 0);
    let kept = desk.store.claim_file("C-1".parse().unwrap()).await.unwrap();
    assert_eq!(kept.evidence.len(), 9);
    assert_eq!(kept.notes.len(), 4);
    desk.tell(r#"{"do":"note","claim":"triplet","text":"After the store was opened again"}"#).await;
    assert_eq!(desk.store.claim_file("C-1".parse().unwrap()).await.unwrap().notes.len(), 5);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_rebuild_loses_nothing_that_is_written_meanwhile() {
    let desk = Desk::told(STORY).await;
    let store = desk.store.clone();
    let writing = tokio::spawn(async move {
        for number in 0..150 {
            tell(&store, &note("triplet", &format!("note {number}"))).await;
        }
    });
    for _ in 0..8 {
        desk.store.rebuild(&mut |_, _| {}).await.unwrap();
    }
    writing.await.unwrap();
    assert_eq!(desk.store.claim_file("C-1".parse().unwrap()).await.unwrap().notes.len(), 154);
    desk.assert_sound().await;
}

#[tokio::test]
async fn a_rebuild_mends_what_was_damaged_and_the_writer_sees_it() {
    let desk = Desk::told(STORY).await;
    let sound = dump_all(&desk.path, tables::DERIVED).await;
    execute(&desk.path, "UPDATE claims SET standing = 'denied', state = 'denied'; DELETE FROM handles; DELETE FROM evidence; UPDATE sources SET reliability = 'E'").await.unwrap();
    desk.refuse(&note("offer", "unknown while the handles are gone")).await;
    desk.store.rebuild(&mut |_, _| {}).await.unwrap();
    assert_same(&sound, &dump_all(&desk.path, tables::DERIVED).await);
    desk.tell(&note("offer", "known again")).await;
    desk.assert_sound().await;
}
