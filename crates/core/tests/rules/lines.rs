//! Every command is a line, and every bad line is refused by its field.
//! Invariant: a command without an example here fails the suite.

use hearsay_core::{Command, MAX_FIELD_BYTES, parse_line};
use serde_json::Value;

/// For each command a line with every field it has, in the order of [`Command::NAMES`].
const EXAMPLES: &str = r#"
{"do":"add_source","ref":"ria","name":"RIA Novosti","kind":"agency","aliases":["RIA"],"reliability":"E","speaks_for":"kremlin","part_of":"rossiya-segodnya"}
{"do":"alias_source","source":"ria","alias":"РИА Новости"}
{"do":"rate_source","source":"ria","reliability":"D","reason":"a better year"}
{"do":"relate_source","source":"ria","speaks_for":null,"part_of":"rossiya-segodnya","since":"2013-12-09T00:00:00Z","until":"2030-01-01T00:00:00Z","reason":"decree"}
{"do":"merge_sources","source":"rian","into":"ria","reason":"one agency"}
{"do":"set_policy","name":"war","origins":3,"acknowledgement_settles":false,"party_denial_suffices":false,"count_unrated":true,"reliability_floor":"C","credibility_floor":3,"auto_advance":["denied"],"four_eyes":["ruling","override","erasure"],"auto_record":[{"source":"kremlin","feed":"F-3","over":950}],"answer_within":"PT12H","review_within":"PT48H","ratings":{"False":1,"True":5},"reason":"after the review"}
{"do":"report_claim","ref":"offer","text":"Russia offered to stop.","kind":"intention","topic":"ukraine-war","language":"en","priority":"high","tags":["talks"],"policy":"war","parties":[{"source":"kremlin","interest":"against"}],"evidence":{"ref":"e1","source":"ft","stance":"affirms","footing":"unnamed_sources","count":3,"described_as":"people briefed on the talks","credibility":3,"url":"https://example.org/1","title":"An offer","confidential":true,"quote":"It could stop.","said_at":"2025-04-22T16:00:00Z"}}
{"do":"record_follow_up","claim":"offer","evidence":{"ref":"e2","source":"peskov","stance":"neutral","manner":"deflects","footing":"own","via":"ria","framed_as":"denies","said_at":"2025-04-22T17:00:00Z"},"version":4}
{"do":"record_follow_up","claim":"offer","evidence":{"source":"reuters","stance":"affirms","footing":"relays","relays":"e1","said_at":"2025-04-22T17:00:00Z"}}
{"do":"record_follow_up","claim":"offer","evidence":{"source":"reuters","stance":"affirms","footing":"own","quote":"It could.","prefix":"He said: ","suffix":" No more.","snapshot":"e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855","said_at":"2025-04-22T17:00:00Z"}}
{"do":"lay_lead","claim":"offer","item":"I-7","document":"I-5","feed":"F-3","confidence":930,"evidence":{"speaker":"Peskov","source":"peskov","stance":"neutral","manner":"deflects","footing":"relays","relayed":"the FT","relays":"ft","via":"ria","framed_as":"denies","url":"https://example.org/7","title":"An answer","quote":"Many fakes.","prefix":"He said: ","suffix":" No more.","snapshot":"e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855","said_at":"2025-04-22T17:00:00Z"},"because":[{"rule":"cue:said","start":4,"end":8}]}
{"do":"lay_lead","claim":"offer","item":"I-8","confidence":400,"evidence":{"speaker":"officials","stance":"affirms","footing":"unnamed_sources","count":2,"described_as":"two officials","said_at":"2025-04-22T17:00:00Z"}}
{"do":"accept_lead","lead":"L-12","ref":"e9","source":"peskov","stance":"neutral","manner":"declines","footing":"own","count":null,"described_as":null,"relays":"ft","via":null,"framed_as":null,"quote":"No comment.","said_at":"2025-04-22T17:00:00Z","credibility":2,"confidential":true}
{"do":"accept_lead","lead":"L-12","manner":null,"count":3,"described_as":"three officials","via":"ria","framed_as":"denies"}
{"do":"dismiss_lead","lead":"L-12","reason":"about another truce"}
{"do":"undo_record","lead":"L-12","reason":"he spoke of another claim"}
{"do":"withdraw_evidence","evidence":"e1","reason":"could not stand it up","said_at":"2025-04-23T09:00:00Z"}
{"do":"strike_evidence","evidence":"e2","reason":"mistranslated"}
{"do":"link_origins","claim":"offer","evidence":["e1","e7"],"reason":"same leak"}
{"do":"set_party","claim":"offer","source":"white-house","interest":"neutral","reason":"took part"}
{"do":"request_answer","claim":"offer","of":"kremlin","until":"2025-04-23T16:00:00Z"}
{"do":"record_silence","claim":"offer","of":"kremlin"}
{"do":"record_standing","claim":"offer"}
{"do":"mark_overdue","claim":"offer"}
{"do":"advance","claim":"offer","to":"denied","reason":"the Kremlin denied it","version":5}
{"do":"override","claim":"offer","to":"disputed","reason":"we know more"}
{"do":"propose_ruling","claim":"offer","rating":"True","summary":"It did."}
{"do":"approve","claim":"offer","proposal":"01900000-0000-7000-8000-000000000001","reason":"agreed"}
{"do":"approve","proposal":"01900000-0000-7000-8000-000000000001"}
{"do":"decline","claim":"offer","proposal":"01900000-0000-7000-8000-000000000001","reason":"too early"}
{"do":"correct_ruling","claim":"offer","rating":"False","summary":"It did not.","reason":"new documents"}
{"do":"assign","claim":"offer","to":"ana"}
{"do":"assign","claim":"offer","to":null}
{"do":"set_priority","claim":"offer","priority":"urgent"}
{"do":"set_review","claim":"offer","until":"2025-05-01T00:00:00Z"}
{"do":"tag","claim":"offer","tag":"talks"}
{"do":"untag","claim":"offer","tag":"talks"}
{"do":"note","claim":"offer","text":"Called the spokesman."}
{"do":"note","claim":"offer","text":"Who told us.","confidential":true}
{"do":"link_claims","claim":"offer","contradicts":"C-2"}
{"do":"link_claims","claim":"offer","follows_from":"C-2"}
{"do":"close","claim":"offer","as":"unresolved","reason":"nothing new for a year"}
{"do":"reopen","claim":"offer","reason":"new evidence"}
{"do":"merge","claim":"offer","into":"C-17","reason":"the same proposition"}
{"do":"erase","event":17,"fields":["text"],"basis":"GDPR, article 17","reason":"the person asked"}
{"do":"erase","evidence":"e1","basis":"GDPR, article 17"}
{"do":"erase","source":"peskov","basis":"GDPR, article 17"}
{"do":"hold","claim":"offer","reason":"case 17"}
{"do":"release","claim":"offer","hold":19,"reason":"settled"}
{"do":"record_export","format":"csv","filter":"--topic talks","events":12,"sha256":"e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"}
"#;

fn examples() -> impl Iterator<Item = &'static str> {
    EXAMPLES.lines().filter(|line| !line.is_empty())
}

#[test]
fn every_command_is_a_line() {
    let mut seen: Vec<&str> = Vec::new();
    for line in examples() {
        let read = parse_line(line).unwrap_or_else(|error| panic!("{}: {error}\n{line}", error.field));
        let written = serde_json::to_string(&read).unwrap();
        assert_eq!(parse_line(&written).unwrap(), read, "{line}");
        let (before, after): (Value, Value) =
            (serde_json::from_str(line).unwrap(), serde_json::from_str(&written).unwrap());
        assert_eq!(before, after, "{line}");
        assert_eq!(after["do"], read.command.name());
        seen.push(read.command.name());
    }
    seen.dedup();
    assert_eq!(seen, Command::NAMES, "each command has an example, in the order of the documentation");
}

#[test]
fn every_field_is_read_under_no_other_name() {
    for line in examples() {
        let Value::Object(fields) = serde_json::from_str(line).unwrap() else { panic!("{line}") };
        for key in fields.keys().filter(|key| *key != "do") {
            let mut renamed = fields.clone();
            let value = renamed.remove(key).unwrap();
            renamed.insert(format!("{key}x"), value);
            let error = parse_line(&Value::Object(renamed).to_string()).expect_err(line);
            assert!(error.field == format!("{key}x") || error.field == *key, "{}: {error}\n{line}", error.field);
        }
    }
}

/// The line is refused for that field, for a reason that says so.
fn check(line: &str, field: &str, reason: &str) {
    let error = parse_line(line).expect_err(line);
    assert_eq!(error.field, field, "{error}\n{line}");
    assert!(error.reason.contains(reason), "{error}\n{line}");
}

#[test]
fn bad_lines_name_their_field() {
    check("", "", "not JSON: EOF");
    check("{", "", "not JSON: EOF");
    check("nonsense", "", "not JSON");
    check(r#"{"do":"note","claim":"C-1","text":"x","text":"y"}"#, "", "the key `text` stands there twice");
    check("\u{feff}{}", "", "not JSON");
    check("[]", "", "one JSON object");
    check("null", "", "one JSON object");
    check("{}", "do", "`do` is missing");
    check(r#"{"do":7}"#, "do", "as a string");
    check(r#"{"do":"advanse","claim":"C-1"}"#, "do", "did you mean `advance`?");
    check(r#"{"do":"fly"}"#, "do", "no command is named `fly`");
    check(r#"{"do":"note","claim":"C-1"}"#, "text", "missing field `text`");
    check(r#"{"do":"note","claim":"C-1","text":"x","colour":"red"}"#, "colour", "unknown field `colour`");
    check(r#"{"do":"note","claim":7,"text":"x"}"#, "claim", "invalid type: integer `7`");
    check(r#"{"do":"note","claim":null,"text":"x"}"#, "claim", "invalid type: null");
    check(r#"{"do":"note","claim":"C-1","text":"x","version":-1}"#, "version", "whole number");
    check(r#"{"do":"note","claim":"C-1","text":"x","version":"2"}"#, "version", "whole number");
    check(r#"{"do":"advance","claim":"C-1","to":"true"}"#, "to", "unknown variant `true`");
    check(r#"{"do":"close","claim":"C-1","as":"merged"}"#, "as", "unknown variant `merged`");
    check(r#"{"do":"rate_source","source":"ft","reliability":"G"}"#, "reliability", "unknown variant `G`");
    check(r#"{"do":"set_review","claim":"C-1","until":"tomorrow"}"#, "until", "not a time with its offset");
    check(r#"{"do":"assign","claim":"C-1"}"#, "to", "missing field `to`");
    check(r#"{"do":"set_policy","name":"x","origins":-1}"#, "origins", "invalid value");
    check(r#"{"do":"set_policy","name":"x","answer_within":"soon"}"#, "answer_within", "duration");
    check(r#"{"do":"set_policy","name":"x","credibility_floor":7}"#, "credibility_floor", "from 1 to 6, not `7`");
    check(
        r#"{"do":"set_policy","name":"x","four_eyes":["advance"]}"#,
        "four_eyes[0]",
        "unknown variant `advance`",
    );
    check(
        r#"{"do":"link_origins","claim":"C-1","evidence":"e1","reason":"x"}"#,
        "evidence",
        "invalid type: string",
    );
}

#[test]
fn bad_fields_of_evidence_are_named_by_their_path() {
    let follow_up =
        |evidence: &str| format!(r#"{{"do":"record_follow_up","claim":"C-1","evidence":{{{evidence}}}}}"#);
    let check = |evidence: &str, field: &str, reason: &str| check(&follow_up(evidence), field, reason);
    check(r#""source":"ft","stance":"affirms""#, "evidence.said_at", "missing field `said_at`");
    check(r#""stance":"affirms","said_at":"2025-04-22T16:00:00Z""#, "evidence.source", "missing field `source`");
    check(
        r#""source":"ft","stance":"maybe","said_at":"2025-04-22T16:00:00Z""#,
        "evidence.stance",
        "unknown variant `maybe`",
    );
    check(
        r#""source":"ft","stance":"affirms","said_at":"22 April""#,
        "evidence.said_at",
        "not a time with its offset",
    );
    check(r#""source":"ft","stance":"affirms","said_at":"2025-04-22T16:00:00""#, "evidence.said_at", "offset");
    check(
        r#""source":"ft","stance":"affirms","said_at":"2025-04-22T16:00:00Z","who":"x""#,
        "evidence.who",
        "unknown field",
    );
    check(
        r#""source":"ft","stance":"affirms","said_at":"2025-04-22T16:00:00Z","count":1.5"#,
        "evidence.count",
        "invalid type",
    );
    check(
        r#""source":"ft","stance":"affirms","said_at":"2025-04-22T16:00:00Z","credibility":0"#,
        "evidence.credibility",
        "from 1 to 6",
    );
    check(
        r#""source":"ft","stance":"affirms","said_at":"2025-04-22T16:00:00Z","footing":"heard""#,
        "evidence.footing",
        "unknown variant",
    );
}

#[test]
fn fields_over_a_mebibyte_are_refused_wherever_they_are() {
    let long = "x".repeat(MAX_FIELD_BYTES + 1);
    let at_most = format!("at most {MAX_FIELD_BYTES} are taken");
    check(&format!(r#"{{"do":"note","claim":"C-1","text":"{long}"}}"#), "text", &at_most);
    check(
        &format!(r#"{{"do":"record_follow_up","claim":"C-1","evidence":{{"quote":"{long}"}}}}"#),
        "evidence.quote",
        &at_most,
    );
    check(&format!(r#"{{"do":"report_claim","tags":["a","{long}"]}}"#), "tags[1]", &at_most);
    check(&format!(r#"{{"do":"report_claim","parties":[{{"source":"{long}"}}]}}"#), "parties[0].source", &at_most);
}

#[test]
fn a_line_nested_without_end_is_refused() {
    check(&format!("{}1", r#"{"do":"#.repeat(100_000)), "", "not JSON: recursion limit");
}

#[test]
fn the_column_at_which_a_line_stops_being_json_is_given() {
    assert_eq!(parse_line(r#"{"do":"note",}"#).unwrap_err().column, Some(14));
    assert_eq!(parse_line(r#"{"do":"note"}"#).unwrap_err().column, None);
}
