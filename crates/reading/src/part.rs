//! One part of an item, scanned once: tokens, quotations, sentences, names and cues.

use crate::claim_words::{number, telling};
use crate::lexicon::{Cue, Found, Lexicon};
use crate::names::{Named, Names};
use crate::quotes::{Quotation, quotations};
use crate::scan::{Token, scan};
use crate::sentences::{Stretch, sentences};
use crate::{Part, Span};

/// How far before a word its negation may stand.
const REACH: usize = 4;

/// A part, scanned.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct PartRead {
    pub(crate) part: Part,
    pub(crate) tokens: Vec<Token>,
    pub(crate) quotations: Vec<Quotation>,
    pub(crate) stretches: Vec<Stretch>,
    pub(crate) named: Vec<Named>,
    pub(crate) cues: Vec<Found>,
    /// The number of each token's telling form.
    pub(crate) telling: Vec<Option<u64>>,
    /// Whether each token stands in quotation marks.
    quoted: Vec<bool>,
}

impl PartRead {
    pub(crate) fn tokens(text: &str) -> Vec<Token> {
        scan(text)
    }

    pub(crate) fn of(part: Part, tokens: Vec<Token>, names: &Names, lexicon: &Lexicon) -> Self {
        let quotations = quotations(&tokens);
        let stretches = sentences(&tokens, &quotations);
        let mut quoted = vec![false; tokens.len()];
        for quotation in &quotations {
            quoted[quotation.from..quotation.to].fill(true);
        }
        let cues = lexicon.find(&tokens);
        let telling = tokens.iter().map(|token| telling(token).map(|form| number(&form))).collect();
        Self { part, named: names.find(&tokens), tokens, quotations, stretches, cues, telling, quoted }
    }

    /// The bytes of some tokens.
    pub(crate) fn span(&self, from: usize, to: usize) -> Span {
        let start = self.tokens.get(from).map_or(0, |token| token.start);
        let last = to.checked_sub(1).and_then(|last| self.tokens.get(last));
        let end = last.map_or(start, |token| token.end).max(start);
        Span { part: self.part, start, end }
    }

    /// The tokens that a span of this part covers.
    pub(crate) fn tokens_of(&self, span: Span) -> (usize, usize) {
        let from = self.tokens.partition_point(|token| token.start < span.start);
        let to = self.tokens.partition_point(|token| token.start < span.end);
        (from, to)
    }

    pub(crate) fn is_quoted(&self, at: usize) -> bool {
        self.quoted.get(at).copied().unwrap_or(false)
    }

    /// A token, folded; empty beyond the end.
    pub(crate) fn word(&self, at: usize) -> &str {
        self.tokens.get(at).map_or("", |token| token.folded.as_str())
    }

    pub(crate) fn words_from(&self, from: usize, count: usize) -> Vec<&str> {
        self.tokens
            .iter()
            .skip(from)
            .filter(|token| token.is_word())
            .take(count)
            .map(|token| token.folded.as_str())
            .collect()
    }

    pub(crate) fn cues_in(&self, from: usize, to: usize) -> impl Iterator<Item = &Found> {
        let first = self.cues.partition_point(|one| one.from < from);
        self.cues[first..].iter().take_while(move |one| one.from < to).filter(move |one| one.to <= to)
    }

    pub(crate) fn named_in(&self, from: usize, to: usize) -> impl Iterator<Item = &Named> {
        self.named.iter().filter(move |one| from <= one.from && one.to <= to)
    }

    /// Whether a negation stands shortly before a token, not before `least`, and no comma between.
    pub(crate) fn is_negated(&self, at: usize, least: usize) -> bool {
        let first = at.saturating_sub(REACH).max(least);
        self.cues.iter().filter(|one| one.cue == Cue::Not).any(|one| {
            let near = one.to <= at && one.to > first && one.from >= least;
            near && (one.to..at).all(|between| self.tokens[between].is_word() || self.word(between) == "-")
        })
    }

    /// The sentence that a token stands in.
    pub(crate) fn stretch_of(&self, at: usize) -> Option<Stretch> {
        let number = self.stretches.partition_point(|stretch| stretch.to <= at);
        self.stretches.get(number).copied().filter(|stretch| stretch.from <= at)
    }
}
