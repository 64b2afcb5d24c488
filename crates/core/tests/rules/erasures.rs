//! Erasures and holds: two people, no word left in the docket, and nothing changed but words.
//! Invariant: after an erasure the live docket is what the log gives that has lost the words.

use hearsay_core::{Docket, Event, Fact, Subject, Text, explain};
use serde_json::Value;

use crate::desk::{Desk, erased, words};

/// Everything that has words, with a mark in each.
const STORY: &str = r#"
{"do":"add_source","ref":"SECRET-ria","name":"SECRET agency","kind":"agency","aliases":["SECRET wire"]}
{"do":"alias_source","source":"SECRET agency","alias":"SECRET office"}
{"do":"report_claim","ref":"SECRET-claim","text":"SECRET happened.","kind":"event","evidence":{"ref":"SECRET-piece","source":"SECRET agency","stance":"affirms","footing":"own","quote":"SECRET","title":"SECRET title","url":"https://SECRET.example","described_as":"SECRET people","said_at":"2025-04-22T16:00:00Z"}}
{"do":"assign","claim":"SECRET-claim","to":"SECRET person"}
{"do":"note","claim":"SECRET-claim","text":"SECRET told us","confidential":true}
{"do":"set_policy","name":"default","four_eyes":["ruling","override"]}
{"do":"propose_ruling","claim":"SECRET-claim","rating":"True","summary":"SECRET did."}
ben: {"do":"approve","claim":"SECRET-claim"}
{"do":"correct_ruling","claim":"SECRET-claim","rating":"False","summary":"SECRET did not.","reason":"SECRET proof"}
ben: {"do":"approve","claim":"SECRET-claim"}
{"do":"override","claim":"SECRET-claim","to":"disputed","reason":"SECRET knowledge"}
"#;

/// Erases every text with the mark, event by event.
fn erase_all(desk: &mut Desk) {
    let marked: Vec<u64> = desk
        .log
        .iter()
        .filter(|event| serde_json::to_string(event).unwrap().contains("SECRET"))
        .map(|e| e.seq)
        .collect();
    for seq in marked {
        let decision = desk.say(&format!(r#"{{"do":"erase","event":{seq},"basis":"GDPR, article 17"}}"#)).unwrap();
        let Some(Fact::ErasureProposed { erasure }) = decision.events.first().map(|event| event.fact.clone())
        else {
            continue;
        };
        let claim = decision.events[0].claim.map(|id| format!(r#""claim":"{id}","#)).unwrap_or_default();
        desk.say(&format!(r#"ben: {{"do":"approve",{claim}"proposal":"{}"}}"#, erasure.id)).unwrap();
    }
}

/// The log as it reads once the words are gone.
fn sealed(log: &[Event]) -> Vec<Event> {
    let gone = erased(log);
    log.iter()
        .map(|event| {
            let mut value = serde_json::to_value(event).unwrap();
            for (_, field) in gone.iter().filter(|(seq, _)| *seq == event.seq) {
                let root = if field == "actor.name" { &mut value } else { &mut value["fact"]["data"] };
                *root.pointer_mut(&format!("/{}", field.replace('.', "/"))).unwrap() =
                    serde_json::json!({"$sha256": "x"});
            }
            serde_json::from_value(value).unwrap()
        })
        .collect()
}

fn folded(log: &[Event]) -> Docket {
    let mut docket = Docket::default();
    for event in log {
        docket.apply(event);
    }
    docket
}

/// A docket without the names of sources that lost one: the live docket forgets them all.
fn without_names(mut docket: Docket, log: &[Event]) -> Docket {
    for event in log {
        let Fact::TextErased { texts, .. } = &event.fact else { continue };
        for source in texts.iter().filter_map(|texts| texts.source) {
            docket.names.retain(|_, named| *named != source);
            if let Some(mut source) = docket.registry.get(source).cloned() {
                source.aliases.clear();
                docket.registry.put(source);
            }
        }
    }
    docket
}

fn played() -> Desk {
    let mut desk = Desk::new();
    desk.play(STORY);
    desk
}

#[test]
fn no_word_is_left_in_the_docket() {
    let mut desk = played();
    assert!(format!("{:?}", desk.docket).contains("SECRET"));
    erase_all(&mut desk);
    let left = format!("{:#?}", desk.docket);
    let lines: Vec<&str> = left.lines().filter(|line| line.contains("SECRET")).collect();
    assert_eq!(lines, Vec::<&str>::new());
    assert!(desk.docket.erasures.is_empty());
}

#[test]
fn the_live_docket_is_what_the_log_gives_that_has_lost_the_words() {
    let mut desk = played();
    erase_all(&mut desk);
    let read = sealed(&desk.log);
    assert!(!serde_json::to_string(&read).unwrap().contains("SECRET"), "copies of the words are erased with them");
    assert_eq!(without_names(folded(&read), &desk.log), without_names(desk.docket.clone(), &desk.log));
}

/// The explanation without words and version.
fn figures(desk: &Desk) -> Vec<Value> {
    let mut numbers: Vec<_> = desk.docket.claims.values().collect();
    numbers.sort_by_key(|claim| claim.number);
    let figures = |claim: &&hearsay_core::Claim| {
        let why = explain(claim, &desk.docket.registry, desk.docket.policies.of(claim));
        let mut value = serde_json::to_value(why).unwrap();
        for key in ["version", "text"] {
            value[key].take();
        }
        blank_names(&mut value);
        serde_json::json!([claim.state.as_str(), value])
    };
    numbers.iter().map(figures).collect()
}

/// Replaces names of sources, of which some were erased.
fn blank_names(value: &mut Value) {
    match value {
        Value::Object(map) => {
            for (key, inner) in map {
                if ["source", "group", "party", "ref"].contains(&key.as_str()) {
                    inner.take();
                }
                blank_names(inner);
            }
        }
        Value::Array(items) => items.iter_mut().for_each(blank_names),
        Value::String(text) if text.contains("agency") || text.contains("[erased") => text.clear(),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

#[test]
fn nothing_changes_but_words() {
    let mut desk = played();
    let before = figures(&desk);
    erase_all(&mut desk);
    assert_eq!(figures(&desk), before);
}

#[test]
fn what_is_erased_already_is_not_erased_again() {
    let mut desk = played();
    erase_all(&mut desk);
    let taken = desk.log.len();
    erase_all(&mut desk);
    assert_eq!(desk.log.len(), taken);
}

#[test]
fn an_erasure_takes_two_people_whatever_the_policy_says() {
    let mut desk = Desk::new();
    let line = r#"{"do":"erase","evidence":"e1","basis":"x"}"#;
    assert!(desk.say(line).unwrap().events.is_empty(), "it has no words");
    let seq = desk.log.len();
    desk.play(r#"{"do":"note","claim":"offer","text":"who told us"}"#);
    let line = format!(r#"{{"do":"erase","event":{},"basis":"x"}}"#, seq + 1);
    let first = desk.say(&line).unwrap();
    let again = desk.say(&line).unwrap();
    assert_eq!((again.events.len(), again.subject), (0, first.subject), "it waits already");
    assert!(desk.say(r#"{"do":"approve","claim":"offer"}"#).is_err(), "the same person");
    assert_eq!(words(&desk.log[seq], "text").as_deref(), Some("who told us"));
    let done = desk.say(r#"ada: {"do":"approve","claim":"offer"}"#).unwrap();
    let Fact::TextErased { texts, basis, .. } = &done.events[0].fact else { panic!("{done:?}") };
    assert_eq!((texts.len(), texts[0].event, &texts[0].fields[..]), (1, seq as u64 + 1, &["text".to_owned()][..]));
    assert_eq!(*basis, Text::from("x"));
}

#[test]
fn the_actor_is_erased_only_where_it_is_named_and_with_it_who_proposed() {
    let mut desk = played();
    let proposed = desk.log.iter().find(|event| matches!(event.fact, Fact::ProposalMade { .. })).unwrap().seq;
    let fields = |desk: &mut Desk, fields: &str| {
        let line = format!(r#"{{"do":"erase","event":{proposed}{fields},"basis":"x"}}"#);
        let decision = desk.say(&line).unwrap();
        let Fact::ErasureProposed { erasure } = &decision.events[0].fact else { panic!("{decision:?}") };
        erasure.texts.iter().find(|texts| texts.event == proposed).unwrap().fields.clone()
    };
    assert_eq!(fields(&mut desk, ""), ["proposal.proposed.ruling.summary"]);
    assert_eq!(fields(&mut desk, r#","fields":["actor.name"]"#), ["actor.name", "proposal.by"]);
}

#[test]
fn an_erasure_of_a_claims_texts_is_answered_on_that_claim() {
    let mut desk = Desk::new();
    desk.play(r#"{"do":"note","claim":"offer","text":"who told us"}"#);
    let line = format!(r#"{{"do":"erase","event":{},"basis":"x"}}"#, desk.log.len());
    let decision = desk.say(&line).unwrap();
    let Fact::ErasureProposed { erasure } = &decision.events[0].fact else { panic!("{decision:?}") };
    let id = erasure.id;
    let alone = desk.say(&format!(r#"ben: {{"do":"approve","proposal":"{id}"}}"#)).unwrap_err();
    assert!(alone.to_string().contains("say which claim"), "{alone}");
    let other = desk.say(&format!(r#"ben: {{"do":"approve","claim":"truce","proposal":"{id}"}}"#)).unwrap_err();
    assert!(other.to_string().contains("no proposal"), "{other}");
    desk.play(r#"{"do":"merge","claim":"offer","into":"truce","reason":"the same"}"#);
    let done = desk.say(&format!(r#"ben: {{"do":"approve","claim":"truce","proposal":"{id}"}}"#)).unwrap();
    assert_eq!(done.events[0].claim, Some(desk.claim("truce").id));
}

/// Proposes to erase an event's texts; the line by which somebody else approves it.
fn propose(desk: &mut Desk, event: usize) -> String {
    let decision = desk.say(&format!(r#"{{"do":"erase","event":{event},"basis":"x"}}"#)).unwrap();
    let Fact::ErasureProposed { erasure } = &decision.events[0].fact else { panic!("{decision:?}") };
    let claim = decision.events[0].claim.map(|id| format!(r#""claim":"{id}","#)).unwrap_or_default();
    format!(r#"ada: {{"do":"approve",{claim}"proposal":"{}"}}"#, erasure.id)
}

/// Proposes what takes a second person; the line by which somebody else approves it.
fn proposed(desk: &mut Desk, line: &str) -> String {
    let decision = desk.say(line).unwrap();
    let Subject::Proposal(claim, id) = decision.subject else { panic!("{decision:?}") };
    format!(r#"ben: {{"do":"approve","claim":"{claim}","proposal":"{id}"}}"#)
}

/// The events that say the words, erased ones left out.
fn saying(desk: &Desk, words: &str) -> Vec<u64> {
    let gone = sealed(&desk.log);
    gone.iter()
        .filter(|event| serde_json::to_string(event).unwrap().contains(words))
        .map(|event| event.seq)
        .collect()
}

#[test]
fn copies_that_the_rules_made_while_an_erasure_waited_are_erased_with_it() {
    let mut desk = Desk::new();
    desk.play(r#"{"do":"set_policy","name":"default","four_eyes":["ruling"]}"#);
    let ruling =
        proposed(&mut desk, r#"{"do":"propose_ruling","claim":"offer","rating":"True","summary":"SECRET did."}"#);
    let at = desk.log.len();
    let erase = propose(&mut desk, at);
    desk.say(&ruling).unwrap();
    let correct = r#"{"do":"correct_ruling","claim":"offer","rating":"False","summary":"No.","reason":"new"}"#;
    let correction = proposed(&mut desk, correct);
    desk.say(&correction).unwrap();
    assert_eq!(saying(&desk, "SECRET").len(), 3, "proposed, published, and what was corrected");
    desk.say(&erase).unwrap();
    assert_eq!(saying(&desk, "SECRET"), Vec::<u64>::new());
    assert_eq!(saying(&desk, "No.").len(), 2);
}

#[test]
fn a_basis_is_erased_from_the_erasure_that_was_carried_out_meanwhile() {
    let mut desk = Desk::new();
    let before = desk.log.len();
    desk.play(r#"{"do":"note","claim":"offer","text":"who told us"}"#);
    let note = format!(r#"{{"do":"erase","event":{},"basis":"SECRET law","reason":"SECRET asked"}}"#, before + 1);
    let Subject::Erasure(_, note) = desk.say(&note).unwrap().subject else { panic!("no erasure") };
    let at = desk.log.len();
    let basis = propose(&mut desk, at);
    desk.say(&format!(r#"ben: {{"do":"approve","claim":"offer","proposal":"{note}"}}"#)).unwrap();
    assert_eq!(saying(&desk, "SECRET").len(), 2);
    desk.say(&basis).unwrap();
    assert_eq!(saying(&desk, "SECRET"), Vec::<u64>::new());
}

#[test]
fn what_only_happens_to_have_the_same_words_stays() {
    let mut desk = Desk::new();
    desk.play(
        r#"{"do":"override","claim":"offer","to":"disputed","reason":"typo"}
        {"do":"override","claim":"offer","to":"denied","reason":"typo"}"#,
    );
    let (first, second) = (desk.log.len() - 1, desk.log.len());
    let erase = propose(&mut desk, first);
    desk.say(&erase).unwrap();
    assert_eq!(saying(&desk, "typo"), [second as u64]);
}

#[test]
fn copies_on_the_claim_that_another_was_merged_into_are_erased_with_the_text() {
    let mut desk = Desk::new();
    desk.play(r#"{"do":"note","claim":"offer","text":"who told us"}"#);
    let note = format!(r#"{{"do":"erase","event":{},"basis":"SECRET law"}}"#, desk.log.len());
    let Subject::Erasure(_, note) = desk.say(&note).unwrap().subject else { panic!("no erasure") };
    let at = desk.log.len();
    desk.play(r#"{"do":"merge","claim":"offer","into":"truce","reason":"the same"}"#);
    desk.say(&format!(r#"ben: {{"do":"approve","claim":"truce","proposal":"{note}"}}"#)).unwrap();
    assert_eq!(saying(&desk, "SECRET").len(), 2);
    let erase = propose(&mut desk, at);
    desk.say(&erase).unwrap();
    assert_eq!(saying(&desk, "SECRET"), Vec::<u64>::new());
}
