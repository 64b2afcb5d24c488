//! The engine's calculation and the naive one agree: on every small docket, and on random larger ones.
//! Invariant: the enumeration is complete over source × stance × footing of up to 3 sources and 4 pieces, up to order.

use hearsay_core::{Interest, Registry, Relation, Reliability, Stance};
use proptest::prelude::*;

use crate::case::{Case, Ground, Piece, ToldRow};
use crate::{generated, naive};

#[test]
fn engine_and_naive_agree_on_random_dockets() {
    let agree = |case: Case| {
        prop_assert_eq!(case.explained(), naive::find(&case));
        Ok(())
    };
    generated::runner().run(&generated::case(), agree).unwrap();
}

/// Everything of a docket but its evidence, and when the two sides spoke.
struct Setting {
    base: Case,
    affirmed: i32,
    denied: i32,
}

fn setting(build: impl FnOnce(&mut Case), affirmed: i32, denied: i32) -> Setting {
    let mut base = Case::new(3);
    build(&mut base);
    Setting { base, affirmed, denied }
}

fn told(source: usize, relation: Relation, to: usize, since: Option<i32>) -> ToldRow {
    ToldRow { source, relation, to: Some(to), since, until: None }
}

#[test]
fn strangers() {
    agree_on_all(&setting(|_| {}, 1, 2));
}

#[test]
fn an_unrated_stranger_one_below_the_floor_and_one_origin_is_enough() {
    let build = |case: &mut Case| {
        case.sources[0].reliability = Reliability::F;
        case.sources[1].reliability = Reliability::E;
        case.policy.origins = 1;
    };
    agree_on_all(&setting(build, 1, 2));
}

#[test]
fn a_party_and_its_spokesman_who_takes_the_denial_back() {
    let build = |case: &mut Case| {
        case.parties = vec![(0, Interest::Against)];
        case.told = vec![told(1, Relation::SpeaksFor, 0, None)];
        case.sources[1].reliability = Reliability::F;
    };
    agree_on_all(&setting(build, 2, 1));
}

#[test]
fn a_party_that_the_claim_serves_and_what_it_owns() {
    let build = |case: &mut Case| {
        case.parties = vec![(0, Interest::InFavour)];
        case.told = vec![told(1, Relation::PartOf, 0, None)];
        case.policy.party_denial_suffices = false;
    };
    agree_on_all(&setting(build, 1, 1));
}

#[test]
fn a_spokesman_who_changed_sides_between_two_parties() {
    let build = |case: &mut Case| {
        case.parties = vec![(0, Interest::Against), (1, Interest::InFavour)];
        case.told = vec![told(2, Relation::SpeaksFor, 0, None), told(2, Relation::SpeaksFor, 1, Some(2))];
        case.policy.acknowledgement_settles = false;
    };
    agree_on_all(&setting(build, 2, 1));
}

/// The stances, sources and footings that one piece may have. Of what takes no side, the footing is nothing.
fn choices(before: usize) -> Vec<(Stance, usize, Ground)> {
    let keys = 0..u32::try_from(before).unwrap();
    let originals = [Ground::Own, Ground::Unnamed, Ground::Unknown];
    let grounds: Vec<Ground> =
        originals.into_iter().chain((0..3).map(Ground::Source)).chain(keys.map(Ground::Piece)).collect();
    let mut choices = Vec::new();
    for stance in [Stance::Affirms, Stance::Denies] {
        choices.extend((0..3).flat_map(|source| grounds.iter().map(move |ground| (stance, source, *ground))));
    }
    choices.extend((0..3).map(|source| (Stance::Neutral, source, Ground::Own)));
    choices
}

/// Two neighbours that don't relay each other give the same docket either way round: one way is enough. Swapping
/// neighbours that are out of order ends with none that are, so every docket is met in some order.
fn is_in_order(rank: usize, before: Option<usize>, ground: Ground, index: usize) -> bool {
    let relays_neighbour = matches!(ground, Ground::Piece(key) if key as usize + 1 == index);
    before.is_none_or(|before| before <= rank || relays_neighbour)
}

/// Ranks of kinds, the same whatever number of pieces came before.
fn rank(stance: Stance, source: usize, ground: Ground) -> usize {
    let side = match stance {
        Stance::Affirms => 0,
        Stance::Denies => 1,
        Stance::Neutral => 2,
    };
    let footing = match ground {
        Ground::Own => 0,
        Ground::Document | Ground::Named | Ground::Unnamed => 1,
        Ground::Unknown => 2,
        Ground::Source(source) => 3 + source,
        Ground::Piece(_) => 6,
    };
    (side * 3 + source) * 7 + footing
}

fn agree_on_all(setting: &Setting) {
    let registry = setting.base.registry();
    let mut case = setting.base.clone();
    let mut met = 0;
    extend(setting, &registry, &mut case, None, &mut met);
    assert!(met > 100_000, "only {met} dockets were met");
}

fn extend(setting: &Setting, registry: &Registry, case: &mut Case, before: Option<usize>, met: &mut u32) {
    let index = case.pieces.len();
    if index > 0 {
        *met += 1;
        let (engine, naive) = (case.explained_with(registry), naive::find(case));
        assert_eq!(engine, naive, "on {case:#?}");
    }
    if index == 4 {
        return;
    }
    for (stance, source, ground) in choices(index) {
        let rank = rank(stance, source, ground);
        if is_in_order(rank, before, ground, index) {
            case.pieces.push(piece(setting, u32::try_from(index).unwrap(), stance, source, ground));
            extend(setting, registry, case, Some(rank), met);
            case.pieces.pop();
        }
    }
}

fn piece(setting: &Setting, key: u32, stance: Stance, source: usize, ground: Ground) -> Piece {
    let said = if stance == Stance::Denies { setting.denied } else { setting.affirmed };
    Piece { source, stance, ground, said, ..Piece::own(key) }
}
