//! Evidence: one source's word on one claim, how the source knows, and how both are rated.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::{Confidence, EvidenceId, SourceId, Text};

/// What the speaker's own words do with the claim.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Stance {
    /// Bears out the whole sentence.
    Affirms,
    /// Says that it is not so.
    Denies,
    /// Takes no side.
    Neutral,
}

impl Stance {
    /// The word for it in files and on screen.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Affirms => "affirms",
            Self::Denies => "denies",
            Self::Neutral => "neutral",
        }
    }
}

/// How a neutral answer takes no side.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Manner {
    /// Was asked and spoke of something else.
    Deflects,
    /// Declined to comment.
    Declines,
    /// Merely discusses it.
    Discusses,
}

impl Manner {
    /// The word for it in files and on screen.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Deflects => "deflects",
            Self::Declines => "declines",
            Self::Discusses => "discusses",
        }
    }
}

/// Whom a relaying piece relays.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Relayed {
    /// Whatever that source said on this claim.
    Source(SourceId),
    /// One piece of evidence on this claim.
    Evidence(EvidenceId),
}

/// How the source knows. The first four are original; `Relays` is hearsay; `Unknown` counts for nothing.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Footing {
    /// Speaks for itself, or saw it.
    Own,
    /// A document it holds.
    Document,
    /// People it names; how many, where it says so.
    NamedSources {
        /// How many, where the report says.
        count: Option<u32>,
    },
    /// People it doesn't name; how many, where it says so.
    UnnamedSources {
        /// How many, where the report says.
        count: Option<u32>,
    },
    /// Passes on what another said.
    Relays(Relayed),
    /// Nobody can tell.
    Unknown,
}

impl Footing {
    /// Whether the source speaks from what it knows, not from what another reported.
    pub fn is_original(self) -> bool {
        match self {
            Self::Own | Self::Document | Self::NamedSources { .. } | Self::UnnamedSources { .. } => true,
            Self::Relays(_) | Self::Unknown => false,
        }
    }

    /// Whether a party that speaks on this footing speaks on the record.
    pub fn is_on_the_record(self) -> bool {
        match self {
            Self::Own | Self::Document => true,
            Self::NamedSources { .. } | Self::UnnamedSources { .. } | Self::Relays(_) | Self::Unknown => false,
        }
    }

    /// The word for it in files and on screen.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Own => "own",
            Self::Document => "document",
            Self::NamedSources { .. } => "named_sources",
            Self::UnnamedSources { .. } => "unnamed_sources",
            Self::Relays(_) => "relays",
            Self::Unknown => "unknown",
        }
    }
}

/// Admiralty reliability of a source, best first (NATO AJP-2.1). `F`: cannot be judged yet.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default, Serialize, Deserialize)]
pub enum Reliability {
    /// Completely reliable.
    A,
    /// Usually reliable.
    B,
    /// Fairly reliable.
    C,
    /// Not usually reliable.
    D,
    /// Unreliable.
    E,
    /// Cannot be judged yet.
    #[default]
    F,
}

impl Reliability {
    /// Whether a source so rated lies below the floor. `F` is below none.
    pub fn is_below(self, floor: Self) -> bool {
        self != Self::F && self > floor
    }

    /// The letter.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::A => "A",
            Self::B => "B",
            Self::C => "C",
            Self::D => "D",
            Self::E => "E",
            Self::F => "F",
        }
    }
}

/// Admiralty credibility of an item, 1 (confirmed) to 5 (improbable); 6: cannot be judged.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(try_from = "u8", into = "u8")]
pub struct Credibility(u8);

impl Credibility {
    /// Cannot be judged: the default.
    pub const UNJUDGED: Self = Self(6);

    /// Whether an item so rated lies below the floor. 6 is below none.
    pub fn is_below(self, floor: Self) -> bool {
        self != Self::UNJUDGED && self > floor
    }
}

impl Default for Credibility {
    fn default() -> Self {
        Self::UNJUDGED
    }
}

impl From<Credibility> for u8 {
    fn from(credibility: Credibility) -> Self {
        credibility.0
    }
}

impl TryFrom<u8> for Credibility {
    type Error = String;

    fn try_from(number: u8) -> Result<Self, Self::Error> {
        if (1..=6).contains(&number) {
            Ok(Self(number))
        } else {
            Err(format!("credibility runs from 1 to 6, not `{number}`"))
        }
    }
}

/// One source's word on one claim, as far as the rules need it. Its words are in [`Words`].
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Evidence {
    /// Its identity.
    pub id: EvidenceId,
    /// The handle that the docket keeps for it.
    #[serde(rename = "ref", skip_serializing_if = "Option::is_none", default)]
    pub handle: Option<Text>,
    /// Who says it.
    pub source: SourceId,
    /// The outlet that carried the words, where the source did not publish them itself.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub via: Option<SourceId>,
    /// What the words do with the claim.
    pub stance: Stance,
    /// How a neutral answer takes no side.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub manner: Option<Manner>,
    /// How the source knows.
    pub footing: Footing,
    /// How credible the item itself is.
    #[serde(default)]
    pub credibility: Credibility,
    /// How the carrying outlet put the words, where that differs. Kept, shown, never counted.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub framed_as: Option<Stance>,
    /// When it was said.
    pub said_at: Timestamp,
    /// When the source took it back.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub withdrawn_at: Option<Timestamp>,
    /// Whether the desk took back its own record.
    #[serde(skip_serializing_if = "std::ops::Not::not", default)]
    pub struck: bool,
}

impl Evidence {
    /// Who published it: the carrier, else the source itself.
    pub fn publisher(&self) -> SourceId {
        self.via.unwrap_or(self.source)
    }

    /// Whether neither the source nor the desk has taken it back.
    pub fn is_live(&self) -> bool {
        self.withdrawn_at.is_none() && !self.struck
    }
}

/// The words of a piece of evidence: kept for people, never counted.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
pub struct Words {
    /// Where the document is.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub url: Option<Text>,
    /// The document's title.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub title: Option<Text>,
    /// What was said, as the document has it.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub quote: Option<Text>,
    /// The document's words right before the quote, by which its place is found.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub prefix: Option<Text>,
    /// The document's words right after the quote.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub suffix: Option<Text>,
    /// SHA-256 of the document's bytes as they were fetched, in lower-case hexadecimal.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub snapshot: Option<Text>,
    /// How the report describes its sources.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub described_as: Option<Text>,
    /// Who may read them.
    #[serde(skip_serializing_if = "Confidence::is_open", default)]
    pub confidence: Confidence,
}
