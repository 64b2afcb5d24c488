//! What a speaker's own words do with a claim. Quoted words decide; the writer's word for them counts only where
//! nothing is quoted, and never against what is.

use hearsay_core::{Manner, Stance};

use crate::Span;
use crate::attribution::CueManner;
use crate::claim_words::{ClaimWords, ratio};
use crate::lexicon::{Cue, Found};
use crate::part::PartRead;
use crate::reading::Reading;

/// A judgement, with what led to it.
#[derive(Clone, Copy, PartialEq, Debug)]
pub(crate) struct Judged {
    pub(crate) stance: Stance,
    pub(crate) manner: Option<Manner>,
    pub(crate) rule: &'static str,
    pub(crate) span: Option<Span>,
    /// How often the rule is right, measured on retold stories and rounded.
    pub(crate) confidence: f64,
}

/// Whether the item is in the claim's language: in another, only names are shared.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Tongues {
    One,
    Two,
}

/// A speaker's words on a claim, gathered from an item.
#[derive(Clone, PartialEq, Debug, Default)]
pub(crate) struct Said {
    /// What is quoted, in three words or more.
    pub(crate) quoted: Vec<Span>,
    /// What is told in the writer's words.
    pub(crate) told: Vec<Span>,
    /// The sentences of the attributions.
    pub(crate) around: Vec<Span>,
    /// The writer's words for the saying.
    pub(crate) cues: Vec<(CueManner, Option<Span>, bool)>,
}

/// Judges the words.
pub(crate) fn judge(reading: &Reading, said: &Said, claim: &ClaimWords, tongues: Tongues) -> Judged {
    let by_words = first(reading, &said.quoted, claim, Words::Quoted);
    let by_telling = || first(reading, &said.told, claim, Words::Told);
    let by_cue = || by_cue(reading, said, claim, tongues);
    let declined = || declined(reading, said);
    let judged = if said.quoted.is_empty() {
        by_cue().or_else(declined).or_else(by_telling)
    } else {
        by_words.or_else(|| affirmed_beside(reading, said, claim, tongues)).or_else(by_telling).or_else(declined)
    };
    judged.unwrap_or(Judged {
        stance: Stance::Neutral,
        manner: Some(Manner::Discusses),
        rule: "words.neither",
        span: said.quoted.first().or(said.told.first()).copied(),
        confidence: 0.6,
    })
}

/// Whose wording it is.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Words {
    Quoted,
    Told,
}

fn first(reading: &Reading, spans: &[Span], claim: &ClaimWords, words: Words) -> Option<Judged> {
    type Rule = fn(&PartRead, (usize, usize), &ClaimWords, Words) -> Option<Judged>;
    let rules: [Rule; 5] = [false_words, negated_claim, mute_words, deflecting_words, true_words];
    rules.iter().find_map(|rule| {
        spans.iter().find_map(|span| {
            let part = reading.part(span.part);
            rule(part, part.tokens_of(*span), claim, words)
        })
    })
}

/// A word for what isn't so, said of one thing and not of the press at large.
fn false_words(part: &PartRead, range: (usize, usize), _: &ClaimWords, words: Words) -> Option<Judged> {
    let found = part.cues_in(range.0, range.1).filter(|one| one.cue == Cue::False);
    let meant = found.filter(|one| {
        let (from, to) = clause(part, one.from, range);
        let of_many = part.cues_in(from, to).any(|other| other.cue == Cue::Many);
        let pointed = part.cues_in(from, to).any(|other| is_pointing(part, *other));
        let borrowed = words == Words::Told && part.is_quoted(one.from) && is_of_many_things(part, **one);
        !part.is_negated(one.from, from) && !borrowed && (!of_many || (pointed && !is_plural(part, **one)))
    });
    let one = meant.into_iter().next()?;
    let sent_elsewhere = part.cues_in(range.0, range.1).any(|other| other.cue == Cue::Deflect);
    let (from, to) = clause(part, one.from, range);
    let pointed = part.cues_in(from, to).any(|other| is_pointing(part, *other));
    if sent_elsewhere && !pointed {
        return None;
    }
    Some(Judged {
        stance: Stance::Denies,
        manner: None,
        rule: if words == Words::Quoted { "words.false" } else { "told.false" },
        span: Some(part.span(one.from, one.to)),
        confidence: if pointed { 0.93 } else { 0.8 },
    })
}

/// Whether a cue points at one thing that was reported: "this", "the report", not "it" or "that" alone.
fn is_pointing(part: &PartRead, found: Found) -> bool {
    found.cue == Cue::This && (found.to - found.from > 1 || matches!(part.word(found.from), "this" | "это" | "це"))
}

/// "fake items": the word after is a plural.
fn is_of_many_things(part: &PartRead, found: Found) -> bool {
    part.is_quoted(found.to)
        && part.word(found.to).ends_with('s')
        && found.to - found.from == 1
        && part.word(found.from).starts_with("fake")
}

fn is_plural(part: &PartRead, found: Found) -> bool {
    part.word(found.to.saturating_sub(1)).ends_with('s')
}

/// The sentence around a token, within a range.
fn clause(part: &PartRead, at: usize, range: (usize, usize)) -> (usize, usize) {
    let is_end = |at: &usize| matches!(part.word(*at), "." | "!" | "?" | ";" | "\n");
    let from = (range.0..at).rev().find(is_end).map_or(range.0, |end| end + 1);
    let to = (at..range.1).find(is_end).unwrap_or(range.1);
    (from, to)
}

/// The claim said again, with a negation.
fn negated_claim(part: &PartRead, range: (usize, usize), claim: &ClaimWords, words: Words) -> Option<Judged> {
    let mut at = range.0;
    while at < range.1 {
        let (from, to) = clause(part, at, range);
        at = to.max(at) + 1;
        let shared = claim.shared(part, from, to);
        let negation = part.cues_in(from, to).find(|one| one.cue == Cue::Not);
        if let Some(negation) = negation
            && shared >= 3
            && ratio(shared, claim.len()) >= 0.4
        {
            return Some(Judged {
                stance: Stance::Denies,
                manner: None,
                rule: if words == Words::Quoted { "words.negated_claim" } else { "told.negated_claim" },
                span: Some(part.span(negation.from, negation.to)),
                confidence: 0.75,
            });
        }
    }
    None
}

fn mute_words(part: &PartRead, range: (usize, usize), _: &ClaimWords, _: Words) -> Option<Judged> {
    let found = part.cues_in(range.0, range.1).find(|one| one.cue == Cue::Mute)?;
    Some(neutral(part, found, Manner::Declines, "words.decline", 0.92))
}

fn deflecting_words(part: &PartRead, range: (usize, usize), _: &ClaimWords, _: Words) -> Option<Judged> {
    let one = |wanted: Cue| part.cues_in(range.0, range.1).find(move |one| one.cue == wanted);
    if let Some(found) = one(Cue::Deflect) {
        return Some(neutral(part, found, Manner::Deflects, "words.deflect", 0.92));
    }
    // What is false in general, said of nothing in particular.
    let found = one(Cue::False).filter(|_| one(Cue::Many).is_some())?;
    Some(neutral(part, found, Manner::Deflects, "words.false_at_large", 0.85))
}

fn neutral(part: &PartRead, found: &Found, manner: Manner, rule: &'static str, confidence: f64) -> Judged {
    let span = Some(part.span(found.from, found.to));
    Judged { stance: Stance::Neutral, manner: Some(manner), rule, span, confidence }
}

/// A word for what is so; its sentence shares something with the claim, or opens with a plain yes.
fn true_words(part: &PartRead, range: (usize, usize), claim: &ClaimWords, words: Words) -> Option<Judged> {
    let mut found = part.cues_in(range.0, range.1).filter(|one| one.cue == Cue::True);
    let meant = found.find(|one| {
        let (from, to) = clause(part, one.from, range);
        let plain = one.from == range.0 && one.to - one.from == 1;
        let pointed = part.cues_in(from, to).any(|other| other.cue == Cue::This);
        let shared = claim.shared(part, from, to);
        let happened = one.to - one.from >= 2;
        let enough = shared >= 2 || (pointed && words == Words::Quoted) || (happened && words == Words::Quoted);
        !part.is_negated(one.from, from) && (plain || enough)
    })?;
    Some(Judged {
        stance: Stance::Affirms,
        manner: None,
        rule: if words == Words::Quoted { "words.true" } else { "told.true" },
        span: Some(part.span(meant.from, meant.to)),
        confidence: 0.85,
    })
}

/// The writer's word for it, where nothing is quoted.
fn by_cue(reading: &Reading, said: &Said, claim: &ClaimWords, tongues: Tongues) -> Option<Judged> {
    said.cues.iter().find_map(|(manner, span, negated)| {
        let span = (*span)?;
        let part = reading.part(span.part);
        let (from, to) = part.tokens_of(span);
        let sentence = part.stretch_of(from)?;
        let mut after = part.cues_in(to, sentence.to);
        let pointed = after.any(|one| {
            let plain = one.from <= to + 1 && matches!(part.word(one.from), "it" | "this" | "these" | "it's");
            one.cue == Cue::This && (plain || (one.from <= to + 3 && is_pointing(part, *one)))
        });
        let shared = claim.shared(part, sentence.from, sentence.to);
        match (manner, negated) {
            (CueManner::Denies, true) | (CueManner::Declines, _) => Some(Judged {
                stance: Stance::Neutral,
                manner: Some(Manner::Declines),
                rule: if *negated { "cue.not_denied" } else { "cue.declined" },
                span: Some(span),
                confidence: 0.85,
            }),
            (CueManner::Denies, false) if pointed || shared >= 2 || sentence.to - to < 6 => Some(Judged {
                stance: Stance::Denies,
                manner: None,
                rule: "cue.denied",
                span: Some(span),
                confidence: 0.8,
            }),
            (CueManner::Affirms, true) => Some(Judged {
                stance: Stance::Neutral,
                manner: Some(Manner::Declines),
                rule: "cue.not_affirmed",
                span: Some(span),
                confidence: 0.8,
            }),
            (CueManner::Affirms, false) if pointed || is_of_claim(shared, claim, tongues) => Some(affirmed(span)),
            _ => None,
        }
    })
}

fn is_of_claim(shared: usize, claim: &ClaimWords, tongues: Tongues) -> bool {
    let least = if tongues == Tongues::Two { 1 } else { 3 };
    shared >= least || (shared >= 2 && ratio(shared, claim.len()) >= 0.34)
}

fn affirmed(span: Span) -> Judged {
    Judged { stance: Stance::Affirms, manner: None, rule: "cue.affirmed", span: Some(span), confidence: 0.85 }
}

/// A confirmation in the writer's words beside quoted words that take no side.
fn affirmed_beside(reading: &Reading, said: &Said, claim: &ClaimWords, tongues: Tongues) -> Option<Judged> {
    let judged = by_cue(reading, said, claim, tongues)?;
    (judged.stance == Stance::Affirms).then_some(Judged { confidence: 0.7, ..judged })
}

/// Declining that stands in the sentence, but isn't its cue: "without denying it".
fn declined(reading: &Reading, said: &Said) -> Option<Judged> {
    said.around.iter().find_map(|span| {
        let part = reading.part(span.part);
        let (from, to) = part.tokens_of(*span);
        let outside = |one: &&Found| !part.is_quoted(one.from);
        let declined = part.cues_in(from, to).filter(outside).find(|one| one.cue == Cue::Decline);
        let negated = || {
            let denied = part.cues_in(from, to).filter(outside).filter(|one| one.cue == Cue::Deny);
            denied.into_iter().find(|one| part.is_negated(one.from, from))
        };
        let found = declined.or_else(negated)?;
        Some(neutral(part, found, Manner::Declines, "cue.declined", 0.8))
    })
}
