//! An item, in words, made ready once to be held against many claims.

use std::collections::{HashMap, HashSet};

use hearsay_core::SourceId;
use jiff::Timestamp;

use super::held::pairs;
use super::watch;
use crate::words::{Word, WordKind, words};
use crate::{Item, Names, Part, Span};

/// How many words a window has at least; windows overlap by half.
const WINDOW: usize = 60;

/// How many windows there are at most: one bit each.
const WINDOWS: usize = 63;

/// What is known of one word.
#[derive(Debug)]
struct Seen {
    times: f64,
    first: Span,
    /// The windows that it stands in.
    windows: u64,
}

/// An item, ready.
#[derive(Debug)]
pub(super) struct Probe {
    seen: HashMap<String, Seen>,
    pub(super) numbers: HashSet<String>,
    pub(super) pairs: HashSet<u64>,
    pub(super) negated: bool,
    pub(super) published: Option<Timestamp>,
    pub(super) outlet: Option<SourceId>,
    named: HashMap<SourceId, Vec<Span>>,
    about_reports: Vec<Span>,
}

impl Probe {
    pub(super) fn of(item: &Item, names: &Names) -> Self {
        let parts = [(Part::Title, words(&item.title)), (Part::Text, words(&item.text))];
        let step = parts[1].1.len().div_ceil(WINDOWS).max(WINDOW / 2);
        let mut probe = Self {
            seen: HashMap::new(),
            numbers: HashSet::new(),
            pairs: HashSet::new(),
            negated: parts.iter().any(|(_, words)| words.iter().any(Word::is_negation)),
            published: item.published,
            outlet: item.outlet,
            named: watch::named(item, names),
            about_reports: Vec::new(),
        };
        for (part, words) in &parts {
            probe.pairs.extend(pairs(words));
            let about = words.iter().filter(|word| watch::is_about_reports(&word.stem));
            probe.about_reports.extend(about.map(|word| Span { part: *part, start: word.start, end: word.end }));
            for (place, word) in words.iter().enumerate().filter(|(_, word)| !word.is_common()) {
                let windows = match part {
                    Part::Title => 1,
                    Part::Text => windows(place / step),
                };
                probe.see(*part, word, windows);
            }
        }
        probe
    }

    fn see(&mut self, part: Part, word: &Word, windows: u64) {
        if word.kind == WordKind::Number {
            self.numbers.insert(word.stem.clone());
        }
        if let Some(seen) = self.seen.get_mut(&word.stem) {
            seen.times += 1.0;
            seen.windows |= windows;
        } else {
            let first = Span { part, start: word.start, end: word.end };
            self.seen.insert(word.stem.clone(), Seen { times: 1.0, first, windows });
        }
    }

    /// Its words, with how often each stands in it; in one order, so that sums are the same each time.
    pub(super) fn counted(&self) -> Vec<(&String, f64)> {
        let mut counted: Vec<(&String, f64)> = self.seen.iter().map(|(word, seen)| (word, seen.times)).collect();
        counted.sort_unstable_by_key(|(word, _)| *word);
        counted
    }

    /// Where a word stands first.
    pub(super) fn first(&self, word: &str) -> Option<Span> {
        self.seen.get(word).map(|seen| seen.first)
    }

    /// The windows that a word stands in, one bit each; the title is one.
    pub(super) fn windows(&self, word: &str) -> u64 {
        self.seen.get(word).map_or(0, |seen| seen.windows)
    }

    /// Where a source is named.
    pub(super) fn named(&self, source: SourceId) -> &[Span] {
        self.named.get(&source).map_or(&[], Vec::as_slice)
    }

    /// Every source that it names, and where.
    pub(super) fn sources(&self) -> impl Iterator<Item = (SourceId, &[Span])> {
        self.named.iter().map(|(source, spans)| (*source, spans.as_slice()))
    }

    /// Where it speaks of reports.
    pub(super) fn about_reports(&self) -> impl Iterator<Item = Span> {
        self.about_reports.iter().copied()
    }
}

/// The bits of the two windows that a step belongs to: those that begin with it, and with the one before.
fn windows(step: usize) -> u64 {
    let bit = |window: usize| 2_u64 << window.min(WINDOWS - 1);
    bit(step) | step.checked_sub(1).map_or(0, bit)
}
