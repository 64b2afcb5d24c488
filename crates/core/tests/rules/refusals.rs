//! Every refusal: what leads to it, the field it names, its sentence.
//! Invariant: a refusal without a row here fails the suite, and none leaves a trace on the docket.

use std::collections::BTreeSet;

use hearsay_core::{Refusal, RefusalClass, Subject, parse_line};

use crate::desk::Desk;

macro_rules! variants {
    ($($variant:ident),+ $(,)?) => {
        const VARIANTS: &[&str] = &[$(stringify!($variant)),+];

        /// A new refusal breaks the build here, and then wants a row below.
        fn variant(refusal: &Refusal) -> &'static str {
            match refusal { $(Refusal::$variant { .. } => stringify!($variant)),+ }
        }
    };
}

variants!(
    Unknown,
    WrongKind,
    PolicyUnknown,
    HandleTaken,
    HandleUnusable,
    NameTaken,
    Empty,
    TooLong,
    Unprintable,
    EvidenceOfAnotherClaim,
    FootingMissing,
    CountUnexpected,
    RelaysMissing,
    RelaysUnexpected,
    MannerUnexpected,
    TooFarAhead,
    OpeningMustAffirm,
    RelationLoop,
    UnnamedSpeaksForNobody,
    PeriodReversed,
    BundleOfAClaim,
    NothingGiven,
    PolicyValue,
    RatingUnknown,
    SourceMergedIntoItself,
    SourceIsMerged,
    VersionUnexpected,
    NotPermitted,
    StandingDiffers,
    NotAnOpenState,
    NotCheckable,
    Closed,
    Merged,
    NotClosed,
    StillAffirmed,
    NothingWithdrawn,
    ReasonMissing,
    MergedIntoItself,
    MergedIntoClosed,
    SecondPersonNeeded,
    ProposerErased,
    NothingProposed,
    SeveralProposed,
    ProposalUnknown,
    NoRuling,
    HasRuling,
    NotAParty,
    NotAsked,
    DeadlineAhead,
    Answered,
    ReviewAhead,
    ReviewStopped,
    LinkTooFew,
    LinkNotOriginal,
    ClaimLinkedToItself,
    VersionConflict,
    EventUnknown,
    TextUnknown,
    FieldsUnexpected,
    TextsNotAtHand,
    Held,
    NotHeld,
    SeveralHolds,
    HoldUnknown,
    ErasureOfAClaim,
    ErasureUnknown,
    NotASha256,
    LeadSettled,
    LeadNamesUnknown,
    NotAutomatic,
    TooManyReasons,
    ReasonWithoutWords,
    CountTooLarge,
);

#[test]
fn every_refusal_has_its_sentence() {
    let rows = include_str!("refusals.txt").split("\n\n").filter(|row| !row.starts_with('#'));
    let mut met: BTreeSet<&str> = rows.map(check).collect();
    met.extend(of_what_is_not_at_hand());
    let missing: Vec<&&str> = VARIANTS.iter().filter(|known| !met.contains(**known)).collect();
    assert!(missing.is_empty(), "no row leads to {missing:?}");
}

/// After the register and the row's script, the row's line is refused; the variant is returned.
fn check(row: &str) -> &'static str {
    let (head, rest) = row.trim_end().split_once('\n').expect("a row has a first line");
    let (wanted, field) = head.split_once(' ').expect("a row names a refusal and a field");
    let (script, rest) = rest.split_once("! ").expect("a row has a line that is refused");
    let (line, sentence) = rest.split_once("\n= ").expect("a row has a sentence");
    let mut desk = Desk::new();
    desk.play(script);
    let before = desk.clone();
    let Err(refusal) = desk.say(&spelled_out(line)) else { panic!("not refused:\n{row}") };
    assert_eq!((variant(&refusal), refusal.field()), (wanted, field), "{refusal}\n{row}");
    assert!(refusal.to_string().contains(sentence), "{refusal}\n{row}");
    assert_eq!(desk.docket, before.docket, "{row}");
    assert_eq!(desk.log, before.log, "{row}");
    variant(&refusal)
}

/// What a docket of which a part is elsewhere refuses; and what names a proposal by its id.
fn of_what_is_not_at_hand() -> [&'static str; 3] {
    let mut desk = Desk::new();
    let erase = parse_line(r#"{"do":"erase","evidence":"e1","basis":"x"}"#).unwrap();
    let mut fresh = uuid::Uuid::nil;
    let mut stamp = hearsay_core::Stamp {
        now: desk.now,
        clock: hearsay_core::Clock::Story,
        actor: desk.log[0].actor.clone(),
        command: desk.log[0].command,
        next_seq: desk.log.len() as u64 + 1,
        fresh: &mut fresh,
    };
    let elsewhere = hearsay_core::decide(&desk.docket, &erase, &mut stamp).unwrap_err();
    assert_eq!(elsewhere.field(), "evidence");
    assert!(elsewhere.to_string().contains("by a command of its own"), "{elsewhere}");
    let proposed = desk.say(r#"{"do":"erase","event":6,"basis":"x"}"#).unwrap();
    let Some(Subject::Erasure(_, id)) = Some(proposed.subject) else { panic!("no erasure") };
    let unnamed = desk.say(&format!(r#"ben: {{"do":"approve","proposal":"{id}"}}"#)).unwrap_err();
    assert_eq!(unnamed.field(), "claim");
    [variant(&elsewhere), variant(&unnamed), of_a_proposer_without_name()]
}

/// What is refused to everybody once the proposer's name was erased.
fn of_a_proposer_without_name() -> &'static str {
    let mut desk = Desk::new();
    desk.play(r#"{"do":"set_policy","name":"default","four_eyes":["ruling"]}"#);
    let ruled = desk.say(r#"{"do":"propose_ruling","claim":"offer","rating":"True","summary":"x"}"#).unwrap();
    let line = format!(r#"{{"do":"erase","event":{},"fields":["actor.name"],"basis":"x"}}"#, desk.log.len());
    let erasure = desk.say(&line).unwrap();
    let (Subject::Proposal(_, ruling), Subject::Erasure(_, erasure)) = (ruled.subject, erasure.subject) else {
        panic!("nothing was proposed")
    };
    let approve = |who: &str, id| format!(r#"{who}: {{"do":"approve","claim":"offer","proposal":"{id}"}}"#);
    desk.say(&approve("ben", erasure)).unwrap();
    let refused = ["eva", "ben"].map(|who| desk.say(&approve(who, ruling)).unwrap_err());
    assert!(refused.iter().all(|refusal| refusal.field() == "proposal"));
    assert!(refused[1].to_string().contains("decline it, and propose it anew"), "{}", refused[1]);
    assert_eq!(refused[0], refused[1]);
    desk.play(r#"{"do":"decline","claim":"offer","reason":"its proposer's name was erased"}"#);
    desk.play(r#"{"do":"propose_ruling","claim":"offer","rating":"True","summary":"x"}"#);
    desk.say(r#"ben: {"do":"approve","claim":"offer"}"#).unwrap();
    variant(&refused[0])
}

/// The line with «501» as so many letters.
fn spelled_out(line: &str) -> String {
    match line.split_once('«').and_then(|(start, rest)| Some((start, rest.split_once('»')?))) {
        Some((start, (letters, end))) => format!("{start}{}{end}", "ж".repeat(letters.parse().unwrap())),
        None => line.to_owned(),
    }
}

#[test]
fn classes_tell_conflicts_from_what_is_not_there() {
    let class = |line: &str| Desk::new().say(line).unwrap_err().class();
    assert_eq!(class(r#"{"do":"note","claim":"C-9","text":"x"}"#), RefusalClass::NotFound);
    assert_eq!(class(r#"{"do":"note","claim":"C-1","text":"x","version":7}"#), RefusalClass::Conflict);
    assert_eq!(class(r#"{"do":"note","claim":"C-1","text":""}"#), RefusalClass::Input);
    assert_eq!(class(r#"{"do":"close","claim":"C-1","as":"retracted"}"#), RefusalClass::Rules);
}

#[test]
fn a_loop_told_beside_a_relation_that_is_fine_leaves_no_trace() {
    let mut desk = Desk::new();
    let before = desk.docket.clone();
    let both = r#"{"do":"relate_source","source":"kremlin","speaks_for":"reuters","part_of":"peskov"}"#;
    assert!(matches!(desk.say(both), Err(Refusal::RelationLoop { .. })));
    assert_eq!(desk.docket, before);
}
