//! Claims that wait for a party's answer. Such an answer often shares no word with the claim ("many fakes are being
//! published"), so that words of that party in the time of waiting lead to the claim by what they speak about.

use std::collections::HashSet;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::LazyLock;

use hearsay_core::{ClaimId, SourceId};
use jiff::Timestamp;

use super::Shared;
use super::probe::Probe;
use crate::scan::scan;
use crate::words::{WordKind, stem_of, words};
use crate::{Awaited, Item, Names, OpenClaim, Part, Span};

/// What an answer to a report speaks of.
static ABOUT_REPORTS: LazyLock<HashSet<String>> = LazyLock::new(|| {
    let lines = include_str!("../../data/about_reports.words").lines().filter(|line| !line.starts_with('#'));
    lines.flat_map(str::split_whitespace).map(stem_of).collect()
});

/// So many bytes apart, a name and a word belong together.
const NEAR: usize = 400;

/// A spokesman's spokesman's office: longer chains are cut.
const MOST_REMOVES: usize = 8;

/// Whether a word is one that answers to reports have.
pub(super) fn is_about_reports(stem: &str) -> bool {
    ABOUT_REPORTS.contains(stem)
}

/// Every source that an item names, and where.
pub(super) fn named(item: &Item, names: &Names) -> HashMap<SourceId, Vec<Span>> {
    let mut found: HashMap<SourceId, Vec<Span>> = HashMap::new();
    for part in [Part::Title, Part::Text] {
        let tokens = scan(item.part(part));
        for named in names.find(&tokens) {
            let (Some(first), Some(last)) = (tokens.get(named.from), tokens.get(named.to - 1)) else { continue };
            found.entry(named.source).or_default().push(Span { part, start: first.start, end: last.end });
        }
    }
    found
}

#[derive(Debug)]
struct Watched {
    waits_for: Vec<Awaited>,
    origin: Option<SourceId>,
    /// Names and numbers of the claim that are not the parties'.
    marks: BTreeSet<String>,
    /// Its other words.
    words: BTreeSet<String>,
}

/// The claims that wait.
#[derive(Debug, Default)]
pub(super) struct Watch {
    claims: HashMap<ClaimId, Watched>,
    by_party: HashMap<SourceId, BTreeSet<ClaimId>>,
}

impl Watch {
    pub(super) fn add(&mut self, claim: &OpenClaim, names: &Names) {
        if claim.waits_for.is_empty() {
            return;
        }
        for awaited in &claim.waits_for {
            self.by_party.entry(awaited.party).or_default().insert(claim.id);
        }
        let parties = claim.parties.iter().chain(claim.waits_for.iter().map(|awaited| &awaited.party));
        let of_parties: BTreeSet<String> = parties
            .filter_map(|party| names.get(*party))
            .flat_map(|party| std::iter::once(&party.name).chain(&party.aliases))
            .flat_map(|name| words(name))
            .map(|word| word.stem)
            .collect();
        let told = words(&claim.text).into_iter().chain(claim.topic.as_deref().map(words).unwrap_or_default());
        let told = told.filter(|word| !word.is_common() && !of_parties.contains(&word.stem));
        let (plain, marks): (Vec<_>, Vec<_>) = told.partition(|word| word.kind == WordKind::Plain);
        let stems = |words: Vec<crate::words::Word>| words.into_iter().map(|word| word.stem).collect();
        let (words, marks) = (stems(plain), stems(marks));
        let (waits_for, origin) = (claim.waits_for.clone(), claim.first_source());
        self.claims.insert(claim.id, Watched { waits_for, origin, marks, words });
    }

    pub(super) fn remove(&mut self, claim: ClaimId) {
        let Some(watched) = self.claims.remove(&claim) else { return };
        for awaited in watched.waits_for {
            if let Some(claims) = self.by_party.get_mut(&awaited.party) {
                claims.remove(&claim);
                if claims.is_empty() {
                    self.by_party.remove(&awaited.party);
                }
            }
        }
    }

    /// The waiting claims that an item may answer, each with the party whose words it brings.
    pub(super) fn found(&self, probe: &Probe, names: &Names) -> BTreeMap<ClaimId, SourceId> {
        let mut found = BTreeMap::new();
        for (party, spans) in self.speaking(probe, names) {
            let claims = self.by_party.get(&party).into_iter().flatten();
            let about_reports = spans.is_empty() || probe.about_reports().any(|cue| is_near(&spans, cue));
            for claim in claims {
                let Some(watched) = self.claims.get(claim) else { continue };
                if watched.is_time(party, probe.published) && (about_reports || watched.is_met(&spans, probe)) {
                    found.entry(*claim).or_insert(party);
                }
            }
        }
        found
    }

    /// The awaited parties whose words an item may bring, and where they or who speaks for them are named; nowhere where
    /// the item is their own.
    fn speaking(&self, probe: &Probe, names: &Names) -> BTreeMap<SourceId, Vec<Span>> {
        let mut speaking: BTreeMap<SourceId, Vec<Span>> = BTreeMap::new();
        for (source, spans) in probe.sources() {
            for principal in principals(source, names).filter(|principal| self.by_party.contains_key(principal)) {
                speaking.entry(principal).or_default().extend_from_slice(spans);
            }
        }
        for spans in speaking.values_mut() {
            spans.sort_unstable();
        }
        let own = probe.outlet.into_iter().flat_map(|outlet| principals(outlet, names));
        speaking.extend(own.filter(|party| self.by_party.contains_key(party)).map(|party| (party, Vec::new())));
        speaking
    }

    /// What led to a claim that waits for a party.
    pub(super) fn because(party: SourceId, probe: &Probe, names: &Names) -> Vec<(Shared, Span)> {
        let speaking = probe.sources().filter(|(source, _)| names.speaks_for(*source, party));
        let awaited = speaking.filter_map(|(_, spans)| Some((Shared::Awaited, *spans.first()?)));
        awaited.chain(probe.about_reports().map(|span| (Shared::AboutReport, span))).collect()
    }
}

impl Watched {
    /// Whether an item's time is one of waiting for the party; an item without a time may be of any.
    fn is_time(&self, party: SourceId, published: Option<Timestamp>) -> bool {
        let mut of_party = self.waits_for.iter().filter(|awaited| awaited.party == party);
        of_party.any(|awaited| published.is_none_or(|at| awaited.may_come_at(at)))
    }

    /// Whether the party's words come near the outlet that reported, a name or a number of the claim, or two of its words.
    fn is_met(&self, spans: &[Span], probe: &Probe) -> bool {
        let origin = self.origin.into_iter().flat_map(|origin| probe.named(origin));
        let marks = self.marks.iter().filter_map(|word| probe.first(word));
        let words = self.words.iter().filter_map(|word| probe.first(word));
        origin.copied().chain(marks).any(|span| is_near(spans, span))
            || words.filter(|span| is_near(spans, *span)).count() >= 2
    }
}

/// A source, and whom it speaks for, one after another.
fn principals(source: SourceId, names: &Names) -> impl Iterator<Item = SourceId> {
    let next = |at: &SourceId| names.get(*at).and_then(|named| named.speaks_for);
    std::iter::successors(Some(source), next).take(MOST_REMOVES)
}

/// Whether a span is near one of others; where there are none, all of the item is the party's.
fn is_near(spans: &[Span], span: Span) -> bool {
    spans.is_empty() || spans.iter().any(|one| one.part != span.part || one.start.abs_diff(span.start) <= NEAR)
}
