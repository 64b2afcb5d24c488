//! The words of a claim that tell what it is about.

use std::collections::HashSet;
use std::sync::LazyLock;

use crate::inflection::key;
use crate::part::PartRead;
use crate::scan::{Token, scan, stem};

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

/// The telling words of a sentence.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub(crate) struct ClaimWords(HashSet<String>);

impl ClaimWords {
    pub(crate) fn of(sentence: &str) -> Self {
        Self(scan(sentence).iter().filter_map(telling).collect())
    }

    /// How many different words of the claim stand among some tokens.
    pub(crate) fn shared(&self, part: &PartRead, from: usize, to: usize) -> usize {
        let words = part.tokens.get(from..to).unwrap_or_default().iter().filter_map(telling);
        words.filter(|word| self.0.contains(word)).collect::<HashSet<_>>().len()
    }

    /// The share of the claim's words that stand in any of the parts.
    pub(crate) fn covered(&self, parts: &[&PartRead]) -> f64 {
        let words = parts.iter().flat_map(|part| part.tokens.iter().filter_map(telling));
        let shared = words.filter(|word| self.0.contains(word)).collect::<HashSet<_>>().len();
        ratio(shared, self.0.len().max(1))
    }

    pub(crate) fn len(&self) -> usize {
        self.0.len()
    }

    pub(crate) fn contains(&self, word: &str) -> bool {
        self.0.contains(word)
    }
}

/// A share. Counts of words are small: nothing is lost.
pub(crate) fn ratio(part: usize, whole: usize) -> f64 {
    let small = |count: usize| u32::try_from(count).unwrap_or(u32::MAX);
    f64::from(small(part)) / f64::from(small(whole).max(1))
}
