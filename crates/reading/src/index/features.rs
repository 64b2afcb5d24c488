//! What the ranking knows of a claim beside an item: figures between 0 and 1, most of them.

use std::collections::BTreeSet;

use super::float;
use super::held::Held;
use super::probe::Probe;

/// What each figure is, in their order; the weights' file names them so.
pub const FEATURES: [&str; 15] = [
    "bm25",          // against the best of the shortlist
    "bm25_sum",      // the same in itself, a twentieth
    "text",          // rare words of the claim that the item has
    "topic",         // the same of its topic
    "notes",         // the same of its notes
    "window",        // rare words of the claim within one stretch of the item
    "pairs",         // words of the claim that follow one another in the item too
    "names",         // names in the claim that the item has
    "numbers",       // numbers of the claim that the item has
    "other_numbers", // both have numbers, and none in common
    "negation",      // one is negated, and the other isn't
    "far_in_time",   // years between the report and the item, two at most, halved
    "near_in_time",  // 1 on the day of the report, a third two months off
    "parties",       // parties of the claim that the item names
    "origin",        // the item names or is of those who spoke on the claim
];

/// The figures of one claim beside one item.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Features(pub [f64; FEATURES.len()]);

impl Features {
    /// The share of the claim's rare words that the item has, of its sentence or of its topic.
    pub fn coverage(&self) -> f64 {
        self.0[2].max(self.0[3])
    }
}

pub(super) fn of(held: &Held, probe: &Probe, bm25: f64, best: f64, rarity: &dyn Fn(&str) -> f64) -> Features {
    let (text, window) = covered(&held.text, probe, rarity);
    let (topic, _) = covered(&held.topic, probe, rarity);
    let (notes, _) = covered(&held.notes, probe, rarity);
    let numbers =
        share(held.numbers.iter().filter(|number| probe.numbers.contains(*number)).count(), held.numbers.len());
    let other = !held.numbers.is_empty() && !probe.numbers.is_empty() && numbers == 0.0;
    let days = days_between(held, probe);
    let origin =
        held.sources.iter().any(|source| !probe.named(*source).is_empty() || probe.outlet == Some(*source));
    Features([
        if best > 0.0 { bm25 / best } else { 0.0 },
        bm25 / 20.0,
        text,
        topic,
        notes,
        window,
        share(held.pairs.iter().filter(|pair| probe.pairs.contains(*pair)).count(), held.pairs.len()),
        covered(&held.names, probe, rarity).0,
        numbers,
        flag(other),
        flag(held.negated != probe.negated),
        days.map_or(0.0, |days| (days / 730.0).min(1.0)),
        days.map_or(0.0, |days| (-days / 60.0).exp()),
        share(held.parties.iter().filter(|party| !probe.named(**party).is_empty()).count(), held.parties.len()),
        flag(origin),
    ])
}

/// The share of some words, weighed by how rare they are, that an item has: anywhere, and within its best window.
fn covered(wanted: &BTreeSet<String>, probe: &Probe, rarity: &dyn Fn(&str) -> f64) -> (f64, f64) {
    let (mut all, mut there, mut by_window) = (0.0, 0.0, [0.0_f64; 64]);
    for word in wanted {
        let weight = rarity(word);
        let mut windows = probe.windows(word);
        all += weight;
        if windows != 0 {
            there += weight;
        }
        while windows != 0 {
            by_window[windows.trailing_zeros() as usize] += weight;
            windows &= windows - 1;
        }
    }
    if all <= 0.0 {
        return (0.0, 0.0);
    }
    (there / all, by_window.into_iter().fold(0.0, f64::max) / all)
}

/// Days between the report and the item, where both are known.
fn days_between(held: &Held, probe: &Probe) -> Option<f64> {
    let between = probe.published?.duration_since(held.reported_at?);
    Some(between.as_secs_f64().abs() / 86_400.0)
}

fn share(some: usize, all: usize) -> f64 {
    if all == 0 { 0.0 } else { float(some) / float(all) }
}

fn flag(holds: bool) -> f64 {
    if holds { 1.0 } else { 0.0 }
}
