//! Words of a text as they are matched: folded, without their endings, each with its place. English, Russian and
//! Ukrainian endings are known by their script, so that no language need be given.
//! Invariant: words follow each other, and their ends lie on character boundaries inside the text.

use std::collections::HashSet;
use std::sync::LazyLock;

use crate::scan;

/// Words that say nothing of what a text is about, one language a line.
static COMMON: LazyLock<HashSet<String>> = LazyLock::new(|| {
    let lines = include_str!("../data/common.words").lines().filter(|line| !line.starts_with('#'));
    lines.flat_map(str::split_whitespace).map(stem_of).collect()
});

/// Words that turn a sentence into its contrary.
const NEGATIONS: [&str; 14] = [
    "not",
    "no",
    "never",
    "none",
    "nobody",
    "nothing",
    "without",
    "не",
    "нет",
    "ни",
    "нема",
    "немае",
    "без",
    "жодн",
];

/// What a word is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum WordKind {
    /// Letters, in small ones.
    Plain,
    /// Letters that begin with a capital, and not because a sentence begins.
    Proper,
    /// It begins with a digit.
    Number,
}

/// One word.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Word {
    /// What it is matched by.
    pub stem: String,
    /// What it is.
    pub kind: WordKind,
    /// Its first byte.
    pub start: usize,
    /// The byte after its last.
    pub end: usize,
}

impl Word {
    /// Whether it says nothing of what a text is about.
    pub fn is_common(&self) -> bool {
        COMMON.contains(&self.stem)
    }

    /// Whether it turns a sentence into its contrary.
    pub fn is_negation(&self) -> bool {
        NEGATIONS.contains(&self.stem.as_str())
    }
}

/// The words of a text, in order. Addresses of pages are no words; a tag in mixed case (`#LakeLevel`) is the words that
/// it is made of, and itself.
pub fn words(text: &str) -> Vec<Word> {
    let mut found = Vec::with_capacity(text.len() / 6);
    let mut begins_sentence = true;
    let mut at = 0;
    while let Some(first) = text.get(at..).and_then(|rest| rest.chars().next()) {
        if !first.is_alphanumeric() {
            begins_sentence |= matches!(first, '.' | '!' | '?' | '…' | '\n' | ':' | '“' | '"' | '«');
            at += first.len_utf8();
            continue;
        }
        let end = end_of_word(text, at);
        let whole = text.get(at..end).unwrap_or_default();
        if let Some(length) = address(text.get(at..).unwrap_or_default(), whole) {
            at += length;
            continue;
        }
        let is_tag = text.get(..at).is_some_and(|before| before.ends_with(['#', '@']));
        if is_tag {
            for (from, to) in parts(whole) {
                push(text, at + from, at + to, WordKind::Proper, &mut found);
            }
        }
        let kind = match first {
            _ if first.is_ascii_digit() => WordKind::Number,
            _ if first.is_uppercase() && !begins_sentence => WordKind::Proper,
            _ => WordKind::Plain,
        };
        push(text, at, end, kind, &mut found);
        begins_sentence = false;
        at = end;
    }
    found
}

/// Where the word ends that begins at `at`: apostrophes between letters, and points and commas between digits, are in it.
fn end_of_word(text: &str, at: usize) -> usize {
    let rest = text.get(at..).unwrap_or_default();
    let mut letters = rest.char_indices().peekable();
    let mut before = ' ';
    while let Some((index, letter)) = letters.next() {
        let next = letters.peek().map_or(' ', |(_, next)| *next);
        let joins = match letter {
            '\'' | '’' | 'ʼ' => before.is_alphabetic() && next.is_alphabetic(),
            '.' | ',' => before.is_ascii_digit() && next.is_ascii_digit(),
            '\u{301}' | '\u{ad}' => true,
            _ => letter.is_alphanumeric(),
        };
        if !joins {
            return at + index;
        }
        before = letter;
    }
    text.len()
}

/// How long the address is that begins here, if one does.
fn address(rest: &str, first: &str) -> Option<usize> {
    let begins = (matches!(first, "http" | "https") && rest.get(first.len()..)?.starts_with("://"))
        || (first == "www" && rest.starts_with("www."))
        || (first == "pic" && rest.starts_with("pic.twitter.com/"));
    begins.then(|| rest.find(char::is_whitespace).unwrap_or(rest.len()))
}

/// The parts of a word in mixed case, in bytes; none where it has but one.
fn parts(whole: &str) -> Vec<(usize, usize)> {
    let mut starts = vec![0];
    let mut before = ' ';
    for (index, letter) in whole.char_indices() {
        let turns = (letter.is_uppercase() && before.is_lowercase())
            || (index > 0 && letter.is_ascii_digit() != before.is_ascii_digit());
        if turns {
            starts.push(index);
        }
        before = letter;
    }
    if starts.len() < 2 {
        return Vec::new();
    }
    let ends = starts.iter().skip(1).copied().chain([whole.len()]);
    starts.iter().copied().zip(ends).collect()
}

fn push(text: &str, start: usize, end: usize, kind: WordKind, found: &mut Vec<Word>) {
    let Some(whole) = text.get(start..end) else { return };
    let folded = fold(whole);
    let (body, denied) = match folded.split_once('\'') {
        Some((body, "t")) if body.ends_with('n') => (body.trim_end_matches('n').to_owned(), true),
        Some((body, "s" | "re" | "ve" | "ll" | "d" | "m")) => (body.to_owned(), false),
        Some(_) => (folded.replace('\'', ""), false),
        None => (folded, false),
    };
    let stem = if kind == WordKind::Number { body.replace(',', "") } else { stem(&body) };
    if !stem.is_empty() {
        found.push(Word { stem, kind, start, end });
    }
    if denied {
        found.push(Word { stem: "not".to_owned(), kind: WordKind::Plain, start, end });
    }
}

/// The stem of one word that is written by itself.
pub fn stem_of(word: &str) -> String {
    stem(&fold(word).replace('\'', ""))
}

/// Small letters; no accents on Latin ones; one apostrophe; Russian and Ukrainian vowels of one sound as one.
pub fn fold(word: &str) -> String {
    let folded = scan::fold(word);
    if folded.is_ascii() {
        return folded;
    }
    let by_sound = |letter: char| match letter {
        'є' | 'э' => 'е',
        'і' | 'ї' | 'ы' => 'и',
        'ґ' => 'г',
        _ => letter,
    };
    folded.chars().map(by_sound).collect()
}

fn is_cyrillic(letter: char) -> bool {
    ('\u{400}'..'\u{530}').contains(&letter)
}

fn stem(folded: &str) -> String {
    match folded.chars().next() {
        Some(first) if first.is_ascii_alphabetic() && folded.is_ascii() => english(folded),
        Some(first) if is_cyrillic(first) => cyrillic(folded).to_owned(),
        Some(_) | None => folded.to_owned(),
    }
}

/// Plurals, tenses, adverbs and the commonest endings of nouns; the last `e` goes, and `y` is `i`.
fn english(word: &str) -> String {
    const ENDINGS: [(&str, usize); 8] = [
        ("ations", 3),
        ("ation", 3),
        ("ingly", 3),
        ("edly", 3),
        ("ments", 4),
        ("ment", 4),
        ("ness", 4),
        ("ly", 4),
    ];
    let word = singular(word);
    let tense = ["ing", "ed"]
        .iter()
        .find_map(|ending| word.strip_suffix(ending))
        .filter(|stem| stem.len() >= 3 && stem.contains(['a', 'e', 'i', 'o', 'u', 'y']));
    let stem = tense.map_or(word.as_str(), undoubled);
    let cut =
        ENDINGS.iter().find_map(|(ending, least)| stem.strip_suffix(ending).filter(|cut| cut.len() >= *least));
    let stem = cut.unwrap_or(stem);
    match stem.as_bytes() {
        [.., b'e'] if stem.len() > 3 => stem.trim_end_matches('e').to_owned(),
        [.., before, b'y'] if stem.len() > 2 && !b"aeiou".contains(before) => {
            format!("{}i", stem.trim_end_matches('y'))
        }
        _ => stem.to_owned(),
    }
}

fn singular(word: &str) -> String {
    let least = |stem: &&str| stem.len() >= 2;
    if let Some(stem) = word.strip_suffix("sses") {
        return format!("{stem}ss");
    }
    if let Some(stem) = word.strip_suffix("ies").or_else(|| word.strip_suffix("ied")).filter(least) {
        return format!("{stem}y");
    }
    let kept = ["ss", "us", "is"].iter().any(|ending| word.ends_with(ending));
    let one = word.strip_suffix('s').filter(|stem| !kept && stem.len() >= 3);
    one.unwrap_or(word).to_owned()
}

/// `stopp` is `stop`.
fn undoubled(stem: &str) -> &str {
    match stem.as_bytes() {
        [.., a, b] if a == b && !b"lsz".contains(b) && stem.len() > 3 => {
            stem.get(..stem.len() - 1).unwrap_or(stem)
        }
        _ => stem,
    }
}

/// Endings of Russian and Ukrainian words, longest first.
static ENDINGS: LazyLock<Vec<&str>> = LazyLock::new(|| include_str!("../data/cyrillic.endings").lines().collect());

/// One ending of cases, tenses and adjectives goes, longest first; three letters stay.
fn cyrillic(word: &str) -> &str {
    let most = word.chars().count();
    let long_enough = |stem: &&str| stem.chars().count() >= 3;
    if most < 4 {
        return word;
    }
    let cut = ENDINGS.iter().find_map(|ending| word.strip_suffix(ending).filter(long_enough));
    let vowels = ['а', 'я', 'о', 'е', 'и', 'у', 'ю', 'ь', 'й'];
    let stem = cut.or_else(|| word.strip_suffix(vowels).filter(long_enough)).unwrap_or(word);
    // A surname keeps `ов` in all cases but loses it where it ends with it, as a plural does.
    let stem =
        ["ов", "ев"].iter().find_map(|ending| stem.strip_suffix(ending).filter(long_enough)).unwrap_or(stem);
    stem.strip_suffix('ь').filter(long_enough).unwrap_or(stem)
}
