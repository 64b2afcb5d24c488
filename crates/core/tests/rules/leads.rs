//! Leads: what waits, what becomes evidence, what folds together, and what the worker records by itself.
//! Invariant: a lead that waits, is folded or is dismissed moves no standing.

use hearsay_core::{Event, Fact, Footing, Manner, Role, Stance, Standing, State, Subject, Taken};

use crate::desk::Desk;

/// A lead on `offer`: Peskov denies, from item `item` of feed F-3.
fn denial(item: u32, rest: &str, evidence: &str) -> String {
    format!(
        r#"bot: {{"do":"lay_lead","claim":"offer","item":"I-{item}","feed":"F-3","confidence":930,{rest}"evidence":{{"speaker":"Dmitry Peskov","source":"peskov","stance":"denies",{evidence}"said_at":"2025-04-22T17:00:00Z"}}}}"#
    )
}

const TRUST: &str =
    r#"{"do":"set_policy","name":"default","auto_record":[{"source":"kremlin","feed":"F-3","over":900}]}"#;

fn standing(desk: &Desk) -> Standing {
    desk.claim("offer").weighed.standing
}

fn states(desk: &Desk) -> Vec<&'static str> {
    desk.claim("offer").leads.values().map(|lead| lead.state.as_str()).collect()
}

fn last(desk: &Desk) -> &Event {
    desk.log.last().unwrap()
}

#[test]
fn a_lead_waits_and_moves_nothing() {
    let mut desk = Desk::new();
    let before = desk.claim("offer").weighed;
    let decided = desk.say(&denial(1, "", r#""quote":"That is not so.","#)).unwrap();
    assert_eq!(decided.events.len(), 1);
    assert!(matches!(decided.subject, Subject::Lead(_, number) if number.to_string() == "L-1"));
    assert_eq!(desk.claim("offer").weighed, before);
    assert_eq!(states(&desk), ["waiting"]);
    desk.play(r#"{"do":"dismiss_lead","lead":"l-1","reason":"about another offer"}"#);
    assert_eq!((desk.claim("offer").weighed, states(&desk)), (before, vec!["dismissed"]));
}

#[test]
fn accepting_records_what_was_suggested_with_document_and_selector() {
    let mut desk = Desk::new();
    let sha = "a".repeat(64);
    desk.play(&denial(
        1,
        "",
        &format!(
            r#""via":"reuters","framed_as":"affirms","quote":"That is not so.","prefix":"He said: ","suffix":" No more.","snapshot":"{sha}","url":"https://example.org/1","title":"A denial","#
        ),
    ));
    desk.play(r#"{"do":"accept_lead","lead":"L-1","ref":"p1","credibility":2}"#);
    let Fact::FollowUpRecorded { evidence, words, lead } = &last(&desk).fact else { panic!("no follow-up") };
    assert_eq!((evidence.stance, evidence.footing), (Stance::Denies, Footing::Own));
    assert_eq!(desk.docket.registry.name(evidence.via.unwrap()), "Reuters");
    assert_eq!(evidence.framed_as, Some(Stance::Affirms));
    let body = |text: &Option<hearsay_core::Text>| text.as_ref().unwrap().body().unwrap().to_owned();
    assert_eq!(
        [&words.quote, &words.prefix, &words.suffix, &words.snapshot, &words.url, &words.title].map(body),
        ["That is not so.", "He said: ", " No more.", &sha, "https://example.org/1", "A denial"]
    );
    assert_eq!(lead.as_ref().unwrap().taken, Taken::Accepted);
    assert_eq!(standing(&desk), Standing::Denied);
    assert_eq!(states(&desk), ["accepted"]);
}

#[test]
fn corrections_are_told_and_take_with_them_what_no_longer_fits() {
    let mut desk = Desk::new();
    desk.play(
        r#"bot: {"do":"lay_lead","claim":"offer","item":"I-1","confidence":500,"evidence":{"speaker":"some agency","stance":"neutral","manner":"deflects","footing":"relays","relayed":"the paper","relays":"ft","quote":"so it says","prefix":"and ","said_at":"2025-04-22T17:00:00Z"}}
        {"do":"accept_lead","lead":"L-1","source":"reuters","stance":"affirms","footing":"unnamed_sources","quote":"it says so"}"#,
    );
    let Fact::FollowUpRecorded { evidence, words, lead } = &last(&desk).fact else { panic!("no follow-up") };
    assert_eq!((evidence.manner, evidence.footing), (None, Footing::UnnamedSources { count: None }));
    assert_eq!(words.prefix, None, "a selector belongs to its quote");
    let corrected = ["source", "stance", "footing", "quote"].map(str::to_owned).to_vec();
    assert_eq!(lead.as_ref().unwrap().taken, Taken::Corrected(corrected));
    let laid = desk
        .log
        .iter()
        .find_map(|event| if let Fact::LeadLaid { suggested, .. } = &event.fact { Some(suggested) } else { None });
    assert_eq!(laid.unwrap().manner, Some(Manner::Deflects), "what was suggested is kept");
}

#[test]
fn the_same_word_again_folds_into_the_lead_that_brought_it() {
    let quoted = r#""quote":"That  is not SO.","#;
    for (again, folds) in [
        (denial(2, "", r#""quote":"That is not so.","#), true),
        (denial(2, r#""document":"I-1","#, ""), true),
        (denial(2, "", r#""quote":"Other words.","#), false),
        (denial(2, "", "").replace("denies", "neutral"), false),
        (denial(2, r#""document":"I-1","#, "").replace("peskov", "kremlin"), false),
    ] {
        for settle in ["", r#"{"do":"accept_lead","lead":"L-1"}"#] {
            let mut desk = Desk::new();
            desk.play(&denial(1, "", quoted)).play(settle);
            let before = standing(&desk);
            desk.play(&again);
            let folded = matches!(last(&desk).fact, Fact::LeadFolded { .. });
            assert_eq!(folded, folds, "{again} after {settle:?}");
            assert_eq!(desk.claim("offer").leads.len(), if folds { 1 } else { 2 });
            assert_eq!(standing(&desk), before);
            let length = desk.log.len();
            desk.play(&again);
            assert_eq!(desk.log.len(), length, "the same item again adds nothing");
        }
    }
}

#[test]
fn what_was_dismissed_comes_back_by_another_item_only() {
    let mut desk = Desk::new();
    desk.play(&denial(1, "", r#""quote":"That is not so.","#));
    desk.play(r#"{"do":"dismiss_lead","lead":"L-1","reason":"about another offer"}"#);
    let length = desk.log.len();
    desk.play(&denial(1, "", r#""quote":"That is not so.","#));
    assert_eq!(desk.log.len(), length);
    desk.play(&denial(2, "", r#""quote":"That is not so.","#));
    assert_eq!(states(&desk), ["dismissed", "waiting"]);
}

#[test]
fn a_trusted_channel_is_recorded_by_the_worker_alone() {
    let mut desk = Desk::new();
    desk.play(TRUST);
    let decided = desk.say(&denial(1, "", "")).unwrap();
    assert_eq!(decided.events.len(), 2);
    let Fact::FollowUpRecorded { lead, .. } = &last(&desk).fact else { panic!("no follow-up") };
    assert_eq!(lead.as_ref().unwrap().taken, Taken::Automatic);
    assert_eq!(last(&desk).actor.role, Role::Worker);
    assert_eq!((standing(&desk), states(&desk)), (Standing::Denied, vec!["accepted"]));
    assert_eq!(desk.claim("offer").state, State::Reported, "it advances nothing");
    desk.play(r#"{"do":"undo_record","lead":"L-1","reason":"he spoke of another offer"}"#);
    assert!(matches!(last(&desk).fact, Fact::EvidenceStruck { .. }));
    assert_eq!((standing(&desk), states(&desk)), (Standing::Reported, vec!["undone"]));
    let length = desk.log.len();
    desk.play(r#"{"do":"undo_record","lead":"L-1","reason":"again"}"#);
    assert_eq!(desk.log.len(), length);
    desk.play(&denial(2, "", r#""quote":"Once more.","#));
    assert_eq!(states(&desk), ["undone", "waiting"], "after an undoing a person looks first");
}

/// Each leaves the lead waiting, though the policy trusts the channel.
#[test]
fn the_worker_leaves_to_a_person_what_a_person_may_see_otherwise() {
    let plain = denial(1, "", "");
    for (why, before, line) in [
        ("another feed", "", plain.replace("F-3", "F-4")),
        ("no feed", "", plain.replace(r#""feed":"F-3","#, "")),
        ("not over the mark", "", plain.replace("930", "900")),
        ("another's words", "", plain.replace(r#""source":"peskov""#, r#""source":"ft","footing":"own""#)),
        ("nobody known", "", plain.replace(r#""source":"peskov","#, "")),
        (
            "an override",
            r#"{"do":"override","claim":"offer","to":"disputed","reason":"we know more"}"#,
            plain.clone(),
        ),
        ("closed", r#"{"do":"close","claim":"offer","as":"unresolved","reason":"nothing new"}"#, plain.clone()),
        ("nothing to check", "", plain.replace(r#""claim":"offer""#, r#""claim":"bait""#)),
        ("said in the future", "", plain.replace("2025-04-22T17", "2029-04-22T17")),
        ("relays nobody known", "", plain.replace(r#""stance""#, r#""footing":"relays","relayed":"X","stance""#)),
    ] {
        let mut desk = Desk::new();
        desk.play(TRUST).play(before);
        let decided = desk.say(&line).unwrap();
        assert_eq!(decided.events.len(), 1, "{why}");
        assert!(matches!(last(&desk).fact, Fact::LeadLaid { .. }), "{why}");
    }
    let mut desk = Desk::new();
    desk.play(&plain).play(r#"{"do":"dismiss_lead","lead":"L-1","reason":"he did not"}"#).play(TRUST);
    desk.play(&denial(2, "", ""));
    assert_eq!(states(&desk), ["dismissed", "waiting"], "a person has dismissed his denial before");
}

#[test]
fn an_undone_override_trusts_the_channel_again() {
    let mut desk = Desk::new();
    desk.play(TRUST).play(r#"{"do":"override","claim":"offer","to":"disputed","reason":"we know more"}"#);
    desk.play(r#"{"do":"advance","claim":"offer","to":"reported"}"#).play(&denial(1, "", ""));
    assert_eq!(states(&desk), ["accepted"]);
}

#[test]
fn leads_go_with_a_claim_that_is_merged() {
    let mut desk = Desk::new();
    desk.play(&denial(1, "", r#""quote":"That is not so.","#));
    desk.play(r#"{"do":"merge","claim":"offer","into":"truce","reason":"the same"}"#);
    desk.play(&denial(2, "", r#""quote":"That is not so.","#));
    assert!(matches!(last(&desk).fact, Fact::LeadFolded { .. }));
    desk.play(r#"{"do":"accept_lead","lead":"L-1","footing":"own"}"#);
    assert_eq!(desk.claim("truce").leads.values().filter(|lead| lead.recorded().is_some()).count(), 1);
    assert!(desk.claim("offer").leads.is_empty());
}

#[test]
fn erasing_evidence_erases_the_lead_that_it_came_from() {
    let mut desk = Desk::new();
    desk.play(&denial(1, "", r#""quote":"That is not so.","url":"https://example.org/1","#));
    desk.play(r#"{"do":"accept_lead","lead":"L-1","ref":"p1","quote":"Not so."}"#);
    desk.play(r#"{"do":"erase","evidence":"p1","basis":"GDPR, article 17"}"#);
    desk.play(r#"ben: {"do":"approve","claim":"offer"}"#);
    let Fact::TextErased { texts, .. } = &last(&desk).fact else { panic!("nothing erased") };
    let fields: Vec<&str> = texts.iter().flat_map(|texts| texts.fields.iter().map(String::as_str)).collect();
    assert_eq!(fields, ["words.quote", "words.url", "words.quote", "words.url"]);
    desk.play(&denial(2, "", r#""quote":"That is not so.","#));
    assert_eq!(desk.claim("offer").leads.len(), 2, "erased words fold nothing");
}
