//! Persisted events: a line of each kind, as a log has them, that today's code must keep reading.
//! Invariant: lines are added, never rewritten; `HEARSAY_BLESS=1` adds the kinds that have none.

use std::collections::BTreeSet;

use hearsay_core::{Docket, Event, Fact};
use serde_json::Value;

use crate::desk::Desk;

const GOLDEN: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/rules/golden/events.jsonl");

macro_rules! facts {
    ($($fact:ident),+ $(,)?) => {
        /// A new fact breaks the build here, and then wants a line in golden/events.jsonl.
        fn name(fact: &Fact) -> &'static str {
            match fact { $(Fact::$fact { .. } => stringify!($fact)),+ }
        }
        const FACTS: &[&str] = &[$(stringify!($fact)),+];
    };
}

facts!(
    SourceAdded,
    SourceAliased,
    SourceRated,
    SourceRelated,
    SourcesMerged,
    PolicySet,
    ClaimReported,
    FollowUpRecorded,
    LeadLaid,
    LeadFolded,
    LeadDismissed,
    EvidenceWithdrawn,
    EvidenceStruck,
    OriginsLinked,
    PartySet,
    AnswerRequested,
    SilenceRecorded,
    StandingRecorded,
    OverdueMarked,
    ClaimAdvanced,
    ClaimOverridden,
    ProposalMade,
    ProposalDeclined,
    RulingPublished,
    RulingCorrected,
    ClaimAssigned,
    PrioritySet,
    ReviewSet,
    ClaimTagged,
    ClaimUntagged,
    NoteAdded,
    ClaimsLinked,
    ClaimClosed,
    ClaimReopened,
    ClaimMerged,
    ClaimAbsorbed,
    ErasureProposed,
    ErasureDeclined,
    TextErased,
    ClaimHeld,
    ClaimReleased,
    LogExported,
    SelfApprovalRefused,
);

/// A story in which everything happens at least once.
const STORY: &str = r#"
{"do":"add_source","ref":"ria","name":"RIA Novosti","kind":"agency","aliases":["RIA"],"part_of":"kremlin"}
{"do":"alias_source","source":"ria","alias":"РИА Новости"}
{"do":"rate_source","source":"ria","reliability":"E","reason":"its record"}
{"do":"relate_source","source":"ria","part_of":null,"since":"2030-01-01T00:00:00Z","reason":"sold"}
{"do":"add_source","ref":"rian","name":"RIAN","kind":"agency"}
{"do":"merge_sources","source":"rian","into":"ria","reason":"one agency"}
{"do":"record_follow_up","claim":"offer","evidence":{"ref":"e2","source":"peskov","stance":"neutral","manner":"deflects","via":"reuters","framed_as":"denies","quote":"Many fakes are published.","said_at":"2025-04-22T17:00:00Z"}}
{"do":"record_follow_up","claim":"offer","evidence":{"ref":"e3","source":"reuters","stance":"affirms","footing":"relays","relays":"e1","credibility":3,"said_at":"2025-04-22T17:10:00Z"}}
{"do":"record_follow_up","claim":"offer","evidence":{"ref":"e4","source":"reuters","stance":"affirms","footing":"named_sources","count":2,"described_as":"two officials","url":"https://example.org/4","title":"Two officials","said_at":"2025-04-22T17:20:00Z"}}
{"do":"link_origins","claim":"offer","evidence":["e1","e4"],"reason":"the same leak"}
bot: {"do":"lay_lead","claim":"truce","item":"I-7","feed":"F-3","confidence":930,"evidence":{"speaker":"Peskov","source":"peskov","stance":"neutral","manner":"deflects","footing":"own","via":"ria","framed_as":"denies","url":"https://example.org/7","title":"Kremlin on the truce","quote":"We see the reports.","prefix":"He said: ","suffix":" He gave no more.","snapshot":"e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855","said_at":"2025-04-22T17:00:00Z"},"because":[{"rule":"cue:said","start":4,"end":8}]}
bot: {"do":"lay_lead","claim":"truce","item":"I-8","document":"I-7","feed":"F-3","confidence":700,"evidence":{"speaker":"Peskov","source":"peskov","stance":"neutral","url":"https://example.org/8","said_at":"2025-04-22T17:00:00Z"}}
{"do":"accept_lead","lead":"L-1","manner":"discusses"}
bot: {"do":"lay_lead","claim":"truce","item":"I-9","confidence":500,"evidence":{"speaker":"A blogger","stance":"denies","said_at":"2025-04-22T17:00:00Z"}}
{"do":"dismiss_lead","lead":"L-2","reason":"not about this truce"}
{"do":"set_party","claim":"truce","source":"kremlin","interest":"neutral","reason":"it is about it"}
{"do":"request_answer","claim":"truce","of":"kremlin","until":"2025-04-23T00:00:00Z"}
{"do":"assign","claim":"offer","to":"ana"}
{"do":"set_priority","claim":"offer","priority":"high"}
{"do":"tag","claim":"offer","tag":"talks"}
{"do":"untag","claim":"offer","tag":"talks"}
{"do":"note","claim":"offer","text":"Called the spokesman."}
{"do":"link_claims","claim":"offer","contradicts":"bait"}
+30h
bot: {"do":"record_silence","claim":"truce","of":"kremlin"}
{"do":"rate_source","source":"ft","reliability":"F"}
{"do":"rate_source","source":"reuters","reliability":"F"}
bot: {"do":"record_standing","claim":"offer"}
+60h
bot: {"do":"mark_overdue","claim":"offer"}
{"do":"set_review","claim":"offer","until":"2025-06-01T00:00:00Z"}
{"do":"override","claim":"offer","to":"disputed","reason":"we know more"}
{"do":"advance","claim":"offer","to":"reported","reason":"as the evidence has it"}
{"do":"set_policy","name":"default","origins":3,"four_eyes":["ruling"],"reason":"after the review"}
{"do":"propose_ruling","claim":"offer","rating":"True","summary":"It did."}
{"do":"decline","claim":"offer","reason":"too early"}
{"do":"propose_ruling","claim":"offer","rating":"True","summary":"It did."}
ben: {"do":"approve","claim":"offer"}
{"do":"correct_ruling","claim":"offer","rating":"False","summary":"It did not.","reason":"new documents"}
ben: {"do":"approve","claim":"offer"}
{"do":"strike_evidence","evidence":"e3","reason":"mistranslated"}
{"do":"withdraw_evidence","evidence":"e1","reason":"could not stand it up","said_at":"2025-04-25T09:00:00Z"}
{"do":"close","claim":"offer","as":"unresolved","reason":"nothing new"}
{"do":"reopen","claim":"offer","reason":"new evidence"}
{"do":"merge","claim":"offer","into":"truce","reason":"the same"}
{"do":"erase","evidence":"e4","basis":"GDPR, article 17"}
{"do":"decline","claim":"truce","reason":"not yet"}
{"do":"hold","claim":"truce","reason":"case 17"}
{"do":"release","claim":"truce","reason":"settled"}
{"do":"erase","evidence":"e2","basis":"GDPR, article 17","reason":"he asked"}
ben: {"do":"approve","claim":"truce"}
{"do":"record_export","format":"jsonl","filter":"--topic talks","events":12,"sha256":"e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"}
"#;

fn persisted() -> Vec<(String, Event)> {
    let lines = std::fs::read_to_string(GOLDEN).unwrap_or_default();
    let read = |line: &str| {
        let event = serde_json::from_str(line).unwrap_or_else(|error| panic!("{error}\n{line}"));
        (line.to_owned(), event)
    };
    lines.lines().map(read).collect()
}

fn bless() {
    let known: BTreeSet<&str> = persisted().iter().map(|(_, event)| name(&event.fact)).collect();
    let mut desk = Desk::new();
    desk.play(STORY);
    let mut seen = known;
    let fresh = desk.log.iter().filter(|event| seen.insert(name(&event.fact)));
    let mut lines = std::fs::read_to_string(GOLDEN).unwrap_or_default();
    for event in fresh {
        lines += &serde_json::to_string(event).unwrap();
        lines.push('\n');
    }
    std::fs::write(GOLDEN, lines).unwrap();
}

#[test]
fn persisted_events_of_every_kind_are_read() {
    if std::env::var_os("HEARSAY_BLESS").is_some() {
        bless();
    }
    let mut missing: BTreeSet<&str> = FACTS.iter().copied().collect();
    for (line, event) in persisted() {
        missing.remove(name(&event.fact));
        let (before, after): (Value, Value) =
            (serde_json::from_str(&line).unwrap(), serde_json::to_value(&event).unwrap());
        assert_eq!(before["fact"]["kind"], event.fact.kind());
        assert_keeps(&before, &after, &line);
    }
    assert!(missing.is_empty(), "golden/events.jsonl has no {missing:?}; HEARSAY_BLESS=1 adds what STORY has");
}

#[test]
fn every_kind_is_known_in_the_order_of_the_facts() {
    let persisted = persisted();
    let kind =
        |fact: &&str| persisted.iter().find(|(_, event)| name(&event.fact) == *fact).map(|(_, e)| e.fact.kind());
    let kinds: Vec<&str> = FACTS.iter().filter_map(kind).collect();
    assert_eq!(kinds.len(), FACTS.len(), "golden/events.jsonl lacks a fact");
    assert_eq!(kinds, Fact::KINDS);
    for exception in Fact::EXCEPTIONS {
        assert!(kinds.contains(&exception), "{exception} is no kind");
    }
    for part in ["eras", "held", "released", "overridden", "ruling"] {
        let of_part: Vec<_> = kinds.iter().filter(|kind| kind.contains(part)).collect();
        assert!(!of_part.is_empty() && of_part.iter().all(|kind| Fact::EXCEPTIONS.contains(kind)), "{of_part:?}");
    }
}

/// All that was persisted is still there when the event is written again; there may be more.
fn assert_keeps(before: &Value, after: &Value, line: &str) {
    match (before, after) {
        (Value::Object(before), Value::Object(after)) => {
            for (key, value) in before {
                assert_keeps(value, after.get(key).unwrap_or(&Value::Null), line);
            }
        }
        _ => assert_eq!(before, after, "{line}"),
    }
}

#[test]
fn a_log_whose_texts_were_erased_can_be_folded() {
    let mut desk = Desk::new();
    desk.play(STORY);
    let mut docket = Docket::default();
    for event in &desk.log {
        let mut value = serde_json::to_value(event).unwrap();
        seal(&mut value);
        docket.apply(&serde_json::from_value(value).unwrap());
    }
    let weighed = |docket: &Docket| {
        let mut all: Vec<_> =
            docket.claims.values().map(|claim| (claim.number, claim.state, claim.weighed)).collect();
        all.sort_by_key(|(number, ..)| *number);
        all
    };
    assert_eq!(weighed(&docket), weighed(&desk.docket));
}

/// Replaces every text by a commitment, as an envelope has it.
fn seal(value: &mut Value) {
    match value {
        Value::Object(fields) => match fields.remove("$text") {
            Some(_) => drop(fields.insert("$sealed".to_owned(), Value::from("c0ffee"))),
            None => fields.values_mut().for_each(seal),
        },
        Value::Array(items) => items.iter_mut().for_each(seal),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}
