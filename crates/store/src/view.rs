//! What reads give: rows for listings and a claim's whole file, by name.

use std::collections::BTreeMap;

use hearsay_core::{
    ClaimId, ClaimKind, ClaimNumber, Event, Explanation, FollowUpKind, Interest, Policy, Priority, Proposal,
    Reliability, Ruling, SourceId, SourceKind, Standing, State, Why,
};
use jiff::Timestamp;
use serde::Serialize;

use crate::read::ErasureRow;

/// A claim in a listing.
#[derive(Clone, PartialEq, Debug, Serialize)]
pub struct ClaimRow {
    /// Its short reference.
    pub reference: ClaimNumber,
    /// Its id.
    pub id: ClaimId,
    /// The handle that the docket keeps for it.
    #[serde(rename = "ref")]
    pub handle: Option<String>,
    /// The proposition; none where it was erased.
    pub text: Option<String>,
    /// What sort of proposition.
    pub kind: ClaimKind,
    /// What the desk declared.
    pub state: State,
    /// What the evidence supports.
    pub standing: Standing,
    /// Whether the standing asks for another open state.
    pub due_to_advance: bool,
    /// Whether the standing has changed since the claim was closed.
    pub due_to_reopen: bool,
    /// Whether its review, or a party's answer, is past its deadline.
    pub overdue: bool,
    /// Counting origins that affirm.
    pub affirming: u32,
    /// Counting origins that deny.
    pub denying: u32,
    /// Pieces of evidence that stand.
    pub documents: u32,
    /// Distinct publishers among them.
    pub outlets: u32,
    /// What it is about.
    pub topic: Option<String>,
    /// Language of the text.
    pub language: Option<String>,
    /// How urgent.
    pub priority: Priority,
    /// Tags.
    pub tags: Vec<String>,
    /// Who works on it.
    pub assignee: Option<String>,
    /// The policy it is judged under.
    pub policy: String,
    /// Its version.
    pub version: u64,
    /// When it was reported to the desk.
    pub opened_at: Timestamp,
    /// When its last event was recorded.
    pub updated_at: Timestamp,
    /// When it is to be reviewed.
    pub review_by: Option<Timestamp>,
    /// The earliest deadline of an answer that is still waited for.
    pub answer_by: Option<Timestamp>,
    /// Where its reference leads.
    pub merged_into: Option<ClaimNumber>,
}

/// A party, by name.
#[derive(Clone, PartialEq, Debug, Serialize)]
pub struct PartyView {
    /// Who.
    pub source: String,
    /// What affirming would do for it.
    pub interest: Interest,
    /// Until when it has to answer, where it was asked.
    pub answer_by: Option<Timestamp>,
}

/// A piece of evidence with its words.
#[derive(Clone, PartialEq, Debug, Serialize)]
pub struct EvidenceView {
    /// Its id.
    pub id: hearsay_core::EvidenceId,
    /// The handle that the docket keeps for it.
    #[serde(rename = "ref")]
    pub handle: Option<String>,
    /// Who says it.
    pub source: String,
    /// Who carried it.
    pub via: Option<String>,
    /// What kind of follow-up it is.
    pub kind: FollowUpKind,
    /// What the words do with the claim.
    pub stance: hearsay_core::Stance,
    /// How a neutral answer takes no side.
    pub manner: Option<hearsay_core::Manner>,
    /// How the source knows.
    pub footing: &'static str,
    /// How many named or unnamed sources.
    pub count: Option<u32>,
    /// The source, or the handle or id of the evidence, that it passes on.
    pub relays: Option<String>,
    /// How its carrier put the words.
    pub framed_as: Option<hearsay_core::Stance>,
    /// How credible the item is, 1–6.
    pub credibility: hearsay_core::Credibility,
    /// When it was said.
    pub said_at: Timestamp,
    /// When the log took it in.
    pub recorded_at: Timestamp,
    /// When the source took it back.
    pub withdrawn_at: Option<Timestamp>,
    /// Whether the desk took its record back.
    pub struck: bool,
    /// Why it isn't counted; none where it counts.
    pub why: Option<Why>,
    /// Where the document is.
    pub url: Option<String>,
    /// The document's title.
    pub title: Option<String>,
    /// What was said.
    pub quote: Option<String>,
    /// The document's words right before the quote.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub prefix: Option<String>,
    /// The document's words right after the quote.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub suffix: Option<String>,
    /// SHA-256 of the document as it was fetched.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub snapshot: Option<String>,
    /// How the report describes its sources.
    pub described_as: Option<String>,
    /// The lead that it was recorded from, and how.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub lead: Option<hearsay_core::FromLead>,
    /// When its document was first seen to have been edited since.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub edited_at: Option<Timestamp>,
    /// When its document was found to be gone.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub gone_at: Option<Timestamp>,
}

/// A note in a claim's file.
#[derive(Clone, PartialEq, Debug, Serialize)]
pub struct NoteView {
    /// When it was recorded.
    pub at: Timestamp,
    /// Who wrote it; none where the name was erased.
    pub by: Option<String>,
    /// The note; none where it was erased.
    pub text: Option<String>,
}

/// A hold that keeps a claim's texts from being erased.
#[derive(Clone, PartialEq, Debug, Serialize)]
pub struct HoldView {
    /// The position of the event that placed it: what `release` names it by.
    pub event: u64,
    /// When.
    pub at: Timestamp,
    /// Who placed it.
    pub by: Option<String>,
    /// Why.
    pub reason: Option<String>,
}

/// All that the docket holds on one claim.
#[derive(Clone, PartialEq, Debug, Serialize)]
pub struct ClaimFile {
    /// The row of the listing.
    #[serde(flatten)]
    pub row: ClaimRow,
    /// Whom it is about.
    pub parties: Vec<PartyView>,
    /// All its evidence, as the log took it in.
    pub evidence: Vec<EvidenceView>,
    /// Notes.
    pub notes: Vec<NoteView>,
    /// What waits for a second person.
    pub proposals: Vec<Proposal>,
    /// Erasures of its texts that wait for a second person.
    pub erasures: Vec<ErasureRow>,
    /// The holds that keep its texts from being erased.
    pub holds: Vec<HoldView>,
    /// The editorial conclusion.
    pub ruling: Option<Ruling>,
    /// Why its standing is what it is.
    pub explanation: Explanation,
}

/// A relation of a source, by name.
#[derive(Clone, PartialEq, Debug, Serialize)]
pub struct RelationView {
    /// `speaks_for` or `part_of`.
    pub relation: &'static str,
    /// The other source.
    pub to: String,
    /// Inclusive; none: always.
    pub since: Option<Timestamp>,
    /// Exclusive; none: still.
    pub until: Option<Timestamp>,
}

/// A source in a listing.
#[derive(Clone, PartialEq, Debug, Serialize)]
pub struct SourceRow {
    /// Its id.
    pub id: SourceId,
    /// The handle that the docket keeps for it.
    #[serde(rename = "ref")]
    pub handle: Option<String>,
    /// The name it goes by.
    pub name: String,
    /// Other names.
    pub aliases: Vec<String>,
    /// What it is.
    pub kind: SourceKind,
    /// Its Admiralty reliability.
    pub reliability: Reliability,
    /// Whose word its word is, and what it belongs to, over time.
    pub relations: Vec<RelationView>,
    /// The source that it turned out to be.
    pub merged_into: Option<String>,
    /// How many pieces of evidence are by it.
    pub evidence: u64,
}

/// A policy with when and by whom its version was put in force.
#[derive(Clone, PartialEq, Debug, Serialize)]
pub struct PolicyView {
    /// The version.
    #[serde(flatten)]
    pub policy: Policy,
    /// When it was recorded; none for the built-in default on an empty log.
    pub recorded_at: Option<Timestamp>,
}

/// An event with all its texts, and the names that it needs to be read.
#[derive(Clone, PartialEq, Debug)]
pub struct EventView {
    /// The event; in the place of texts that were erased, or that the reader may not read, stands that they were.
    pub event: Event,
    /// The fields whose texts were erased, and the events that erased them.
    pub erased: Vec<(String, u64)>,
    /// Its claim's number.
    pub claim: Option<ClaimNumber>,
    /// Its claim's state and standing before it; none where it opens the claim.
    pub before: Option<(State, Standing)>,
    /// Names of the sources that it mentions.
    pub names: BTreeMap<SourceId, String>,
    /// Numbers of the other claims that it mentions.
    pub claims: BTreeMap<ClaimId, ClaimNumber>,
}
