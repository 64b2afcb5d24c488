//! Walkthrough 12: an auditor asks the demo's record, in every format, and takes it away.

use serde_json::{Value, json};

use crate::harness::Desk;

/// A desk with the demo's story.
fn told() -> Desk {
    let desk = Desk::new();
    let story = desk.folder().join("story.db");
    let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_hearsay"));
    let output = command.args(["demo", "--db"]).arg(&story).current_dir(desk.folder()).output().expect("it runs");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    std::fs::copy(&story, desk.database()).expect("the story's database");
    desk
}

/// What was asked in those formats; each answer can be read by a program.
fn answered(desk: &Desk, question: &[&str], formats: &[&str]) {
    for format in formats {
        let args: Vec<&str> = ["audit"].iter().chain(question).copied().chain(["--format", format]).collect();
        let answer = desk.run(&args).done().stdout;
        assert!(!answer.trim().is_empty(), "{args:?}");
        match *format {
            "json" => assert!(serde_json::from_str::<Value>(&answer).is_ok(), "{args:?}: {answer}"),
            "jsonl" => assert!(answer.lines().all(|line| serde_json::from_str::<Value>(line).is_ok()), "{answer}"),
            "csv" => assert!(answer.lines().count() > 1, "{args:?}: {answer}"),
            _ => {}
        }
    }
}

#[test]
fn an_auditor_asks_what_was_known_and_on_what_it_rested() {
    let desk = told();
    let lists = ["table", "json", "jsonl", "csv"];
    let (then, later) = ("2025-04-22T20:00:00Z", "2025-04-24T20:00:00Z");
    answered(&desk, &["log", "--newest", "--limit", "5"], &lists);
    answered(&desk, &["history", "C-1"], &lists);
    answered(&desk, &["as-of", then], &lists);
    answered(&desk, &["as-of", then, "C-1"], &["table", "json", "jsonl"]);
    answered(&desk, &["diff", then, later], &lists);
    answered(&desk, &["diff", then, later, "--along", "occurred"], &lists);
    answered(&desk, &["count", "--by", "party"], &lists);
    answered(&desk, &["count", "states", "--at", then], &lists);
    answered(&desk, &["retroactive", "--lag", "1h"], &lists);
    answered(&desk, &["decided-on", "Financial Times"], &lists);
    answered(&desk, &["source-record", "FT"], &["table", "json", "jsonl"]);
    answered(&desk, &["exceptions"], &["table", "json"]);

    let now_known = desk.json(&["audit", "as-of", "2025-04-23T09:00:00Z", "C-1"]);
    let then_known =
        desk.json(&["audit", "as-of", "2025-04-23T09:00:00Z", "C-1", "--known-at", "2025-04-22T17:00:00Z"]);
    assert_eq!((&now_known["standing"], &now_known["state"]), (&json!("denied"), &json!("reported")));
    assert_eq!(then_known["standing"], "reported");
    let history = desk.json(&["audit", "history", "C-1"]);
    let advanced = history.as_array().into_iter().flatten().find(|event| event["kind"] == "claim_advanced");
    let grounds = advanced.map(|event| event["rested_on"].to_string()).unwrap_or_default();
    assert!(grounds.contains("Russia denies by Kremlin"), "{grounds}");
}

#[test]
fn what_cannot_be_answered_is_said_in_a_sentence() {
    let desk = told();
    let (early, late) = ("2025-04-22T00:00:00Z", "2025-04-23T00:00:00Z");
    for (question, code, sentence) in [
        (vec!["diff", late, early], 2, "is reversed"),
        (vec!["diff", early, early], 2, "is empty"),
        (vec!["diff", early, "2199-01-01T00:00:00Z"], 2, "still to come"),
        (vec!["diff", early, late, "--known-at", late], 2, "goes with `--along occurred`"),
        (vec!["as-of", "2199-01-01T00:00:00Z"], 2, "still to come"),
        (vec!["as-of", "2001-01-01T00:00:00Z", "C-1"], 2, "was not on the docket"),
        (vec!["as-of", "yesterday"], 2, "RFC 3339"),
        (vec!["count", "--since", "2025-04-22T00:30:00Z"], 2, "kept by the hour"),
        (vec!["log", "--kind", "clam"], 2, "no kind of event begins with `clam`"),
        (vec!["log", "--colour", "red"], 2, "unexpected argument"),
        (vec!["log", "--not-recorded", early], 2, "by its two ends"),
        (vec!["log", "--source", "nobody"], 4, "no source is known"),
        (vec!["retroactive", "--lag=-1h"], 2, "no span of time"),
        (vec!["decided-on", "nobody"], 4, "no evidence or source"),
    ] {
        let args: Vec<&str> = ["audit"].into_iter().chain(question.iter().copied()).collect();
        let ended = desk.run(&args);
        assert_eq!(ended.code, Some(code), "{args:?}: {}", ended.stderr);
        assert!(ended.stderr.contains(sentence), "{args:?}: {}", ended.stderr);
    }
}

#[test]
fn the_log_goes_out_and_tells_of_it() {
    let desk = told();
    let before = desk.json(&["audit", "log"]).as_array().map_or(0, Vec::len);
    let out = desk.run_as("olga", "auditor", &["audit", "export", "log.jsonl", "--not-kind", "note_added"]).done();
    let written = std::fs::read_to_string(desk.folder().join("log.jsonl")).expect("the file is there");
    let events = desk.json(&["audit", "log", "--kind", "log_exported"]);
    let told = &events[0];
    assert_eq!((&told["actor"], &told["role"]), (&json!("olga"), &json!("auditor")));
    assert_eq!(
        (&told["data"]["filter"], &told["data"]["format"]),
        (&json!("--not-kind note_added"), &json!("jsonl"))
    );
    assert_eq!(told["data"]["events"], written.lines().count());
    assert!(written.lines().count() <= before);
    assert!(out.stderr.contains(told["data"]["sha256"].as_str().unwrap_or("-")), "{}", out.stderr);
    let again = desk.run(&["audit", "export", "log.jsonl"]);
    assert_eq!(again.code, Some(2), "a file that is there is not written over: {}", again.stderr);
    desk.run(&["audit", "export", "log.csv", "--as", "csv"]).done();
    let csv = std::fs::read_to_string(desk.folder().join("log.csv")).expect("the file is there");
    assert!(csv.lines().next().is_some_and(|head| head.starts_with("seq,id,command,actor")), "{csv}");
}

#[test]
fn what_is_recorded_is_followed_until_a_signal_comes() {
    use std::io::{BufRead, BufReader};
    let desk = told();
    let args = ["audit", "log", "--follow", "--kind", "note_added", "--format", "jsonl"];
    let mut following = desk.command("olga", "auditor", &args);
    let mut following = following.stdout(std::process::Stdio::piped()).spawn().expect("the program can be run");
    let (lines, come) = std::sync::mpsc::channel();
    let out = BufReader::new(following.stdout.take().expect("its output"));
    let reading = std::thread::spawn(move || {
        for line in out.lines() {
            lines.send(line.expect("a line")).expect("somebody listens");
        }
    });
    // It begins at what is recorded once it runs: until it tells of one, notes are written.
    let wait = std::time::Duration::from_millis(400);
    let mut before = 0;
    let first = loop {
        before += 1;
        assert!(before < 60, "nothing was told of");
        desk.run(&["claim", "note", "C-1", &format!("before {before}")]).done();
        if let Ok(line) = come.recv_timeout(wait) {
            break line;
        }
    };
    let mut told = vec![first];
    for words in ["one", "two"] {
        desk.run(&["claim", "tag", "C-1", words]).done();
        desk.run(&["claim", "note", "C-1", words]).done();
    }
    let long = std::time::Duration::from_secs(30);
    while !told.last().is_some_and(|line| line.contains("\"two\"")) {
        told.push(come.recv_timeout(long).expect("the next note is told of while it follows"));
    }
    let events: Vec<serde_json::Value> =
        told.iter().map(|line| serde_json::from_str(line).expect("each line is JSON")).collect();
    assert!(events.iter().all(|event| event["kind"] == "note_added"), "only what the filter lets through");
    let seqs: Vec<u64> = events.iter().filter_map(|event| event["seq"].as_u64()).collect();
    assert!(
        seqs.len() == events.len() && seqs.windows(2).all(|two| two[0] < two[1]),
        "each once, in order: {seqs:?}"
    );
    let stopped = std::process::Command::new("kill").args(["-TERM", &following.id().to_string()]).status();
    assert!(stopped.expect("a signal can be sent").success());
    assert_eq!(following.wait().expect("it ends").code(), Some(0), "a signal ends it well");
    reading.join().expect("its output ended");
}
