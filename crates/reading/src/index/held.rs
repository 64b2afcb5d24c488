//! What the index keeps of one claim.

use std::collections::{BTreeMap, BTreeSet};

use hearsay_core::{ClaimId, SourceId};
use jiff::Timestamp;

use super::Shared;
use super::probe::Probe;
use crate::shingles::{hash, mixed};
use crate::words::{Word, WordKind, words};
use crate::{Names, OpenClaim, Span};

/// How much a word counts by where it stands: the claim's own words most.
const TEXT: f64 = 1.0;
const TOPIC: f64 = 0.7;
const NOTES: f64 = 0.5;
const PARTIES: f64 = 0.7;

/// One claim, in words.
#[derive(Debug)]
pub(super) struct Held {
    pub(super) id: ClaimId,
    weighted: BTreeMap<String, f64>,
    pub(super) text: BTreeSet<String>,
    pub(super) topic: BTreeSet<String>,
    pub(super) notes: BTreeSet<String>,
    pub(super) names: BTreeSet<String>,
    pub(super) numbers: BTreeSet<String>,
    pub(super) pairs: BTreeSet<u64>,
    pub(super) negated: bool,
    pub(super) parties: Vec<SourceId>,
    pub(super) sources: Vec<SourceId>,
    pub(super) reported_at: Option<Timestamp>,
}

impl Held {
    pub(super) fn of(claim: &OpenClaim, names: &Names) -> Self {
        let all = words(&claim.text);
        let told: Vec<&Word> = all.iter().filter(|word| !word.is_common()).collect();
        let of_kind = |kind: WordKind| {
            told.iter()
                .filter(|word| word.kind == kind)
                .map(|word| word.stem.clone())
                .collect::<BTreeSet<String>>()
        };
        let mut weighted = BTreeMap::new();
        let mut count = |texts: &mut dyn Iterator<Item = &str>, weight: f64| {
            let mut seen = BTreeSet::new();
            for word in texts.flat_map(words).filter(|word| !word.is_common()) {
                *weighted.entry(word.stem.clone()).or_default() += weight;
                seen.insert(word.stem);
            }
            seen
        };
        let text = count(&mut std::iter::once(claim.text.as_str()), TEXT);
        let topic = count(&mut claim.topic.as_deref().into_iter(), TOPIC);
        let notes = count(&mut claim.notes.iter().map(String::as_str), NOTES);
        let parties = claim.parties.iter().filter_map(|party| names.get(*party));
        count(&mut parties.map(|party| party.name.as_str()), PARTIES);
        Self {
            id: claim.id,
            weighted,
            text,
            topic,
            notes,
            names: of_kind(WordKind::Proper),
            numbers: of_kind(WordKind::Number),
            pairs: pairs(&all),
            negated: all.iter().any(Word::is_negation),
            parties: claim.parties.clone(),
            sources: claim.sources.clone(),
            reported_at: claim.reported_at,
        }
    }

    /// Its words, with how much each counts.
    pub(super) fn weighted(&self) -> impl Iterator<Item = (&String, &f64)> {
        self.weighted.iter()
    }

    /// How many words it has.
    pub(super) fn length(&self) -> f64 {
        super::float(self.weighted.len())
    }

    /// What it has in common with an item.
    pub(super) fn shared(&self, probe: &Probe) -> Vec<(Shared, Span)> {
        let words = self.weighted.keys().filter_map(|word| {
            let shared = if self.numbers.contains(word) {
                Shared::Number
            } else if self.names.contains(word) {
                Shared::Name
            } else {
                Shared::Word
            };
            Some((shared, probe.first(word)?))
        });
        let parties = self.parties.iter().filter_map(|party| Some((Shared::Party, *probe.named(*party).first()?)));
        let origin = self
            .sources
            .iter()
            .take(1)
            .filter_map(|source| Some((Shared::Origin, *probe.named(*source).first()?)));
        words.chain(parties).chain(origin).collect()
    }
}

/// Each two words that follow one another, common ones left out.
pub(super) fn pairs(words: &[Word]) -> BTreeSet<u64> {
    let told: Vec<u64> =
        words.iter().filter(|word| !word.is_common()).map(|word| hash(word.stem.as_bytes())).collect();
    told.windows(2).map(|two| two.iter().fold(0, |sum: u64, word| mixed(sum.rotate_left(23) ^ word))).collect()
}
