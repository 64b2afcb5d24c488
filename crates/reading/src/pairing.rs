//! What a text does with a headline or a claim, by learned weights: the whole text, not one speaker's words.
//! What is learned is in a weights file; from what, its first lines say.

mod body;
mod headline;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

use crate::claim_words::{ratio, telling};
use crate::lexicon::{Cue, Found, lexicon};
use crate::linear::{Course, Example, Features, Linear, bucket, fit, learn};
use crate::quotes::quotations;
use crate::scan::{Token, scan};
use crate::sentences::{Stretch, sentences};
use crate::wording::classes;

/// What one text does with another.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Pairing {
    /// Bears it out.
    Affirms,
    /// Says that it is not so.
    Denies,
    /// Speaks of it, and takes no side.
    Neutral,
    /// Is about something else.
    Unrelated,
}

impl Pairing {
    /// All of them, in the order of a model's classes.
    pub const ALL: [Self; 4] = [Self::Affirms, Self::Denies, Self::Neutral, Self::Unrelated];

    fn class(self) -> usize {
        match self {
            Self::Affirms => 0,
            Self::Denies => 1,
            Self::Neutral => 2,
            Self::Unrelated => 3,
        }
    }
}

/// Which texts are paired: what is learned of one kind says little of the other.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum PairKind {
    /// A claim, and the headline of an article.
    Headline,
    /// A headline, and the body of an article.
    Body,
}

const HEADLINE_BUCKETS: usize = 1 << 16;
const BODY_BUCKETS: usize = 1 << 16;
/// Chosen by folds: between 3 and 10, it makes little difference.
const HEADLINE_PULL: f32 = 5.0;
const HEADLINE_WEIGHTS: &str = include_str!("../data/headline.weights");
const BODY_WEIGHTS: &str = include_str!("../data/body.weights");

static SHIPPED: LazyLock<[Option<Linear>; 2]> =
    LazyLock::new(|| [Linear::parse(HEADLINE_WEIGHTS).ok(), Linear::parse(BODY_WEIGHTS).ok()]);

/// A text, prepared to be paired with many others.
#[derive(Clone, Debug)]
pub struct Prepared {
    tokens: Vec<Token>,
    /// The telling form of each token.
    telling: Vec<Option<String>>,
    words: BTreeSet<String>,
    stretches: Vec<Stretch>,
    cues: Vec<Found>,
    /// What each token tells as a word of a headline.
    classes: Vec<u16>,
}

impl Prepared {
    /// Prepares an English text.
    pub fn of(text: &str) -> Self {
        let tokens = scan(text);
        let stretches = sentences(&tokens, &quotations(&tokens));
        let telling: Vec<Option<String>> = tokens.iter().map(telling).collect();
        let words = telling.iter().flatten().cloned().collect();
        let cues = lexicon(Some("en")).find(&tokens);
        let classes = tokens.iter().map(classes).collect();
        Self { tokens, telling, words, stretches, cues, classes }
    }

    fn cues_in(&self, from: usize, to: usize) -> impl Iterator<Item = &Found> {
        let first = self.cues.partition_point(|one| one.from < from);
        self.cues[first..].iter().take_while(move |one| one.from < to)
    }
}

/// A model of one kind of pairs.
#[derive(Clone, Debug)]
pub struct PairModel {
    kind: PairKind,
    linear: Linear,
}

impl PairModel {
    /// The model that this crate ships.
    pub fn shipped(kind: PairKind) -> Self {
        let (at, buckets) = match kind {
            PairKind::Headline => (0, HEADLINE_BUCKETS),
            PairKind::Body => (1, BODY_BUCKETS),
        };
        let linear = SHIPPED[at].clone().unwrap_or_else(|| Linear::new(Pairing::ALL.len(), buckets));
        Self { kind, linear }
    }

    /// Learns from pairs and what each is. The rarer a class, the more each of its pairs counts.
    pub fn learn(kind: PairKind, pairs: &[(&Prepared, &Prepared, Pairing)], seed: u64) -> Self {
        let buckets = match kind {
            PairKind::Headline => HEADLINE_BUCKETS,
            PairKind::Body => BODY_BUCKETS,
        };
        let mut counts = [0_usize; 4];
        for (.., pairing) in pairs {
            counts[pairing.class()] += 1;
        }
        let weight = |class: usize| match kind {
            PairKind::Headline => 1.0,
            PairKind::Body => rarity(counts[class], pairs.len()),
        };
        let examples: Vec<Example> = pairs
            .iter()
            .map(|(one, other, pairing)| Example {
                features: features(kind, one, other, buckets),
                class: pairing.class(),
                weight: weight(pairing.class()),
            })
            .collect();
        let classes = Pairing::ALL.len();
        let linear = match kind {
            PairKind::Headline => fit(&examples, classes, buckets, HEADLINE_PULL),
            PairKind::Body => {
                learn(&examples, classes, buckets, Course { epochs: 4, rate: 0.06, decay: 2e-5, seed })
            }
        };
        Self { kind, linear }
    }

    /// What the second text does with the first, and how often such a conclusion is right, from 0 to 1.
    pub fn pair(&self, one: &Prepared, other: &Prepared) -> (Pairing, f64) {
        let shares = self.linear.shares(&features(self.kind, one, other, self.linear.buckets()));
        let best = (0..shares.len()).max_by(|a, b| shares[*a].total_cmp(&shares[*b])).unwrap_or(2);
        (Pairing::ALL[best], f64::from(shares[best]))
    }

    /// The weights file, saying from what it was learned.
    pub fn to_file(&self, learned_from: &str) -> String {
        self.linear.to_file(learned_from)
    }
}

fn rarity(count: usize, all: usize) -> f32 {
    let share = |count: usize| f32::from(u16::try_from((count * 10_000 / all.max(1)).max(1)).unwrap_or(u16::MAX));
    (2_500.0 / share(count)).powf(0.7).clamp(0.5, 8.0)
}

/// Collects features under their names.
struct Bag {
    buckets: usize,
    values: BTreeMap<usize, f32>,
}

impl Bag {
    fn add(&mut self, parts: &[&str], value: f32) {
        let entry = self.values.entry(bucket(parts, self.buckets)).or_insert(0.0);
        *entry = (*entry + value).min(2.0);
    }

    /// A share, as the step that it lies in and all below.
    fn share(&mut self, name: &str, share: f64) {
        const STEPS: [(&str, f64); 9] = [
            ("1", 0.05),
            ("2", 0.12),
            ("3", 0.2),
            ("4", 0.3),
            ("5", 0.4),
            ("6", 0.5),
            ("7", 0.65),
            ("8", 0.8),
            ("9", 0.95),
        ];
        for (step, _) in STEPS.iter().filter(|(_, least)| share >= *least) {
            self.add(&[name, step], 0.7);
        }
    }
}

fn features(kind: PairKind, one: &Prepared, other: &Prepared, buckets: usize) -> Features {
    let mut bag = Bag { buckets, values: BTreeMap::new() };
    bag.add(&["always"], 1.0);
    match kind {
        PairKind::Headline => headline::features(&mut bag, one, other),
        PairKind::Body => body::features(&mut bag, one, other),
    }
    bag.values.into_iter().collect()
}

fn shared<'a>(one: &'a Prepared, other: &'a Prepared) -> impl Iterator<Item = &'a String> {
    one.words.iter().filter(|word| other.words.contains(*word))
}

fn overlap(bag: &mut Bag, one: &Prepared, other: &Prepared) -> f64 {
    let both = shared(one, other).count();
    let of_one = ratio(both, one.words.len().max(1));
    bag.share("of_one", of_one);
    bag.share("of_other", ratio(both, other.words.len().max(1)));
    of_one
}

fn name(cue: Cue) -> &'static str {
    match cue {
        Cue::Say => "say",
        Cue::Tell => "tell",
        Cue::Report => "report",
        Cue::According => "according",
        Cue::Cite => "cite",
        Cue::Affirm => "affirm",
        Cue::Deny => "deny",
        Cue::Doubt => "doubt",
        Cue::Decline => "decline",
        Cue::Asked => "asked",
        Cue::False => "false",
        Cue::True => "true",
        Cue::Deflect => "deflect",
        Cue::Mute => "mute",
        Cue::This => "this",
        Cue::Many => "many",
        Cue::Not => "not",
        Cue::Interview => "interview",
        Cue::Unnamed => "unnamed",
        Cue::Knowing => "knowing",
        Cue::Number => "number",
        Cue::Supposed => "supposed",
        Cue::Saw => "saw",
    }
}

fn cue_set(text: &Prepared, from: usize, to: usize) -> BTreeSet<&'static str> {
    text.cues_in(from, to).map(|one| name(one.cue)).collect()
}
