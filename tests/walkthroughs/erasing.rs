//! Walkthroughs 12 and 13: a note is erased by two people, and a note is kept in confidence.

use std::fs;

use crate::harness::Desk;

const LINES: &str = r#"
{"do":"add_source","ref":"tribune","name":"Coast Tribune","kind":"outlet","reliability":"B"}
{"do":"report_claim","ref":"sale","text":"The port was sold on 3 March 2026.","kind":"event","evidence":{"ref":"t1","source":"tribune","stance":"affirms","footing":"document","quote":"Sold to a holding","said_at":"2026-03-04T06:00:00Z"}}
{"do":"note","claim":"sale","text":"Marlene Quist of the harbour office told us"}
"#;

/// Whether any file of the desk has the words.
fn said_in_files(desk: &Desk, words: &str) -> bool {
    let folder = fs::read_dir(desk.folder()).expect("the folder can be read");
    let databases = folder.filter_map(|file| Some(file.ok()?.path()));
    let mut databases = databases.filter(|path| path.to_string_lossy().contains("desk.db"));
    databases.any(|path| {
        let bytes = fs::read(path).expect("a file can be read");
        bytes.windows(words.len()).any(|window| window == words.as_bytes())
    })
}

fn opened() -> (Desk, String) {
    let desk = Desk::new();
    desk.import(LINES).done();
    let log = desk.json(&["audit", "history", "sale"]);
    let note = log.as_array().and_then(|events| events.last()).map(|event| event["seq"].to_string());
    (desk, note.expect("the note is the last event"))
}

#[test]
fn a_note_is_erased() {
    let (desk, seq) = opened();
    assert!(said_in_files(&desk, "Marlene Quist"));
    let propose = ["erase", "propose", "--event", &seq, "--basis", "GDPR, article 17"];

    desk.run(&["hold", "sale", "--reason", "case 17"]).done();
    let held = desk.run(&propose);
    assert_eq!(held.code, Some(1));
    assert!(
        held.stderr.contains("C-1 is under a hold since event") && held.stderr.contains("hearsay release C-1")
    );
    let shown = desk.run(&["claim", "show", "sale"]).done().stdout;
    assert!(shown.contains("case 17"), "{shown}");
    desk.run(&["release", "sale", "--reason", "settled"]).done();

    let checker = desk.run_as("tom", "checker", &propose);
    assert_eq!(checker.code, Some(1), "{}", checker.stderr);
    let proposed = desk.run(&propose).done().stdout;
    assert!(proposed.contains("waits for a second person"), "{proposed}");
    let waiting = desk.json(&["erase", "list"]);
    let id = waiting[0]["proposal"].as_str().expect("one waits").to_owned();
    let approve = ["erase", "approve", &id, "--yes"];
    assert_eq!(desk.run(&approve).code, Some(1), "the same person");
    let unmeant = desk.run_as("ben", "editor", &["erase", "approve", &id]);
    assert_eq!(unmeant.code, Some(2));
    assert!(
        unmeant.stderr.contains("cannot be undone") && unmeant.stderr.contains("`text` of event"),
        "{unmeant:?}"
    );
    let elsewhere = desk.run_as("ben", "editor", &["claim", "approve", "sale"]);
    assert!(elsewhere.stderr.contains("hearsay erase approve"), "{}", elsewhere.stderr);
    assert!(said_in_files(&desk, "Marlene Quist"), "nothing was erased until now");

    let done = desk.run_as("ben", "editor", &approve).done().stdout;
    assert!(done.contains("Backups"), "{done}");
    assert!(!said_in_files(&desk, "Marlene Quist"));
    assert_eq!(desk.run(&["erase", "approve", &id, "--yes"]).code, Some(4));
    let again = desk.run(&propose).done().stdout;
    assert!(again.contains("Nothing changed"), "{again}");

    for args in [["claim", "show", "sale"], ["audit", "history", "sale"]] {
        let told = desk.run(&args).done().stdout;
        assert!(told.contains("[erased by event "), "{args:?}: {told}");
    }
    let history = desk.json(&["audit", "history", "sale"]);
    let events = history.as_array().expect("a list");
    let note = events.iter().find(|event| event["kind"] == "note_added").expect("the note's event");
    assert_eq!(note["erased"][0]["field"], "text");
    desk.run(&["db", "check"]).done();
    desk.run(&["db", "rebuild"]).done();
    assert!(!said_in_files(&desk, "Marlene Quist"));
}

#[test]
fn a_note_in_confidence() {
    let (desk, _) = opened();
    desk.run_as("tom", "checker", &["claim", "note", "sale", "Rosalind heard it", "--confidential"]).done();
    let record = [
        "follow-up",
        "record",
        "sale",
        "--source",
        "tribune",
        "--stance",
        "affirms",
        "--footing",
        "document",
        "--quote",
        "Seen at Pier 9",
        "--said-at",
        "2026-03-05T06:00:00Z",
        "--confidential",
    ];
    desk.run_as("tom", "checker", &record).done();
    for (who, role, may_read) in [
        ("tom", "checker", true),
        ("Tom", "checker", true),
        ("ida", "checker", false),
        ("ida", "editor", true),
        ("ida", "admin", true),
        ("ida", "auditor", true),
        ("tom", "worker", false),
    ] {
        for args in [
            &["claim", "show", "sale"][..],
            &["claim", "show", "sale", "--format", "json"],
            &["audit", "history", "sale", "--format", "jsonl"],
            &["audit", "log", "--format", "csv"],
        ] {
            let ended = desk.run_as(who, role, args);
            if ended.code != Some(0) {
                assert_eq!(role, "worker", "{}", ended.stderr);
                continue;
            }
            let told = ended.stdout;
            assert_eq!(told.contains("Rosalind"), may_read, "{who}, {role}, {args:?}: {told}");
            assert_eq!(told.contains("[confidential]"), !may_read, "{who}, {role}, {args:?}: {told}");
            assert!(may_read || !told.contains("Pier 9"), "{who}, {role}, {args:?}: {told}");
        }
    }
    let found = |words: &str| desk.json(&["claim", "list", "--text", words]);
    assert_eq!(found("Rosalind"), serde_json::json!([]), "not even for an editor");
    assert_eq!(found("Marlene").as_array().map(Vec::len), Some(1));
}

#[test]
fn a_submitted_line_in_confidence_is_shown_to_those_who_may_read_it() {
    let (desk, _) = opened();
    let good = r#"{"do":"record_follow_up","claim":"sale","evidence":{"source":"tribune","stance":"affirms","footing":"document","quote":"Seen at Pier 9","confidential":true,"said_at":"2026-03-05T06:00:00Z"}}"#;
    let path = desk.file("lines.jsonl", &format!("{}\n", good.replace("tribune", "nobody")));
    desk.run_as("tom", "checker", &["follow-up", "submit", &path.to_string_lossy()]).done();
    let tasks = ["queue", "show", "--tasks", "--format", "json"];
    assert!(desk.run_as("tom", "checker", &tasks).done().stdout.contains("Pier 9"), "his own");
    assert!(!desk.run_as("ida", "checker", &tasks).done().stdout.contains("Pier 9"));
    let worked = desk.run(&["work", "--until-idle"]);
    for (who, role, may_read) in [("tom", "checker", true), ("ida", "checker", false), ("ida", "auditor", true)] {
        let told = desk.run_as(who, role, &tasks).done().stdout;
        assert!(told.contains("last_error") && told.contains("record_follow_up"), "{told}: {worked:?}");
        assert_eq!(told.contains("Pier 9"), may_read, "{who}, {role}: {told}");
        assert_eq!(told.contains("nobody"), may_read, "{who}, {role}: {told}");
    }
}

#[test]
fn who_may_not_record_an_export_gets_none() {
    let (desk, _) = opened();
    let refused = desk.run_as("tom", "worker", &["audit", "export", "log.jsonl"]);
    assert_ne!(refused.code, Some(0), "{}", refused.stderr);
    assert!(!desk.folder().join("log.jsonl").exists());
    desk.run_as("olga", "auditor", &["audit", "export", "log.jsonl"]).done();
    let left = std::fs::read_dir(desk.folder())
        .expect("a folder")
        .filter(|file| file.as_ref().expect("a file").file_name().to_string_lossy().starts_with(".tmp"));
    assert_eq!(left.count(), 0);
}
