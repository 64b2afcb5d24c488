//! Walkthrough 8: a refused line becomes a dead letter, is mended, and recorded; or thrown away.

use std::fs;
use std::os::unix::fs::PermissionsExt;

use serde_json::{Value, json};

use crate::harness::Desk;
use crate::running::{events, tally, work_until_idle};
use crate::submitting::{follow_up, opened};

/// Submits a line that the rules refuse: its source's word was said in the future.
fn refused(desk: &Desk) -> Value {
    let line = follow_up("c", "e2", "b").replace("2026-05-01T13", "2199-05-01T13");
    let path = desk.file("evening.jsonl", &format!("\n{line}\n"));
    desk.run(&["follow-up", "submit", &path.to_string_lossy()]).done();
    work_until_idle(desk);
    assert_eq!(events(desk, "follow_up_recorded").len(), 0);
    let dead = desk.json(&["queue", "dead"]);
    assert_eq!(dead.as_array().map(Vec::len), Some(1), "{dead}");
    dead[0].clone()
}

#[test]
fn a_refused_line_is_mended_and_retried() {
    let desk = opened();
    let letter = refused(&desk);
    let id = letter["id"].to_string();
    assert_eq!(letter["kind"], "record_follow_up");
    assert!(letter["source"].as_str().is_some_and(|source| source.ends_with("evening.jsonl")), "{letter}");
    assert_eq!((&letter["line"], &letter["field"]), (&json!(2), &json!("evidence.said_at")));
    let shown = desk.run(&["queue", "dead"]).done().stdout;
    assert!(shown.contains("evening.jsonl:2: evidence.said_at: "), "{shown}");

    let unfit = desk.run(&["queue", "retry", &id, "--line", r#"{"do":"record_follow_up","claim":"c"}"#]);
    assert_eq!(unfit.code, Some(2));
    assert!(unfit.stderr.contains("evidence: missing field"), "{}", unfit.stderr);
    let other = desk.run(&["queue", "retry", &id, "--line", r#"{"do":"note","claim":"c","text":"x"}"#]);
    assert!(other.stderr.contains("the task is to record_follow_up"), "{}", other.stderr);
    desk.run(&["queue", "retry", &id, "--line", &follow_up("c", "e2", "b")]).done();
    assert_eq!(desk.json(&["queue", "dead"]), json!([]));
    work_until_idle(&desk);
    assert_eq!(events(&desk, "follow_up_recorded").len(), 1);

    let path = desk.folder().join("evening.jsonl");
    let again = desk.json(&["follow-up", "submit", &path.to_string_lossy()]);
    assert_eq!(again[0]["outcome"], "recorded_before", "the mended line bears the id of the line that it mends");
}

#[test]
fn a_line_is_mended_in_an_editor() {
    let desk = opened();
    let id = refused(&desk)["id"].to_string();
    let editor = desk.folder().join("editor");
    let edit = |script: &str| {
        fs::write(&editor, format!("#!/bin/sh\n{script}\n")).expect("an editor");
        fs::set_permissions(&editor, fs::Permissions::from_mode(0o755)).expect("an editor that can be run");
        let mut command = desk.command("ana", "editor", &["queue", "retry", &id, "--edit"]);
        let output = command.env("VISUAL", &editor).output().expect("the program can be run");
        (output.status.code(), String::from_utf8_lossy(&[output.stdout, output.stderr].concat()).into_owned())
    };
    let (code, told) = edit(": > \"$1\"");
    assert_eq!(code, Some(0), "{told}");
    assert!(told.contains("stays a dead letter"), "{told}");
    let (code, told) = edit("exit 3");
    assert_eq!(code, Some(2), "{told}");
    let (code, told) = edit("sed -i s/Z/X/ \"$1\"");
    assert_eq!(code, Some(2), "{told}");
    let kept = told.split('`').find(|part| part.contains("hearsay-line-")).expect("what was written is kept");
    fs::remove_file(kept).expect("the kept file");
    assert_eq!(tally(&desk, "record_follow_up", "dead"), 1);
    let (code, told) = edit("grep -q 'future\\|ahead\\|said' \"$1\" && sed -i s/2199/2026/ \"$1\"");
    assert_eq!(code, Some(0), "{told}");
    work_until_idle(&desk);
    assert_eq!(events(&desk, "follow_up_recorded").len(), 1);
}

#[test]
fn a_dead_letter_is_thrown_away_with_a_reason() {
    let desk = opened();
    let id = refused(&desk)["id"].to_string();
    let missing = desk.run(&["queue", "drop", "9999", "--reason", "gone"]);
    assert_eq!(missing.code, Some(4), "{}", missing.stderr);
    desk.run(&["queue", "drop", &id, "--reason", "the wire took it back"]).done();
    assert_eq!(desk.json(&["queue", "dead"]), json!([]));
    let notes = desk.json(&["claim", "show", "c"])["notes"].clone();
    assert!(notes[0]["text"].as_str().is_some_and(|note| note.contains("the wire took it back")), "{notes}");
}

#[test]
fn all_dead_letters_of_a_kind_are_retried_at_once() {
    let desk = opened();
    refused(&desk);
    let none = desk.run(&["queue", "retry", "--kind", "withdraw_evidence"]).done();
    assert!(none.stdout.contains("no dead letter"), "{}", none.stdout);
    desk.run(&["queue", "retry", "--kind", "record_follow_up"]).done();
    assert_eq!(tally(&desk, "record_follow_up", "waiting"), 1);
    work_until_idle(&desk);
    assert_eq!(tally(&desk, "record_follow_up", "dead"), 1, "it is refused alike");
    desk.run(&["queue", "retry", "--all"]).done();
    let nothing_named = desk.run(&["queue", "retry"]);
    assert_eq!(nothing_named.code, Some(2), "{}", nothing_named.stderr);
}
