//! The wording check: words of a draft that say more than its claim's standing carries, each with its place and the reason.
//! Invariant: a place is a range of bytes of the draft, between two letters; and what a quotation holds is left alone.

mod lexicon;

use std::ops::Range;

use hearsay_core::{Explanation, FollowUpKind, Standing, State};
use serde::Serialize;
use unicode_segmentation::UnicodeSegmentation;

use self::lexicon::{Lexicon, folded};

/// How many words before a phrase may take the force out of it.
const BEFORE: usize = 4;

/// The longest draft that is read, in bytes.
pub const LONGEST_DRAFT: usize = 64 * 1024;

/// What a word needs before it may be written.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Needs {
    /// That the claim is corroborated.
    Corroborated,
    /// That a party acknowledged it.
    Acknowledged,
    /// That somebody denied it, and that counts.
    Denied,
    /// That it is disputed.
    Disputed,
    /// That the desk ruled on it.
    Ruled,
    /// That a party was asked and took no side.
    Deflected,
    /// That a party declined to comment.
    Declined,
    /// That a party let its deadline pass.
    Silent,
    /// That two independent origins affirm it.
    Independent,
}

/// A word that the standing does not carry.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct Overstatement {
    /// Where it begins, in bytes of the draft.
    pub start: usize,
    /// Where it ends.
    pub end: usize,
    /// The words themselves.
    pub words: String,
    /// What they need.
    pub needs: Needs,
    /// Why they are not carried, in a sentence.
    pub reason: String,
}

/// Whether the desk has published a conclusion.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Ruled {
    /// It has.
    Yes,
    /// It has not.
    No,
}

/// The words of an English draft that the claim's standing does not carry, in their order.
pub fn check_wording(draft: &str, explanation: &Explanation, ruled: Ruled) -> Vec<Overstatement> {
    let lexicon = Lexicon::english();
    let words: Vec<(usize, &str)> = draft.unicode_word_indices().collect();
    let forms: Vec<String> = words.iter().map(|(_, word)| folded(word)).collect();
    let quoted = quotations(draft);
    let mut found = Vec::new();
    let mut at = 0;
    while at < words.len() {
        let Some((length, needs)) = lexicon.longest(&forms[at..]) else {
            at += 1;
            continue;
        };
        let start = words[at].0;
        let (last, word) = words[at + length - 1];
        let end = last + word.len();
        let clause = clause_before(draft, &words, at);
        let free = quoted.iter().all(|quotation| !quotation.contains(&start));
        if let (Some(needs), true) = (needs, free && !lexicon.softens(&forms[clause..at]))
            && let Some(why) = lacking(needs, explanation, ruled)
        {
            let words = draft[start..end].to_owned();
            let reason = format!("“{words}” {why}");
            found.push(Overstatement { start, end, words, needs, reason });
        }
        at += length;
    }
    found
}

/// Where the words begin that stand closely before one, in its own clause.
fn clause_before(draft: &str, words: &[(usize, &str)], at: usize) -> usize {
    let mut first = at;
    while first > at.saturating_sub(BEFORE) {
        let (before, word) = words[first - 1];
        let between = &draft[before + word.len()..words[first].0];
        if between.contains(['.', ',', ';', ':', '!', '?', '—', '–', '\n']) {
            break;
        }
        first -= 1;
    }
    first
}

/// What stands between quotation marks: somebody else's words.
fn quotations(draft: &str) -> Vec<Range<usize>> {
    let mut quotations = Vec::new();
    let mut open: Option<(usize, char)> = None;
    for (at, letter) in draft.char_indices() {
        match (open, letter) {
            (Some((start, close)), letter) if letter == close => {
                quotations.push(start..at);
                open = None;
            }
            (None, '“') => open = Some((at, '”')),
            (None, '„') => open = Some((at, '“')),
            (None, '«') => open = Some((at, '»')),
            (None, '"') => open = Some((at, '"')),
            (Some(_) | None, _) => {}
        }
    }
    quotations
}

/// Why that is not carried; nothing where it is.
fn lacking(needs: Needs, explanation: &Explanation, ruled: Ruled) -> Option<String> {
    let answered = |kind: FollowUpKind| explanation.answers.iter().any(|answer| answer.kind == kind);
    let origins = explanation.origins.affirming.len();
    match needs {
        Needs::Corroborated => settled(Standing::Corroborated, "says that it is settled", explanation),
        Needs::Disputed => settled(Standing::Disputed, "says that both sides stand", explanation),
        Needs::Denied if explanation.denials.is_empty() && explanation.origins.denying.is_empty() => {
            Some("says that somebody denies it; no denial that counts is on record".to_owned())
        }
        Needs::Acknowledged if explanation.acknowledgements.is_empty() => {
            Some("says that a party owns to it; no acknowledgement that counts is on record".to_owned())
        }
        Needs::Ruled if ruled == Ruled::No => Some(
            "says what is so; a standing says only who bears it out and who denies it, and there is no ruling"
                .to_owned(),
        ),
        Needs::Independent if origins < 2 => {
            let have = if origins == 1 { "one origin affirms" } else { "no origin affirms" };
            Some(format!("says that several know it by themselves; {have} it, whoever carries that"))
        }
        Needs::Deflected if !answered(FollowUpKind::Deflection) => {
            Some("says that a party was asked and took no side; that is not on record".to_owned())
        }
        Needs::Declined if !answered(FollowUpKind::NoComment) => {
            Some("says that a party declined to comment; that is not on record".to_owned())
        }
        Needs::Silent if !answered(FollowUpKind::Silence) => {
            Some("says that a party did not answer; no deadline that passed is on record".to_owned())
        }
        Needs::Denied
        | Needs::Acknowledged
        | Needs::Ruled
        | Needs::Independent
        | Needs::Deflected
        | Needs::Declined
        | Needs::Silent => None,
    }
}

/// Both what the evidence supports and what the desk declared have to be that.
fn settled(wanted: Standing, says: &str, explanation: &Explanation) -> Option<String> {
    let (standing, state) = (explanation.standing, explanation.state);
    if standing != wanted {
        return Some(format!("{says}; the claim stands as {}", standing.as_str()));
    }
    (state != State::from(wanted))
        .then(|| format!("{says}; the evidence carries that, but the desk declares it {}", state.as_str()))
}
