//! Payloads of the commands that bring, take back or tie evidence.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::{ClaimKind, Credibility, Interest, Manner, Priority, Reference, Stance};

payload! {
    /// One source's word on one claim, as a line gives it.
    EvidenceLine {
        /// The handle that the docket keeps for it.
        #[serde(rename = "ref", default, skip_serializing_if = "Option::is_none")]
        handle: Option<String>,
        /// Who says it.
        source: Reference,
        /// What the speaker's own words do with the claim.
        stance: Stance,
        /// How a neutral answer takes no side.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        manner: Option<Manner>,
        /// How the source knows; a party that says nothing else speaks for itself.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        footing: Option<FootingWord>,
        /// How many named or unnamed sources.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        count: Option<u32>,
        /// The source, or the evidence on this claim, that it passes on.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        relays: Option<Reference>,
        /// The outlet that carried the words.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        via: Option<Reference>,
        /// How that outlet put them, where it differs.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        framed_as: Option<Stance>,
        /// How the report describes its sources.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        described_as: Option<String>,
        /// How credible the item is, 1–6.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        credibility: Option<Credibility>,
        /// Where the document is.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        url: Option<String>,
        /// The document's title.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        title: Option<String>,
        /// What was said.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        quote: Option<String>,
        /// The document's words right before the quote.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        prefix: Option<String>,
        /// The document's words right after the quote.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        suffix: Option<String>,
        /// SHA-256 of the document's bytes as they were fetched, in lower-case hexadecimal.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        snapshot: Option<String>,
        /// Whether its words are kept from checkers other than the one who records it.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        confidential: Option<bool>,
        /// When it was said.
        said_at: Timestamp,
    }
}

/// The word for a footing, as a line gives it.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FootingWord {
    /// Speaks for itself, or saw it.
    Own,
    /// A document it holds.
    Document,
    /// People it names.
    NamedSources,
    /// People it doesn't name.
    UnnamedSources,
    /// Passes on what another said.
    Relays,
    /// Nobody can tell.
    Unknown,
}

payload! {
    /// A party, as a line names it.
    PartyLine {
        /// Who.
        source: Reference,
        /// What affirming would do for it.
        interest: Interest,
    }
}

payload! {
    /// Payload of `report_claim`.
    ReportClaim {
        /// The handle that the docket keeps for it.
        #[serde(rename = "ref", default, skip_serializing_if = "Option::is_none")]
        handle: Option<String>,
        /// One checkable proposition in one sentence.
        text: String,
        /// What sort of proposition.
        kind: ClaimKind,
        /// What it is about.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        topic: Option<String>,
        /// Language of the text, BCP 47.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        language: Option<String>,
        /// How urgent; `normal` unless given.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        priority: Option<Priority>,
        /// Tags.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        tags: Vec<String>,
        /// The policy it is judged under; `default` unless given.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        policy: Option<String>,
        /// Whom it is about.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        parties: Vec<PartyLine>,
        /// The evidence it opens with: it affirms.
        evidence: EvidenceLine,
    }
}

payload! {
    /// Payload of `record_follow_up`.
    RecordFollowUp {
        /// Which claim.
        claim: Reference,
        /// The word on it.
        evidence: EvidenceLine,
    }
}

payload! {
    /// Payload of `withdraw_evidence`.
    WithdrawEvidence {
        /// Which piece.
        evidence: Reference,
        /// Why, as far as it is known.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        reason: Option<String>,
        /// When the source took it back; now unless given.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        said_at: Option<Timestamp>,
    }
}

payload! {
    /// Payload of `strike_evidence`.
    StrikeEvidence {
        /// Which piece.
        evidence: Reference,
        /// Why.
        reason: String,
    }
}

payload! {
    /// Payload of `link_origins`.
    LinkOrigins {
        /// Which claim.
        claim: Reference,
        /// Two or more original pieces on it.
        evidence: Vec<Reference>,
        /// Why.
        reason: String,
    }
}

payload! {
    /// Payload of `set_party`.
    SetParty {
        /// Which claim.
        claim: Reference,
        /// Who.
        source: Reference,
        /// What affirming would do for it.
        interest: Interest,
        /// Why.
        reason: String,
    }
}
