//! What an item does with one claim: who speaks, what the words do, on whose word.

use hearsay_core::{FootingWord, Manner, SourceId, Stance};
use jiff::Timestamp;
use serde::Serialize;

use crate::Span;

/// Who speaks, as far as the item tells.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct Speaker {
    /// As the item, or the registry, names them.
    pub name: String,
    /// Who that is in the registry.
    pub id: Option<SourceId>,
}

/// How the speaker knows.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct ReadFooting {
    /// The word for it.
    pub kind: FootingWord,
    /// How many sources the item gives, named or not; also those of a report that is passed on.
    pub count: Option<u32>,
    /// How it describes them.
    pub described_as: Option<String>,
    /// Whom it relays: the nearest link.
    pub relays: Option<Speaker>,
}

/// A quotation as a text selector: the words, and what stands around them.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct Quote {
    /// The words.
    pub exact: String,
    /// What stands before them.
    pub prefix: String,
    /// What stands after them.
    pub suffix: String,
}

/// The rule or the weights that a conclusion comes from, and the words that led to it.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct Because {
    /// The rule's name.
    pub rule: &'static str,
    /// Where the words stand.
    pub span: Option<Span>,
}

/// One source's word on one claim, as the item has it.
#[derive(Clone, PartialEq, Debug, Serialize)]
pub struct Bearing {
    /// Who speaks.
    pub speaker: Speaker,
    /// What the speaker's own words do with the claim.
    pub stance: Stance,
    /// How a neutral answer takes no side.
    pub manner: Option<Manner>,
    /// How the outlet puts the same words, where it puts them in words of its own.
    pub framed_as: Option<Stance>,
    /// How the speaker knows.
    pub footing: ReadFooting,
    /// Who carried the words, where the speaker did not publish them: the nearest to the speaker that is named.
    pub via: Option<Speaker>,
    /// When it was said.
    pub said_at: Option<Timestamp>,
    /// The words.
    pub quote: Option<Quote>,
    /// How often such a bearing is right, from 0 to 1.
    pub confidence: f64,
    /// What led to it.
    pub because: Vec<Because>,
}
