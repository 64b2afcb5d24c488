//! What single words of an English headline tell: classes of words, read from a data file.

use std::collections::HashMap;
use std::sync::LazyLock;

use crate::scan::Token;

/// The classes, by the names of the file's sections; a set of them is a number, one bit each.
pub(crate) const CLASSES: [&str; 13] = [
    "untrue",
    "amiss",
    "denies",
    "doubts",
    "truth",
    "not",
    "may",
    "supposed",
    "expects",
    "reports",
    "says",
    "looks_into",
    "affirms",
];

/// Classes that speak against the matter.
pub(crate) const AGAINST: [&str; 4] = ["untrue", "amiss", "denies", "not"];

/// Classes that leave it open.
pub(crate) const OPEN: [&str; 7] = ["doubts", "supposed", "may", "reports", "says", "looks_into", "expects"];

const WORDS: &str = include_str!("../data/headline.words");

static BY_WORD: LazyLock<HashMap<&str, u16>> = LazyLock::new(|| parse(WORDS).unwrap_or_default());

/// The classes of a token.
pub(crate) fn classes(token: &Token) -> u16 {
    if token.is_word() { BY_WORD.get(token.folded.as_str()).copied().unwrap_or(0) } else { 0 }
}

/// The first class of a set, in the file's order.
pub(crate) fn first(set: u16) -> Option<&'static str> {
    CLASSES.iter().enumerate().find(|(at, _)| set & (1 << at) != 0).map(|(_, name)| *name)
}

/// The set of one class.
pub(crate) fn class(name: &str) -> u16 {
    CLASSES.iter().position(|class| *class == name).map_or(0, |at| 1 << at)
}

/// Reads the file. Errors: the line that isn't understood.
fn parse(file: &str) -> Result<HashMap<&str, u16>, String> {
    let mut words: HashMap<&str, u16> = HashMap::new();
    let mut class = None;
    for line in file.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#')) {
        if let Some(name) = line.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')) {
            let at =
                CLASSES.iter().position(|class| *class == name).ok_or_else(|| format!("no class `{name}`"))?;
            class = Some(1_u16 << at);
        } else {
            let class = class.ok_or_else(|| format!("`{line}` stands in no section"))?;
            for word in line.split_whitespace() {
                *words.entry(word).or_insert(0) |= class;
            }
        }
    }
    Ok(words)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_file_is_understood_and_every_class_has_words() {
        let words = parse(WORDS).expect("the file is well-formed");
        let all = words.values().fold(0, |all, set| all | set);
        assert_eq!(all.count_ones() as usize, CLASSES.len());
        assert!(AGAINST.iter().chain(&OPEN).all(|name| CLASSES.contains(name)));
    }

    #[test]
    fn a_line_outside_of_sections_and_an_unknown_class_are_refused() {
        assert!(parse("hoax").is_err());
        assert!(parse("[sure]\nhoax").is_err());
    }

    #[test]
    fn a_word_in_two_classes_counts_as_the_first() {
        let set = parse("[says]\nsuggests\n[expects]\nsuggests").expect("well-formed")["suggests"];
        assert_eq!(set.count_ones(), 2);
        assert_eq!(first(set), Some("expects"));
        assert_eq!(first(0), None);
    }
}
