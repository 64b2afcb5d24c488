//! The laws of standing, as properties of any calculation; each is shown to catch a broken one.
//! Invariant: a law knows a calculation only as a function from a case to a standing.

use hearsay_core::{Stance, Standing};
use proptest::prelude::*;
use proptest::test_runner::TestError;

use crate::case::{Case, Ground, Piece};
use crate::faults::Fault;
use crate::generated;
use crate::naive;

type Calculation<'a> = &'a dyn Fn(&Case) -> Standing;
/// What is wrong, if anything is: the two standings that the law says should fit.
type Broken = Option<(Standing, Standing)>;
type Law = fn(&Case, &Twist, Calculation<'_>) -> Broken;

/// What a law does to a case.
#[derive(Clone, Debug)]
struct Twist {
    piece: Piece,
    numbers: Vec<usize>,
    strikes: bool,
}

fn twist() -> impl Strategy<Value = Twist> {
    (generated::piece(), prop::collection::vec(0usize..60, 12), any::<bool>())
        .prop_map(|(piece, numbers, strikes)| Twist { piece, numbers, strikes })
}

fn engine(case: &Case) -> Standing {
    hearsay_core::weigh(&case.claim(), &case.registry(), &case.policy).weighed.standing
}

fn with(case: &Case, piece: Piece) -> Case {
    let mut case = case.clone();
    case.pieces.push(piece);
    case
}

fn differ(one: Standing, other: Standing) -> Broken {
    (one != other).then_some((one, other))
}

/// Standing does not depend on the order in which evidence arrived.
fn order(case: &Case, twist: &Twist, standing: Calculation<'_>) -> Broken {
    let mut shuffled = case.clone();
    shuffled.pieces = shuffle(&case.pieces, &twist.numbers);
    shuffled.links = shuffle(&case.links, &twist.numbers);
    differ(standing(case), standing(&shuffled))
}

fn shuffle<T: Clone>(all: &[T], numbers: &[usize]) -> Vec<T> {
    let mut left = all.to_vec();
    let mut shuffled = Vec::new();
    for number in numbers.iter().cycle().take(all.len()) {
        shuffled.push(left.remove(number % left.len()));
    }
    shuffled
}

/// Adding evidence never lowers it in the knowledge order, unless it supersedes a denial.
fn adding(case: &Case, twist: &Twist, standing: Calculation<'_>) -> Broken {
    let fresh = Piece { withdrawn: false, struck: false, ..twist.piece.clone() };
    let more = with(case, generated::fitted(case, &fresh));
    let supersedes = !naive::find(case).denials.is_subset(&naive::find(&more).denials);
    let (before, after) = (standing(case), standing(&more));
    (!supersedes && !after.at_least(before)).then_some((before, after))
}

/// Withdrawing or striking what was added restores it.
fn restoring(case: &Case, twist: &Twist, standing: Calculation<'_>) -> Broken {
    let piece = generated::fitted(case, &twist.piece);
    let taken_back = Piece { withdrawn: !twist.strikes, struck: twist.strikes, ..piece };
    differ(standing(case), standing(&with(case, taken_back)))
}

/// A repetition never changes it.
fn repetition(case: &Case, twist: &Twist, standing: Calculation<'_>) -> Broken {
    let ground = match twist.piece.ground {
        Ground::Source(_) | Ground::Piece(_) => twist.piece.ground,
        Ground::Own | Ground::Document | Ground::Named | Ground::Unnamed | Ground::Unknown => {
            Ground::Source(twist.numbers[0])
        }
    };
    let stance = if twist.strikes { Stance::Denies } else { Stance::Affirms };
    let repeated = Piece { ground, stance, manner: None, withdrawn: false, struck: false, ..twist.piece.clone() };
    let repeated = generated::fitted(case, &repeated);
    if !repeated.ground.is_relayed() {
        return None;
    }
    differ(standing(case), standing(&with(case, repeated)))
}

/// Linking never raises it.
fn linking(case: &Case, twist: &Twist, standing: Calculation<'_>) -> Broken {
    let keys = generated::linked(case, &twist.numbers[..3])?;
    let mut linked = case.clone();
    linked.links.push(keys);
    let (before, after) = (standing(case), standing(&linked));
    (!before.at_least(after)).then_some((before, after))
}

/// Relabelling ids never changes it.
fn relabelling(case: &Case, twist: &Twist, standing: Calculation<'_>) -> Broken {
    let mut relabelled = case.clone();
    let label = |index: usize| (twist.numbers[index % 12] as u128 + 1) * 1_000 + index as u128;
    for (index, piece) in relabelled.pieces.iter_mut().enumerate() {
        piece.label = 0xA_0000 + label(index);
    }
    for (index, source) in relabelled.sources.iter_mut().enumerate() {
        source.label = 0xB_0000_0000 + label(index + 7);
    }
    differ(standing(case), standing(&relabelled))
}

/// Removing one of two counted original pieces of one stance and group, neither a party's nor linked, never
/// changes it.
fn removing(case: &Case, twist: &Twist, standing: Calculation<'_>) -> Broken {
    let twice = doubled(case, twist)?;
    let finding = naive::find(&twice);
    let counted = |piece: &&Piece| {
        piece.ground.is_original()
            && finding.why[&piece.key].is_none()
            && naive::party_of(&twice, piece).is_none()
            && !twice.links.iter().any(|link| link.contains(&piece.key))
    };
    let counted: Vec<&Piece> = twice.pieces.iter().filter(counted).collect();
    let same = |one: &Piece, other: &Piece| {
        one.key != other.key
            && one.stance == other.stance
            && naive::group_of(&twice, one) == naive::group_of(&twice, other)
    };
    let removed = counted.iter().find(|one| counted.iter().any(|other| same(one, other)))?;
    let mut once = twice.clone();
    once.pieces.retain(|piece| piece.key != removed.key);
    differ(standing(&twice), standing(&once))
}

/// The case with a second piece beside one that counts, said by the same source on another footing or at another hour.
fn doubled(case: &Case, twist: &Twist) -> Option<Case> {
    let finding = naive::find(case);
    let counted: Vec<&Piece> = case
        .pieces
        .iter()
        .filter(|piece| piece.ground.is_original() && finding.why[&piece.key].is_none())
        .collect();
    if counted.is_empty() {
        return None;
    }
    let one = counted[twist.numbers[0] % counted.len()].clone();
    let ground = if twist.strikes { Ground::Document } else { Ground::Named };
    let said = if twist.numbers[1].is_multiple_of(2) { one.said } else { twist.piece.said };
    Some(with(case, generated::fitted(case, &Piece { ground, said, ..one })))
}

/// The law holds for the engine and for the naive calculation; and it notices each of these broken ones.
fn check(law: Law, faults: &[Fault]) {
    let held = |calculation: Calculation<'_>, case: &Case, twist: &Twist| match law(case, twist, calculation) {
        None => Ok(()),
        Some((before, after)) => Err(TestCaseError::fail(format!("{before:?}, then {after:?}"))),
    };
    let both = (generated::case(), twist());
    generated::runner()
        .run(&both, |(case, twist)| {
            held(&engine, &case, &twist)?;
            held(&|case| naive::find(case).standing, &case, &twist)
        })
        .unwrap();
    for fault in faults {
        let broken = |case: &Case| naive::find_wrongly(case, *fault).standing;
        let found = generated::steady_runner().run(&both, |(case, twist)| held(&broken, &case, &twist));
        assert!(matches!(found, Err(TestError::Fail(..))), "{fault:?} went unnoticed");
    }
}

#[test]
fn order_of_arrival_is_nothing() {
    check(order, &[Fault::SupersedesByArrival, Fault::FirstPieceDecides]);
}

#[test]
fn adding_evidence_never_lowers() {
    check(adding, &[Fault::DecliningTakesBack, Fault::LastWordOnly]);
}

#[test]
fn taking_back_restores() {
    check(restoring, &[Fault::IgnoresWithdrawal, Fault::IgnoresStrike]);
}

#[test]
fn a_repetition_changes_nothing() {
    check(repetition, &[Fault::CountsOutlets, Fault::TrustsTheSilent, Fault::CountsRepetitions]);
}

#[test]
fn linking_never_raises() {
    check(linking, &[Fault::LinkAdds, Fault::LinkLiftsFloor]);
}

#[test]
fn ids_are_only_labels() {
    check(relabelling, &[Fault::LowestIdDecides]);
}

#[test]
fn one_of_two_pieces_of_a_group_is_enough() {
    check(removing, &[Fault::CountsPieces, Fault::NeedsTwoPieces]);
}
