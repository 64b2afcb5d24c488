//! The lexicon of the wording check, read from its file.
//! Invariant: every phrase is folded as the draft's words are, and stands under one need.

use std::collections::{HashMap, HashSet};
use std::sync::LazyLock;

use super::Needs;

static ENGLISH: LazyLock<Lexicon> = LazyLock::new(|| Lexicon::read(include_str!("../../data/en.wording")));

/// Phrases with what they need; none where a phrase means something else.
#[derive(Debug)]
pub(super) struct Lexicon {
    phrases: HashMap<Vec<String>, Option<Needs>>,
    softening: HashSet<String>,
    longest: usize,
}

impl Lexicon {
    /// The English one.
    pub(super) fn english() -> &'static Self {
        &ENGLISH
    }

    fn read(text: &str) -> Self {
        let mut lexicon = Self { phrases: HashMap::new(), softening: HashSet::new(), longest: 1 };
        let mut needs = None;
        for line in text.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#')) {
            if let Some(section) = line.strip_prefix('[') {
                needs = need(section.trim_end_matches(']'));
            } else if let Some(word) = line.strip_prefix('~') {
                lexicon.softening.insert(folded(word));
            } else if let Some(phrase) = line.strip_prefix('!') {
                lexicon.add(phrase, None);
            } else {
                line.split(',').for_each(|phrase| lexicon.add(phrase, needs));
            }
        }
        lexicon
    }

    fn add(&mut self, phrase: &str, needs: Option<Needs>) {
        let words: Vec<String> = phrase.split_whitespace().map(folded).collect();
        self.longest = self.longest.max(words.len());
        self.phrases.insert(words, needs);
    }

    /// The longest phrase that these words begin with: how many words it has, and what it needs.
    pub(super) fn longest(&self, words: &[String]) -> Option<(usize, Option<Needs>)> {
        let most = self.longest.min(words.len());
        (1..=most).rev().find_map(|length| self.phrases.get(&words[..length]).map(|needs| (length, *needs)))
    }

    /// Whether any of the words takes the force out of what follows.
    pub(super) fn softens(&self, words: &[String]) -> bool {
        words.iter().any(|word| self.softening.contains(word))
    }
}

/// A word as it is compared: small letters, one kind of apostrophe.
pub(super) fn folded(word: &str) -> String {
    word.to_lowercase().replace('’', "'")
}

fn need(section: &str) -> Option<Needs> {
    let needs = match section {
        "corroborated" => Needs::Corroborated,
        "acknowledged" => Needs::Acknowledged,
        "denied" => Needs::Denied,
        "disputed" => Needs::Disputed,
        "ruled" => Needs::Ruled,
        "deflected" => Needs::Deflected,
        "declined" => Needs::Declined,
        "silent" => Needs::Silent,
        "independent" => Needs::Independent,
        _ => return None,
    };
    Some(needs)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_section_but_the_last_is_a_need_and_no_phrase_stands_twice() {
        let text = include_str!("../../data/en.wording");
        let sections = text.lines().filter_map(|line| line.strip_prefix('['));
        let unknown: Vec<&str> =
            sections.filter(|section| need(section.trim_end_matches(']')).is_none()).collect();
        assert_eq!(unknown, ["takes the force out]"]);
        let phrases = text.lines().filter(|line| !line.starts_with(['#', '[', '~']) && !line.is_empty());
        let count = phrases.flat_map(|line| line.split(',')).count();
        assert_eq!(Lexicon::english().phrases.len(), count);
    }
}
