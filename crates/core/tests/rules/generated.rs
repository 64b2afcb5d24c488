//! Random cases: dated and changing relations, merges, links, floors, carriers, withdrawals, every policy switch.
//! Invariant: what is generated could be on a real docket: relations form no loop, only original pieces are linked.

use std::collections::BTreeSet;

use hearsay_core::{Credibility, Interest, Manner, Policy, Relation, Reliability, Stance};
use proptest::prelude::*;
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};

use crate::case::{Case, Ground, Piece, ToldRow};
use crate::naive::has_loop;

/// Hours run from 0 to this.
const LAST_HOUR: i32 = 8;

/// How many cases a property is tried on: 10,000 in CI, `HEARSAY_CASES` where it is given.
pub(crate) fn tries() -> u32 {
    let given = std::env::var("HEARSAY_CASES").ok().and_then(|given| given.parse().ok());
    let in_ci = std::env::var("CI").is_ok_and(|ci| ci == "true");
    given.unwrap_or(if in_ci { 10_000 } else { 1_000 })
}

/// A runner that tries new cases at every run, and keeps no file of old ones.
pub(crate) fn runner() -> TestRunner {
    TestRunner::new(config(tries()))
}

/// A runner that tries the same 10,000 cases at every run: for what must be found.
pub(crate) fn steady_runner() -> TestRunner {
    TestRunner::new_with_rng(config(10_000), TestRng::deterministic_rng(RngAlgorithm::ChaCha))
}

fn config(cases: u32) -> Config {
    Config { cases, failure_persistence: None, max_global_rejects: 1_000_000, ..Config::default() }
}

pub(crate) fn stance() -> impl Strategy<Value = Stance> {
    prop_oneof![5 => Just(Stance::Affirms), 4 => Just(Stance::Denies), 1 => Just(Stance::Neutral)]
}

fn interest() -> impl Strategy<Value = Interest> {
    prop_oneof![Just(Interest::Against), Just(Interest::Neutral), Just(Interest::InFavour)]
}

fn reliability() -> impl Strategy<Value = Reliability> {
    use Reliability::{A, B, C, D, E, F};
    prop_oneof![3 => Just(A), 4 => Just(B), 2 => Just(C), 2 => Just(D), 2 => Just(E), 3 => Just(F)]
}

/// Footings by small numbers, which are made to fit the case afterwards.
fn ground() -> impl Strategy<Value = Ground> {
    prop_oneof![
        4 => Just(Ground::Own),
        1 => Just(Ground::Document),
        1 => Just(Ground::Named),
        3 => Just(Ground::Unnamed),
        1 => Just(Ground::Unknown),
        4 => (0usize..60).prop_map(Ground::Source),
        3 => (0u32..60).prop_map(Ground::Piece),
    ]
}

/// A piece whose numbers are made to fit the case afterwards.
pub(crate) fn piece() -> impl Strategy<Value = Piece> {
    let manner = prop_oneof![Just(Manner::Deflects), Just(Manner::Declines), Just(Manner::Discusses)];
    let credibility = prop_oneof![4 => 1u8..=4, 1 => Just(5), 4 => Just(6)];
    let taken_back = prop_oneof![8 => Just((false, false)), 1 => Just((true, false)), 1 => Just((false, true))];
    (
        (0usize..60, proptest::option::weighted(0.25, 0usize..60)),
        (stance(), proptest::option::of(manner)),
        ground(),
        credibility,
        0..=LAST_HOUR,
        taken_back,
    )
        .prop_map(|((source, via), (stance, manner), ground, credibility, said, (withdrawn, struck))| Piece {
            key: 0,
            label: 0,
            source,
            via,
            stance,
            manner: manner.filter(|_| stance == Stance::Neutral),
            ground,
            credibility,
            said,
            withdrawn,
            struck,
        })
}

fn told() -> impl Strategy<Value = ToldRow> {
    let hour = || proptest::option::weighted(0.5, 0..=LAST_HOUR);
    let relation = prop_oneof![Just(Relation::SpeaksFor), Just(Relation::PartOf)];
    let to = proptest::option::weighted(0.9, 0usize..60);
    (0usize..60, relation, to, hour(), hour()).prop_map(|(source, relation, to, since, until)| ToldRow {
        source,
        relation,
        to,
        since,
        until,
    })
}

fn policy() -> impl Strategy<Value = Policy> {
    use Reliability::{B, D, F};
    let floor = prop_oneof![3 => Just(D), 1 => Just(B), 1 => Just(F)];
    let item = prop_oneof![3 => Just(4u8), 1 => Just(2u8), 1 => Just(6u8)];
    let switch = || prop::bool::weighted(0.7);
    (prop_oneof![2 => Just(1u32), 5 => Just(2), 1 => Just(3)], switch(), switch(), switch(), floor, item).prop_map(
        |(origins, acknowledgement_settles, party_denial_suffices, rated_only, reliability_floor, item)| Policy {
            origins,
            acknowledgement_settles,
            party_denial_suffices,
            count_unrated: !rated_only,
            reliability_floor,
            credibility_floor: Credibility::try_from(item).unwrap(),
            ..Policy::first(Policy::DEFAULT_NAME)
        },
    )
}

prop_compose! {
    /// A case of up to 5 sources and 7 pieces.
    pub(crate) fn case()(
        ratings in prop::collection::vec((reliability(), proptest::option::weighted(0.1, 0usize..60)), 1..=5),
        told in prop::collection::vec(told(), 0..=6),
        parties in prop::collection::vec((0usize..60, interest()), 0..=2),
        pieces in prop::collection::vec(piece(), 1..=7),
        links in prop::collection::vec(prop::collection::vec(0usize..60, 2..=3), 0..=2),
        policy in policy(),
    ) -> Case {
        let mut case = Case::new(ratings.len());
        case.policy = policy;
        for (row, (reliability, _)) in case.sources.iter_mut().zip(&ratings) {
            row.reliability = *reliability;
        }
        for told in &told {
            tell(&mut case, told);
        }
        for (index, (_, into)) in ratings.iter().enumerate() {
            merge(&mut case, index, *into);
        }
        case.parties = parties.iter().map(|(party, interest)| (party % ratings.len(), *interest)).collect();
        for piece in pieces {
            let piece = fitted(&case, &piece);
            case.pieces.push(piece);
        }
        for link in links {
            case.links.extend(linked(&case, &link));
        }
        case
    }
}

fn is_sound(case: &Case) -> bool {
    (-1..=LAST_HOUR).all(|hour| !has_loop(case, hour))
}

fn tell(case: &mut Case, told: &ToldRow) {
    let sources = case.sources.len();
    let told = ToldRow { source: told.source % sources, to: told.to.map(|to| to % sources), ..told.clone() };
    if told.since.zip(told.until).is_some_and(|(since, until)| since >= until) {
        return;
    }
    case.told.push(told);
    if !is_sound(case) {
        case.told.pop();
    }
}

fn merge(case: &mut Case, source: usize, into: Option<usize>) {
    let Some(into) = into.map(|into| into % case.sources.len()) else { return };
    if into == source || case.sources[into].merged_into.is_some() {
        return;
    }
    case.sources[source].merged_into = Some(into);
    if !is_sound(case) {
        case.sources[source].merged_into = None;
    }
}

/// The piece with numbers that fit: a key of its own, sources that exist, relays of a piece recorded before.
pub(crate) fn fitted(case: &Case, piece: &Piece) -> Piece {
    let sources = case.sources.len();
    let key = case.pieces.iter().map(|piece| piece.key + 1).max().unwrap_or(0);
    let ground = match piece.ground {
        Ground::Source(source) => Ground::Source(source % sources),
        Ground::Piece(_) if case.pieces.is_empty() => Ground::Unnamed,
        Ground::Piece(number) => Ground::Piece(case.pieces[number as usize % case.pieces.len()].key),
        Ground::Own | Ground::Document | Ground::Named | Ground::Unnamed | Ground::Unknown => piece.ground,
    };
    let (source, via) = (piece.source % sources, piece.via.map(|via| via % sources));
    Piece { key, label: 0xE000 + u128::from(key), source, via, ground, ..piece.clone() }
}

/// A link of the original pieces that the numbers lead to, if they are two or more.
pub(crate) fn linked(case: &Case, numbers: &[usize]) -> Option<Vec<u32>> {
    let originals: Vec<u32> =
        case.pieces.iter().filter(|piece| piece.ground.is_original()).map(|piece| piece.key).collect();
    if originals.is_empty() {
        return None;
    }
    let keys: BTreeSet<u32> = numbers.iter().map(|number| originals[number % originals.len()]).collect();
    (keys.len() > 1).then(|| keys.into_iter().collect())
}
