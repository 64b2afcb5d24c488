//! What an explanation says is missing is what is missing: that many origins settle a side, and one fewer doesn't.

use hearsay_core::{Reliability, Stance};
use proptest::prelude::*;

use crate::case::{Case, Ground, Piece, SourceRow};
use crate::{generated, naive};

const WORDS: [&str; 4] = ["no", "one", "two", "three"];

/// The case with so many more strangers who say so on their own word.
fn with_strangers(case: &Case, stance: Stance, strangers: usize) -> Case {
    let mut case = case.clone();
    for stranger in 0..strangers {
        let source = case.sources.len();
        let label = 0xC000 + stranger as u128;
        case.sources.push(SourceRow { label, reliability: Reliability::A, merged_into: None });
        let piece = Piece {
            source,
            stance,
            ground: Ground::Named,
            ..Piece::own(1_000 + u32::try_from(stranger).unwrap())
        };
        case.pieces.push(piece);
    }
    case
}

#[test]
fn as_many_origins_as_are_asked_for_settle_a_side_and_one_fewer_does_not() {
    let exact = |case: Case| {
        let (finding, missing) = (case.explained(), explained_missing(&case));
        let sides = [
            (Stance::Affirms, finding.standing.is_supported(), finding.affirming.len(), "affirm"),
            (Stance::Denies, finding.standing.is_opposed(), finding.denying.len(), "den"),
        ];
        for (stance, settled, have, verb) in sides {
            let asked = missing
                .iter()
                .find(|sentence| sentence.starts_with("needs ") && sentence.contains(&format!(" that {verb}")));
            prop_assert_eq!(asked.is_none(), settled, "{:?}", missing);
            let Some(asked) = asked else { continue };
            let short = case.policy.origins as usize - have;
            prop_assert!(asked.starts_with(&format!("needs {} ", WORDS[short])), "{}, and {} short", asked, short);
            let settles = |strangers: usize| {
                let standing = naive::find(&with_strangers(&case, stance, strangers)).standing;
                if stance == Stance::Affirms { standing.is_supported() } else { standing.is_opposed() }
            };
            prop_assert!(settles(short) && !settles(short - 1), "{}", asked);
        }
        Ok(())
    };
    generated::runner().run(&generated::case(), exact).unwrap();
}

fn explained_missing(case: &Case) -> Vec<String> {
    hearsay_core::explain(&case.claim(), &case.registry(), &case.policy).missing
}
