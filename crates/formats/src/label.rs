//! Text in pictures: cleaned of what would disturb its neighbours, measured, and cut to the room that it has.
//! Invariant: what comes out has no control characters, is of one line, and ends where a reader sees a letter end.

use jiff::Timestamp;
use unicode_bidi::{BidiClass, bidi_class};
use unicode_segmentation::UnicodeSegmentation;
use unicode_width::UnicodeWidthChar;

/// How many letters of a name are told in full where the room is not the limit.
const TOLD: usize = 200;

/// After an ellipsis it keeps the ellipsis on the left of words that are written from the right.
const FROM_THE_RIGHT: char = '\u{200f}';

/// The words in one line, without controls and without marks that turn the direction of what follows.
pub(crate) fn clean(text: &str) -> String {
    let kept = text.chars().take(TOLD * 8).filter(|letter| letter.is_whitespace() || !unsettles(*letter));
    let kept: String = kept.collect();
    kept.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn unsettles(letter: char) -> bool {
    let turns = matches!(
        bidi_class(letter),
        BidiClass::LRE
            | BidiClass::RLE
            | BidiClass::LRO
            | BidiClass::RLO
            | BidiClass::PDF
            | BidiClass::LRI
            | BidiClass::RLI
            | BidiClass::FSI
            | BidiClass::PDI
    );
    turns || letter.is_control() || matches!(letter, '\u{fffe}' | '\u{ffff}' | '\u{2028}' | '\u{2029}')
}

/// The words as far as they are told anywhere.
pub(crate) fn told(text: &str) -> String {
    let clean = clean(text);
    let mut letters = clean.graphemes(true);
    let start: String = letters.by_ref().take(TOLD).collect();
    if letters.next().is_some() { with_ellipsis(&start) } else { start }
}

/// How wide a text is at most, in pixels. Estimated by the widest of the usual system faces.
pub(crate) fn width(text: &str, size: f64) -> f64 {
    text.chars().map(of_letter).sum::<f64>() * size
}

fn of_letter(letter: char) -> f64 {
    match letter {
        'i' | 'j' | 'l' | 'I' | '.' | ',' | ':' | ';' | '\'' | '!' | '|' | ' ' => 0.34,
        'f' | 't' | 'r' | '(' | ')' | '-' | '/' | '·' => 0.42,
        'm' | 'w' | 'M' | 'W' | '@' | '%' | '…' | '—' => 1.0,
        'A'..='Z' => 0.74,
        '0'..='9' | 'a'..='z' => 0.63,
        other => match other.width() {
            None | Some(0) => 0.0,
            Some(1) => 0.72,
            Some(_) => 1.3,
        },
    }
}

/// The text, with an ellipsis where it is wider than its room.
pub(crate) fn cut(text: &str, size: f64, room: f64) -> String {
    let clean = told(text);
    if width(&clean, size) <= room {
        return clean;
    }
    let mut kept = String::new();
    let mut used = of_letter('…') * size;
    for letter in clean.graphemes(true) {
        used += width(letter, size);
        if used > room {
            break;
        }
        kept.push_str(letter);
    }
    with_ellipsis(&kept)
}

fn with_ellipsis(start: &str) -> String {
    let start = start.trim_end();
    let strong = start
        .chars()
        .rev()
        .map(bidi_class)
        .find(|class| matches!(class, BidiClass::L | BidiClass::R | BidiClass::AL));
    match strong {
        Some(BidiClass::R | BidiClass::AL) => format!("{start}…{FROM_THE_RIGHT}"),
        _ => format!("{start}…"),
    }
}

/// The text in lines of that width, broken between words.
pub(crate) fn lines(text: &str, size: f64, room: f64) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for word in text.split_whitespace() {
        let longer = lines.last().map(|line| format!("{line} {word}"));
        match (longer, lines.last_mut()) {
            (Some(longer), Some(last)) if width(&longer, size) <= room => *last = longer,
            _ => lines.push(cut(word, size, room)),
        }
    }
    lines
}

/// A time in few letters, in UTC: `22 Apr 16:00`.
pub(crate) fn time(at: Timestamp) -> String {
    at.strftime("%-d %b %H:%M").to_string()
}

/// A time in full, in UTC.
pub(crate) fn full_time(at: Timestamp) -> String {
    at.strftime("%-d %b %Y %H:%M UTC").to_string()
}

/// `1 outlet`, `12 outlets`, `no outlet`.
pub(crate) fn count(number: impl Into<u64>, one: &str, several: &str) -> String {
    match number.into() {
        0 => format!("no {one}"),
        1 => format!("1 {one}"),
        number => format!("{number} {several}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whatever_is_cut_fits_its_room() {
        let long = "Aktiengesellschaft".repeat(600);
        for text in [long.as_str(), "وكالة الأنباء الدولية للصحافة", "🧑‍🧑‍🧒🧑‍🧑‍🧒🧑‍🧑‍🧒🧑‍🧑‍🧒🧑‍🧑‍🧒🧑‍🧑‍🧒🧑‍🧑‍🧒🧑‍🧑‍🧒🧑‍🧑‍🧒"]
        {
            let short = cut(text, 13.0, 120.0);
            assert!(width(&short, 13.0) <= 120.0, "{short}");
            assert!(short.contains('…'), "{short}");
        }
    }

    #[test]
    fn an_ellipsis_stands_where_the_words_end() {
        assert_eq!(cut("وكالة الأنباء الدولية للصحافة", 13.0, 90.0).chars().last(), Some(FROM_THE_RIGHT));
        assert_eq!(cut("Frankfurter Allgemeine Zeitung", 13.0, 90.0).chars().last(), Some('…'));
    }

    #[test]
    fn nothing_turns_the_direction_of_what_follows() {
        assert_eq!(clean("a\u{202e}b\u{2066}c\u{0}\u{1b}[31m\nd\t e"), "abc[31m d e");
    }

    #[test]
    fn lines_are_broken_between_words() {
        let told = lines("one two three four five six", 13.0, 80.0);
        assert_eq!(told.join(" "), "one two three four five six");
        assert!(told.len() > 1 && told.iter().all(|line| width(line, 13.0) <= 80.0), "{told:?}");
    }
}
