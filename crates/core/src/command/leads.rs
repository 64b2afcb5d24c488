//! Payloads of the commands on leads.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::sources::given;
use crate::{Because, Credibility, FeedNumber, FootingWord, ItemNumber, Manner, Permille, Reference, Stance};

payload! {
    /// What the worker suggests to record, as a line gives it.
    SuggestedLine {
        /// Who says it, as the item names them.
        speaker: String,
        /// The same, where the registry knows them.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        source: Option<Reference>,
        /// What the speaker's own words do with the claim.
        stance: Stance,
        /// How a neutral answer takes no side.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        manner: Option<Manner>,
        /// How the source knows; left out: as a party that speaks for itself.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        footing: Option<FootingWord>,
        /// How many named or unnamed sources.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        count: Option<u32>,
        /// How the report describes its sources.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        described_as: Option<String>,
        /// Whom it relays, as the item names them.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        relayed: Option<String>,
        /// The same, where the registry knows them.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        relays: Option<Reference>,
        /// The outlet that carried the words.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        via: Option<Reference>,
        /// How that outlet put them, where it differs.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        framed_as: Option<Stance>,
        /// Where the document is.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        url: Option<String>,
        /// The document's title.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        title: Option<String>,
        /// What was said, exactly as the document has it.
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
        /// When it was said, as far as the item tells.
        said_at: Timestamp,
    }
}

payload! {
    /// Payload of `lay_lead`.
    LayLead {
        /// Which claim.
        claim: Reference,
        /// The item that it was read out of.
        item: ItemNumber,
        /// The first item with nearly the same text; the item itself unless given.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        document: Option<ItemNumber>,
        /// The feed that brought the item; none for what somebody submitted.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        feed: Option<FeedNumber>,
        /// How sure the worker is, in thousandths.
        confidence: Permille,
        /// What is suggested.
        evidence: SuggestedLine,
        /// Why: rules, each with the words that it was drawn from, in bytes of title, blank line and text.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        because: Vec<Because>,
    }
}

payload! {
    /// Payload of `accept_lead`. What is left out is as suggested; `null` takes out what can be left out.
    AcceptLead {
        /// Which lead.
        lead: Reference,
        /// The handle that the docket keeps for the evidence.
        #[serde(rename = "ref", default, skip_serializing_if = "Option::is_none")]
        handle: Option<String>,
        /// Who says it.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        source: Option<Reference>,
        /// What the speaker's own words do with the claim.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        stance: Option<Stance>,
        /// How a neutral answer takes no side.
        #[serde(default, deserialize_with = "given", skip_serializing_if = "Option::is_none")]
        manner: Option<Option<Manner>>,
        /// How the source knows.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        footing: Option<FootingWord>,
        /// How many named or unnamed sources.
        #[serde(default, deserialize_with = "given", skip_serializing_if = "Option::is_none")]
        count: Option<Option<u32>>,
        /// How the report describes its sources.
        #[serde(default, deserialize_with = "given", skip_serializing_if = "Option::is_none")]
        described_as: Option<Option<String>>,
        /// The source, or the evidence on this claim, that it passes on.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        relays: Option<Reference>,
        /// The outlet that carried the words.
        #[serde(default, deserialize_with = "given", skip_serializing_if = "Option::is_none")]
        via: Option<Option<Reference>>,
        /// How that outlet put them, where it differs.
        #[serde(default, deserialize_with = "given", skip_serializing_if = "Option::is_none")]
        framed_as: Option<Option<Stance>>,
        /// What was said, exactly as the document has it.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        quote: Option<String>,
        /// When it was said.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        said_at: Option<Timestamp>,
        /// How credible the item is, 1–6.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        credibility: Option<Credibility>,
        /// Whether its words are kept from checkers other than the one who accepts it.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        confidential: Option<bool>,
    }
}

payload! {
    /// Payload of `dismiss_lead`.
    DismissLead {
        /// Which lead.
        lead: Reference,
        /// Why nothing is recorded of it.
        reason: String,
    }
}

payload! {
    /// Payload of `undo_record`.
    UndoRecord {
        /// The lead that the worker recorded by itself.
        lead: Reference,
        /// Why that was wrong.
        reason: String,
    }
}
