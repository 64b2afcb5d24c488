//! Erasures: the words are in no file any more, whoever reads, writes or is killed meanwhile; all else stays.

use std::path::Path;
use std::time::Duration;

use hearsay_core::Fact;
use hearsay_store::{ClaimFilter, EventFilter, Remember, Store, SubmitError, tables};
use sqlx::{Connection, Executor};

use crate::desk::{
    Desk, assert_same, column, dump_all, execute, fresh_id, raw, submission, submission_with, tell,
};
use crate::story::STORY;
use crate::victim::{Manner, Victim};

/// Everything that has words, with a mark in each that no other text has.
const MARKED: &str = r#"
{"do":"add_source","ref":"QZXV-ria","name":"QZXV agency","kind":"agency","aliases":["QZXV wire"]}
{"do":"alias_source","source":"QZXV agency","alias":"QZXV office"}
{"do":"report_claim","ref":"QZXV-claim","text":"QZXV happened","kind":"event","parties":[{"source":"QZXV agency","interest":"neutral"}],"evidence":{"ref":"QZXV-piece","source":"QZXV agency","stance":"affirms","footing":"own","quote":"QZXV","title":"QZXV title","url":"https://QZXV.example","described_as":"QZXV people","said_at":"2025-04-22T16:00:00Z"}}
{"do":"assign","claim":"QZXV-claim","to":"QZXV person"}
{"do":"note","claim":"QZXV-claim","text":"QZXV told us"}
{"do":"set_party","claim":"offer","source":"QZXV agency","interest":"neutral","reason":"QZXV is named"}
{"do":"set_policy","name":"default","four_eyes":["ruling","override"],"reason":"QZXV asked"}
{"do":"propose_ruling","claim":"QZXV-claim","rating":"True","summary":"QZXV did."}
ben {"do":"approve","claim":"QZXV-claim"}
{"do":"correct_ruling","claim":"QZXV-claim","rating":"False","summary":"QZXV did not.","reason":"QZXV proof"}
ben {"do":"approve","claim":"QZXV-claim"}
{"do":"tag","claim":"QZXV-claim","tag":"kept"}
"#;

const MARK: &[u8] = b"QZXV";

/// Whether a file beside the database, or itself, has the mark; folded words are lower case.
fn marked(path: &Path) -> Vec<String> {
    let mut found = Vec::new();
    for file in std::fs::read_dir(path.parent().unwrap()).unwrap() {
        let file = file.unwrap().path();
        let bytes = std::fs::read(&file).unwrap();
        let has = |mark: &[u8]| bytes.windows(mark.len()).any(|window| window == mark);
        if has(MARK) || has(b"qzxv") {
            found.push(file.file_name().unwrap().to_string_lossy().into_owned());
        }
    }
    found
}

async fn marked_desk() -> Desk {
    let desk = Desk::told(STORY).await;
    desk.tell(MARKED).await;
    desk
}

/// Proposes to erase the texts of every event with the mark; the lines that approve it.
async fn propose_all(desk: &Desk) -> Vec<String> {
    let seqs = column(
        &desk.path,
        "SELECT DISTINCT CAST(event AS TEXT) FROM texts WHERE body LIKE '%QZXV%' ORDER BY event",
    )
    .await;
    for seq in seqs {
        desk.tell(&format!(r#"{{"do":"erase","event":{seq},"basis":"GDPR, article 17"}}"#)).await;
    }
    let approve = |row: hearsay_store::ErasureRow| {
        let claim = row.claim.map(|claim| format!(r#""claim":"{claim}","#)).unwrap_or_default();
        format!(r#"ben {{"do":"approve",{claim}"proposal":"{}"}}"#, row.proposal)
    };
    let mut waiting = desk.store.erasures().await.unwrap();
    waiting.retain(|row| {
        row.claim.is_none_or(|claim| claim.0 != 1) || row.texts.iter().any(|texts| texts.event > 79)
    });
    waiting.into_iter().map(approve).collect()
}

async fn erase_all(desk: &Desk) {
    for line in propose_all(desk).await {
        desk.tell(&line).await;
    }
}

#[tokio::test]
async fn what_goes_out_can_tell_that_something_was_erased_meanwhile() {
    let desk = marked_desk().await;
    let lines = propose_all(&desk).await;
    let head = desk.store.head().await.unwrap().unwrap();
    assert!(!desk.store.has_erased_since(head).await.unwrap(), "what was erased before isn't in it");
    desk.tell(&lines[0]).await;
    assert!(desk.store.has_erased_since(head).await.unwrap());
}

#[tokio::test]
async fn erased_words_are_in_no_file_and_a_rebuild_changes_no_byte() {
    let desk = marked_desk().await;
    assert!(!marked(&desk.path).is_empty());
    let leaves = column(&desk.path, "SELECT hex(leaf) FROM events ORDER BY seq").await;
    erase_all(&desk).await;
    assert_eq!(marked(&desk.path), Vec::<String>::new());
    assert!(desk.store.purges(None).await.unwrap().is_empty(), "the file was written anew");
    let after = column(&desk.path, "SELECT hex(leaf) FROM events ORDER BY seq").await;
    assert_eq!(after[..leaves.len()], leaves[..], "no leaf is touched");
    desk.assert_sound().await;
    desk.tell(r#"{"do":"tag","claim":"C-7","tag":"later"}"#).await;
    assert_eq!(marked(&desk.path), Vec::<String>::new());
}

#[tokio::test]
async fn what_was_erased_is_told_with_the_event_that_erased_it() {
    let desk = marked_desk().await;
    erase_all(&desk).await;
    let claim = "C-7".parse().unwrap();
    let file = desk.store.claim_file(claim).await.unwrap();
    let says = |words: Option<&str>| words.is_some_and(|words| words.starts_with("[erased by event "));
    assert!(says(file.row.text.as_deref()), "{:?}", file.row.text);
    assert!(says(file.explanation.text.as_deref()), "{:?}", file.explanation.text);
    assert!(says(file.evidence[0].quote.as_deref()) && says(file.notes[0].text.as_deref()));
    assert!(says(file.ruling.as_ref().unwrap().summary.body()));
    let filter = EventFilter { claims: hearsay_store::Term::only(claim), ..EventFilter::default() };
    for view in desk.store.events(&filter).await.unwrap() {
        if let Fact::NoteAdded { text, .. } = &view.event.fact {
            assert!(says(text.body()));
            let by = view.erased.iter().find(|(field, _)| field == "text").unwrap().1;
            assert_eq!(text.body(), Some(format!("[erased by event {by}]").as_str()));
        }
    }
    let found = ClaimFilter { text: Some("qzxv".into()), ..ClaimFilter::default() };
    assert!(desk.store.claims(&found).await.unwrap().is_empty());
}

#[tokio::test]
async fn a_text_that_is_gone_without_an_erasure_is_an_alarm() {
    let desk = marked_desk().await;
    erase_all(&desk).await;
    assert_eq!(desk.store.check(&mut |_, _| {}).await.unwrap(), Vec::<String>::new());
    execute(&desk.path, "DELETE FROM texts WHERE event = 5 AND field = 'actor.name'").await.unwrap();
    let findings = desk.store.check(&mut |_, _| {}).await.unwrap();
    assert_eq!(findings, ["the text `actor.name` of event 5 is gone, and no event erased it"]);
    let forged = "INSERT INTO erased_texts SELECT 5, 'actor.name', max(seq) FROM events";
    execute(&desk.path, forged).await.unwrap();
    assert_eq!(desk.store.check(&mut |_, _| {}).await.unwrap(), findings, "the log itself tells what was erased");
}

#[tokio::test]
async fn whoever_reads_an_older_state_keeps_the_words_until_the_file_is_opened_again() {
    let desk = marked_desk().await;
    let lines = propose_all(&desk).await;
    let mut reader = raw(&desk.path).await;
    reader.execute("BEGIN").await.unwrap();
    reader.execute("SELECT count(*) FROM texts").await.unwrap();
    desk.tell(&lines[0]).await;
    assert_eq!(desk.store.purges(None).await.unwrap().len(), 1, "it is told that the purge could not finish");
    assert!(!marked(&desk.path).is_empty());
    reader.close().await.unwrap();
    for line in &lines[1..] {
        desk.tell(line).await;
    }
    assert_eq!(marked(&desk.path), Vec::<String>::new(), "the next one finishes it");
    assert!(desk.store.purges(None).await.unwrap().is_empty());
}

#[tokio::test]
async fn what_a_purge_left_is_done_when_the_writer_is_idle_and_the_file_is_written_once() {
    let desk = marked_desk().await;
    let lines = propose_all(&desk).await;
    let mut reader = raw(&desk.path).await;
    reader.execute("BEGIN").await.unwrap();
    reader.execute("SELECT count(*) FROM texts").await.unwrap();
    desk.tell(&lines[0]).await;
    // The story erased something before, and the file was written anew for that.
    let rewritten = "SELECT coalesce(CAST(rewritten_at AS TEXT), 'never') FROM purges ORDER BY event DESC LIMIT 1";
    let first = column(&desk.path, rewritten).await;
    assert!(first.len() == 1 && first[0] != "never", "{first:?}");
    tokio::time::sleep(Duration::from_millis(1_500)).await;
    assert_eq!(desk.store.purges(None).await.unwrap().len(), 1, "somebody reads it still");
    reader.close().await.unwrap();
    for _ in 0..100 {
        if desk.store.purges(None).await.unwrap().is_empty() {
            break;
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    assert!(desk.store.purges(None).await.unwrap().is_empty(), "nobody wrote, and nobody opened it anew");
    assert_eq!(column(&desk.path, rewritten).await, first, "the file was not written again for the rest");
}

#[tokio::test]
async fn a_purge_that_was_broken_off_is_finished_when_the_file_is_opened() {
    let desk = marked_desk().await;
    let lines = propose_all(&desk).await;
    let mut reader = raw(&desk.path).await;
    reader.execute("BEGIN").await.unwrap();
    reader.execute("SELECT count(*) FROM texts").await.unwrap();
    for line in &lines {
        let store = desk.store.clone();
        let submission = submission(line);
        let waiting = tokio::spawn(async move { store.submit(submission).await });
        drop(tokio::time::timeout(Duration::from_millis(1), waiting).await);
    }
    let Desk { directory, path, options, store } = desk;
    store.close().await;
    assert!(!marked(&path).is_empty(), "committed, and not purged");
    reader.close().await.unwrap();
    let store = Store::open(&path, options).await.unwrap();
    store.close().await;
    assert_eq!(marked(&path), Vec::<String>::new());
    drop(directory);
}

#[tokio::test]
async fn another_process_does_not_write_the_words_anew() {
    let desk = marked_desk().await;
    let other = desk.again().await.unwrap();
    // The other holds the claim with its assignee, and everything else that it can, in memory.
    tell(&other, r#"{"do":"tag","claim":"QZXV-claim","tag":"warm"}"#).await;
    erase_all(&desk).await;
    for number in 0..20 {
        tell(&other, &format!(r#"{{"do":"tag","claim":"C-7","tag":"t{number}"}}"#)).await;
    }
    assert_eq!(marked(&desk.path), Vec::<String>::new());
    let forgotten = other.submit(submission(r#"{"do":"tag","claim":"QZXV-claim","tag":"x"}"#)).await;
    assert!(matches!(forgotten, Err(SubmitError::Refused(_))), "{forgotten:?}");
    other.close().await;
    desk.assert_sound().await;
}

#[tokio::test]
async fn commands_that_are_on_their_way_meanwhile_do_not_bring_the_words_back() {
    let desk = marked_desk().await;
    let lines = propose_all(&desk).await;
    let store = desk.store.clone();
    let writing = tokio::spawn(async move {
        for number in 0..200 {
            let mut waiting = Vec::new();
            for part in 0..8 {
                let line = format!(r#"{{"do":"tag","claim":"C-7","tag":"t{number}-{part}"}}"#);
                waiting.push(store.enqueue(submission(&line)).await.unwrap());
            }
            for pending in waiting {
                pending.receipt().await.unwrap();
            }
        }
    });
    for line in &lines {
        desk.tell(line).await;
    }
    writing.await.unwrap();
    desk.assert_sound().await;
    desk.store.rebuild(&mut |_, _| {}).await.unwrap();
    let texts = column(&desk.path, "SELECT body FROM texts WHERE body LIKE '%QZXV%'").await;
    assert_eq!(texts, Vec::<String>::new());
    assert_eq!(marked(&desk.path), Vec::<String>::new());
}

#[tokio::test]
async fn refusals_and_dead_letters_lose_the_words() {
    let desk = marked_desk().await;
    let refused = r#"{"do":"note","claim":"QZXV unknown","text":"x"}"#;
    let id = hearsay_core::CommandId(fresh_id());
    desk.store.submit(submission_with(id, Remember::Yes, refused)).await.unwrap_err();
    erase_all(&desk).await;
    assert_eq!(marked(&desk.path), Vec::<String>::new());
    let again = desk.store.submit(submission_with(id, Remember::Yes, refused)).await.unwrap_err();
    assert!(again.to_string().contains("--retry-refused"), "{again}");
}

/// Puts in dead letters, each with a submitted line as its payload's text.
async fn put_dead(path: &Path, lines: &[&str], error: &str) {
    let mut connection = raw(path).await;
    for line in lines {
        sqlx::query(
            "INSERT INTO dead_tasks (id, kind, payload, priority, enqueued_at, died_at, attempts, error)
             SELECT coalesce(max(id), 0) + 1, 'record_follow_up', $1, 1, 1, 1, 1, $2 FROM dead_tasks",
        )
        .bind(serde_json::json!({ "text": line }).to_string())
        .bind(error)
        .execute(&mut connection)
        .await
        .unwrap();
    }
    connection.close().await.unwrap();
}

#[tokio::test]
async fn dead_letters_are_found_by_whole_values_however_they_are_escaped() {
    let desk = Desk::told(STORY).await;
    desk.tell(r#"{"do":"note","claim":"offer","text":"she said \"qzxv\\none\"\nand left"}"#).await;
    desk.tell(r#"{"do":"note","claim":"offer","text":"gold"}"#).await;
    let held = [
        r#"{"do":"note","claim":"C-9","text":"she said \"qzxv\\none\"\nand left"}"#,
        r#"{"do":"note","claim":"C-9","text":"\u0073he said \u0022qzxv\\none\"\u000aand left"}"#,
        r#"{"do":"note","claim":"C-9","text":"\u0067old"}"#,
        r#"{"do":"note","text":"she said \"qzxv\\none\"\nand left""#,
    ];
    let others = [r#"{"do":"note","claim":"C-9","text":"golden"}"#];
    put_dead(&desk.path, &held, "no such claim").await;
    put_dead(&desk.path, &others, "a golden rule").await;
    execute(
        &desk.path,
        "INSERT INTO dead_tasks VALUES (99, 'send_webhook', NULL, NULL, 'no json', 1, 1, 1, 1, NULL, 'x');
         INSERT INTO tasks (kind, fresh, payload, priority, due_at, enqueued_at, last_error)
         VALUES ('sweep', 0, '{}', 1, 9000000000000000, 1, 'said gold');
         INSERT OR REPLACE INTO task_kinds (kind, paused_at, paused_by) VALUES ('sweep', 1, 'Gold')",
    )
    .await
    .unwrap();
    let last_two = "SELECT CAST(event AS TEXT) FROM texts WHERE field = 'text' ORDER BY event DESC LIMIT 2";
    for seq in column(&desk.path, last_two).await {
        desk.tell(&format!(r#"{{"do":"erase","event":{seq},"basis":"GDPR, article 17"}}"#)).await;
    }
    for row in desk.store.erasures().await.unwrap() {
        let claim = row.claim.map(|claim| format!(r#""claim":"{claim}","#)).unwrap_or_default();
        desk.tell(&format!(r#"ben {{"do":"approve",{claim}"proposal":"{}"}}"#, row.proposal)).await;
    }
    let left = "SELECT payload ->> '$.text' FROM dead_tasks WHERE kind <> 'send_webhook'";
    assert_eq!(column(&desk.path, left).await, others);
    let errors = "SELECT last_error FROM tasks WHERE last_error IS NOT NULL";
    assert_eq!(column(&desk.path, errors).await, Vec::<String>::new());
    let paused = "SELECT paused_by FROM task_kinds WHERE paused_by IS NOT NULL";
    assert_eq!(column(&desk.path, paused).await, ["[erased]"]);
}

#[tokio::test]
async fn an_erasure_and_what_it_erases_do_not_come_in_one_group() {
    let desk = marked_desk().await;
    let lines = [
        r#"{"do":"record_follow_up","claim":"offer","evidence":{"ref":"e-new","source":"ft","stance":"neutral","footing":"own","quote":"x","said_at":"2025-04-22T09:00:00Z"}}"#,
        r#"{"do":"erase","evidence":"e-new","basis":"x"}"#,
    ];
    let group = lines.map(submission).to_vec();
    let ended = desk.store.submit_together(group).await.unwrap();
    assert!(ended[1].as_ref().unwrap_err().to_string().contains("by a command of its own"));
    for line in lines {
        desk.tell(line).await;
    }
    desk.assert_sound().await;
}

#[tokio::test]
async fn a_name_that_was_erased_may_be_given_again() {
    let desk = marked_desk().await;
    erase_all(&desk).await;
    desk.tell(
        r#"{"do":"add_source","ref":"QZXV-ria","name":"QZXV wire","kind":"outlet","aliases":["QZXV agency"]}"#,
    )
    .await;
    desk.assert_sound().await;
}

#[tokio::test]
async fn what_waits_to_be_erased_is_known_after_the_store_was_opened_again() {
    let desk = marked_desk().await;
    let lines = propose_all(&desk).await;
    let before = dump_all(&desk.path, tables::DERIVED).await;
    let desk = desk.reopened().await;
    assert_same(&before, &dump_all(&desk.path, tables::DERIVED).await);
    let alone = lines[0].replace("ben ", "");
    let refused = desk.refuse(&alone).await;
    assert!(refused.to_string().contains("second person"), "{refused}");
    desk.tell(&lines[0]).await;
    assert_eq!(desk.store.erasures().await.unwrap().len(), lines.len());
}

#[tokio::test]
async fn a_counted_name_is_taken_out_of_the_sums_and_nothing_else_is_touched() {
    let desk = Desk::told(STORY).await;
    let by_ana = "SELECT e.seq FROM events e JOIN texts t ON t.event = e.seq AND t.field = 'actor.name'
                   WHERE t.body = 'ana' AND e.claim <> 3 AND e.kind IN ('follow_up_recorded', 'evidence_struck', 'claim_advanced')";
    let counted = column(&desk.path, &format!("SELECT CAST(seq AS TEXT) FROM ({by_ana}) ORDER BY seq")).await;
    let first = "SELECT CAST(min(event) AS TEXT) FROM texts WHERE field = 'actor.name' AND body = 'ana'";
    let mut gone = column(&desk.path, first).await;
    gone.extend(counted.iter().step_by(2).cloned());
    assert!(gone.len() > 4, "{gone:?}");
    // What a rebuild would take away shows whether one was made.
    execute(&desk.path, "INSERT INTO mentions VALUES (zeroblob(16), 0, 1)").await.unwrap();
    for seq in &gone {
        desk.tell(&format!(
            r#"eva {{"do":"erase","event":{seq},"fields":["actor.name"],"basis":"GDPR, article 17"}}"#
        ))
        .await;
    }
    for row in desk.store.erasures().await.unwrap() {
        let claim = row.claim.map(|claim| format!(r#""claim":"{claim}","#)).unwrap_or_default();
        desk.tell(&format!(r#"ben {{"do":"approve",{claim}"proposal":"{}"}}"#, row.proposal)).await;
    }
    let stray = "SELECT CAST(count(*) AS TEXT) FROM mentions WHERE source = zeroblob(16)";
    assert_eq!(column(&desk.path, stray).await, ["1"], "no table was filled anew");
    let unnamed = "SELECT CAST(sum(number) AS TEXT) FROM counts WHERE actor = 0 AND axis = 'recorded'";
    assert_eq!(column(&desk.path, unnamed).await, [(gone.len() - 1).to_string()]);
    execute(&desk.path, "DELETE FROM mentions WHERE source = zeroblob(16)").await.unwrap();
    desk.assert_sound().await;
}

/// Marks that stand in one text each.
fn mark(number: usize) -> String {
    format!("QZXV{number:03}VXZQ")
}

#[tokio::test]
async fn whoever_is_killed_while_erasing_leaves_the_rest_to_the_next() {
    const NOTES: usize = 12;
    let (mut erased, mut interrupted) = (0, 0);
    for run in 0..8 {
        let desk = Desk::told(STORY).await;
        for number in 0..NOTES {
            desk.tell(&format!(r#"{{"do":"note","claim":"offer","text":"{} was here"}}"#, mark(number))).await;
            let seq = desk.store.head().await.unwrap().unwrap();
            desk.tell(&format!(r#"{{"do":"erase","event":{seq},"basis":"GDPR, article 17"}}"#)).await;
        }
        let Desk { directory, path, options, store } = desk;
        store.close().await;
        let victim = Victim::start(&path, Manner::Erasing);
        std::thread::sleep(Duration::from_millis(40 + 25 * run));
        let acknowledged = victim.kill();
        let store = Store::open(&path, options).await.unwrap();
        let left = column(&path, "SELECT body FROM texts WHERE body LIKE 'QZXV%was here'").await;
        interrupted += usize::from(!left.is_empty() && left.len() < NOTES);
        store.close().await;
        // The story's own erasure waits, too, and is approved first.
        let of_notes = acknowledged.len().saturating_sub(1);
        assert!(left.len() + of_notes <= NOTES, "what was acknowledged was erased");
        erased += NOTES - left.len();
        let bytes = std::fs::read(&path).unwrap();
        for number in 0..NOTES {
            let mark = mark(number);
            let kept = left.iter().any(|body| body.starts_with(&mark));
            let found = bytes.windows(mark.len()).any(|window| window == mark.as_bytes());
            assert_eq!(found, kept, "{mark} after run {run}");
        }
        assert!(!directory.path().join("desk.db-wal").exists(), "closed, so that all is in the one file");
    }
    assert!(erased > 0 && interrupted > 0, "no victim was killed in the middle: {erased} erased");
}
