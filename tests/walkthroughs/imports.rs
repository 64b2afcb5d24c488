//! Walkthroughs 4 and 5: two people at once, and an import that is killed and run again; then imports of bad files.

use std::fmt::Write;
use std::fs;
use std::process::Stdio;
use std::time::Duration;

use serde_json::Value;

use crate::harness::Desk;

const CLAIM: &str = r#"{"do":"add_source","ref":"a","name":"Alpha","kind":"outlet","reliability":"B"}
{"do":"add_source","ref":"b","name":"Beta","kind":"outlet","reliability":"B"}
{"do":"report_claim","ref":"c","text":"It rained on 1 May 2026.","kind":"event","evidence":{"ref":"e1","source":"a","stance":"affirms","footing":"own","said_at":"2026-05-01T12:00:00Z"}}
"#;

#[test]
fn two_people_advance_the_same_claim() {
    let desk = Desk::new();
    desk.import(CLAIM).done();
    desk.import(r#"{"do":"record_follow_up","claim":"c","evidence":{"ref":"e2","source":"b","stance":"affirms","footing":"own","said_at":"2026-05-01T13:00:00Z"}}"#).done();
    let seen = desk.json(&["claim", "explain", "c"])["version"].clone();
    let advance = |state: &str| format!(r#"{{"do":"advance","claim":"c","to":"{state}","version":{seen}}}"#);
    desk.import(&advance("corroborated")).done();
    let late = desk.import(&advance("corroborated"));
    assert_eq!(late.code, Some(2));
    assert!(late.stderr.contains(&format!("version {seen}")), "{}", late.stderr);
    let late = desk.run(&["claim", "advance", "c", "corroborated", "--seen-version", &seen.to_string()]);
    assert_eq!(late.code, Some(3), "{}", late.stderr);
    assert_eq!(desk.json(&["audit", "history", "c"]).as_array().map(Vec::len), Some(3));
}

/// Two thousand lines, among them some that are refused at first and would be taken in later.
fn long_file() -> String {
    let mut lines = CLAIM.to_owned();
    for number in 0..2_000 {
        let line = match number {
            100 => r#"{"do":"advance","claim":"c","to":"corroborated"}"#.to_owned(),
            200 => r#"{"do":"set_priority","claim":"c","priority":"normal"}"#.to_owned(),
            300 => r#"{"do":"note","claim":"later","text":"too early"}"#.to_owned(),
            1_000 => r#"{"do":"report_claim","ref":"later","text":"It rained on 2 May 2026.","kind":"event","evidence":{"source":"b","stance":"affirms","footing":"own","said_at":"2026-05-02T12:00:00Z"}}"#.to_owned(),
            1_100 => r#"{"do":"set_priority","claim":"c","priority":"high"}"#.to_owned(),
            1_200 => r#"{"do":"record_follow_up","claim":"c","evidence":{"source":"b","stance":"affirms","footing":"own","said_at":"2026-05-01T13:00:00Z"}}"#.to_owned(),
            _ => r#"{"do":"note","claim":"c","text":"the same words every time"}"#.to_owned(),
        };
        writeln!(lines, "{line}").expect("a line");
    }
    lines
}

/// Kinds of all events, in order.
fn kinds(desk: &Desk) -> Vec<String> {
    let log = desk.json(&["audit", "log"]);
    log.as_array().into_iter().flatten().filter_map(|event| event["kind"].as_str().map(str::to_owned)).collect()
}

#[test]
fn an_import_is_killed_and_run_again() {
    let lines = long_file();
    let whole = Desk::new();
    let path = whole.file("long.jsonl", &lines);
    let first = whole.run(&["import", &path.to_string_lossy()]);
    assert_eq!(first.code, Some(2), "{}", first.stderr);
    let again = whole.run(&["import", &path.to_string_lossy()]);
    assert_eq!(again.code, Some(2), "{}", again.stderr);
    let expected = kinds(&whole);
    assert_eq!(expected.iter().filter(|kind| *kind == "note_added").count(), 1_994);

    let desk = Desk::new();
    let path = desk.file("long.jsonl", &lines);
    for wait in [3, 10, 20, 40, 80] {
        let mut child = desk
            .command("ana", "editor", &["import", &path.to_string_lossy()])
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .expect("the program starts");
        std::thread::sleep(Duration::from_millis(wait));
        child.kill().expect("the program is killed");
        child.wait().expect("the program ends");
    }
    let ended = desk.run(&["import", &path.to_string_lossy()]);
    assert_eq!(ended.code, Some(2), "{}", ended.stderr);
    assert_eq!(kinds(&desk), expected);
    assert_eq!(desk.json(&["claim", "list"])[0]["priority"], "high");
    desk.run(&["db", "check"]).done();
}

#[test]
fn every_refused_line_is_named_and_the_next_is_taken_in() {
    let desk = Desk::new();
    let lines = [
        CLAIM.trim_end(),
        r#"{"do":"record_follow_up","claim":"c","evidence":{"source":"nobody","stance":"affirms","footing":"own","said_at":"2026-05-01T13:00:00Z"}}"#,
        r#"{"do":"note","claim":"c","text":7}"#,
        r#"{"do":"note","claim":"c","txt":"x"}"#,
        r#"{"do":"note","claim":"c""#,
        r#"{"do":"record_follow_up","claim":"c","evidence":{"source":"b","stance":"affirms","footing":"own","said_at":"2199-05-01T13:00:00Z"}}"#,
        r#"{"do":"note","claim":"c","text":"kept"}"#,
    ];
    let ended = desk.import(&lines.join("\n"));
    assert_eq!(ended.code, Some(2));
    for expected in [
        "1.jsonl:4: evidence.source: ",
        "1.jsonl:5: text: ",
        "1.jsonl:6: txt: ",
        "1.jsonl:7:",
        "1.jsonl:8: evidence.said_at: ",
    ] {
        assert!(ended.stderr.contains(expected), "{expected} is not in\n{}", ended.stderr);
    }
    assert!(ended.stderr.contains("5 refused"), "{}{}", ended.stdout, ended.stderr);
    assert_eq!(kinds(&desk).last().map(String::as_str), Some("note_added"));
}

#[test]
fn all_or_nothing_leaves_the_log_as_it_was() {
    let desk = Desk::new();
    let path = desk.file("both.jsonl", &format!("{CLAIM}{{\"do\":\"note\",\"claim\":\"x\",\"text\":\"y\"}}\n"));
    let ended = desk.run(&["import", "--atomic", &path.to_string_lossy()]);
    assert_eq!(ended.code, Some(2));
    assert!(ended.stderr.contains("both.jsonl:4: claim: "), "{}", ended.stderr);
    assert_eq!(kinds(&desk), Vec::<String>::new());
    let path = desk.file("good.jsonl", CLAIM);
    desk.run(&["import", "--atomic", &path.to_string_lossy()]).done();
    assert_eq!(kinds(&desk).len(), 4);
}

#[test]
fn bad_files_get_a_clear_error() {
    let desk = Desk::new();
    let run = |name: &str, bytes: &[u8]| {
        let path = desk.folder().join(name);
        fs::write(&path, bytes).expect("a file");
        let ended = desk.run(&["import", &path.to_string_lossy()]);
        assert_eq!(ended.code, Some(2), "{name}: {}", ended.stderr);
        assert!(ended.stderr.contains(name), "{name}: {}", ended.stderr);
        ended.stderr
    };
    run("empty.jsonl", b"");
    assert!(run("latin.jsonl", b"{\"do\":\"note\",\"claim\":\"c\",\"text\":\"caf\xe9\"}\n").contains("UTF-8"));
    let field = format!(r#"{{"do":"note","claim":"c","text":"{}"}}"#, "x".repeat(10 << 20));
    assert!(run("field.jsonl", field.as_bytes()).contains("text"));
    let line = format!(r#"{{"do":"note","claim":"c","text":"{}"}}"#, "x".repeat(40 << 20));
    run("line.jsonl", line.as_bytes());
    run("cut.jsonl", CLAIM.get(..150).expect("a part").as_bytes());
    run("array.jsonl", b"[]\n");
    let claim = format!(
        r#"{{"do":"report_claim","text":"{}","kind":"event","evidence":{{"source":"Alpha","stance":"affirms","footing":"own","said_at":"2026-05-01T12:00:00Z"}}}}"#,
        "x".repeat(2_001)
    );
    assert!(run("claim.jsonl", claim.as_bytes()).contains("2000"));
    let missing = desk.run(&["import", "not-there.jsonl"]);
    assert_ne!(missing.code, Some(0));
    let log: Value = desk.json(&["audit", "log"]);
    assert!(
        log.as_array().is_some_and(|log| log.len() <= 2),
        "only the first line of the cut file is whole: {log}"
    );
}
