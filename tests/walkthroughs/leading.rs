//! Walkthrough 17: leads, from the worker's command to the follow-up; feeds and items by hand; bad input.

use serde_json::json;

use crate::harness::Desk;

const CLAIM: &str = r#"{"do":"add_source","ref":"kremlin","name":"Kremlin","kind":"institution"}
{"do":"add_source","ref":"peskov","name":"Dmitry Peskov","kind":"person","speaks_for":"kremlin"}
{"do":"add_source","ref":"ft","name":"Financial Times","kind":"outlet","reliability":"B"}
{"do":"report_claim","ref":"offer","text":"Russia offered to stop.","kind":"intention","parties":[{"source":"kremlin","interest":"against"}],"evidence":{"ref":"e1","source":"ft","stance":"affirms","footing":"unnamed_sources","said_at":"2025-04-22T16:00:00Z"}}
"#;

fn opened() -> Desk {
    let desk = Desk::new();
    desk.import(CLAIM).done();
    desk
}

/// The worker lays a lead: a denial by Peskov.
fn lay(desk: &Desk, item: u32, rest: &str) {
    let line = format!(
        r#"{{"do":"lay_lead","claim":"offer","item":"I-{item}","feed":"F-1","confidence":930,"evidence":{{"speaker":"Peskov",{rest}"stance":"denies","said_at":"2025-04-22T17:00:00Z"}}}}"#
    );
    let path = desk.file(&format!("lead-{item}.jsonl"), &line);
    desk.run_as("worker/fetch_item", "worker", &["import", &path.to_string_lossy()]).done();
}

#[test]
fn a_lead_is_accepted() {
    let desk = opened();
    let page = desk.file("page.html", "<p>Peskov said: That is not so.</p>");
    let item = desk.json(&["item", "submit", &page.to_string_lossy(), "--url", "https://example.org/1"]);
    assert_eq!((&item["reference"], &item["state"]), (&json!("I-1"), &json!("waiting")));
    let snapshot = item["snapshot"].as_str().expect("a snapshot").to_owned();
    lay(
        &desk,
        1,
        &format!(
            r#""source":"peskov","quote":"That is not so.","prefix":"Peskov said: ","snapshot":"{snapshot}","#
        ),
    );
    assert_eq!(desk.json(&["claim", "show", "C-1"])["standing"], "reported");
    let waiting = desk.json(&["lead", "list"]);
    assert_eq!((&waiting[0]["reference"], &waiting[0]["confidence"]), (&json!("L-1"), &json!(930)));
    assert!(desk.run(&["lead", "show", "L-1"]).done().stdout.contains("next: hearsay lead accept L-1"));

    desk.run_as("ben", "checker", &["lead", "correct", "L-1", "--via", "ft", "--ref", "p1"]).done();
    lay(&desk, 2, r#""source":"peskov","quote":"that is not so.","#);
    let shown = desk.json(&["lead", "show", "L-1"]);
    assert_eq!((&shown["state"], &shown["folded_items"]), (&json!("accepted"), &json!(["I-2"])));
    assert_eq!((&shown["settled_by"], &desk.json(&["lead", "list"])), (&json!("ben"), &json!([])));
    let claim = desk.json(&["claim", "show", "C-1"]);
    let piece = &claim["evidence"][1];
    assert_eq!((&piece["snapshot"], &piece["lead"]["as"]), (&json!(snapshot), &json!({"corrected": ["via"]})));
    assert_eq!(claim["standing"], "denied");

    let twice = desk.run(&["lead", "accept", "L-1"]);
    assert_eq!(twice.code, Some(3), "{}", twice.stderr);
    assert!(twice.stderr.contains("L-1 is accepted already"), "{}", twice.stderr);
    desk.run(&["audit", "verify"]).done();
}

#[test]
fn a_trusted_channel_is_recorded_by_the_worker_alone_and_undone_by_a_person() {
    let desk = opened();
    let trust = r#"auto_record=[{source="Kremlin",feed="F-1",over=900}]"#;
    desk.run(&["policy", "set", "default", "--set", trust]).done();
    lay(&desk, 1, r#""source":"peskov","#);
    let auto = desk.json(&["lead", "list", "--auto"]);
    assert_eq!((&auto[0]["state"], &auto[0]["automatic"]), (&json!("accepted"), &json!(true)));
    assert_eq!(desk.json(&["claim", "show", "C-1"])["standing"], "denied");
    desk.run(&["lead", "undo", "L-1", "--reason", "he spoke of another offer"]).done();
    assert_eq!(desk.json(&["claim", "show", "C-1"])["standing"], "reported");
    assert_eq!(desk.json(&["lead", "list", "--auto"])[0]["state"], "undone");
    lay(&desk, 2, r#""source":"peskov","quote":"Other words.","#);
    assert_eq!(desk.json(&["lead", "list"])[0]["reference"], "L-2", "from then on a person looks first");
    let by_hand = desk.run(&["lead", "undo", "L-2", "--reason", "x"]);
    assert_eq!(by_hand.code, Some(1), "{}", by_hand.stderr);
}

#[test]
fn a_speaker_whom_the_registry_learns_of_later_is_found_by_name() {
    let desk = opened();
    let path = desk.file(
        "lead.jsonl",
        r#"{"do":"lay_lead","claim":"offer","item":"I-1","confidence":500,"evidence":{"speaker":"Maria Zakharova","stance":"denies","footing":"own","said_at":"2025-04-22T17:00:00Z"}}"#,
    );
    desk.run_as("worker/fetch_item", "worker", &["import", &path.to_string_lossy()]).done();
    let refused = desk.run(&["lead", "accept", "L-1"]);
    assert_eq!(refused.code, Some(1));
    assert!(refused.stderr.contains("names `Maria Zakharova`"), "{}", refused.stderr);
    desk.run(&["source", "add", "Maria Zakharova", "--kind", "person"]).done();
    desk.run(&["lead", "accept", "L-1"]).done();
}

#[test]
fn feeds_are_added_polled_paused_and_removed() {
    let desk = opened();
    let add = ["feed", "add", "https://ft.example/rss", "--source", "FT", "--every", "5m"];
    let added = desk.run(&add);
    assert_eq!(added.code, Some(4), "the FT goes by no such name: {}", added.stderr);
    let added =
        desk.json(&["feed", "add", "https://ft.example/rss", "--source", "Financial Times", "--every", "5m"]);
    assert_eq!((&added["reference"], &added["every_seconds"]), (&json!("F-1"), &json!(300)));
    assert_eq!(desk.run(&["feed", "add", "https://ft.example/rss"]).code, Some(2));
    desk.run(&["feed", "poll", "F-1"]).done();
    assert_eq!(desk.json(&["feed", "pause", "f-1"])["paused_by"], "ana");
    assert!(desk.run(&["feed", "list"]).done().stdout.contains("paused"));
    desk.run(&["feed", "pause", "F-1", "--off"]).done();
    let csv = desk.run(&["feed", "list", "--format", "csv"]).done().stdout;
    assert!(csv.starts_with("reference,url,title,source"), "{csv}");
    desk.run(&["feed", "remove", "F-1"]).done();
    assert_eq!(desk.run(&["feed", "poll", "F-1"]).code, Some(4));
}

#[test]
fn what_cannot_be_read_is_refused_in_a_sentence() {
    let desk = opened();
    let bytes = desk.folder().join("bytes.txt");
    std::fs::write(&bytes, b"words\n\xff\xfe").expect("a file can be written");
    let huge = desk.folder().join("huge.txt");
    std::fs::write(&huge, vec![b'a'; (10 << 20) + 1]).expect("a file can be written");
    let empty = desk.file("empty.html", " \n");
    for (args, code, told) in [
        (vec!["item", "submit", &*bytes.to_string_lossy()], 2, "line 2"),
        (vec!["item", "submit", &*huge.to_string_lossy()], 2, "more than 10 MB"),
        (vec!["item", "submit", &*empty.to_string_lossy()], 2, "is empty"),
        (vec!["item", "submit", "no-such-file"], 2, "no-such-file"),
        (vec!["item", "submit", "https://a.example", "--url", "https://b.example"], 2, "a link says so itself"),
        (vec!["item", "show", "I-9"], 4, "no item is known as `I-9`"),
        (vec!["item", "show", "seven"], 2, "I-7"),
        (vec!["lead", "show", "L-9"], 4, "no lead is known as `L-9`"),
        (vec!["lead", "accept", "L-9"], 4, "no lead is known as `L-9`"),
        (vec!["lead", "correct", "L-9"], 2, "required"),
        (vec!["lead", "list", "--state", "gone"], 2, "waiting, accepted"),
        (vec!["feed", "add", "ftp://a.example"], 2, "http://"),
        (vec!["feed", "add", "https://a.example", "--every", "1s"], 2, "from 1m"),
    ] {
        let ended = desk.run(&args);
        assert_eq!(ended.code, Some(code), "{args:?}: {}", ended.stderr);
        assert!(ended.stderr.contains(told), "{args:?}: {}", ended.stderr);
    }
    let link = ["item", "submit", "https://example.org/1"];
    assert!(desk.run(&link).done().stdout.contains("I-1 waits for the worker"));
    assert!(desk.run(&link).done().stdout.contains("I-1 is there already"));
}
