//! Walkthrough 7: one task, from a line of a file to the log; then what is submitted twice, and bad input.

use std::fmt::Write;
use std::fs;

use serde_json::json;

use crate::harness::Desk;
use crate::running::{events, tally, work_until_idle};

pub(crate) const CLAIM: &str = r#"{"do":"add_source","ref":"a","name":"Alpha","kind":"outlet","reliability":"B"}
{"do":"add_source","ref":"b","name":"Beta","kind":"outlet","reliability":"B"}
{"do":"report_claim","ref":"c","text":"It rained on 1 May 2026.","kind":"event","evidence":{"ref":"e1","source":"a","stance":"affirms","footing":"own","said_at":"2026-05-01T12:00:00Z"}}
"#;

/// A follow-up on a claim, with a handle.
pub(crate) fn follow_up(claim: &str, handle: &str, source: &str) -> String {
    format!(
        r#"{{"do":"record_follow_up","claim":"{claim}","evidence":{{"ref":"{handle}","source":"{source}","stance":"affirms","footing":"own","said_at":"2026-05-01T13:00:00Z"}}}}"#
    )
}

/// A desk with one claim.
pub(crate) fn opened() -> Desk {
    let desk = Desk::new();
    desk.import(CLAIM).done();
    desk
}

#[test]
fn a_submitted_line_is_recorded() {
    let desk = opened();
    let withdrawal = r#"{"do":"withdraw_evidence","evidence":"e2","said_at":"2026-05-02T12:00:00Z"}"#;
    let path = desk.file("evening.jsonl", &format!("{}\n{withdrawal}\n", follow_up("c", "e2", "b")));
    let submit = ["follow-up", "submit", &path.to_string_lossy(), "--format", "json"];
    let submitted = desk.run_as("ben", "checker", &submit).done();
    let rows: serde_json::Value = serde_json::from_str(&submitted.stdout).expect("rows");
    assert_eq!((&rows[0]["outcome"], &rows[0]["claim"]), (&json!("queued"), &json!("C-1")));
    assert_eq!((&rows[1]["outcome"], &rows[1]["claim"]), (&json!("queued"), &json!("C-1")));
    assert!(submitted.stderr.contains("no worker is running"), "{}", submitted.stderr);
    assert_eq!(events(&desk, "follow_up_recorded").len(), 0, "nothing is recorded before the worker comes");

    let task = &desk.json(&["queue", "show", "--tasks", "--kind", "record_follow_up"])[0];
    assert_eq!((&task["id"], &task["state"]), (&rows[0]["task"], &json!("waiting")));
    assert_eq!(task["waits_for"]["why"], "worker");
    assert_eq!((&task["payload"]["line"], &task["payload"]["actor"]), (&json!(1), &json!("ben")));

    work_until_idle(&desk);
    let recorded = events(&desk, "follow_up_recorded");
    assert_eq!((recorded.len(), &recorded[0]["actor"]), (1, &json!("ben")));
    assert_eq!(events(&desk, "evidence_withdrawn").len(), 1, "the second line came after the first");
    assert_eq!(tally(&desk, "record_follow_up", "waiting"), 0);
    assert_eq!(tally(&desk, "record_follow_up", "done_today"), 1);
}

#[test]
fn what_is_submitted_again_is_recorded_once() {
    let desk = opened();
    let path = desk.file("evening.jsonl", &(follow_up("c", "e2", "b") + "\n" + &follow_up("c", "e3", "a") + "\n"));
    let path = path.to_string_lossy().into_owned();
    let outcomes = || {
        let rows = desk.json(&["follow-up", "submit", &path]);
        let rows = rows.as_array().cloned().unwrap_or_default();
        rows.iter().map(|row| row["outcome"].as_str().unwrap_or_default().to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(outcomes(), ["queued", "queued"]);
    assert_eq!(outcomes(), ["queued_before", "queued_before"]);
    work_until_idle(&desk);
    assert_eq!(outcomes(), ["recorded_before", "recorded_before"]);
    work_until_idle(&desk);
    assert_eq!(events(&desk, "follow_up_recorded").len(), 2);
    let twice = desk.file("other.jsonl", &(follow_up("c", "e4", "b") + "\n").repeat(2));
    desk.run(&["follow-up", "submit", &twice.to_string_lossy()]).done();
    assert_eq!(tally(&desk, "record_follow_up", "waiting"), 2, "the same text twice in one file is two lines");
}

#[test]
fn a_line_that_waits_to_be_tried_again_is_not_put_on_the_queue_twice() {
    let desk = opened();
    let path = desk.file("unknown.jsonl", &(follow_up("nobody-knows", "e2", "b") + "\n"));
    let path = path.to_string_lossy().into_owned();
    desk.run(&["follow-up", "submit", &path]).done();
    work_until_idle(&desk);
    assert_eq!(tally(&desk, "record_follow_up", "retried_today"), 1, "the claim may be on its way");
    let again = desk.json(&["follow-up", "submit", &path]);
    assert_eq!(again[0]["outcome"], "queued_before");
    let tasks = desk.json(&["queue", "show", "--tasks", "--kind", "record_follow_up"]);
    assert_eq!(tasks.as_array().map(Vec::len), Some(1), "{tasks}");
}

#[test]
fn standard_input_needs_a_namespace() {
    let desk = opened();
    let refused = desk.run(&["follow-up", "submit", "-"]);
    assert_eq!(refused.code, Some(2));
    assert!(refused.stderr.contains("--namespace"), "{}", refused.stderr);
    let submit = |_: u32| {
        let mut command = desk.command("ana", "editor", &["follow-up", "submit", "-", "--namespace", "wire"]);
        let path = desk.file("piped.jsonl", &follow_up("c", "e2", "b"));
        let output = command.stdin(fs::File::open(path).expect("the file")).output().expect("it runs");
        String::from_utf8(output.stdout).expect("UTF-8")
    };
    assert!(submit(1).contains("<stdin>: 1 line put on the queue"), "{}", submit(1));
    assert!(submit(2).contains("1 on it before"));
}

#[test]
fn bad_lines_are_named_and_the_others_go_on_the_queue() {
    let desk = opened();
    let mut lines = String::new();
    let field = "x".repeat(10 << 20);
    for line in [
        follow_up("c", "e2", "b"),
        r#"{"do":"note","claim":"c","text":"y"}"#.to_owned(),
        r#"{"do":"record_follow_up","claim":"c""#.to_owned(),
        r#"{"do":"withdraw_evidence","evidence":"e1","why":"x"}"#.to_owned(),
        format!(r#"{{"do":"withdraw_evidence","evidence":"e1","reason":"{field}"}}"#),
        follow_up("c", "e3", "a"),
    ] {
        writeln!(lines, "{line}").expect("a line");
    }
    let path = desk.file("mixed.jsonl", &lines);
    let ended = desk.run(&["follow-up", "submit", &path.to_string_lossy()]);
    assert_eq!(ended.code, Some(2), "{}", ended.stderr);
    for expected in
        ["mixed.jsonl:2: do: `note`", "mixed.jsonl:3:", "mixed.jsonl:4: why: ", "mixed.jsonl:5: reason: "]
    {
        assert!(ended.stderr.contains(expected), "{expected} is not in\n{}", ended.stderr);
    }
    assert!(ended.stderr.contains("2 lines put on the queue, 4 refused"), "{}", ended.stderr);
    assert_eq!(tally(&desk, "record_follow_up", "waiting"), 2);
}

#[test]
fn bad_files_put_nothing_on_the_queue() {
    let desk = opened();
    let run = |name: &str, bytes: &[u8]| {
        let path = desk.folder().join(name);
        fs::write(&path, bytes).expect("a file");
        let ended = desk.run(&["follow-up", "submit", &path.to_string_lossy()]);
        assert_eq!(ended.code, Some(2), "{name}: {}", ended.stderr);
        assert!(ended.stderr.contains(name), "{name}: {}", ended.stderr);
        ended.stderr
    };
    assert!(run("empty.jsonl", b"").contains("no lines"));
    let latin = b"{\"do\":\"withdraw_evidence\",\"evidence\":\"caf\xe9\"}\n";
    assert!(run("latin.jsonl", latin).contains("UTF-8"));
    run("array.jsonl", b"[]\n");
    let missing = desk.run(&["follow-up", "submit", "not-there.jsonl"]);
    assert_eq!(missing.code, Some(2), "{}", missing.stderr);
    assert_eq!(tally(&desk, "record_follow_up", "waiting"), 0);
    assert_eq!(tally(&desk, "withdraw_evidence", "waiting"), 0);
}
