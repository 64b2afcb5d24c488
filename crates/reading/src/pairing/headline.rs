//! A claim and the headline of an article: the headline's new words, what their classes tell, and in which order they
//! stand with the words of the claim.

use std::collections::BTreeSet;

use super::{Bag, Prepared};
use crate::claim_words::ratio;
use crate::scan::{TokenKind, stem};
use crate::wording::{AGAINST, CLASSES, OPEN, class, first};

/// How far a negation reaches, in words.
const REACH: usize = 3;

/// Their features.
pub(super) fn features(bag: &mut Bag, claim: &Prepared, headline: &Prepared) {
    let shared: Vec<bool> =
        headline.telling.iter().map(|word| word.as_ref().is_some_and(|word| claim.words.contains(word))).collect();
    let both = headline.words.iter().filter(|word| claim.words.contains(*word)).count();
    let share = |of: usize| small(ratio(both, of.max(1)));
    bag.add(&["of_claim"], share(claim.words.len()));
    bag.add(&["of_headline"], share(headline.words.len()));
    new_words(bag, claim, headline);
    told_by_class(bag, claim, headline);
    order(bag, headline, &shared);
    negated(bag, claim, headline, &shared);
    marks(bag, headline);
    numbers(bag, claim, headline);
}

#[expect(clippy::cast_possible_truncation, reason = "a share, of which few digits matter")]
fn small(share: f64) -> f32 {
    share as f32
}

fn new_words(bag: &mut Bag, claim: &Prepared, headline: &Prepared) {
    let known: BTreeSet<&str> = claim.tokens.iter().map(|token| stem(&token.folded)).collect();
    let mut told = BTreeSet::new();
    for token in &headline.tokens {
        let word = stem(&token.folded);
        if !known.contains(word) && told.insert(word) {
            bag.add(&["new", word], 1.0);
        }
    }
    if let Some(token) = headline.tokens.first() {
        bag.add(&["first", &token.folded], 0.7);
    }
}

fn told_by_class(bag: &mut Bag, claim: &Prepared, headline: &Prepared) {
    let of_claim = claim.classes.iter().fold(0, |all, set| all | set);
    let of_headline = headline.classes.iter().fold(0, |all, set| all | set);
    let new = of_headline & !of_claim;
    let last = headline.classes.iter().rev().take(2).fold(0, |all, set| all | set);
    for (at, name) in CLASSES.iter().enumerate() {
        let has = |set: u16| set & (1 << at) != 0;
        if has(of_headline) {
            bag.add(&["class", name], 1.0);
            bag.add(&["class", name, if has(of_claim) { "both" } else { "new" }], 1.0);
        } else if has(of_claim) {
            bag.add(&["class", name, "gone"], 1.0);
        }
        if has(new) && has(last) {
            bag.add(&["class", name, "last"], 0.7);
        }
    }
    let count = |names: &[&str]| {
        CLASSES.iter().enumerate().filter(|(at, name)| names.contains(name) && new & (1 << at) != 0).count()
    };
    let (against, open) = (count(&AGAINST), count(&OPEN));
    let figure = |count: usize, most: usize| ["0", "1", "2", "3"][count.min(most)];
    bag.add(&["sides", figure(against, 2), figure(open, 2)], 0.7);
    bag.add(&["against", figure(against, 3)], 0.5);
    bag.add(&["open", figure(open, 3)], 0.5);
}

/// Which class follows which, where `=` stands for words of the claim.
fn order(bag: &mut Bag, headline: &Prepared, shared: &[bool]) {
    let mut steps = vec!["^"];
    for (set, shared) in headline.classes.iter().zip(shared) {
        let step = first(*set).or(shared.then_some("="));
        steps.extend(step.filter(|step| steps.last() != Some(step)));
    }
    steps.push("$");
    for pair in steps.windows(2) {
        bag.add(&["order", pair[0], pair[1]], 0.5);
    }
}

/// Whether a negation, which the claim doesn't have, stands among the words of the claim.
fn negated(bag: &mut Bag, claim: &Prepared, headline: &Prepared, shared: &[bool]) {
    let is_not = |set: &u16| set & class("not") != 0;
    if claim.classes.iter().any(is_not) {
        return;
    }
    let Some(place) = headline.classes.iter().position(is_not) else { return };
    let places = || headline.classes.iter().enumerate().filter(|(_, set)| is_not(set)).map(|(at, _)| at);
    let any = |from: usize, to: usize| shared[from.min(shared.len())..to.min(shared.len())].contains(&true);
    let after = places().any(|at| any(at + 1, at + 1 + REACH));
    let before = places().any(|at| any(at.saturating_sub(REACH), at));
    for (name, holds) in [("after", after), ("before", before), ("amid", after && before)] {
        if holds {
            bag.add(&["not", name], 1.0);
        }
    }
    let of_claim = |from: usize, to: usize| {
        let words: BTreeSet<&String> =
            (from..to).filter(|at| shared[*at]).filter_map(|at| headline.telling[at].as_ref()).collect();
        ratio(words.len(), claim.words.len().max(1))
    };
    let (ahead, behind) = (of_claim(0, place), of_claim(place, shared.len()));
    bag.add(&["not", "ahead"], small(ahead));
    bag.add(&["not", "behind"], small(behind));
    if ahead + behind >= 0.5 {
        bag.add(&["not", "most"], 1.0);
    }
}

fn marks(bag: &mut Bag, headline: &Prepared) {
    let asks = headline.tokens.iter().any(|token| token.folded == "?");
    if asks {
        let ends = headline.tokens.last().is_some_and(|token| token.folded == "?");
        bag.add(&["asks"], 1.0);
        bag.add(&["asks", if ends { "last" } else { "amid" }], 0.7);
    }
    let quotes =
        |token: &crate::scan::Token| token.kind == TokenKind::Quote || matches!(token.folded.as_str(), "‘" | "'");
    if headline.tokens.iter().any(quotes) {
        bag.add(&["quotes"], 1.0);
    }
}

fn numbers(bag: &mut Bag, claim: &Prepared, headline: &Prepared) {
    let of = |text: &Prepared| -> BTreeSet<String> {
        let numbers = text.tokens.iter().filter(|token| token.kind == TokenKind::Number);
        numbers.map(|token| token.folded.chars().take_while(char::is_ascii_digit).collect()).collect()
    };
    let (claimed, given) = (of(claim), of(headline));
    if claimed.is_empty() {
        return;
    }
    if given.is_empty() {
        bag.add(&["numbers", "gone"], 0.6);
    } else if claimed.is_disjoint(&given) {
        bag.add(&["numbers", "others"], 1.0);
    } else {
        bag.add(&["numbers", "same"], 1.0);
    }
}
