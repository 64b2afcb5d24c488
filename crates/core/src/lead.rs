//! Leads: what the worker reads out of an item, laid before a person; what the fold of a claim keeps of them.
//! Invariant: a lead that waits moves no standing; what became of a settled one is kept, its words are not.

use std::collections::BTreeSet;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::{
    ErasedTexts, EvidenceId, FeedNumber, FootingWord, ItemNumber, LeadNumber, Manner, SourceId, Stance, Text,
    Words, fold_name,
};

/// What the worker suggests to record. Sources are named by id where the registry knows them.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Suggested {
    /// Who says it, as the item names them.
    pub speaker: Text,
    /// The same, where the registry knows them.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub source: Option<SourceId>,
    /// What the speaker's own words do with the claim.
    pub stance: Stance,
    /// How a neutral answer takes no side.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub manner: Option<Manner>,
    /// How the source knows; none: as a party that speaks for itself.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub footing: Option<FootingWord>,
    /// How many named or unnamed sources.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub count: Option<u32>,
    /// Whom it relays, as the item names them.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub relayed: Option<Text>,
    /// The same, where the registry knows them.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub relays: Option<SourceId>,
    /// The outlet that carried the words.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub via: Option<SourceId>,
    /// How that outlet put them, where it differs.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub framed_as: Option<Stance>,
    /// When it was said, as far as the item tells.
    pub said_at: Timestamp,
}

/// Where an item came from, and with what it shares its text.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Arrival {
    /// The item.
    pub item: ItemNumber,
    /// The first item with nearly the same text: itself, mostly.
    pub document: ItemNumber,
    /// The feed that brought it; none for what somebody submitted.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub feed: Option<FeedNumber>,
}

/// One of the reasons for a suggestion: a rule, and the words that it was drawn from.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Because {
    /// The rule's name, or that of the weights.
    pub rule: String,
    /// Where the words begin, in bytes of the item as it is read: its title, a blank line, its text.
    pub start: u32,
    /// Where they end: the first byte after them.
    pub end: u32,
}

/// From which lead a follow-up was recorded, and by whom.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct FromLead {
    /// The lead.
    pub lead: LeadNumber,
    /// How it was taken in.
    #[serde(rename = "as")]
    pub taken: Taken,
}

/// How a lead was taken in.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Taken {
    /// A person accepted it as it was suggested.
    Accepted,
    /// A person accepted it with corrections of these fields; what was suggested is in the lead.
    Corrected(Vec<String>),
    /// The worker recorded it by itself: its channel is trusted.
    Automatic,
}

/// A lead of a claim, as far as the rules need it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Lead {
    /// Its short reference.
    pub number: LeadNumber,
    /// Who speaks, as the item names them.
    pub speaker: Text,
    /// The same, where the registry knew them.
    pub source: Option<SourceId>,
    /// What the words do with the claim.
    pub stance: Stance,
    /// The first item with nearly the same text.
    pub document: ItemNumber,
    /// The items that brought it, by the same words or by nearly the same text.
    pub items: BTreeSet<ItemNumber>,
    /// What became of it.
    pub state: LeadState,
}

/// What became of a lead.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum LeadState {
    /// A person has still to look at it.
    Waiting(Box<Suggestion>),
    /// It became a follow-up.
    Recorded {
        /// The piece of evidence.
        evidence: EvidenceId,
        /// Whether no person looked at it first.
        automatic: bool,
        /// The words that were suggested, by which others like it are known.
        quote: Option<Text>,
    },
    /// It became a follow-up that the desk has taken back.
    Undone {
        /// The piece of evidence.
        evidence: EvidenceId,
    },
    /// A person dismissed it.
    Dismissed,
}

/// What is suggested, and its words.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Suggestion {
    /// What to record.
    pub suggested: Suggested,
    /// Its words.
    pub words: Words,
}

/// What one lead has in common with another that says the same.
pub(crate) struct Likeness<'a> {
    pub(crate) suggested: &'a Suggested,
    pub(crate) words: &'a Words,
    pub(crate) arrival: Arrival,
}

impl LeadState {
    /// The word for it in files and on screen.
    pub fn as_str(&self) -> &'static str {
        match self {
            Self::Waiting(_) => "waiting",
            Self::Recorded { .. } => "accepted",
            Self::Undone { .. } => "undone",
            Self::Dismissed => "dismissed",
        }
    }
}

impl Lead {
    /// A lead as it is laid.
    pub(crate) fn laid(number: LeadNumber, arrival: Arrival, suggested: &Suggested, words: &Words) -> Self {
        Self {
            number,
            speaker: suggested.speaker.clone(),
            source: suggested.source,
            stance: suggested.stance,
            document: arrival.document,
            items: BTreeSet::from([arrival.item]),
            state: LeadState::Waiting(Box::new(Suggestion { suggested: suggested.clone(), words: words.clone() })),
        }
    }

    /// The evidence that it became, if the desk has not taken that back.
    pub fn recorded(&self) -> Option<EvidenceId> {
        match &self.state {
            LeadState::Recorded { evidence, .. } => Some(*evidence),
            LeadState::Waiting(_) | LeadState::Undone { .. } | LeadState::Dismissed => None,
        }
    }

    /// Whether it waits for a person or became a follow-up that stands recorded.
    fn is_live(&self) -> bool {
        match self.state {
            LeadState::Waiting(_) | LeadState::Recorded { .. } => true,
            LeadState::Undone { .. } | LeadState::Dismissed => false,
        }
    }

    fn quote(&self) -> Option<&str> {
        let quote = match &self.state {
            LeadState::Waiting(suggestion) => suggestion.words.quote.as_ref(),
            LeadState::Recorded { quote, .. } => quote.as_ref(),
            LeadState::Undone { .. } | LeadState::Dismissed => None,
        };
        quote.and_then(Text::body)
    }

    /// Whether both are one speaker's word to one effect.
    pub(crate) fn is_of_one_voice(&self, like: &Likeness<'_>) -> bool {
        let same_speaker = match (self.source, like.suggested.source) {
            (Some(mine), Some(other)) => mine == other,
            (None, None) => match (self.speaker.body(), like.suggested.speaker.body()) {
                (Some(mine), Some(other)) => fold_name(mine) == fold_name(other),
                (_, _) => false,
            },
            (_, _) => false,
        };
        same_speaker && self.stance == like.suggested.stance
    }

    /// Whether the other is the same word again: by nearly the same text, or by the same quote.
    pub(crate) fn is_repeated_by(&self, like: &Likeness<'_>) -> bool {
        let same_quote = match (self.quote(), like.words.quote.as_ref().and_then(Text::body)) {
            (Some(mine), Some(other)) => fold_name(mine) == fold_name(other),
            (_, _) => false,
        };
        self.is_of_one_voice(like)
            && if self.is_live() {
                same_quote || self.document == like.arrival.document
            } else {
                self.items.contains(&like.arrival.item)
            }
    }

    /// What it came to when its evidence was recorded.
    pub(crate) fn take(&mut self, evidence: EvidenceId, taken: &Taken) {
        let quote = match &self.state {
            LeadState::Waiting(suggestion) => suggestion.words.quote.clone(),
            LeadState::Recorded { .. } | LeadState::Undone { .. } | LeadState::Dismissed => None,
        };
        self.state = LeadState::Recorded { evidence, automatic: *taken == Taken::Automatic, quote };
    }

    /// Seals the words that were erased.
    pub(crate) fn forget_words(&mut self, erased: &ErasedTexts) {
        if erased.has("suggested.speaker") {
            self.speaker = Text::Sealed;
        }
        match &mut self.state {
            LeadState::Waiting(suggestion) => suggestion.forget_words(erased),
            LeadState::Recorded { quote, .. } if erased.has("words.quote") => *quote = Some(Text::Sealed),
            LeadState::Recorded { .. } | LeadState::Undone { .. } | LeadState::Dismissed => {}
        }
    }
}

impl Suggestion {
    fn forget_words(&mut self, erased: &ErasedTexts) {
        let words = &mut self.words;
        let suggested = &mut self.suggested;
        if erased.has("suggested.speaker") {
            suggested.speaker = Text::Sealed;
        }
        for (field, text) in [
            ("suggested.relayed", &mut suggested.relayed),
            ("words.url", &mut words.url),
            ("words.title", &mut words.title),
            ("words.quote", &mut words.quote),
            ("words.prefix", &mut words.prefix),
            ("words.suffix", &mut words.suffix),
            ("words.described_as", &mut words.described_as),
            ("words.snapshot", &mut words.snapshot),
        ] {
            if erased.has(field) {
                *text = Some(Text::Sealed);
            }
        }
    }
}

/// How sure the worker is, in thousandths: 0 to 1000.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(try_from = "u16", into = "u16")]
pub struct Permille(u16);

impl Permille {
    /// Certain.
    pub const FULL: Self = Self(1_000);
}

impl From<Permille> for u16 {
    fn from(permille: Permille) -> Self {
        permille.0
    }
}

impl TryFrom<u16> for Permille {
    type Error = String;

    fn try_from(thousandths: u16) -> Result<Self, Self::Error> {
        if thousandths <= Self::FULL.0 {
            Ok(Self(thousandths))
        } else {
            Err(format!("a confidence is given in thousandths, from 0 to 1000, not `{thousandths}`"))
        }
    }
}
