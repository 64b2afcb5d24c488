//! Policies: what counts as enough. Named and versioned; an event records each version.

use std::collections::{BTreeMap, HashMap};

use jiff::SignedDuration;
use serde::{Deserialize, Serialize};

use crate::{Claim, Credibility, FeedNumber, Permille, Reliability, SourceId, Standing};

/// The desk's own rating scale: each rating with its numeric value in ClaimReview.
pub type RatingScale = BTreeMap<String, i64>;

/// What needs a second person.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FourEyes {
    /// Rulings and their corrections.
    Ruling,
    /// Declaring a state that the standing does not carry.
    Override,
    /// Erasing a text.
    Erasure,
}

/// A channel whose words the worker records without a person.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TrustedChannel {
    /// Whose words: the source itself, or whoever spoke for it. What it is later merged into is not meant.
    pub source: SourceId,
    /// The feed that brings them.
    pub feed: FeedNumber,
    /// The confidence above which they are recorded.
    pub over: Permille,
}

/// A channel as a policy has it.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Channel {
    /// Words of a source from a feed.
    Trusted(TrustedChannel),
    /// A name, as policies had it before there were feeds: it trusts nothing.
    Named(String),
}

/// One version of a policy.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Policy {
    /// Its name.
    pub name: String,
    /// Counted from 1.
    pub version: u32,
    /// How many counting origins settle a side.
    pub origins: u32,
    /// Whether one acknowledgement that counts is enough to support.
    pub acknowledgement_settles: bool,
    /// Whether one party's standing denial is enough to oppose.
    pub party_denial_suffices: bool,
    /// Whether origins whose publisher is rated F count.
    pub count_unrated: bool,
    /// Sources rated below this don't stand.
    pub reliability_floor: Reliability,
    /// Items rated below this don't stand.
    pub credibility_floor: Credibility,
    /// Standings to which the worker may advance a claim by itself.
    pub auto_advance: Vec<Standing>,
    /// What needs a second person.
    pub four_eyes: Vec<FourEyes>,
    /// Channels whose words the worker may record without a person.
    pub auto_record: Vec<Channel>,
    /// How long each party has to answer.
    pub answer_within: SignedDuration,
    /// How long until a claim without a ruling is to be reviewed.
    pub review_within: SignedDuration,
    /// The ruling scale.
    pub ratings: RatingScale,
}

impl Policy {
    /// The name of the policy under which a claim is judged unless it names another.
    pub const DEFAULT_NAME: &str = "default";

    /// The first version of a policy of that name: every key at its default.
    pub fn first(name: &str) -> Self {
        Self {
            name: name.to_owned(),
            version: 1,
            origins: 2,
            acknowledgement_settles: true,
            party_denial_suffices: true,
            count_unrated: false,
            reliability_floor: Reliability::D,
            credibility_floor: Credibility::try_from(4).unwrap_or_default(),
            auto_advance: Vec::new(),
            four_eyes: Vec::new(),
            auto_record: Vec::new(),
            answer_within: SignedDuration::from_hours(24),
            review_within: SignedDuration::from_hours(72),
            ratings: default_ratings(),
        }
    }

    /// Whether that needs a second person.
    pub fn needs_two(&self, what: FourEyes) -> bool {
        self.four_eyes.contains(&what)
    }
}

/// Five steps from false to true, as ClaimReview publishers number them.
fn default_ratings() -> RatingScale {
    [("False", 1), ("Mostly false", 2), ("Half true", 3), ("Mostly true", 4), ("True", 5)]
        .into_iter()
        .map(|(rating, value)| (rating.to_owned(), value))
        .collect()
}

/// The current version of each policy, by name. The default policy is always there.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Policies {
    default: Policy,
    others: HashMap<String, Policy>,
}

impl Default for Policies {
    fn default() -> Self {
        Self { default: Policy::first(Policy::DEFAULT_NAME), others: HashMap::new() }
    }
}

impl Policies {
    /// The current version of the policy of that name.
    pub fn get(&self, name: &str) -> Option<&Policy> {
        if name == self.default.name { Some(&self.default) } else { self.others.get(name) }
    }

    /// The policy that a claim is judged under: a claim names one that is there.
    pub fn of(&self, claim: &Claim) -> &Policy {
        self.get(&claim.policy).unwrap_or(&self.default)
    }

    /// Puts a version in force.
    pub fn put(&mut self, policy: Policy) {
        if policy.name == self.default.name {
            self.default = policy;
        } else {
            self.others.insert(policy.name.clone(), policy);
        }
    }

    /// All current versions, by name.
    pub fn all(&self) -> Vec<&Policy> {
        let mut all: Vec<&Policy> = self.others.values().chain([&self.default]).collect();
        all.sort_by(|a, b| a.name.cmp(&b.name));
        all
    }
}
