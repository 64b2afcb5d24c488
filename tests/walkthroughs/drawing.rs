//! What is drawn of a claim, and what is said of a draft: on the command line, for a file, a pipe and a program.

use std::fs;

use serde_json::json;

use crate::harness::Desk;
use crate::tree::{blocks, text};

fn desk() -> Desk {
    let desk = Desk::new();
    desk.import(&blocks(&text("README.md"), "json")[0]).done();
    desk
}

#[test]
fn pictures_go_to_new_files_and_to_pipes() {
    let desk = desk();
    for verb in [&["claim", "explain", "closure"][..], &["audit", "history", "closure"]] {
        let path = desk.folder().join(format!("{}.svg", verb[1])).to_string_lossy().into_owned();
        let to = |target: &str| desk.run(&[verb, &["--svg", target]].concat());
        let piped = to("-").done().stdout;
        assert!(piped.starts_with("<svg xmlns=") && piped.trim_end().ends_with("</svg>"), "{piped:.80}");
        assert!(piped.contains("Harbour Courier"));
        to(&path).done();
        assert_eq!(fs::read_to_string(&path).expect("written").trim_end(), piped.trim_end());
        assert_eq!(to(&path).code, Some(2), "nothing is written over");
        assert_eq!(to("/nowhere/at/all.svg").code, Some(2));
    }
    assert_eq!(desk.run(&["claim", "explain", "C-99", "--svg", "-"]).code, Some(4));
    let picture = desk.run(&["claim", "explain", "closure", "--svg", "-"]).done().stdout;
    assert!(
        picture.contains("3 outlets · 1 independent origin (Harbour Courier, two unnamed people)"),
        "{picture}"
    );
}

#[test]
fn a_draft_is_held_against_the_standing() {
    let desk = desk();
    let draft = "Railway admits closure; Holt deflects";
    let found = desk.json(&["claim", "wording", "closure", draft]);
    assert_eq!(found.as_array().map(Vec::len), Some(1), "the deflection is on record: {found}");
    assert_eq!(
        (&found[0]["start"], &found[0]["end"], &found[0]["needs"]),
        (&json!(8), &json!(14), &json!("acknowledged"))
    );
    let told = desk.run(&["claim", "wording", "closure", draft]).done().stdout;
    assert!(told.contains("“admits” says that a party owns to it"), "{told}");
    let told = desk.run(&["claim", "wording", "closure", "Paper reports a plan"]).done().stdout;
    assert!(told.starts_with("The standing carries all of it"), "{told}");
    assert_eq!(desk.run(&["claim", "wording", "closure", &"x".repeat(70_000)]).code, Some(2));
    assert_eq!(desk.run(&["claim", "wording", "C-99", "x"]).code, Some(4));
}
