//! Rulings, and what waits for a second person.

use serde::{Deserialize, Serialize};

use crate::{ProposalId, State, Text};

/// The editorial conclusion on a claim.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Ruling {
    /// A rating of the policy's scale.
    pub rating: String,
    /// Its numeric value in ClaimReview (`reviewRating.ratingValue`).
    pub value: i64,
    /// Why, in a paragraph for readers.
    pub summary: Text,
}

/// What somebody proposes.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(tag = "what", rename_all = "snake_case")]
pub enum Proposed {
    /// Declare a state that the standing does not carry.
    Override {
        /// The state to declare.
        to: State,
    },
    /// Publish a ruling.
    Ruling {
        /// The ruling.
        ruling: Ruling,
    },
    /// Replace a published ruling.
    Correction {
        /// What it becomes.
        ruling: Ruling,
    },
}

impl Proposed {
    /// What people call it.
    pub fn as_str(&self) -> &'static str {
        match self {
            Self::Override { .. } => "override",
            Self::Ruling { .. } => "ruling",
            Self::Correction { .. } => "correction of the ruling",
        }
    }
}

/// A proposal that waits for a second person.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Proposal {
    /// Its identity.
    pub id: ProposalId,
    /// What is proposed.
    pub proposed: Proposed,
    /// Who proposed it: the one person who cannot approve it.
    pub by: Text,
    /// Why.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub reason: Option<Text>,
}
