//! The README's first quarter hour, walked: its two files, imported in their order, give what it says.

use serde_json::{Value, json};

use crate::harness::Desk;
use crate::tree::{blocks, text};

#[test]
fn the_first_quarter_hour() {
    let readme = text("README.md");
    let files = blocks(&readme, "json");
    let desk = Desk::new();

    desk.import(&files[0]).done();
    let docket = desk.json(&["claim", "list"]);
    assert_eq!(docket[0]["reference"], "C-1");
    assert_eq!(docket[0]["state"], "reported");
    let explanation = desk.json(&["claim", "explain", "closure"]);
    assert_eq!(explanation["standing"], "reported");
    assert_eq!(groups(&explanation["origins"]["affirming"]), ["Harbour Courier"]);
    assert_eq!((&explanation["documents"], &explanation["outlets"]), (&json!(4), &json!(3)));
    let missing = explanation["missing"].as_array().expect("what is missing is a list");
    for sentence in missing.iter().filter_map(Value::as_str) {
        assert!(readme.contains(sentence), "the README does not say: {sentence}");
    }

    let refused = desk.run(&["claim", "advance", "closure", "corroborated"]);
    assert_eq!(refused.code, Some(1), "{}", refused.stderr);

    desk.import(&files[1]).done();
    let explanation = desk.json(&["claim", "explain", "closure"]);
    assert_eq!(explanation["standing"], "corroborated");
    assert_eq!(explanation["due_to_advance"], true);
    assert_eq!(groups(&explanation["origins"]["affirming"]), ["Harbour Courier", "Radio Fjord"]);

    desk.run(&["claim", "advance", "closure", "corroborated"]).done();
    assert_eq!(desk.json(&["claim", "list"])[0]["state"], "corroborated");
}

fn groups(origins: &Value) -> Vec<&str> {
    origins.as_array().into_iter().flatten().filter_map(|origin| origin["group"].as_str()).collect()
}

#[test]
fn the_worker_of_the_readme() {
    let files = blocks(&text("README.md"), "json");
    let desk = Desk::new();
    desk.import(&files[0]).done();
    let night = desk.file("night.jsonl", &files[2]);
    desk.run(&["follow-up", "submit", &night.to_string_lossy()]).done();
    desk.run(&["work", "--until-idle"]).done();
    let pieces = desk.json(&["claim", "explain", "closure"])["documents"].clone();
    assert_eq!(pieces, json!(5), "the first line is recorded");
    let dead = desk.run(&["queue", "dead"]).done().stdout;
    assert!(dead.contains("night.jsonl:2: evidence.said_at: "), "{dead}");
    assert_eq!(desk.run(&["doctor"]).code, Some(1));
}
