//! The words of a claim that tell what it is about.

use std::collections::HashSet;
use std::sync::LazyLock;

use crate::inflection::key;
use crate::part::PartRead;
use crate::scan::{Token, scan, stem};
use crate::shingles::hash;

/// Words that tell nothing of what a sentence is about.
const EMPTY: &str = "a about after again all also am an and any are as at be because been before being but by can could did do \
    does doing down during each few for from further had has have having he her here hers him his how i if in into is it its \
    just me more most my no nor not now of off on once only or other our out over own s same she should so some such than that \
    the their theirs them then there these they this those through to too under until up very was we were what when where which \
    while who whom why will with would you your n't 's new says said say report reports и в не на что с по как это к из за у от \
    о для і й та до від про що як";

static EMPTY_WORDS: LazyLock<HashSet<&str>> = LazyLock::new(|| EMPTY.split_whitespace().collect());

/// The form under which a word is compared; none for words that tell nothing.
pub(crate) fn telling(token: &Token) -> Option<String> {
    let word = token.folded.as_str();
    if !token.is_word() || EMPTY_WORDS.contains(word) {
        return None;
    }
    let key = key(word);
    Some(if key.is_ascii() { stem(&key).to_owned() } else { key })
}

/// The number that a telling form is held under; the same form has the same, and hardly ever do two.
pub(crate) fn number(form: &str) -> u64 {
    hash(form.as_bytes())
}

/// The telling words of a sentence, by their numbers, in order.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub(crate) struct ClaimWords(Vec<u64>);

impl ClaimWords {
    pub(crate) fn of(sentence: &str) -> Self {
        let mut numbers: Vec<u64> = scan(sentence).iter().filter_map(telling).map(|form| number(&form)).collect();
        numbers.sort_unstable();
        numbers.dedup();
        Self(numbers)
    }

    /// How many different words of the claim stand among some tokens.
    pub(crate) fn shared(&self, part: &PartRead, from: usize, to: usize) -> usize {
        self.count(part.telling.get(from..to).unwrap_or_default())
    }

    /// The share of the claim's words that stand in any of the parts.
    pub(crate) fn covered(&self, parts: &[&PartRead]) -> f64 {
        let told: Vec<Option<u64>> = parts.iter().flat_map(|part| part.telling.iter().copied()).collect();
        ratio(self.count(&told), self.0.len().max(1))
    }

    fn count(&self, told: &[Option<u64>]) -> usize {
        let mut met = vec![false; self.0.len()];
        for place in told.iter().flatten().filter_map(|number| self.0.binary_search(number).ok()) {
            met[place] = true;
        }
        met.into_iter().filter(|met| *met).count()
    }

    pub(crate) fn len(&self) -> usize {
        self.0.len()
    }

    pub(crate) fn contains(&self, form: &str) -> bool {
        self.0.binary_search(&number(form)).is_ok()
    }
}

/// A share. Counts of words are small: nothing is lost.
pub(crate) fn ratio(part: usize, whole: usize) -> f64 {
    let small = |count: usize| u32::try_from(count).unwrap_or(u32::MAX);
    f64::from(small(part)) / f64::from(small(whole).max(1))
}
