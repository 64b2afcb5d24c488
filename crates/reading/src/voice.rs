//! Voices: whoever in a sentence might be the one who says something.

use hearsay_core::SourceId;

use crate::attribution::Unnamed;
use crate::lexicon::Cue;
use crate::names::Names;
use crate::part::PartRead;
use crate::scan::TokenKind;
use crate::sentences::Stretch;

/// Who it is.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) enum Who {
    /// A source of the registry.
    Named(SourceId),
    /// A name that the registry doesn't know.
    Person(String),
    /// People without a name.
    Unnamed(Unnamed),
    /// Somebody named before.
    Pronoun,
}

/// A voice: tokens from `from` (inclusive) to `to` (exclusive).
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Voice {
    pub(crate) who: Who,
    pub(crate) from: usize,
    pub(crate) to: usize,
    /// Whether a preposition makes it an object.
    pub(crate) object: bool,
}

impl Voice {
    /// Whether the text tells who it is.
    pub(crate) fn is_somebody(&self) -> bool {
        self.who != Who::Pronoun
    }

    /// The same one, where a pronoun stands for it.
    pub(crate) fn referred_to_at(&self, from: usize, to: usize) -> Self {
        Self { who: self.who.clone(), from, to, object: false }
    }
}

const PRONOUNS: [&str; 19] = [
    "he", "she", "they", "his", "her", "он", "она", "они", "его", "ее", "він", "вона", "вони", "його", "її", "il",
    "elle", "ils", "elles",
];
const OBJECT_MARKERS: [&str; 18] = [
    "in", "on", "of", "about", "for", "against", "at", "with", "to", "into", "over", "between", "near", "о", "об",
    "про", "au", "à",
];
/// A name after one of these is whose report it is: `статью Evening Courier`.
const REPORTS: [&str; 12] = [
    "статье",
    "статью",
    "статьи",
    "публикации",
    "публикацию",
    "сообщении",
    "статтю",
    "статті",
    "публікацію",
    "публікації",
    "article",
    "l'article",
];
/// Capitalised words that begin no name.
const NO_NAMES: [&str; 40] = [
    "the",
    "a",
    "an",
    "on",
    "in",
    "at",
    "but",
    "and",
    "or",
    "if",
    "when",
    "while",
    "as",
    "for",
    "from",
    "by",
    "to",
    "of",
    "it",
    "this",
    "that",
    "there",
    "monday",
    "tuesday",
    "wednesday",
    "thursday",
    "friday",
    "saturday",
    "sunday",
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "what",
    "no",
    "yes",
];
const NUMBERS: [&str; 12] =
    ["one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"];
const NUMBERS_ELSEWHERE: [(&str, u32); 22] = [
    ("двух", 2),
    ("два", 2),
    ("двое", 2),
    ("трех", 3),
    ("три", 3),
    ("трое", 3),
    ("четырех", 4),
    ("четыре", 4),
    ("пяти", 5),
    ("пять", 5),
    ("двох", 2),
    ("двоє", 2),
    ("трьох", 3),
    ("троє", 3),
    ("чотирьох", 4),
    ("чотири", 4),
    ("п'яти", 5),
    ("п'ять", 5),
    ("deux", 2),
    ("trois", 3),
    ("quatre", 4),
    ("cinq", 5),
];

/// A number in letters or digits, up to a thousand.
pub(crate) fn number(word: &str) -> Option<u32> {
    let spelled = NUMBERS.iter().zip(1_u32..).find(|(number, _)| **number == word).map(|(_, value)| value);
    let elsewhere = || NUMBERS_ELSEWHERE.iter().find(|(number, _)| *number == word).map(|(_, value)| *value);
    let digits = || word.parse::<u32>().ok().filter(|number| (1..1000).contains(number));
    spelled.or_else(elsewhere).or_else(digits)
}

/// The voices of a sentence, in order, none within another, none in quotation marks.
pub(crate) fn voices(part: &PartRead, text: &str, names: &Names, stretch: Stretch) -> Vec<Voice> {
    let mut found: Vec<Voice> = Vec::new();
    let mut taken = vec![false; stretch.to - stretch.from];
    let mut push = |who: Who, from: usize, to: usize| {
        let outside = !part.is_quoted(from) && to <= stretch.to && from >= stretch.from;
        if outside && !taken[from - stretch.from..to - stretch.from].contains(&true) {
            taken[from - stretch.from..to - stretch.from].fill(true);
            found.push(Voice { who, from, to, object: is_object(part, from, stretch.from) });
        }
    };
    for named in part.named_in(stretch.from, stretch.to) {
        if names.get(named.source).is_some() {
            push(Who::Named(named.source), named.from, named.to);
        }
    }
    for (from, to) in capitalised(part, stretch) {
        let span = part.span(from, to);
        push(Who::Person(text.get(span.start..span.end).unwrap_or_default().to_owned()), from, to);
    }
    for one in part.cues_in(stretch.from, stretch.to).filter(|one| one.cue == Cue::Unnamed) {
        let (from, count) = noun_phrase(part, one.from, stretch.from);
        let to = described(part, one.to, stretch.to);
        let span = part.span(from, to);
        let described_as = text.get(span.start..span.end).unwrap_or_default().to_owned();
        push(Who::Unnamed(Unnamed { count, described_as }), from, one.to);
    }
    for at in stretch.from..stretch.to {
        if PRONOUNS.contains(&part.word(at)) {
            push(Who::Pronoun, at, at + 1);
        }
    }
    found.sort_by_key(|voice| voice.from);
    without_appositions(part, found)
}

/// Without those who only say what somebody named is: `Ivanova, the mayor's spokeswoman, said`, be it the mayor or the
/// spokeswoman that is a voice.
fn without_appositions(part: &PartRead, mut voices: Vec<Voice>) -> Vec<Voice> {
    let named: Vec<usize> = voices
        .iter()
        .filter(|voice| matches!(voice.who, Who::Named(_) | Who::Person(_)))
        .map(|voice| voice.to)
        .collect();
    voices.retain(|voice| {
        let says_what = match voice.who {
            Who::Unnamed(_) => matches!(part.word(voice.to), "," | "of" | "for"),
            Who::Named(_) | Who::Person(_) => has_people(part, voice.to),
            Who::Pronoun => false,
        };
        !(says_what && named.iter().any(|to| part.word(*to) == "," && *to < voice.from && voice.from <= to + 6))
    });
    voices
}

/// Whether the people of the one whose name ends here follow, and then a comma: `'s spokeswoman,`.
fn has_people(part: &PartRead, from: usize) -> bool {
    let noun = part.cues_in(from + 1, from + 4).find(|one| one.cue == Cue::Unnamed);
    part.word(from) == "'s" && noun.is_some_and(|noun| part.word(noun.to) == ",")
}

fn is_object(part: &PartRead, from: usize, least: usize) -> bool {
    let before = (least..from).rev().find(|at| !matches!(part.word(*at), "the" | "a" | "an" | "-"));
    before.is_some_and(|at| OBJECT_MARKERS.contains(&part.word(at)) || REPORTS.contains(&part.word(at)))
}

/// Runs of two or more capitalised words.
fn capitalised(part: &PartRead, stretch: Stretch) -> Vec<(usize, usize)> {
    let mut found = Vec::new();
    let mut from = stretch.from;
    let starts = |at: usize| {
        let token = &part.tokens[at];
        token.kind == TokenKind::Word && token.capital && !NO_NAMES.contains(&token.folded.as_str())
    };
    while from < stretch.to {
        if !starts(from) {
            from += 1;
            continue;
        }
        let mut to = from + 1;
        while to < stretch.to && (starts(to) || is_initial_stop(part, to)) {
            to += 1;
        }
        if to - from >= 2 && part.tokens[to - 1].is_word() {
            found.push((from, to));
        }
        from = to;
    }
    found
}

fn is_initial_stop(part: &PartRead, at: usize) -> bool {
    part.word(at) == "."
        && at > 0
        && part.word(at - 1).chars().count() <= 2
        && part.tokens[at].start == part.tokens[at - 1].end
}

/// Where the words before a noun begin that belong to it, and the number among them.
fn noun_phrase(part: &PartRead, noun: usize, least: usize) -> (usize, Option<u32>) {
    let mut from = noun;
    let mut count = None;
    while from > least && noun - from < 5 {
        let token = &part.tokens[from - 1];
        if !token.is_word() || OBJECT_MARKERS.contains(&token.folded.as_str()) {
            break;
        }
        if let Some(number) = number(&token.folded) {
            count = Some(number);
            from -= 1;
            break;
        }
        let joins = part.cues_in(from - 1, from).any(|one| {
            matches!(
                one.cue,
                Cue::Say | Cue::Tell | Cue::Report | Cue::Cite | Cue::Affirm | Cue::Deny | Cue::Decline
            )
        });
        if joins
            || matches!(token.folded.as_str(), "that" | "and" | "by" | "from" | "said" | "as" | "what" | "when")
        {
            break;
        }
        from -= 1;
        if matches!(token.folded.as_str(), "the" | "a" | "an" | "some" | "several" | "many") {
            break;
        }
    }
    (from, count)
}

/// Where the description after a noun ends: `people | with knowledge of the talks`.
fn described(part: &PartRead, from: usize, most: usize) -> usize {
    let next = part.cues_in(from, most).find(|one| one.cue == Cue::Knowing && one.from <= from + 1);
    let Some(next) = next else { return from };
    let mut to = next.to;
    while to < most && to < next.to + 6 && part.tokens[to].is_word() && !part.is_quoted(to) {
        let speaks = part.cues_in(to, to + 1).any(|one| matches!(one.cue, Cue::Say | Cue::Tell | Cue::Report));
        if speaks || part.word(to) == "that" {
            break;
        }
        to += 1;
    }
    to
}
