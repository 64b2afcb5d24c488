//! What the desk declares: lists of what is due, overrides, four eyes, conflicts, merges of claims and of parties.

use hearsay_core::{Interest, Refusal, Standing, State, explain, weigh};

use crate::desk::Desk;

const REUTERS: &str = r#"{"do":"record_follow_up","claim":"offer","evidence":{"ref":"r1","source":"reuters","stance":"affirms","footing":"own","said_at":"2025-04-22T17:00:00Z"}}"#;
const DENIAL: &str = r#"{"do":"record_follow_up","claim":"offer","evidence":{"ref":"d1","source":"peskov","stance":"denies","via":"reuters","said_at":"2025-04-22T17:00:00Z"}}"#;
const STRIKE_REUTERS: &str = r#"{"do":"strike_evidence","evidence":"r1","reason":"wrong claim"}"#;
const OVERRIDE: &str = r#"{"do":"override","claim":"offer","to":"denied","reason":"we know more"}"#;

/// Whether `offer` is due to advance, and due to reopen.
fn due(desk: &Desk) -> (bool, bool) {
    let claim = desk.claim("offer");
    let explanation = explain(claim, &desk.docket.registry, desk.docket.policies.get(&claim.policy).unwrap());
    (explanation.due_to_advance, explanation.due_to_reopen)
}

/// After these lines, `offer` is in that state and due so.
fn check(lines: &[&str], state: State, advance: bool, reopen: bool) {
    let mut desk = Desk::new();
    desk.play(&lines.join("\n"));
    assert_eq!(desk.claim("offer").state, state, "{lines:#?}");
    assert_eq!(due(&desk), (advance, reopen), "{lines:#?}");
}

#[test]
fn open_claims_are_due_to_advance_when_their_standing_differs() {
    let advance = r#"{"do":"advance","claim":"offer","to":"corroborated"}"#;
    check(&[], State::Reported, false, false);
    check(&[REUTERS], State::Reported, true, false);
    check(&[REUTERS, advance], State::Corroborated, false, false);
    check(&[REUTERS, advance, STRIKE_REUTERS], State::Corroborated, true, false);
    check(&[REUTERS, advance, DENIAL], State::Corroborated, true, false);
}

#[test]
fn after_an_override_a_claim_is_due_only_once_the_standing_has_changed() {
    check(&[OVERRIDE], State::Denied, false, false);
    check(&[OVERRIDE, REUTERS], State::Denied, true, false);
    check(&[OVERRIDE, REUTERS, STRIKE_REUTERS], State::Denied, true, false);
    check(&[OVERRIDE, DENIAL], State::Denied, false, false);
}

#[test]
fn closed_claims_are_due_to_reopen_once_the_standing_has_changed() {
    let close = r#"{"do":"close","claim":"offer","as":"unresolved","reason":"nothing new"}"#;
    let reopen = r#"{"do":"reopen","claim":"offer","reason":"new evidence"}"#;
    check(&[close], State::Unresolved, false, false);
    check(&[close, REUTERS], State::Unresolved, false, true);
    check(&[REUTERS, close], State::Unresolved, false, false);
    check(&[close, REUTERS, reopen], State::Reported, true, false);
    check(&[REUTERS, close, reopen], State::Reported, true, false);
}

#[test]
fn a_report_that_its_source_takes_back_can_be_closed_as_retracted() {
    let withdraw = r#"{"do":"withdraw_evidence","evidence":"e1"}"#;
    let close = r#"{"do":"close","claim":"offer","as":"retracted"}"#;
    check(&[withdraw, close], State::Retracted, false, false);
    check(&[withdraw, close, DENIAL], State::Retracted, false, true);
    check(
        &[REUTERS, withdraw, r#"{"do":"withdraw_evidence","evidence":"r1"}"#, close],
        State::Retracted,
        false,
        false,
    );
}

#[test]
fn the_worker_advances_only_what_is_due_and_what_the_policy_lists() {
    let policy = r#"{"do":"set_policy","name":"default","auto_advance":["denied","reported"]}"#;
    let advance = |to: &str| format!(r#"bot: {{"do":"advance","claim":"offer","to":"{to}"}}"#);
    let try_it = |lines: &[&str], to: &str| Desk::new().play(&lines.join("\n")).say(&advance(to));
    assert!(matches!(try_it(&[DENIAL], "denied"), Err(Refusal::NotPermitted { .. })));
    assert!(try_it(&[policy, DENIAL], "denied").is_ok());
    assert!(matches!(try_it(&[policy, REUTERS], "corroborated"), Err(Refusal::NotPermitted { .. })));
    assert!(matches!(try_it(&[policy, OVERRIDE], "reported"), Err(Refusal::NotPermitted { .. })));
}

#[test]
fn two_people_make_an_override_where_the_policy_says_so() {
    let mut desk = Desk::new();
    desk.play(r#"{"do":"set_policy","name":"default","four_eyes":["override","ruling"]}"#).play(OVERRIDE);
    assert_eq!(desk.claim("offer").state, State::Reported);
    for name in ["eva", "ana"] {
        assert!(desk.say(&format!(r#"{name}: {{"do":"approve","claim":"offer"}}"#)).is_err(), "{name}");
    }
    desk.play(r#"ben: {"do":"approve","claim":"offer"}"#);
    let claim = desk.claim("offer");
    assert_eq!((claim.state, claim.held_at, claim.proposals.len()), (State::Denied, Some(Standing::Reported), 0));
}

#[test]
fn a_ruling_stops_the_review_clock_and_a_correction_keeps_the_old_one() {
    let mut desk = Desk::new();
    desk.play(r#"{"do":"set_policy","name":"default","four_eyes":["ruling"]}"#);
    desk.play(r#"{"do":"propose_ruling","claim":"offer","rating":"True","summary":"It did."}"#);
    assert!(desk.claim("offer").ruling.is_none() && desk.claim("offer").review_by.is_some());
    desk.play(r#"ada: {"do":"approve","claim":"offer"}"#);
    assert!(desk.claim("offer").ruling.is_some() && desk.claim("offer").review_by.is_none());
    assert_eq!(desk.claim("offer").state, State::Reported, "a ruling doesn't change the state");
    desk.play(
        r#"{"do":"correct_ruling","claim":"offer","rating":"False","summary":"No.","reason":"new documents"}"#,
    );
    assert_eq!(desk.claim("offer").ruling.as_ref().unwrap().rating, "True");
    desk.play(r#"ben: {"do":"approve","claim":"offer"}"#);
    assert_eq!(desk.claim("offer").ruling.as_ref().unwrap().rating, "False");
    let kept = serde_json::to_value(&desk.log.last().unwrap().fact).unwrap();
    assert_eq!(kept["data"]["was"]["rating"], "True");
}

#[test]
fn a_declined_proposal_is_gone() {
    let mut desk = Desk::new();
    desk.play(r#"{"do":"set_policy","name":"default","four_eyes":["override"]}"#).play(OVERRIDE);
    desk.play(r#"{"do":"decline","claim":"offer","reason":"changed my mind"}"#);
    assert!(matches!(desk.say(r#"ben: {"do":"approve","claim":"offer"}"#), Err(Refusal::NothingProposed { .. })));
}

#[test]
fn of_two_people_who_advance_at_once_the_second_gets_a_conflict() {
    let mut desk = Desk::new();
    desk.play(DENIAL);
    let seen = desk.claim("offer").version;
    let advance =
        |name: &str| format!(r#"{name}: {{"do":"advance","claim":"offer","to":"denied","version":{seen}}}"#);
    desk.say(&advance("ana")).unwrap();
    let refusal = desk.say(&advance("ben")).unwrap_err();
    assert!(matches!(refusal, Refusal::VersionConflict { seen: 2, now: 3, .. }), "{refusal}");
}

#[test]
fn a_merge_moves_evidence_links_and_references_and_keeps_the_other_claims_parties() {
    let mut desk = Desk::new();
    desk.play(REUTERS).play(r#"{"do":"link_origins","claim":"offer","evidence":["e1","r1"],"reason":"one leak"}"#);
    desk.play(r#"{"do":"merge","claim":"offer","into":"truce","reason":"the same"}"#);
    let (merged, stays) = (desk.claim("offer"), desk.claim("truce"));
    assert_eq!((merged.state, merged.merged_into, merged.evidence.len()), (State::Merged, Some(stays.id), 0));
    assert_eq!((stays.evidence.len(), stays.origin_links.len(), stays.parties.len()), (3, 1, 0));
    let policy = desk.docket.policies.get("default").unwrap();
    assert_eq!(stays.weighed, weigh(stays, &desk.docket.registry, policy).weighed);
    desk.play(&REUTERS.replace("r1", "r2")).play(r#"{"do":"withdraw_evidence","evidence":"e1"}"#);
    assert_eq!(desk.claim("truce").evidence.len(), 4, "the reference leads to the other claim");
    desk.play(r#"{"do":"merge","claim":"truce","into":"bait","reason":"the same"}"#);
    desk.play(r#"{"do":"note","claim":"offer","text":"at two removes"}"#);
    assert_eq!(desk.log.last().unwrap().claim, Some(desk.claim("bait").id));
}

#[test]
fn parties_that_turn_out_to_be_one_have_the_interest_that_was_told_last() {
    let mut desk = Desk::new();
    desk.play(r#"{"do":"add_source","ref":"russia","name":"Russia","kind":"institution"}"#);
    let set = |interest: &str| {
        format!(r#"{{"do":"set_party","claim":"offer","source":"russia","interest":"{interest}","reason":"x"}}"#)
    };
    desk.play(&set("in_favour")).play(r#"{"do":"merge_sources","source":"russia","into":"kremlin"}"#);
    desk.play(r#"{"do":"record_follow_up","claim":"offer","evidence":{"source":"peskov","stance":"affirms","said_at":"2025-04-22T17:00:00Z"}}"#);
    assert_eq!(desk.claim("offer").weighed.standing, Standing::Corroborated);
    desk.play(&set("in_favour"));
    assert_eq!(desk.claim("offer").parties[0].interest, Interest::InFavour);
    assert_eq!(desk.claim("offer").weighed.standing, Standing::Reported, "its word serves it now");
    desk.play(&set("neutral"));
    assert_eq!(desk.claim("offer").weighed.standing, Standing::Corroborated);
}
