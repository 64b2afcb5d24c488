//! The kinds of follow-ups: by who speaks, on what footing, with what stance.

use hearsay_core::{Manner, Stance, explain, follow_up_kind, weigh};

use crate::case::{Case, Ground, Piece, ToldRow};
use crate::desk::Desk;

/// The kind of a piece by the Kremlin's spokesman (a party's word), and by an outlet.
fn check(stance: Stance, manner: Option<Manner>, ground: Ground, by_a_party: &str, by_an_outlet: &str) {
    let mut case = Case::new(3);
    case.parties = vec![(0, hearsay_core::Interest::Against)];
    case.told = vec![ToldRow {
        source: 1,
        relation: hearsay_core::Relation::SpeaksFor,
        to: Some(0),
        since: None,
        until: None,
    }];
    for (source, wanted) in [(0, by_a_party), (1, by_a_party), (2, by_an_outlet)] {
        let piece = Piece { source, stance, manner, ground, ..Piece::own(0) };
        case.pieces = vec![piece];
        let (claim, registry) = (case.claim(), case.registry());
        let verdict = &weigh(&claim, &registry, &case.policy).verdicts[0];
        assert_eq!(verdict.kind.as_str(), wanted, "{stance:?} {manner:?} {ground:?} by S{source}");
        assert_eq!(follow_up_kind(&claim.evidence[0], verdict.party), verdict.kind);
    }
}

#[test]
fn kinds_follow_from_stance_footing_and_speaker() {
    use Stance::{Affirms, Denies, Neutral};
    for ground in [Ground::Own, Ground::Document] {
        check(Affirms, None, ground, "acknowledgement", "corroboration");
        check(Denies, None, ground, "denial", "contradiction");
        check(Neutral, Some(Manner::Deflects), ground, "deflection", "mention");
        check(Neutral, Some(Manner::Declines), ground, "no_comment", "mention");
        check(Neutral, Some(Manner::Discusses), ground, "mention", "mention");
        check(Neutral, None, ground, "mention", "mention");
    }
    for ground in [Ground::Named, Ground::Unnamed] {
        check(Affirms, None, ground, "corroboration", "corroboration");
        check(Denies, None, ground, "contradiction", "contradiction");
        check(Neutral, Some(Manner::Declines), ground, "mention", "mention");
    }
    check(Affirms, None, Ground::Source(2), "repetition", "repetition");
    check(Denies, None, Ground::Source(2), "repetition", "repetition");
    check(Neutral, Some(Manner::Deflects), Ground::Source(2), "mention", "mention");
    for stance in [Affirms, Denies, Neutral] {
        check(stance, None, Ground::Unknown, "mention", "mention");
    }
}

/// What each party answered, in the desk's words.
fn answers(desk: &Desk) -> Vec<String> {
    let claim = desk.claim("offer");
    let explanation = explain(claim, &desk.docket.registry, desk.docket.policies.get(&claim.policy).unwrap());
    explanation.answers.iter().map(|answer| format!("{} {}", answer.party, answer.kind.as_str())).collect()
}

#[test]
fn a_party_that_says_nothing_is_silent_at_its_deadline() {
    let mut desk = Desk::new();
    desk.play("+24h").play(r#"bot: {"do":"record_silence","claim":"offer","of":"peskov"}"#);
    assert_eq!(answers(&desk), ["Kremlin silence"]);
    let silence = desk.log.last().unwrap();
    assert_eq!(silence.occurred_at, "2025-04-23T18:00:00Z".parse().unwrap());
    let again = desk.say(r#"bot: {"do":"record_silence","claim":"offer","of":"kremlin"}"#).unwrap();
    assert!(again.events.is_empty(), "a silence is recorded once");
}

#[test]
fn a_silence_goes_when_an_earlier_answer_turns_up_and_stays_when_it_came_later() {
    let answer = |at: &str| {
        let mut desk = Desk::new();
        desk.play("+30h").play(r#"bot: {"do":"record_silence","claim":"offer","of":"kremlin"}"#);
        desk.play(&format!(r#"{{"do":"record_follow_up","claim":"offer","evidence":{{"source":"peskov","stance":"neutral","manner":"declines","said_at":"{at}"}}}}"#));
        answers(&desk)
    };
    assert_eq!(answer("2025-04-22T19:00:00Z"), ["Kremlin no_comment"]);
    assert_eq!(answer("2025-04-23T19:00:00Z"), ["Kremlin silence", "Kremlin no_comment"]);
}

#[test]
fn a_mention_is_no_answer() {
    let mut desk = Desk::new();
    desk.play(r#"{"do":"record_follow_up","claim":"offer","evidence":{"source":"peskov","stance":"neutral","said_at":"2025-04-22T19:00:00Z"}}"#);
    desk.play("+30h").play(r#"bot: {"do":"record_silence","claim":"offer","of":"kremlin"}"#);
    assert_eq!(answers(&desk), ["Kremlin silence"]);
}
