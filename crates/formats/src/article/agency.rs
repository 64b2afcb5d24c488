//! Which news agency a text is credited to: by its byline, its dateline, or a line of credits.
//!
//! That a text mentions an agency credits nobody: only the places where credits stand are looked at.

use std::sync::LazyLock;

/// Names and how they are written.
static AGENCIES: LazyLock<Vec<(&str, Vec<&str>)>> = LazyLock::new(|| {
    let lines = include_str!("agencies.txt").lines().filter(|line| !line.starts_with('#'));
    let rows = lines.filter_map(|line| line.split_once(':'));
    rows.map(|(name, forms)| (name.trim(), forms.split(',').map(str::trim).collect())).collect()
});

/// What lies between the parts of a credit.
const BETWEEN: [char; 15] = [',', ';', '/', '|', '·', '•', '(', ')', '&', '+', '—', '–', ':', '\u{a0}', '.'];
/// Words that join two parts.
const JOINING: [&str; 6] = [" und ", " and ", " et ", " и ", " та ", " і "];
/// Words around an agency's name in a credit, in small letters.
const AROUND: [&str; 24] = [
    "by",
    "from",
    "source",
    "via",
    "with",
    "von",
    "quelle",
    "mit",
    "aus",
    "par",
    "avec",
    "©",
    "copyright",
    "по",
    "с",
    "за",
    "із",
    "з",
    "staff",
    "newsroom",
    "der",
    "material",
    "informationen",
    "the",
];
/// How a line of credits begins, in small letters.
const OPENING: [&str; 22] = [
    "source:",
    "sources:",
    "quelle:",
    "quellen:",
    "credit:",
    "©",
    "(c)",
    "copyright",
    "источник:",
    "источники:",
    "джерело:",
    "джерела:",
    "mit material",
    "mit informationen",
    "with reporting by",
    "with files from",
    "reporting by",
    "avec ",
    "по материалам",
    "за матеріалами",
    "по сообщению",
    "via ",
];
/// Beginnings that belong to no name, in small letters.
const PHRASES: [&str; 5] = ["по материалам", "за матеріалами", "по сообщению", "reporting by", "files from"];
/// How much of the first line may stand before a dateline's agency, in characters.
const DATELINE: usize = 120;

/// The first agency that is credited.
pub(super) fn credited(bylines: &[String], text: &str, credits: &[String]) -> Option<&'static str> {
    let by_byline = || bylines.iter().chain(credits).find_map(|line| in_credit(line));
    let mut lines = text.lines().map(str::trim).filter(|line| !line.is_empty());
    let first: Vec<&str> = lines.by_ref().take(3).collect();
    let by_dateline = || first.iter().find_map(|line| in_dateline(line));
    let last = || text.lines().rev().map(str::trim).filter(|line| !line.is_empty()).take(4);
    let by_credit = || first.iter().copied().chain(last()).find_map(credit_line);
    by_dateline().or_else(by_byline).or_else(by_credit).or_else(|| at_the_end(text))
}

/// The agency that is called so, and nothing else.
fn named(form: &str) -> Option<&'static str> {
    let form =
        form.trim().trim_matches(|c: char| matches!(c, '.' | ',' | ':' | '*' | '"' | '«' | '»' | '[' | ']'));
    let same = |known: &str| {
        if known.chars().count() <= 3 { known == form } else { known.to_lowercase() == form.to_lowercase() }
    };
    AGENCIES.iter().find(|(_, forms)| forms.iter().any(|known| same(known))).map(|(name, _)| *name)
}

/// A line of a text that is a credit and nothing else: `dpa/AFP`, `Quelle: dpa`, `mit Material von AFP`.
fn credit_line(line: &str) -> Option<&'static str> {
    let lower = line.to_lowercase();
    let opens = OPENING.iter().any(|opening| lower.starts_with(opening)) && line.chars().count() <= 100;
    let mut parts = line.split(BETWEEN).map(str::trim).filter(|part| !part.is_empty());
    if opens || parts.all(|part| named(part).is_some()) { in_credit(line) } else { None }
}

/// The first agency of a credit or a byline: `By Ann Author, Reuters`.
fn in_credit(line: &str) -> Option<&'static str> {
    if line.chars().count() > 200 {
        return None;
    }
    let joined = JOINING.iter().fold(line.to_owned(), |line, word| line.replace(word, ","));
    joined.split(BETWEEN).find_map(|part| {
        let part = part.trim();
        let lower = part.to_lowercase();
        let phrase = PHRASES.iter().find(|phrase| lower.starts_with(**phrase));
        let part = phrase.map_or(part, |phrase| after_letters(part, phrase.chars().count()));
        named(part).or_else(|| named(&without_words_around(part)))
    })
}

/// The text after so many characters.
fn after_letters(text: &str, count: usize) -> &str {
    text.char_indices().nth(count).map_or("", |(at, _)| text[at..].trim())
}

fn without_words_around(part: &str) -> String {
    let is_around = |word: &&&str| AROUND.contains(&word.to_lowercase().as_str());
    let words: Vec<&str> = part.split_whitespace().collect();
    let before = words.iter().take_while(is_around).count();
    let after = words[before..].iter().rev().take_while(is_around).count();
    words[before..words.len() - after].join(" ")
}

/// `LONDON, April 22 (Reuters) - …`, `Berlin (dpa) – …`, `МОСКВА, 22 апреля. /ТАСС/. …`, `КИЕВ, 22 апр — РИА Новости. …`.
fn in_dateline(line: &str) -> Option<&'static str> {
    let end = line.char_indices().nth(DATELINE).map_or(line.len(), |(at, _)| at);
    let head = &line[..end];
    let bracketed = |open: char, close: char| {
        head.match_indices(open).find_map(|(at, _)| {
            let (inner, rest) = head[at + open.len_utf8()..].split_once(close)?;
            let found = inner.split(['/', ',', ';']).find_map(named)?;
            // The dateline's dash, or the agency's full stop; a sentence that mentions an agency in brackets has none.
            let rest = rest.trim_start();
            (rest.starts_with(['-', '–', '—', '.', ':']) || rest.is_empty() || at == 0).then_some(found)
        })
    };
    let dashed = || {
        let (before, after) = [" — ", " – ", " - "].iter().find_map(|dash| head.split_once(dash))?;
        let name = after.split(['.', ',', ':']).next()?;
        let dated = before.chars().any(|c| c.is_ascii_digit()) || before.trim().chars().all(|c| !c.is_lowercase());
        named(name).filter(|_| dated)
    };
    bracketed('(', ')').or_else(|| bracketed('/', '/')).or_else(dashed)
}

/// `… sagte er. (dpa)`: the text's last words.
fn at_the_end(text: &str) -> Option<&'static str> {
    let text = text.trim_end().trim_end_matches('.');
    let inner = text.strip_suffix([')', ']'])?;
    let at = inner.rfind(['(', '['])?;
    inner[at + 1..].split(['/', ',', ';']).find_map(named)
}
