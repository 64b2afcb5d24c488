//! Who said what on whose word: every piece, once, in an order that does not depend on arrival.

use hearsay_core::{Attribution, OnWordOf, attribution};

use crate::desk::Desk;

const SOURCES: &str = r#"
{"do":"add_source","ref":"a","name":"Alpha","kind":"outlet","reliability":"B"}
{"do":"add_source","ref":"b","name":"Beta","kind":"outlet","reliability":"B"}
{"do":"add_source","ref":"c","name":"Gamma","kind":"outlet","reliability":"B"}
{"do":"add_source","ref":"lost","name":"Lost Post","kind":"outlet","reliability":"B"}
"#;

const SAID: [&str; 6] = [
    r#"{"do":"record_follow_up","claim":"offer","evidence":{"ref":"e2","source":"reuters","stance":"affirms","footing":"relays","relays":"ft","said_at":"2025-04-22T16:05:00Z"}}"#,
    r#"{"do":"record_follow_up","claim":"offer","evidence":{"ref":"e3","source":"a","stance":"affirms","footing":"relays","relays":"b","said_at":"2025-04-22T16:10:00Z"}}"#,
    r#"{"do":"record_follow_up","claim":"offer","evidence":{"ref":"e4","source":"b","stance":"affirms","footing":"relays","relays":"a","said_at":"2025-04-22T16:15:00Z"}}"#,
    r#"{"do":"record_follow_up","claim":"offer","evidence":{"ref":"e5","source":"c","stance":"affirms","footing":"relays","relays":"lost","said_at":"2025-04-22T16:20:00Z"}}"#,
    r#"{"do":"record_follow_up","claim":"offer","evidence":{"ref":"e6","source":"peskov","stance":"denies","footing":"own","via":"reuters","said_at":"2025-04-22T16:25:00Z"}}"#,
    r#"{"do":"record_follow_up","claim":"offer","evidence":{"ref":"e7","source":"c","stance":"denies","footing":"relays","relays":"kremlin","said_at":"2025-04-22T16:30:00Z"}}"#,
];

fn told(lines: impl Iterator<Item = &'static str>) -> Attribution {
    let mut desk = Desk::new();
    desk.play(SOURCES);
    lines.for_each(|line| drop(desk.say(line).unwrap()));
    desk.play(r#"{"do":"withdraw_evidence","evidence":"e1","reason":"wrong","said_at":"2025-04-22T17:00:00Z"}"#);
    let claim = desk.claim("offer");
    attribution(claim, &desk.docket.registry, desk.docket.policies.of(claim))
}

/// Without ids, which differ with the order in which they were drawn.
fn names(told: &Attribution) -> Vec<String> {
    let whom = |on: OnWordOf| match on {
        OnWordOf::Piece(place) => told.pieces[place].source.clone(),
        OnWordOf::Source(place) => format!("{} {:?}", told.relayed[place].name, told.relayed[place].pieces),
    };
    let name = |group: usize| told.groups[group].clone();
    let line = |piece: &hearsay_core::AttributedPiece| {
        format!("{} {:?} {:?} {:?}", piece.source, piece.group.map(name), piece.relays.map(whom), piece.why)
    };
    told.pieces.iter().map(line).collect()
}

#[test]
fn every_piece_is_there_with_whom_it_relays() {
    let told = told(SAID.into_iter());
    assert_eq!(
        names(&told),
        [
            r#"Financial Times Some("Financial Times") None Some(Withdrawn)"#,
            r#"Reuters None Some("Financial Times [0]") Some(NotBorneOut)"#,
            r#"Alpha None Some("Beta [3]") Some(Circular)"#,
            r#"Beta None Some("Alpha [2]") Some(Circular)"#,
            r#"Gamma None Some("Lost Post []") Some(Untraced)"#,
            r#"Dmitry Peskov Some("Kremlin") None None"#,
            r#"Gamma None Some("Kremlin [5]") Some(HearsayOnly)"#,
        ]
    );
    assert_eq!(told.circular, [[2, 3]]);
}

#[test]
fn the_order_of_arrival_does_not_matter() {
    let (one, other) = (told(SAID.into_iter()), told(SAID.into_iter().rev()));
    assert_eq!(names(&one), names(&other));
    assert_eq!(one.circular, other.circular);
}
