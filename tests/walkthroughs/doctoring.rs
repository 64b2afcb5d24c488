//! Walkthrough 10: what stands still, and why. Each reason that the doctor knows, on a real queue.

use std::fmt::Write;

use serde_json::{Value, json};

use crate::harness::Desk;
use crate::running::{Running, tally, until, work_until_idle};
use crate::submitting::{follow_up, opened};

/// What the doctor found for a reason, with its exit code.
#[track_caller]
fn doctor(desk: &Desk, reason: &str) -> (Value, Option<i32>) {
    let ended = desk.run(&["doctor", "--format", "json"]);
    let findings: Value = serde_json::from_str(&ended.stdout).expect("findings");
    let found = findings.as_array().into_iter().flatten().find(|finding| finding["reason"] == reason);
    assert!(found.is_some(), "the doctor does not say `{reason}`:\n{findings}\n{}", ended.stderr);
    (found.cloned().unwrap_or_default(), ended.code)
}

fn submit(desk: &Desk, name: &str, lines: &str) {
    let path = desk.file(name, lines);
    desk.run(&["follow-up", "submit", &path.to_string_lossy()]).done();
}

fn says(finding: &Value) -> &str {
    finding["says"].as_str().unwrap_or_default()
}

#[test]
fn an_empty_desk_needs_nobody() {
    let desk = Desk::new();
    let ended = desk.run(&["doctor"]).done();
    for expected in ["In order", "sound", "are free", "none is running, and nothing is due"] {
        assert!(ended.stdout.contains(expected), "{expected} is not in\n{}", ended.stdout);
    }
}

#[test]
fn due_tasks_without_a_worker_need_a_person() {
    let desk = opened();
    submit(&desk, "one.jsonl", &format!("{}\n{}\n", follow_up("c", "e2", "b"), follow_up("c", "e3", "a")));
    let (finding, code) = doctor(&desk, "no_worker");
    assert_eq!(code, Some(1));
    assert_eq!((&finding["count"], &finding["care"]), (&json!(2), &json!("person")));
    assert!(finding["next"].as_str().is_some_and(|next| next.contains("hearsay work")), "{finding}");
    work_until_idle(&desk);
    desk.run(&["doctor"]).done();
}

#[test]
fn a_change_that_was_worked_off_at_once_needs_nobody() {
    let desk = opened();
    desk.run(&["source", "rate", "b", "A", "--reason", "it was right all year"]).done();
    let (finding, code) = doctor(&desk, "nothing_left");
    assert_eq!((code, &finding["kind"]), (Some(0), &json!("restand")));
}

#[test]
fn a_paused_kind_is_named_with_who_paused_it() {
    let desk = opened();
    desk.run(&["queue", "pause", "record-follow-up"]).done();
    desk.run(&["doctor"]).done();
    submit(&desk, "one.jsonl", &follow_up("c", "e2", "b"));
    work_until_idle(&desk);
    let (finding, code) = doctor(&desk, "paused");
    assert_eq!(code, Some(1));
    assert!(says(&finding).contains("record_follow_up was paused by ana"), "{finding}");
    assert_eq!(finding["next"], "`hearsay queue resume record_follow_up`");
    let shown = desk.run(&["queue", "show"]).done().stdout;
    assert!(shown.contains("paused by ana"), "{shown}");
    desk.run(&["queue", "resume", "record_follow_up"]).done();
    work_until_idle(&desk);
    assert_eq!(tally(&desk, "record_follow_up", "done_today"), 1);
    desk.run(&["doctor"]).done();
}

#[test]
fn a_dead_letter_is_told_with_its_cause() {
    let desk = opened();
    submit(&desk, "one.jsonl", &follow_up("c", "e2", "b").replace("2026", "2199"));
    work_until_idle(&desk);
    let (finding, code) = doctor(&desk, "dead");
    assert_eq!((code, &finding["count"]), (Some(1), &json!(1)));
    assert!(says(&finding).contains("evidence.said_at: "), "{finding}");
}

#[test]
fn scheduled_and_failed_tasks_move_by_themselves() {
    let desk = opened();
    desk.import(r#"{"do":"set_party","claim":"c","source":"b","interest":"against","reason":"it is asked"}"#)
        .done();
    submit(&desk, "one.jsonl", &follow_up("not-there-yet", "e2", "b"));
    let worker = Running::work(&desk, &[]);
    until("the line was tried once", || tally(&desk, "record_follow_up", "scheduled") == 1);
    let (finding, code) = doctor(&desk, "retrying");
    assert_eq!((code, &finding["care"]), (Some(0), &json!("patience")));
    assert!(says(&finding).contains("not-there-yet"), "{finding}");
    let (finding, _) = doctor(&desk, "scheduled");
    assert!(says(&finding).contains("scheduled"), "{finding}");
    assert!(says(&doctor(&desk, "well").0).contains(&format!("process {} (`wendy`)", worker.pid())));
}

#[test]
fn a_rate_limit_says_when_the_next_may_begin() {
    let desk = opened();
    desk.run(&["queue", "rate", "record_follow_up", "1/min"]).done();
    submit(&desk, "one.jsonl", &(2..5).map(|n| follow_up("c", &format!("e{n}"), "b") + "\n").collect::<String>());
    let _worker = Running::work(&desk, &[]);
    until("one is done", || tally(&desk, "record_follow_up", "done_today") == 1);
    let (finding, code) = doctor(&desk, "rate_limit");
    assert_eq!((code, &finding["count"]), (Some(0), &json!(2)));
    assert!(says(&finding).contains("at most 1 record_follow_up are begun in a minute"), "{finding}");
    desk.run(&["queue", "rate", "record_follow_up", "off"]).done();
    until("the others are done", || tally(&desk, "record_follow_up", "done_today") == 3);
}

/// A worker that was stopped while it had tasks of the one claim, more than it takes at once.
fn stopped_at_work(desk: &Desk, args: &[&str]) -> Running {
    desk.run(&["queue", "pause", "record_follow_up"]).done();
    let lines = (0..1_500).fold(String::new(), |mut lines, number| {
        writeln!(lines, "{}", follow_up("c", &format!("f{number}"), "b")).expect("a line");
        lines
    });
    submit(desk, "many.jsonl", &lines);
    let worker = Running::work(desk, args);
    desk.run(&["queue", "resume", "record_follow_up"]).done();
    until("the worker is stopped while it has tasks", || {
        worker.signal("STOP");
        let caught = tally(desk, "record_follow_up", "leased") > 0;
        if !caught {
            worker.signal("CONT");
            std::thread::sleep(std::time::Duration::from_millis(3));
        }
        caught
    });
    worker
}

#[test]
fn leased_tasks_and_those_of_the_same_claim_are_told_with_who_has_them() {
    let desk = opened();
    let worker = stopped_at_work(&desk, &[]);
    let (finding, _) = doctor(&desk, "leased");
    assert!(says(&finding).contains(&format!("process {} (`wendy`", worker.pid())), "{finding}");
    assert!(says(&finding).contains("leased until"), "{finding}");
    let (finding, _) = doctor(&desk, "claim_busy");
    assert!(says(&finding).contains("for other tasks of their claims, such as"), "{finding}");
    let tasks = desk.json(&["queue", "show", "--tasks", "--state", "leased", "--limit", "1"]);
    assert_eq!(tasks[0]["waits_for"]["why"], "lease");
}

#[test]
fn what_a_killed_worker_had_is_told_until_the_next_one_takes_it_up() {
    let desk = opened();
    stopped_at_work(&desk, &[]).killed();
    let (finding, code) = doctor(&desk, "left_behind");
    assert_eq!((code, &finding["care"]), (Some(1), &json!("person")));
    assert!(says(&finding).contains("which has ended"), "{finding}");
    work_until_idle(&desk);
    desk.run(&["doctor"]).done();
}

#[test]
fn a_worker_that_hangs_needs_a_person() {
    let desk = opened();
    std::fs::write(desk.folder().join("hearsay.toml"), "[worker]\nlease = \"1s\"\n").expect("a configuration");
    let _worker = stopped_at_work(&desk, &[]);
    until("its leases run out", || desk.run(&["doctor", "--format", "json"]).stdout.contains("lease_ran_out"));
    let (finding, code) = doctor(&desk, "silent");
    assert_eq!((code, &finding["care"]), (Some(1), &json!("person")));
    let (finding, _) = doctor(&desk, "lease_ran_out");
    assert!(says(&finding).contains("the lease ran out"), "{finding}");
}

#[test]
fn what_waits_for_its_turn_says_behind_how_many() {
    let desk = opened();
    let worker = Running::work(&desk, &[]);
    until("the worker is idle", || tally(&desk, "sweep", "done_today") > 0);
    worker.signal("STOP");
    submit(&desk, "one.jsonl", &(2..5).map(|n| follow_up("c", &format!("e{n}"), "b") + "\n").collect::<String>());
    let (finding, _) = doctor(&desk, "turn");
    assert_eq!(finding["count"], json!(3));
    assert!(says(&finding).contains("behind 2 others"), "{finding}");
}
