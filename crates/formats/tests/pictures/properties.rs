//! Laws of the attribution picture, whatever the evidence.

use std::collections::BTreeSet;

use hearsay_formats::{Detail, Setting, attribution_svg};
use proptest::prelude::*;
use serde_json::json;

use crate::desk::{Desk, at};
use crate::read::Read;

/// A piece, or what becomes of one.
#[derive(Debug, Clone)]
enum Turn {
    Own,
    Denies,
    Neutral,
    Unknown,
    RelaysPiece(usize),
    RelaysSource(usize),
    Kremlin,
    Withdrawn(usize),
    Struck(usize),
    Linked(usize, usize),
}

fn turn() -> impl Strategy<Value = Turn> {
    prop_oneof![
        3 => Just(Turn::Own),
        1 => Just(Turn::Denies),
        1 => Just(Turn::Neutral),
        1 => Just(Turn::Unknown),
        6 => (0..40_usize).prop_map(Turn::RelaysPiece),
        6 => (0..16_usize).prop_map(Turn::RelaysSource),
        1 => Just(Turn::Kremlin),
        1 => (0..40_usize).prop_map(Turn::Withdrawn),
        1 => (0..40_usize).prop_map(Turn::Struck),
        1 => (0..40_usize, 0..40_usize).prop_map(|(one, other)| Turn::Linked(one, other)),
    ]
}

/// What is told on the claim so far.
struct Telling {
    desk: Desk,
    pieces: usize,
    original: Vec<usize>,
    gone: BTreeSet<usize>,
}

impl Telling {
    /// Sources are few, so that chains meet and close.
    fn begin() -> Self {
        let names: Vec<String> = (0..16).map(|number| format!("Outlet {number}")).collect();
        let mut desk = Desk::new(&names.iter().map(String::as_str).collect::<Vec<_>>());
        desk.report();
        Self { desk, pieces: 1, original: vec![0], gone: BTreeSet::new() }
    }

    fn tell(&mut self, turn: &Turn, source: usize) {
        let own = json!({"footing": "own"});
        match turn {
            Turn::Own => self.original(source, &own),
            Turn::Denies => self.original(source, &json!({"footing": "document", "stance": "denies"})),
            Turn::Neutral => {
                self.original(source, &json!({"footing": "own", "stance": "neutral", "manner": "discusses"}));
            }
            Turn::Kremlin => {
                let via = format!("s{source}");
                self.original(
                    source,
                    &json!({"source": "peskov", "footing": "own", "stance": "denies", "via": via}),
                );
            }
            Turn::Unknown => self.piece(source, &json!({"footing": "unknown"})),
            Turn::RelaysPiece(other) => {
                let whom = format!("e{}", other % self.pieces);
                self.piece(source, &json!({"footing": "relays", "relays": whom}));
            }
            Turn::RelaysSource(other) => {
                self.piece(source, &json!({"footing": "relays", "relays": format!("s{other}")}));
            }
            Turn::Withdrawn(other) if self.gone.insert(other % self.pieces) => {
                let evidence = format!("e{}", other % self.pieces);
                self.desk.play(
                    &json!({"do": "withdraw_evidence", "evidence": evidence, "reason": "x", "said_at": at(2_000)}),
                );
            }
            Turn::Struck(other) if self.gone.insert(other % self.pieces) => {
                let evidence = format!("e{}", other % self.pieces);
                self.desk.play(&json!({"do": "strike_evidence", "evidence": evidence, "reason": "x"}));
            }
            Turn::Linked(one, other) => {
                let original = &self.original;
                let (one, other) = (original[one % original.len()], original[other % original.len()]);
                if one != other {
                    let linked = [format!("e{one}"), format!("e{other}")];
                    self.desk
                        .play(&json!({"do": "link_origins", "claim": "c", "evidence": linked, "reason": "x"}));
                }
            }
            Turn::Withdrawn(_) | Turn::Struck(_) => {}
        }
    }

    fn original(&mut self, source: usize, more: &serde_json::Value) {
        self.original.push(self.pieces);
        self.piece(source, more);
    }

    fn piece(&mut self, source: usize, more: &serde_json::Value) {
        let minutes = i64::try_from(self.pieces).unwrap() * 7;
        self.desk.says(&format!("e{}", self.pieces), &format!("s{source}"), minutes, more);
        self.pieces += 1;
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, cases: 64, ..ProptestConfig::default() })]

    #[test]
    fn nothing_overlaps_and_every_piece_is_there_once(turns in prop::collection::vec((turn(), 0..16_usize), 1..60)) {
        let mut telling = Telling::begin();
        for (turn, source) in &turns {
            telling.tell(turn, *source);
        }
        let (explanation, attribution) = telling.desk.read();
        let svg = attribution_svg(&explanation, &attribution, Setting::File, Detail::Whole).unwrap();
        prop_assert_eq!(&svg, &attribution_svg(&explanation, &attribution, Setting::File, Detail::Whole).unwrap());
        let read = Read::of(&svg);
        for (index, node) in read.nodes.iter().enumerate() {
            prop_assert!(node.x >= 0.0 && node.y >= 0.0, "{:?}", node);
            prop_assert!(node.x + node.width <= read.width && node.y + node.height <= read.height, "{:?}", node);
            for other in &read.nodes[index + 1..] {
                prop_assert!(!node.overlaps(other), "{:?} {:?}\n{}", node, other, telling.desk.script);
            }
        }
        let mut leads: Vec<&str> = read.nodes.iter().filter_map(|node| node.href.as_deref()).collect();
        leads.sort_unstable();
        let mut wanted: Vec<String> = attribution.pieces.iter().map(|piece| format!("#evidence-{}", piece.id)).collect();
        wanted.sort_unstable();
        prop_assert_eq!(leads.len(), telling.pieces);
        prop_assert_eq!(leads, wanted);
    }
}

#[test]
fn what_is_folded_away_is_counted() {
    for outlets in [39, 40, 41, 119, 120, 121, 122, 200] {
        let (explanation, attribution) = crate::stories::star(outlets).read();
        for detail in [Detail::Folded, Detail::Whole] {
            let read = Read::of(&attribution_svg(&explanation, &attribution, Setting::File, detail).unwrap());
            let count = |class: &str| read.nodes.iter().filter(|node| node.class.contains(class)).count();
            let folded = read.nodes.iter().find(|node| node.class.contains("hs-folded"));
            let folded = folded.map_or(0, |node| node.words[0].split(' ').nth(1).unwrap().parse().unwrap());
            let drawn = count("hs-original") + count("hs-relayed");
            assert_eq!(i64::try_from(drawn + folded).unwrap(), outlets, "{detail:?}");
        }
    }
}
