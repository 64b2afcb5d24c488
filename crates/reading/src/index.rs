//! The open claims, kept in memory so that an item's candidates are found without a query: an inverted index of their
//! texts, topics, notes and parties' names, kept up as claims are added, changed and removed.
//! Invariant: what is found depends on the claims that are in it, not on the order in which they came.

mod features;
mod held;
mod probe;
mod rank;
mod watch;

use std::collections::{BTreeMap, HashMap};

use hearsay_core::{ClaimId, SourceId};

use crate::{Item, Names, OpenClaim, Span};

pub use self::features::{FEATURES, Features};
pub use self::rank::Weights;

use self::held::Held;
use self::probe::Probe;
use self::watch::Watch;

/// How many claims are looked at closely.
const SHORTLIST: usize = 60;

/// The saturation of BM25, and how far a claim's length counts.
const K1: f64 = 1.2;
const B: f64 = 0.4;

/// Words of more than this share of the claims lead to none, once there are more than [`FEW`] of them.
const COMMON_SHARE: f64 = 0.1;
const FEW: usize = 200;

/// Why a claim is a candidate.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Shared {
    /// A word of the claim.
    Word,
    /// A name in the claim.
    Name,
    /// A number of the claim.
    Number,
    /// A party that the claim is about, or who speaks for it.
    Party,
    /// The claim waits for this party's answer.
    Awaited,
    /// What an answer to a report speaks of: the report, the media, fakes.
    AboutReport,
    /// Who reported the claim first.
    Origin,
}

/// A claim that an item may bear on.
#[derive(Clone, PartialEq, Debug)]
pub struct Candidate {
    /// Which.
    pub claim: ClaimId,
    /// The higher, the likelier; comparable between the candidates of one item.
    pub score: f64,
    /// The share of the claim's own words, weighed by how rare they are, that the item has; 0 to 1.
    pub coverage: f64,
    /// The party whose answer it waits for, and whose words the item brings.
    pub awaited: Option<SourceId>,
    /// What led to it, in the item's order.
    pub because: Vec<(Shared, Span)>,
}

/// The index.
#[derive(Debug, Default)]
pub struct ClaimIndex {
    weights: Weights,
    slots: HashMap<ClaimId, usize>,
    /// One claim a slot; none where one was removed.
    held: Vec<Option<Held>>,
    free: Vec<usize>,
    /// For each word the slots of the claims that have it, and how much it counts in each.
    postings: HashMap<String, Vec<(usize, f64)>>,
    /// How many words all claims have.
    length: f64,
    watch: Watch,
}

impl ClaimIndex {
    /// An empty one, which ranks by the weights that are shipped.
    pub fn new() -> Self {
        Self::default()
    }

    /// An empty one, which ranks by other weights.
    pub fn with_weights(weights: Weights) -> Self {
        Self { weights, ..Self::default() }
    }

    /// How many claims it holds.
    pub fn len(&self) -> usize {
        self.slots.len()
    }

    /// Whether it holds none.
    pub fn is_empty(&self) -> bool {
        self.slots.is_empty()
    }

    /// Adds a claim, or puts it in the place of what was known of it.
    pub fn add(&mut self, claim: &OpenClaim, names: &Names) {
        self.remove(claim.id);
        let held = Held::of(claim, names);
        let slot = self.free.pop().unwrap_or(self.held.len());
        for (word, times) in held.weighted() {
            self.postings.entry(word.clone()).or_default().push((slot, *times));
        }
        self.length += held.length();
        self.watch.add(claim, names);
        self.slots.insert(claim.id, slot);
        match self.held.get_mut(slot) {
            Some(place) => *place = Some(held),
            None => self.held.push(Some(held)),
        }
    }

    /// Removes a claim: it was closed, or merged. Whether it was there.
    pub fn remove(&mut self, claim: ClaimId) -> bool {
        let Some(slot) = self.slots.remove(&claim) else { return false };
        let Some(held) = self.held.get_mut(slot).and_then(Option::take) else { return false };
        for (word, _) in held.weighted() {
            if let Some(list) = self.postings.get_mut(word) {
                list.retain(|(other, _)| *other != slot);
                if list.is_empty() {
                    self.postings.remove(word);
                }
            }
        }
        self.free.push(slot);
        self.length -= held.length();
        self.watch.remove(claim);
        true
    }

    /// The claims that an item may bear on, likeliest first, `most` of them at most.
    pub fn candidates(&self, item: &Item, names: &Names, most: usize) -> Vec<Candidate> {
        let probe = Probe::of(item, names);
        let awaited = self.watch.found(&probe, names);
        let mut scored: Vec<(f64, ClaimId, Features)> = self
            .looked_at(&probe, &awaited)
            .into_iter()
            .map(|(claim, features)| {
                let waits = awaited.get(&claim).map_or(0.0, |_| self.weights.awaited());
                (self.weights.score(&features) + waits, claim, features)
            })
            .collect();
        scored.sort_by(|one, two| two.0.total_cmp(&one.0).then(one.1.cmp(&two.1)));
        scored
            .into_iter()
            .map(|(score, claim, features)| {
                let party = awaited.get(&claim).copied();
                let because = self.because(claim, &probe, party, names);
                Candidate { claim, score, coverage: features.coverage(), awaited: party, because }
            })
            .filter(|candidate| candidate.awaited.is_some() || rank::is_worth_it(candidate))
            .take(most)
            .collect()
    }

    /// What the ranking knows of each claim that it looks at closely: what weights are learned from.
    pub fn looked_at_for(&self, item: &Item, names: &Names) -> Vec<(ClaimId, Features)> {
        let probe = Probe::of(item, names);
        self.looked_at(&probe, &self.watch.found(&probe, names))
    }

    fn held(&self, claim: ClaimId) -> Option<&Held> {
        self.held.get(*self.slots.get(&claim)?)?.as_ref()
    }

    fn looked_at(&self, probe: &Probe, awaited: &BTreeMap<ClaimId, SourceId>) -> Vec<(ClaimId, Features)> {
        let shortlist = self.shortlist(probe);
        let best = shortlist.first().map_or(0.0, |(_, score)| *score);
        let watched = awaited.keys().filter(|claim| !shortlist.iter().any(|(listed, _)| listed == *claim));
        let all = shortlist.iter().copied().chain(watched.map(|claim| (*claim, 0.0)));
        all.filter_map(|(id, score)| {
            let held = self.held(id)?;
            Some((id, features::of(held, probe, score, best, &|word| self.rarity(word))))
        })
        .collect()
    }

    fn because(
        &self,
        claim: ClaimId,
        probe: &Probe,
        party: Option<SourceId>,
        names: &Names,
    ) -> Vec<(Shared, Span)> {
        let mut because = self.held(claim).map(|held| held.shared(probe)).unwrap_or_default();
        if let Some(party) = party {
            because.extend(Watch::because(party, probe, names));
        }
        because.sort_by_key(|(shared, span)| (span.part, span.start, *shared));
        because.dedup();
        because
    }

    /// The claims that share the rarest words with an item, by BM25 (Robertson and Zaragoza 2009), best first.
    fn shortlist(&self, probe: &Probe) -> Vec<(ClaimId, f64)> {
        let all = self.slots.len();
        let average = (self.length / float(all.max(1))).max(1.0);
        let most = if all > FEW { float(all) * COMMON_SHARE } else { f64::INFINITY };
        let norms: Vec<f64> = self
            .held
            .iter()
            .map(|held| K1 * (1.0 - B + B * held.as_ref().map_or(average, Held::length) / average))
            .collect();
        let mut by_slot = vec![0.0; self.held.len()];
        for (word, times) in probe.counted() {
            let Some(list) = self.postings.get(word).filter(|list| float(list.len()) <= most) else { continue };
            let weight = self.rarity(word) * (1.0 + times.ln() / 4.0);
            for (slot, times) in list {
                by_slot[*slot] += weight * times * (K1 + 1.0) / (times + norms[*slot]);
            }
        }
        let reached = self.held.iter().zip(by_slot).filter(|(_, score)| *score > 0.0);
        let mut best: Vec<(ClaimId, f64)> =
            reached.filter_map(|(held, score)| held.as_ref().map(|held| (held.id, score))).collect();
        let best_first =
            |one: &(ClaimId, f64), two: &(ClaimId, f64)| two.1.total_cmp(&one.1).then(one.0.cmp(&two.0));
        if best.len() > SHORTLIST {
            best.select_nth_unstable_by(SHORTLIST - 1, best_first);
            best.truncate(SHORTLIST);
        }
        best.sort_by(best_first);
        best
    }

    /// How rare a word is among the claims: the inverse document frequency of BM25.
    fn rarity(&self, word: &str) -> f64 {
        let (all, with) = (float(self.slots.len()), float(self.postings.get(word).map_or(0, Vec::len)));
        (1.0 + (all - with + 0.5) / (with + 0.5)).ln()
    }
}

#[expect(clippy::cast_precision_loss, reason = "claims and words are counted far below 2^52")]
fn float(count: usize) -> f64 {
    count as f64
}
