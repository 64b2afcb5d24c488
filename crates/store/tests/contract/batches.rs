//! What shares a transaction and what does not: the guilty command alone fails, a group is all or nothing, and what an
//! import remembers is answered alike for ever.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Instant;

use hearsay_core::CommandId;
use hearsay_store::{Create, Outcome, Remember, Sequence, Store, Submission, SubmitError, tables};
use uuid::Uuid;

use crate::desk::{
    Desk, assert_same, counted_at_rest, dump_all, ending, execute, explained, fresh_id, options, raw, submission,
    submission_with,
};
use crate::story::{BASICS, STORY, follow_up, note};

/// Refuses one text, as a defect of a statement would.
const POISON: &str = "CREATE TRIGGER poison BEFORE INSERT ON texts WHEN NEW.body = 'poison'
                      BEGIN SELECT RAISE(ABORT, 'poisoned'); END";

async fn give(desk: &Desk, submissions: Vec<Submission>) -> Vec<String> {
    let mut pending = Vec::new();
    for submission in submissions {
        pending.push(desk.store.enqueue(submission).await.unwrap());
    }
    let mut endings = Vec::new();
    for pending in pending {
        endings.push(ending(&pending.receipt().await));
    }
    endings
}

#[tokio::test]
async fn a_failing_write_fails_only_the_guilty_command() {
    let desk = Desk::told(BASICS).await;
    execute(&desk.path, POISON).await.unwrap();
    let mut lines = Vec::new();
    for number in 0..20 {
        lines.push(submission(&note("offer", if number % 7 == 3 { "poison" } else { "harmless" })));
        lines.push(submission(&follow_up("offer", "reuters", "affirms", "own")));
    }
    let endings = give(&desk, lines).await;
    for (index, ending) in endings.iter().enumerate() {
        let guilty = index % 2 == 0 && (index / 2) % 7 == 3;
        assert_eq!(ending == "recorded", !guilty, "{index}: {ending}");
        assert_eq!(ending.contains("poisoned"), guilty, "{index}: {ending}");
    }
    let file = desk.store.claim_file("C-1".parse().unwrap()).await.unwrap();
    assert_eq!((file.notes.len(), file.evidence.len()), (17, 21));
    desk.tell(r#"{"do":"advance","claim":"offer","to":"corroborated"}"#).await;
    desk.assert_sound().await;
}

#[tokio::test]
async fn after_a_failed_write_nothing_of_it_is_in_memory() {
    let desk = Desk::told(BASICS).await;
    execute(&desk.path, POISON).await.unwrap();
    let poisoned = r#"{"do":"add_source","ref":"bild","name":"poison","kind":"outlet"}"#;
    desk.refuse(poisoned).await;
    let refused = desk.refuse(&follow_up("offer", "bild", "affirms", "own")).await;
    assert_eq!(refused.to_string(), "no source is known as `bild`");
    execute(&desk.path, "DROP TRIGGER poison").await.unwrap();
    desk.tell(poisoned).await;
    desk.tell(&follow_up("offer", "bild", "affirms", "own")).await;
    desk.assert_sound().await;
}

#[tokio::test]
async fn a_row_that_cannot_be_there_fails_its_command_alone() {
    let desk = Desk::told(BASICS).await;
    execute(&desk.path, "INSERT INTO claim_tags (claim, tag) VALUES (4, 'stray')").await.unwrap();
    execute(&desk.path, "INSERT INTO claim_search (rowid, text) VALUES (4, 'stray')").await.unwrap();
    let report = |name: &str| {
        submission(&format!(
            r#"{{"do":"report_claim","ref":"{name}","text":"{name}","kind":"event","tags":["stray"],"evidence":{{"source":"ft","stance":"affirms","footing":"own","said_at":"2025-04-22T15:30:00Z"}}}}"#
        ))
    };
    let endings = give(&desk, vec![report("three"), report("four"), submission(&note("offer", "between"))]).await;
    assert_eq!((endings[0].as_str(), endings[2].as_str()), ("recorded", "recorded"));
    assert!(endings[1].contains("constraint failed"), "{}", endings[1]);
    desk.store.rebuild(&mut |_, _| {}).await.unwrap();
    assert_eq!(give(&desk, vec![report("four")]).await, ["recorded"]);
    desk.assert_sound().await;
}

#[tokio::test]
async fn of_a_group_with_one_refusal_nothing_is_taken_in() {
    let desk = Desk::told(BASICS).await;
    let head = desk.store.head().await.unwrap();
    let group = || {
        vec![
            submission(&note("offer", "one")),
            submission(r#"{"do":"add_source","ref":"bild","name":"Bild","kind":"outlet"}"#),
            submission(&note("nothing", "two")),
            submission(&note("truce", "three")),
        ]
    };
    let outcomes = desk.store.submit_together(group()).await.unwrap();
    assert!(matches!(outcomes[0], Err(SubmitError::LeftOut)));
    assert!(matches!(outcomes[1], Err(SubmitError::LeftOut)));
    assert_eq!(ending(&outcomes[2]), "no claim is known as `nothing`");
    assert!(matches!(outcomes[3], Err(SubmitError::LeftOut)));
    assert_eq!(desk.store.head().await.unwrap(), head);
    desk.refuse(r#"{"do":"rate_source","source":"bild","reliability":"A"}"#).await;
    let mut sound = group();
    sound.remove(2);
    let outcomes = desk.store.submit_together(sound).await.unwrap();
    assert!(outcomes.iter().all(|outcome| ending(outcome) == "recorded"));
    desk.tell(r#"{"do":"rate_source","source":"bild","reliability":"A"}"#).await;
    desk.assert_sound().await;
}

#[tokio::test]
async fn a_group_whose_write_fails_is_not_taken_in_by_halves() {
    let desk = Desk::told(BASICS).await;
    execute(&desk.path, POISON).await.unwrap();
    let head = desk.store.head().await.unwrap();
    let group = ["one", "poison", "three"].map(|text| submission(&note("offer", text)));
    let error = desk.store.submit_together(group.to_vec()).await.unwrap_err();
    assert!(error.to_string().contains("poisoned"), "{error}");
    assert_eq!(desk.store.head().await.unwrap(), head);
    desk.assert_sound().await;
}

#[tokio::test]
async fn a_group_remembers_no_refusal() {
    let desk = Desk::told(BASICS).await;
    let id = CommandId(fresh_id());
    let early = || submission_with(id, Remember::Yes, &note("later", "too early"));
    let outcomes = desk.store.submit_together(vec![early()]).await.unwrap();
    assert_eq!(ending(&outcomes[0]), "no claim is known as `later`");
    desk.tell(r#"{"do":"report_claim","ref":"later","text":"Later","kind":"event","evidence":{"source":"ft","stance":"affirms","footing":"own","said_at":"2025-04-22T15:30:00Z"}}"#).await;
    assert_eq!(ending(&desk.store.submit(early()).await), "recorded");
}

#[tokio::test]
async fn what_an_import_remembers_is_answered_alike_after_the_docket_changed() {
    let mut desk = Desk::told(BASICS).await;
    let [refused, unchanged, forgotten] = [1, 2, 3].map(|number| CommandId(Uuid::from_u128(number)));
    let advance = r#"{"do":"advance","claim":"offer","to":"corroborated"}"#;
    let same = r#"{"do":"set_priority","claim":"offer","priority":"normal"}"#;
    let with = |id, remember, line| submission_with(id, remember, line);
    let first = desk.store.submit(with(refused, Remember::Yes, advance)).await.unwrap_err().to_string();
    desk.store.submit(with(forgotten, Remember::No, advance)).await.unwrap_err();
    let receipt = desk.store.submit(with(unchanged, Remember::Yes, same)).await.unwrap();
    assert_eq!(receipt.outcome, Outcome::Unchanged);
    desk.tell(&follow_up("offer", "reuters", "affirms", "own")).await;
    desk.tell(r#"{"do":"set_priority","claim":"offer","priority":"high"}"#).await;
    for _ in 0..2 {
        let again = desk.store.submit(with(refused, Remember::Yes, advance)).await.unwrap_err();
        assert_eq!(again.to_string(), format!("refused before: {first}"));
        let again = desk.store.submit(with(unchanged, Remember::Yes, same)).await.unwrap();
        assert_eq!((again.outcome, &again.subject), (Outcome::Unchanged, &receipt.subject));
        desk = desk.reopened().await;
    }
    assert_eq!(ending(&desk.store.submit(with(unchanged, Remember::Retry, same)).await), "unchanged");
    assert_eq!(ending(&desk.store.submit(with(refused, Remember::Retry, advance)).await), "recorded");
    assert_eq!(ending(&desk.store.submit(with(refused, Remember::Yes, advance)).await), "recorded before");
    assert_eq!(ending(&desk.store.submit(with(forgotten, Remember::No, advance)).await), "unchanged");
}

/// Gives single commands while the writer is at work on the one before: each is decided ahead.
async fn give_ahead(desk: &Desk, submissions: Vec<Submission>) -> Vec<String> {
    let mut pending = Vec::new();
    for submission in submissions {
        pending.push(desk.store.enqueue(submission).await.unwrap());
        tokio::task::yield_now().await;
    }
    let mut endings = Vec::new();
    for pending in pending {
        endings.push(ending(&pending.receipt().await));
    }
    endings
}

#[tokio::test]
async fn a_command_by_itself_is_decided_once_and_leaves_the_rows_that_a_group_does() {
    let (alone, together) = (Desk::with(counted_at_rest()).await, Desk::with(counted_at_rest()).await);
    for line in STORY.lines().filter(|line| !line.is_empty()) {
        let command = submission(line);
        let single = ending(&alone.store.submit(command.clone()).await);
        let grouped = together.store.submit_together(vec![command]).await.unwrap();
        assert_eq!(single, ending(&grouped[0]), "{line}");
        for tables in [tables::RECORD, tables::DERIVED] {
            assert_same(&dump_all(&alone.path, tables).await, &dump_all(&together.path, tables).await);
        }
    }
}

#[tokio::test]
async fn an_outcome_that_is_being_written_goes_before_an_older_one_on_disk() {
    let advance = r#"{"do":"advance","claim":"offer","to":"corroborated"}"#;
    let set = |priority: &str| format!(r#"{{"do":"set_priority","claim":"offer","priority":"{priority}"}}"#);
    for second in [Remember::Retry, Remember::No] {
        let desk = Desk::told(BASICS).await;
        let id = CommandId(fresh_id());
        let with = |remember| submission_with(id, remember, advance);
        assert!(desk.store.submit(with(Remember::Yes)).await.is_err());
        desk.tell(&follow_up("offer", "reuters", "affirms", "own")).await;
        let given = vec![with(second), with(Remember::Yes), submission(&set("high")), with(Remember::Retry)];
        let endings = give_ahead(&desk, given).await;
        assert_eq!(endings, ["recorded", "recorded before", "recorded", "recorded before"], "{second:?}");
        desk.assert_sound().await;
    }
}

#[tokio::test]
async fn what_was_recorded_before_is_told_with_the_claim_as_it_is_now() {
    let desk = Desk::told(BASICS).await;
    let first = submission(&follow_up("offer", "reuters", "affirms", "own"));
    desk.store.submit(first.clone()).await.unwrap();
    for remember in [Remember::No, Remember::Yes] {
        let noted = desk.store.enqueue(submission(&note("offer", "more"))).await.unwrap();
        let again = desk.store.enqueue(Submission { remember, ..first.clone() }).await.unwrap();
        let (noted, again) = (noted.receipt().await.unwrap(), again.receipt().await.unwrap());
        assert_eq!((again.outcome, again.claim), (Outcome::RecordedBefore, noted.claim));
    }
}

#[tokio::test]
async fn what_was_recorded_before_is_told_with_the_position_of_its_first_event() {
    let mut desk = Desk::told(BASICS).await;
    let merge = submission(r#"{"do":"merge","claim":"truce","into":"offer","reason":"the same"}"#);
    let last = desk.store.submit(merge.clone()).await.unwrap().seq.unwrap();
    for _ in 0..2 {
        let again = desk.store.submit(merge.clone()).await.unwrap();
        assert_eq!((again.outcome, again.seq), (Outcome::RecordedBefore, Some(last - 1)));
        desk = desk.reopened().await;
    }
}

#[tokio::test]
async fn a_panic_in_the_rules_breaks_off_what_comes_after_it_however_often_it_is_decided() {
    let calls = Arc::new(AtomicUsize::new(usize::MAX / 2));
    let counted = Arc::clone(&calls);
    let mut options = options(Create::IfMissing);
    options.fresh.ids = Arc::new(move || {
        // One id for each note, three for each time that the batch below is decided.
        assert_ne!(counted.fetch_add(1, Ordering::SeqCst) % 3, 1, "out of ids");
        fresh_id()
    });
    let mut desk = Desk::told(BASICS).await;
    desk.store = Store::open(&desk.path, options).await.unwrap();
    execute(&desk.path, POISON).await.unwrap();
    for warm in [false, true] {
        calls.store(0, Ordering::SeqCst);
        let sequence = Sequence::default();
        let of_sequence =
            |text| Submission { sequence: Some(sequence.clone()), ..submission(&note("offer", text)) };
        let given = vec![
            of_sequence("before"),
            of_sequence("panics"),
            of_sequence("after"),
            submission(&note("offer", "poison")),
        ];
        let endings = give(&desk, given).await;
        assert_eq!(endings[0], "recorded", "warm: {warm}");
        assert!(endings[1].contains("out of ids"), "warm: {warm}, {}", endings[1]);
        assert!(endings[2].contains("builds on"), "warm: {warm}, {}", endings[2]);
        assert!(endings[3].contains("poisoned"), "warm: {warm}, {}", endings[3]);
        calls.store(0, Ordering::SeqCst);
        assert_eq!(give(&desk, vec![submission(&note("offer", "warm"))]).await, ["recorded"]);
    }
}

#[tokio::test]
async fn whoever_waits_for_a_database_that_is_locked_is_told_at_once_when_one_is() {
    let desk = Desk::told(BASICS).await;
    let mut other = raw(&desk.path).await;
    sqlx::query("BEGIN IMMEDIATE").execute(&mut other).await.unwrap();
    let begun = Instant::now();
    let endings = give_ahead(&desk, (0..4).map(|_| submission(&note("offer", "locked out"))).collect()).await;
    assert!(endings.iter().all(|ending| ending.contains("locked by another process")), "{endings:?}");
    assert!(begun.elapsed().as_secs() < 9, "told after {:?}", begun.elapsed());
    sqlx::query("ROLLBACK").execute(&mut other).await.unwrap();
    desk.tell(&note("offer", "free again")).await;
    desk.assert_sound().await;
}

#[tokio::test]
async fn commands_are_decided_in_the_order_of_their_places() {
    let desk = Desk::told(BASICS).await;
    let notes = (0..300).map(|number| note(["offer", "truce"][number % 2], &format!("note {number}")));
    let mut before = desk.store.head().await.unwrap();
    let mut pending = Vec::new();
    for line in notes {
        pending.push(desk.store.enqueue(submission(&line)).await.unwrap());
    }
    for pending in pending {
        let seq = pending.receipt().await.unwrap().seq;
        assert!(seq > before, "{seq:?} after {before:?}");
        before = seq;
    }
}

#[tokio::test]
async fn what_one_command_brings_the_next_of_its_batch_may_use() {
    let desk = Desk::told(BASICS).await;
    let lines = [
        r#"{"do":"add_source","ref":"bild","name":"Bild","kind":"outlet","reliability":"C"}"#.to_owned(),
        follow_up("offer", "bild", "affirms", "own"),
        r#"{"do":"advance","claim":"offer","to":"corroborated"}"#.to_owned(),
        r#"{"do":"merge","claim":"truce","into":"offer","reason":"the same"}"#.to_owned(),
        follow_up("truce", "Kremlin", "denies", "own"),
        r#"{"do":"advance","claim":"C-1","to":"disputed"}"#.to_owned(),
        r#"{"do":"strike_evidence","evidence":"t1","reason":"wrong"}"#.to_owned(),
        r#"{"do":"add_source","ref":"bild","name":"Bild 2","kind":"outlet"}"#.to_owned(),
    ];
    let endings = give(&desk, lines.iter().map(|line| submission(line)).collect()).await;
    assert!(endings[..7].iter().all(|ending| ending == "recorded"), "{endings:?}");
    assert_eq!(endings[7], "the handle `bild` is already taken by another source");
    assert_eq!(explained(&desk.store).await.len(), 2);
    desk.assert_sound().await;
}

#[tokio::test]
async fn a_reference_means_the_same_whatever_is_in_memory() {
    let mut desk = Desk::told(BASICS).await;
    desk.tell(
        r#"
{"do":"add_source","ref":"ria","name":"RIA Novosti","kind":"agency"}
{"do":"add_source","ref":"ria-2","name":"RIA","kind":"outlet"}
{"do":"add_source","ref":"o","name":"Offer","kind":"outlet"}
{"do":"add_source","ref":"c","name":"C-2","kind":"outlet"}"#,
    )
    .await;
    for warm in ["RIA", "OFFER", "c-2", "nobody"] {
        desk = desk.reopened().await;
        let rated = submission(&format!(r#"{{"do":"rate_source","source":"{warm}","reliability":"F"}}"#));
        ending(&desk.store.submit(rated).await);
        desk.tell(r#"{"do":"rate_source","source":"ria","reliability":"B"}"#).await;
        assert_eq!(desk.store.source("ria-2").await.unwrap().reliability.as_str(), "F", "after {warm}");
        desk.tell(r#"{"do":"rate_source","source":"ria","reliability":"F"}"#).await;
        desk.tell(&note("offer", "by its handle")).await;
        desk.tell(&note("C-2", "by its number")).await;
    }
    desk.assert_sound().await;
}
