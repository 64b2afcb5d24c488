//! A headline and the body of an article: how much of the headline stands where, and the cues around it.

use std::collections::BTreeSet;

use super::{Bag, Prepared, cue_set, name, overlap};
use crate::claim_words::ratio;
use crate::lexicon::Cue;
use crate::sentences::Stretch;
use crate::wording::{CLASSES, class};

/// Sentences of a body beyond these are not looked at.
const MOST_SENTENCES: usize = 120;

/// Of a body that has a smaller share of the headline's words, no more is looked at: it is about something else.
const RELATED: f64 = 0.2;

/// Their features.
pub(super) fn features(bag: &mut Bag, headline: &Prepared, body: &Prepared) {
    let of_one = overlap(bag, headline, body);
    let step = if of_one < 0.25 {
        "few"
    } else if of_one < 0.5 {
        "some"
    } else {
        "most"
    };
    bigrams(bag, headline, body);
    let mut ranked: Vec<(usize, usize)> = body
        .stretches
        .iter()
        .take(MOST_SENTENCES)
        .enumerate()
        .map(|(at, stretch)| (shared_in(headline, body, *stretch), at))
        .collect();
    let lead: usize = ranked.iter().take(3).map(|(count, _)| *count).max().unwrap_or(0);
    bag.share("lead", ratio(lead, headline.words.len().max(1)));
    ranked.sort_by_key(|(count, at)| (std::cmp::Reverse(*count), *at));
    let best = ranked.first().map_or(0, |(count, _)| *count);
    bag.share("best", ratio(best, headline.words.len().max(1)));
    if of_one < RELATED {
        return;
    }
    let near: Vec<usize> = ranked.iter().filter(|(count, _)| *count > 0).take(4).map(|(_, at)| *at).collect();
    for at in &near {
        let stretch = body.stretches[*at];
        for cue in cue_set(body, stretch.from, stretch.to) {
            bag.add(&["near", cue, step], 0.5);
        }
        for word in body.telling[stretch.from..stretch.to].iter().flatten() {
            if !headline.words.contains(word) {
                bag.add(&["beside", word, step], 0.12);
            }
        }
    }
    for cue in [Cue::False, Cue::Deny, Cue::Affirm, Cue::Supposed, Cue::Unnamed, Cue::Decline, Cue::Doubt] {
        let count = body.cues.iter().filter(|one| one.cue == cue).count();
        for (least, label) in [(1, "1"), (3, "3"), (6, "6")] {
            if count >= least {
                bag.add(&["all", name(cue), label, step], 0.6);
            }
        }
    }
    of_headline(bag, headline, body, step);
    told_by_class(bag, headline, body, &near);
}

/// How far a negation reaches, in words.
const REACH: usize = 5;

/// What the classes of words tell: in the sentences that are nearest to the headline, at the body's beginning, and all over
/// it; each beside which side the headline takes.
fn told_by_class(bag: &mut Bag, headline: &Prepared, body: &Prepared, near: &[usize]) {
    let side = side(headline);
    bag.add(&["side", side], 0.7);
    for (at, name) in CLASSES.iter().enumerate() {
        if headline.classes.iter().any(|set| set & (1 << at) != 0) {
            bag.add(&["class", name], 0.7);
        }
    }
    let told: Vec<u16> = body.stretches.iter().take(MOST_SENTENCES).map(|one| set_of(body, *one)).collect();
    let of = |places: &[usize]| -> Vec<u16> { places.iter().map(|at| told[*at]).collect() };
    let lead: Vec<usize> = (0..told.len().min(3)).collect();
    let places = [("near", of(near)), ("best", of(&near[..near.len().min(1)])), ("lead", of(&lead))];
    for (place, sets) in &places {
        told_there(bag, place, sets, side);
    }
    for (at, name) in CLASSES.iter().enumerate() {
        let count = told.iter().filter(|set| **set & (1 << at) != 0).count();
        for (least, label) in [(1, "1"), (2, "2"), (4, "4"), (7, "7")] {
            if count >= least {
                bag.add(&["whole", name, label], 0.4);
                bag.add(&["whole", name, label, side], 0.4);
            }
        }
        let share = ratio(count, told.len().max(1));
        for (least, label) in [(0.05, "5"), (0.1, "10"), (0.2, "20"), (0.35, "35")] {
            if share >= least {
                bag.add(&["share", name, label, side], 0.4);
            }
        }
    }
    for at in near.iter().take(3) {
        negated(bag, headline, body, body.stretches[*at], side);
    }
}

/// Which side a headline takes by its words: none, perhaps against, against.
fn side(headline: &Prepared) -> &'static str {
    let has = |name: &str| headline.classes.iter().any(|set| set & class(name) != 0);
    if has("untrue") || has("denies") {
        "against"
    } else if has("amiss") || has("not") {
        "perhaps"
    } else {
        "none"
    }
}

fn set_of(body: &Prepared, stretch: Stretch) -> u16 {
    body.classes[stretch.from..stretch.to].iter().fold(0, |all, set| all | set)
}

fn told_there(bag: &mut Bag, place: &str, sets: &[u16], side: &str) {
    let mut against = 0;
    for (at, name) in CLASSES.iter().enumerate() {
        let count = sets.iter().filter(|set| **set & (1 << at) != 0).count();
        if count > 0 {
            bag.add(&["told", place, name], 0.5);
            bag.add(&["told", place, name, side], 0.5);
            against += usize::from(matches!(*name, "untrue" | "amiss" | "denies"));
        }
        if count > 1 {
            bag.add(&["twice", place, name, side], 0.5);
        }
    }
    bag.add(&["against", place, ["0", "1", "2", "3"][against.min(3)], side], 0.5);
}

/// Negations that words of the headline follow, and words for what is untrue among them.
fn negated(bag: &mut Bag, headline: &Prepared, body: &Prepared, stretch: Stretch, side: &str) {
    let shares = |at: usize| body.telling[at].as_ref().is_some_and(|word| headline.words.contains(word));
    for at in stretch.from..stretch.to {
        if body.classes[at] & class("not") != 0 {
            let after = (at + 1..stretch.to.min(at + 1 + REACH)).filter(|at| shares(*at)).count();
            if after > 0 {
                bag.add(&["not", ["1", "2", "3"][after.min(3) - 1], side], 0.6);
            }
        }
        if body.classes[at] & class("untrue") != 0 {
            let around = at.saturating_sub(8).max(stretch.from)..stretch.to.min(at + 9);
            let amid = if around.into_iter().any(shares) { "amid" } else { "apart" };
            bag.add(&["untrue", amid, side], 0.6);
        }
    }
}

fn of_headline(bag: &mut Bag, headline: &Prepared, body: &Prepared, step: &str) {
    let cues = cue_set(headline, 0, headline.tokens.len());
    for cue in &cues {
        bag.add(&["headline_cue", cue, step], 0.7);
        for other in [Cue::False, Cue::Deny, Cue::Supposed] {
            let there = body.cues.iter().any(|one| one.cue == other);
            bag.add(&["cross", cue, name(other), if there { "yes" } else { "no" }, step], 0.5);
        }
    }
    for token in headline.tokens.iter().filter(|token| token.is_word()) {
        bag.add(&["headline_word", &token.folded, step], 0.15);
    }
    for word in &headline.words {
        let there = if body.words.contains(word) { "there" } else { "gone" };
        bag.add(&["headline", word, there], 0.15);
    }
    // The words of the body that the headline leads to: what other bodies on the same matter said.
    for word in body.telling.iter().take(150).flatten() {
        bag.add(&["lead_word", word, step], 0.02);
    }
}

fn shared_in(headline: &Prepared, body: &Prepared, stretch: Stretch) -> usize {
    let words: BTreeSet<&String> = body.telling[stretch.from..stretch.to].iter().flatten().collect();
    words.into_iter().filter(|word| headline.words.contains(*word)).count()
}

fn bigrams(bag: &mut Bag, headline: &Prepared, body: &Prepared) {
    let pairs = |text: &Prepared| -> BTreeSet<(String, String)> {
        let words: Vec<&String> = text.telling.iter().flatten().collect();
        words.windows(2).map(|pair| (pair[0].clone(), pair[1].clone())).collect()
    };
    let of_headline = pairs(headline);
    let words: Vec<&String> = body.telling.iter().flatten().collect();
    let mut found = BTreeSet::new();
    for pair in words.windows(2) {
        let pair = (pair[0].clone(), pair[1].clone());
        if of_headline.contains(&pair) {
            found.insert(pair);
        }
    }
    bag.share("bigrams", ratio(found.len(), of_headline.len().max(1)));
}
