//! Walkthroughs 1 to 3: from a breaking report to a dispute and a withdrawal.

use std::fmt::Write;

use serde_json::{Value, json};

use crate::harness::Desk;

const SOURCES: &str = r#"
{"do":"add_source","ref":"harbour","name":"Port Authority","kind":"institution"}
{"do":"add_source","ref":"lund","name":"Eva Lund","kind":"person","speaks_for":"harbour"}
{"do":"add_source","ref":"tribune","name":"Coast Tribune","kind":"outlet","aliases":["CT"],"reliability":"B"}
{"do":"add_source","ref":"ledger","name":"The Ledger","kind":"outlet","reliability":"B"}
{"do":"add_source","ref":"blog","name":"Quay Blog","kind":"outlet","reliability":"C"}
"#;

const REPORT: &str = r#"
{"do":"report_claim","ref":"sale","text":"On 3 March 2026 the Port Authority agreed to sell at least two of its quays.","kind":"event","topic":"port","parties":[{"source":"harbour","interest":"against"}],"evidence":{"ref":"t1","source":"tribune","stance":"affirms","footing":"unnamed_sources","count":2,"said_at":"2026-03-04T06:00:00Z"}}
{"do":"report_claim","ref":"price","text":"The agreed price of 3 March 2026 is at least 40 million.","kind":"quantity","topic":"port","parties":[{"source":"harbour","interest":"against"}],"evidence":{"ref":"t2","source":"tribune","stance":"affirms","footing":"unnamed_sources","count":1,"said_at":"2026-03-04T06:00:00Z"}}
{"do":"report_claim","ref":"ruin","text":"The sale will ruin the fishing fleet.","kind":"not_checkable","topic":"port","evidence":{"ref":"t3","source":"tribune","stance":"affirms","footing":"unknown","said_at":"2026-03-04T06:00:00Z"}}
"#;

fn opened() -> Desk {
    let desk = Desk::new();
    desk.import(SOURCES).done();
    desk.import(REPORT).done();
    desk
}

fn names<'a>(list: &'a Value, key: &str) -> Vec<&'a str> {
    list.as_array().into_iter().flatten().filter_map(|item| item[key].as_str()).collect()
}

/// Each piece that isn't counted, by its handle, with the reason.
fn not_counted(explanation: &Value) -> Vec<(&str, &str)> {
    let pieces = explanation["not_counted"].as_array().into_iter().flatten();
    pieces.filter_map(|piece| Some((piece["evidence"]["ref"].as_str()?, piece["why"].as_str()?))).collect()
}

#[test]
fn a_breaking_report_becomes_claims() {
    let desk = opened();
    let docket = desk.json(&["claim", "list"]);
    assert_eq!(names(&docket, "reference"), ["C-1", "C-2", "C-3"]);
    assert_eq!(names(&docket, "state"), ["reported"; 3]);
    let explanation = desk.json(&["claim", "explain", "sale"]);
    assert_eq!(names(&explanation["origins"]["affirming"], "group"), ["Coast Tribune"]);
    assert_eq!(explanation["policy"], json!({"name": "default", "version": 1}));
    let missing = explanation["missing"].to_string();
    assert!(missing.contains("one more independent origin"), "{missing}");
    assert!(missing.contains("an acknowledgement by Port Authority"), "{missing}");

    let refused = desk.run(&["claim", "advance", "ruin", "corroborated"]);
    assert_eq!(refused.code, Some(1));
    assert!(refused.stderr.contains("not checkable"), "{}", refused.stderr);
    let history = desk.json(&["audit", "history", "C-1"]);
    assert_eq!(names(&history, "kind"), ["claim_reported"]);
}

#[test]
fn twelve_outlets_one_origin() {
    let desk = opened();
    let mut lines = String::new();
    for outlet in 1..=11 {
        let relays = if outlet == 1 { "CT".to_owned() } else { format!("Outlet {}", outlet / 2) };
        writeln!(lines, r#"{{"do":"add_source","name":"Outlet {outlet}","kind":"outlet","reliability":"B"}}"#)
            .expect("a line");
        writeln!(
            lines,
            r#"{{"do":"record_follow_up","claim":"sale","evidence":{{"ref":"o{outlet}","source":"Outlet {outlet}","stance":"affirms","footing":"relays","relays":"{relays}","said_at":"2026-03-04T{:02}:00:00Z"}}}}"#,
            6 + outlet
        )
        .expect("a line");
    }
    desk.import(&lines).done();
    let explanation = desk.json(&["claim", "explain", "C-1"]);
    assert_eq!(explanation["standing"], "reported");
    assert_eq!((&explanation["outlets"], &explanation["documents"]), (&json!(12), &json!(12)));
    let affirming = &explanation["origins"]["affirming"];
    assert_eq!(names(affirming, "group"), ["Coast Tribune"]);
    assert_eq!(affirming[0]["chains"].as_array().map(Vec::len), Some(11));
    for chain in affirming[0]["chains"].as_array().into_iter().flatten() {
        let last = chain.as_array().and_then(|chain| chain.last());
        assert_eq!(last.map(|piece| &piece["ref"]), Some(&json!("t1")), "{chain}");
    }
    assert!(not_counted(&explanation).iter().all(|(_, why)| *why == "hearsay_only"));
    assert_eq!(not_counted(&explanation).len(), 11);

    let refused = desk.run(&["claim", "advance", "sale", "corroborated"]);
    assert_eq!(refused.code, Some(1));
    assert!(refused.stderr.contains("one more independent origin"), "{}", refused.stderr);
    assert_eq!(desk.json(&["claim", "list"])[0]["state"], "reported");
}

#[test]
fn a_denial_a_dispute_a_withdrawal() {
    let desk = opened();
    let standing = |line: &str| {
        desk.import(line).done();
        let explanation = desk.json(&["claim", "explain", "sale"]);
        (explanation["standing"].as_str().map(str::to_owned), explanation["due_to_advance"] == json!(true))
    };
    let says = |standing: &str, due: bool| (Some(standing.to_owned()), due);

    let deflection = r#"{"do":"record_follow_up","claim":"sale","evidence":{"ref":"d1","source":"lund","stance":"neutral","manner":"deflects","via":"blog","framed_as":"denies","said_at":"2026-03-04T09:00:00Z"}}"#;
    assert_eq!(standing(deflection), says("reported", false));
    let denial = r#"{"do":"record_follow_up","claim":"sale","evidence":{"ref":"d2","source":"lund","stance":"denies","via":"ledger","said_at":"2026-03-04T12:00:00Z"}}"#;
    assert_eq!(standing(denial), says("denied", true));
    desk.run(&["claim", "advance", "sale", "denied"]).done();
    let second = r#"{"do":"record_follow_up","claim":"sale","evidence":{"ref":"l1","source":"ledger","stance":"affirms","footing":"document","said_at":"2026-03-05T07:00:00Z"}}"#;
    assert_eq!(standing(second), says("disputed", true));
    desk.run(&["claim", "advance", "sale", "disputed"]).done();
    let withdrawal = r#"{"do":"withdraw_evidence","evidence":"t1","reason":"the two people were mistaken","said_at":"2026-03-06T07:00:00Z"}"#;
    assert_eq!(standing(withdrawal), says("denied", true));

    let explanation = desk.json(&["claim", "explain", "sale"]);
    assert_eq!(not_counted(&explanation), [("t1", "withdrawn"), ("d1", "neutral")]);
    let answers = &explanation["answers"];
    assert_eq!(names(answers, "kind"), ["deflection", "denial"]);
    assert_eq!(names(answers, "party"), ["Port Authority"; 2]);
    let history = desk.json(&["audit", "history", "sale"]);
    assert_eq!(
        names(&history, "kind"),
        [
            "claim_reported",
            "follow_up_recorded",
            "follow_up_recorded",
            "claim_advanced",
            "follow_up_recorded",
            "claim_advanced",
            "evidence_withdrawn",
        ]
    );
    let rebuilt = desk.run(&["db", "rebuild"]).done();
    assert_eq!(desk.json(&["claim", "explain", "sale"]), explanation, "{}", rebuilt.stderr);
}
