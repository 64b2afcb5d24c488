//! The weights of the ranking, read from the file that says from what they were learned.

use std::fmt::Write as _;
use std::str::FromStr;
use std::sync::LazyLock;

use super::features::{FEATURES, Features};
use super::{Candidate, Shared};

static SHIPPED: LazyLock<Option<Weights>> =
    LazyLock::new(|| include_str!("../../data/ranking.weights").parse().ok());

/// How much a claim gains that waits for the answer of a party whose words an item brings.
const AWAITED: &str = "awaited";

/// A weight for each figure.
#[derive(Clone, PartialEq, Debug)]
pub struct Weights {
    by_feature: [f64; FEATURES.len()],
    awaited: f64,
}

impl Default for Weights {
    /// Those that are shipped.
    fn default() -> Self {
        SHIPPED.clone().unwrap_or(Self { by_feature: [1.0; FEATURES.len()], awaited: 1.0 })
    }
}

impl Weights {
    /// Weights that were learned; what a claim gains that waits for an answer stays.
    #[must_use]
    pub fn with(&self, by_feature: [f64; FEATURES.len()]) -> Self {
        Self { by_feature, awaited: self.awaited }
    }

    /// Each figure's weight.
    pub fn by_feature(&self) -> [f64; FEATURES.len()] {
        self.by_feature
    }

    pub(super) fn awaited(&self) -> f64 {
        self.awaited
    }

    /// The figures, weighed and added up.
    pub fn score(&self, features: &Features) -> f64 {
        self.by_feature.iter().zip(features.0).map(|(weight, figure)| weight * figure).sum()
    }

    /// As the file has them, one a line.
    pub fn to_lines(&self) -> String {
        let named = FEATURES.iter().zip(self.by_feature).map(|(name, weight)| (*name, weight));
        named.chain([(AWAITED, self.awaited)]).fold(String::new(), |mut lines, (name, weight)| {
            // Writing to a string cannot fail.
            if writeln!(lines, "{name} {weight:.4}").is_err() {
                lines.clear();
            }
            lines
        })
    }
}

/// A line of a weights' file is not a name and a number, or a weight is missing.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` has no weight in the file")]
pub struct WeightMissing(String);

impl FromStr for Weights {
    type Err = WeightMissing;

    fn from_str(file: &str) -> Result<Self, Self::Err> {
        let weight = |name: &str| {
            let line = file.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(' '));
            line.and_then(|weight| weight.trim().parse::<f64>().ok()).ok_or_else(|| WeightMissing(name.to_owned()))
        };
        let mut by_feature = [0.0; FEATURES.len()];
        for (place, name) in by_feature.iter_mut().zip(FEATURES) {
            *place = weight(name)?;
        }
        Ok(Self { by_feature, awaited: weight(AWAITED)? })
    }
}

/// Whether a claim shares enough with an item to be looked at: two of its words, and a tenth of what its sentence or its
/// topic weighs, or both who reported it first and a party.
pub(super) fn is_worth_it(candidate: &Candidate) -> bool {
    let is_word = |shared: &Shared| matches!(shared, Shared::Word | Shared::Name | Shared::Number);
    let has = |wanted: Shared| candidate.because.iter().any(|(shared, _)| *shared == wanted);
    let words = candidate.because.iter().filter(|(shared, _)| is_word(shared)).count();
    words >= 2 && (candidate.coverage >= 0.1 || (has(Shared::Origin) && has(Shared::Party)))
}
