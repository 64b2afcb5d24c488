//! Walkthrough 11: the demo. A deadline passes on the story's clock, and the worker itself records the silence.

use serde_json::{Value, json};

use crate::harness::Desk;
use crate::running::events;

#[test]
fn a_deadline_passes() {
    let desk = Desk::new();
    let story = desk.folder().join("story.db");
    let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_hearsay"));
    let output = command.args(["demo", "--db"]).arg(&story).current_dir(desk.folder()).output().expect("it runs");
    let told = String::from_utf8(output.stdout).expect("the story is UTF-8");
    assert!(output.status.success(), "{told}\n{}", String::from_utf8_lossy(&output.stderr));
    assert!(told.contains("18:30  worker/answer_due  C-1 Russia did not respond by 22 Apr 2025 18:30"), "{told}");

    std::fs::copy(&story, desk.database()).expect("the story's database");
    let silence = &events(&desk, "silence_recorded")[0];
    assert_eq!((&silence["actor"], &silence["role"]), (&json!("worker/answer_due"), &json!("worker")));
    let at = json!("2025-04-22T18:30:00Z");
    assert_eq!((&silence["occurred_at"], &silence["recorded_at"]), (&at, &at));
    let explanation = desk.json(&["claim", "explain", "stop-at-front"]);
    let answers = explanation["answers"].as_array().into_iter().flatten();
    let silent = answers.filter(|answer| answer["party"] == "Russia" && answer["kind"] == "silence");
    assert_eq!(silent.collect::<Vec<&Value>>().len(), 1, "{explanation}");
    let by: Vec<Value> = events(&desk, "follow_up_recorded").iter().map(|event| event["actor"].clone()).collect();
    assert!(
        by.iter().all(|name| name == "ana" || name == "ben"),
        "follow-ups are in the name of who submitted them"
    );
}
