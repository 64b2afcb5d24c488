//! Walkthrough 9: a worker is killed, stopped, drained, and joined by a second one; what was submitted is recorded once.

use std::collections::HashSet;
use std::fmt::Write;
use std::hash::{BuildHasher, Hasher, RandomState};
use std::time::{Duration, Instant};

use crate::harness::Desk;
use crate::running::{PATIENCE, Running, events, tally, until, work_until_idle};
use crate::submitting::{follow_up, opened};

/// How many lines are submitted.
const LINES: usize = 3_000;

/// How often the worker is killed.
const KILLS: usize = 40;

/// A number below `most`, another each time.
fn below(most: u64) -> u64 {
    RandomState::new().build_hasher().finish() % most
}

/// Submits so many lines on two claims.
fn submit(desk: &Desk, lines: usize) {
    desk.import(r#"{"do":"report_claim","ref":"d","text":"It rained on 2 May 2026.","kind":"event","evidence":{"ref":"d1","source":"a","stance":"affirms","footing":"own","said_at":"2026-05-02T12:00:00Z"}}"#).done();
    let mut text = String::new();
    for number in 0..lines {
        let claim = if number % 2 == 0 { "c" } else { "d" };
        writeln!(text, "{}", follow_up(claim, &format!("f{number}"), "b")).expect("a line");
    }
    let path = desk.file("many.jsonl", &text);
    let ended = desk.run(&["follow-up", "submit", &path.to_string_lossy()]).done();
    assert!(ended.stdout.contains(&format!("{lines} lines put on the queue")), "{}", ended.stdout);
}

/// Fails unless so many lines are recorded, each once, and nothing is left.
#[track_caller]
fn assert_each_recorded_once(desk: &Desk, lines: usize) {
    let recorded = events(desk, "follow_up_recorded");
    let handles: HashSet<&str> =
        recorded.iter().filter_map(|event| event["data"]["evidence"]["ref"].as_str()).collect();
    let commands: HashSet<&str> = recorded.iter().filter_map(|event| event["command"].as_str()).collect();
    assert_eq!((recorded.len(), commands.len(), handles.len()), (lines, lines, lines));
    for number in ["waiting", "leased", "dead", "scheduled"] {
        assert_eq!(tally(desk, "record_follow_up", number), 0, "{number}");
    }
    desk.run(&["db", "check"]).done();
}

#[test]
fn a_worker_is_killed_again_and_again() {
    let desk = opened();
    submit(&desk, LINES);
    let mut at_work = 0;
    for _ in 0..KILLS {
        let worker = Running::work(&desk, &[]);
        std::thread::sleep(Duration::from_millis(below(120)));
        worker.killed();
        at_work += usize::from(
            tally(&desk, "record_follow_up", "waiting") + tally(&desk, "record_follow_up", "leased") > 0,
        );
    }
    assert!(at_work > KILLS / 8, "only {at_work} of {KILLS} kills came while there was work");
    let began = Instant::now();
    let worker = Running::work(&desk, &[]);
    let before = tally(&desk, "record_follow_up", "done_today");
    if before < LINES as u64 {
        until("the work is taken up again", || tally(&desk, "record_follow_up", "done_today") > before);
        assert!(began.elapsed() < PATIENCE / 4, "work was taken up only after {:?}", began.elapsed());
    }
    until("all is done", || {
        tally(&desk, "record_follow_up", "waiting") + tally(&desk, "record_follow_up", "leased") == 0
    });
    worker.signal("TERM");
    assert!(worker.ended().0.success());
    assert_each_recorded_once(&desk, LINES);
}

#[test]
fn a_worker_that_is_told_to_stop_finishes_what_it_has_begun() {
    let desk = opened();
    submit(&desk, 1_500);
    let worker = Running::work(&desk, &["--drain", "5s"]);
    until("some are done", || tally(&desk, "record_follow_up", "done_today") > 0);
    let began = Instant::now();
    worker.signal("TERM");
    let (status, said) = worker.ended();
    assert!(began.elapsed() < Duration::from_secs(6), "it took {:?}", began.elapsed());
    assert!(status.success(), "{said}");
    assert!(said.contains("work: stopping") && said.contains("work: ended; "), "{said}");
    assert_eq!(tally(&desk, "record_follow_up", "leased"), 0, "what it had is given back");
    let recorded = events(&desk, "follow_up_recorded").len() as u64;
    assert_eq!(recorded, tally(&desk, "record_follow_up", "done_today"), "what it recorded is settled");
    work_until_idle(&desk);
    assert_each_recorded_once(&desk, 1_500);
}

#[test]
fn a_second_worker_is_refused() {
    let desk = opened();
    let first = Running::work(&desk, &[]);
    let second = desk.run_as("otto", "worker", &["work", "--until-idle"]);
    assert_eq!(second.code, Some(5), "{}", second.stderr);
    for expected in [format!("process {}", first.pid()), "`wendy`".to_owned()] {
        assert!(second.stderr.contains(&expected), "{expected} is not in\n{}", second.stderr);
    }
    first.killed();
    work_until_idle(&desk);
}

#[test]
fn a_worker_that_was_stopped_past_its_leases_settles_nothing_twice() {
    let desk = opened();
    submit(&desk, 1_500);
    let worker = Running::work(&desk, &["--lease", "400ms"]);
    let mut stale = 0;
    let began = Instant::now();
    while tally(&desk, "record_follow_up", "done_today") < 1_500 {
        assert!(began.elapsed() < PATIENCE, "it does not come to an end:\n{}", worker.said());
        worker.signal("STOP");
        if tally(&desk, "record_follow_up", "leased") > 0 && stale < 3 {
            stale += 1;
            std::thread::sleep(Duration::from_millis(600));
        }
        worker.signal("CONT");
        std::thread::sleep(Duration::from_millis(5 + below(20)));
    }
    worker.signal("TERM");
    let (status, said) = worker.ended();
    assert!(status.success(), "{said}");
    assert!(stale > 0, "it was never stopped while it had a task");
    assert!(said.contains("whose lease had run out"), "no settle was refused:\n{said}");
    assert_each_recorded_once(&desk, 1_500);
}

#[test]
fn what_another_process_submits_is_picked_up_by_itself() {
    let desk = opened();
    let worker = Running::work(&desk, &[]);
    until("the worker is idle", || tally(&desk, "sweep", "done_today") > 0);
    let path = desk.file("one.jsonl", &follow_up("c", "e2", "b"));
    desk.run(&["follow-up", "submit", &path.to_string_lossy()]).done();
    until("the line is recorded", || events(&desk, "follow_up_recorded").len() == 1);
    drop(worker);
}

#[test]
fn a_schedule_that_cannot_be_read_is_refused() {
    let desk = opened();
    for (line, expected) in [
        ("sweep = \"every day\"", "no cron expression"),
        ("zone = \"Mars/Olympus\"", "no time zone is called `Mars/Olympus`"),
        ("lease = \"30\"", "hearsay.toml:2:9: worker.lease: `30` is no time"),
        ("leas = \"30s\"", "did you mean `worker.lease`?"),
    ] {
        std::fs::write(desk.folder().join("hearsay.toml"), format!("[worker]\n{line}\n"))
            .expect("a configuration");
        let ended = desk.run(&["work", "--until-idle"]);
        assert_eq!(ended.code, Some(2), "{line}: {}", ended.stderr);
        assert!(ended.stderr.contains(expected), "{line}: {}", ended.stderr);
    }
}
