//! Events: immutable facts of the log. An event's serde form, with texts replaced by commitments, is its envelope.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::{
    Actor, Arrival, Because, ClaimId, ClaimKind, ClaimNumber, ClaimRelation, Clock, CommandId, Confidence,
    ErasedTexts, Erasure, EventId, Evidence, EvidenceId, ExportFormat, FromLead, Interest, ItemNumber, LeadNumber,
    Party, Permille, Policy, Priority, Proposal, ProposalId, Relation, Reliability, Ruling, SourceId, SourceKind,
    Standing, State, Suggested, Text, Words,
};

/// What the evidence came to when a claim's event was recorded.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
pub struct Weighed {
    /// The standing.
    pub standing: Standing,
    /// Counting origins that affirm.
    pub affirming: u32,
    /// Counting origins that deny.
    pub denying: u32,
    /// Pieces of evidence that stand.
    pub documents: u32,
    /// Distinct publishers among them.
    pub outlets: u32,
    /// The earliest deadline of an answer that is still waited for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub answer_by: Option<Timestamp>,
}

/// One immutable fact in the log.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Event {
    /// Global position, from 1, without gaps.
    pub seq: u64,
    /// Its identity.
    pub id: EventId,
    /// The command that caused it.
    pub command: CommandId,
    /// Who caused it.
    pub actor: Actor,
    /// When it was true in the world.
    pub occurred_at: Timestamp,
    /// When the log took it in.
    pub recorded_at: Timestamp,
    /// Which clock `recorded_at` was read from.
    #[serde(default, skip_serializing_if = "is_system")]
    pub clock: Clock,
    /// The claim it belongs to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub claim: Option<ClaimId>,
    /// What that claim's evidence came to afterwards.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub weighed: Option<Weighed>,
    /// What happened.
    pub fact: Fact,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde's skip_serializing_if passes a reference")]
fn is_system(clock: &Clock) -> bool {
    *clock == Clock::System
}

/// What happened. Serde form: `{"kind": …, "data": {…}}`.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(tag = "kind", content = "data", rename_all = "snake_case")]
#[expect(missing_docs, reason = "fields bear the names of the commands' fields, which are documented there")]
pub enum Fact {
    SourceAdded {
        source: SourceId,
        #[serde(rename = "ref", skip_serializing_if = "Option::is_none", default)]
        handle: Option<Text>,
        name: Text,
        source_kind: SourceKind,
        aliases: Vec<Text>,
        reliability: Reliability,
        #[serde(skip_serializing_if = "Option::is_none", default)]
        speaks_for: Option<SourceId>,
        #[serde(skip_serializing_if = "Option::is_none", default)]
        part_of: Option<SourceId>,
    },
    SourceAliased {
        source: SourceId,
        alias: Text,
    },
    SourceRated {
        source: SourceId,
        reliability: Reliability,
        #[serde(skip_serializing_if = "Option::is_none", default)]
        reason: Option<Text>,
    },
    SourceRelated {
        source: SourceId,
        relation: Relation,
        to: Option<SourceId>,
        since: Option<Timestamp>,
        until: Option<Timestamp>,
        #[serde(skip_serializing_if = "Option::is_none", default)]
        reason: Option<Text>,
    },
    SourcesMerged {
        source: SourceId,
        into: SourceId,
        #[serde(skip_serializing_if = "Option::is_none", default)]
        reason: Option<Text>,
    },
    PolicySet {
        policy: Box<Policy>,
        #[serde(skip_serializing_if = "Option::is_none", default)]
        reason: Option<Text>,
    },
    ClaimReported {
        number: ClaimNumber,
        #[serde(rename = "ref", skip_serializing_if = "Option::is_none", default)]
        handle: Option<Text>,
        text: Text,
        claim_kind: ClaimKind,
        #[serde(skip_serializing_if = "Option::is_none", default)]
        topic: Option<String>,
        #[serde(skip_serializing_if = "Option::is_none", default)]
        language: Option<String>,
        priority: Priority,
        tags: Vec<String>,
        policy: String,
        parties: Vec<Party>,
        answer_by: Option<Timestamp>,
        review_by: Option<Timestamp>,
        evidence: Box<Evidence>,
        words: Box<Words>,
    },
    FollowUpRecorded {
        evidence: Box<Evidence>,
        words: Box<Words>,
        #[serde(skip_serializing_if = "Option::is_none", default)]
        lead: Option<Box<FromLead>>,
    },
    LeadLaid {
        lead: LeadNumber,
        arrival: Arrival,
        suggested: Box<Suggested>,
        words: Box<Words>,
        confidence: Permille,
        #[serde(skip_serializing_if = "Vec::is_empty", default)]
        because: Vec<Because>,
    },
    LeadFolded {
        into: LeadNumber,
        item: ItemNumber,
        #[serde(skip_serializing_if = "Option::is_none", default)]
        via: Option<SourceId>,
        #[serde(skip_serializing_if = "Option::is_none", default)]
        url: Option<Text>,
        #[serde(skip_serializing_if = "Option::is_none", default)]
        snapshot: Option<Text>,
    },
    LeadDismissed {
        lead: LeadNumber,
        reason: Text,
    },
    EvidenceWithdrawn {
        evidence: EvidenceId,
        said_at: Timestamp,
        #[serde(skip_serializing_if = "Option::is_none", default)]
        reason: Option<Text>,
    },
    EvidenceStruck {
        evidence: EvidenceId,
        reason: Text,
    },
    OriginsLinked {
        evidence: Vec<EvidenceId>,
        reason: Text,
    },
    PartySet {
        source: SourceId,
        interest: Interest,
        reason: Text,
        answer_by: Option<Timestamp>,
    },
    AnswerRequested {
        of: SourceId,
        until: Timestamp,
    },
    SilenceRecorded {
        of: SourceId,
        until: Timestamp,
    },
    StandingRecorded {
        from: Standing,
    },
    OverdueMarked {
        review_by: Timestamp,
    },
    ClaimAdvanced {
        from: State,
        to: State,
        #[serde(skip_serializing_if = "Option::is_none", default)]
        reason: Option<Text>,
    },
    ClaimOverridden {
        from: State,
        to: State,
        reason: Text,
        #[serde(skip_serializing_if = "Option::is_none", default)]
        proposal: Option<ProposalId>,
    },
    ProposalMade {
        proposal: Box<Proposal>,
    },
    ProposalDeclined {
        proposal: ProposalId,
        reason: Text,
    },
    RulingPublished {
        ruling: Box<Ruling>,
        #[serde(skip_serializing_if = "Option::is_none", default)]
        proposal: Option<ProposalId>,
    },
    RulingCorrected {
        ruling: Box<Ruling>,
        was: Box<Ruling>,
        reason: Text,
        #[serde(skip_serializing_if = "Option::is_none", default)]
        proposal: Option<ProposalId>,
    },
    ClaimAssigned {
        to: Option<Text>,
    },
    PrioritySet {
        from: Priority,
        to: Priority,
    },
    ReviewSet {
        until: Timestamp,
    },
    ClaimTagged {
        tag: String,
    },
    ClaimUntagged {
        tag: String,
    },
    NoteAdded {
        text: Text,
        #[serde(skip_serializing_if = "Confidence::is_open", default)]
        confidence: Confidence,
    },
    ClaimsLinked {
        relation: ClaimRelation,
        to: ClaimId,
    },
    ClaimClosed {
        from: State,
        to: State,
        #[serde(skip_serializing_if = "Option::is_none", default)]
        reason: Option<Text>,
    },
    ClaimReopened {
        from: State,
        reason: Text,
    },
    ClaimMerged {
        from: State,
        into: ClaimId,
        reason: Text,
    },
    ClaimAbsorbed {
        merged: ClaimId,
    },
    ErasureProposed {
        erasure: Box<Erasure>,
    },
    ErasureDeclined {
        proposal: ProposalId,
        reason: Text,
    },
    TextErased {
        texts: Vec<ErasedTexts>,
        basis: Text,
        #[serde(skip_serializing_if = "Option::is_none", default)]
        reason: Option<Text>,
        proposal: ProposalId,
    },
    ClaimHeld {
        reason: Text,
    },
    ClaimReleased {
        hold: u64,
        reason: Text,
    },
    LogExported {
        format: ExportFormat,
        #[serde(skip_serializing_if = "Option::is_none", default)]
        claim: Option<ClaimNumber>,
        #[serde(skip_serializing_if = "Option::is_none", default)]
        filter: Option<Text>,
        events: u64,
        #[serde(skip_serializing_if = "Option::is_none", default)]
        bytes: Option<u64>,
        sha256: Text,
    },
    /// Somebody would have approved what they proposed themselves; the command was refused, and this is all it left.
    SelfApprovalRefused {
        command: CommandId,
        what: String,
        #[serde(skip_serializing_if = "Option::is_none", default)]
        claim: Option<ClaimNumber>,
    },
}

impl Fact {
    /// Every `kind`, in the order of the facts.
    pub const KINDS: [&str; 43] = [
        "source_added",
        "source_aliased",
        "source_rated",
        "source_related",
        "sources_merged",
        "policy_set",
        "claim_reported",
        "follow_up_recorded",
        "lead_laid",
        "lead_folded",
        "lead_dismissed",
        "evidence_withdrawn",
        "evidence_struck",
        "origins_linked",
        "party_set",
        "answer_requested",
        "silence_recorded",
        "standing_recorded",
        "overdue_marked",
        "claim_advanced",
        "claim_overridden",
        "proposal_made",
        "proposal_declined",
        "ruling_published",
        "ruling_corrected",
        "claim_assigned",
        "priority_set",
        "review_set",
        "claim_tagged",
        "claim_untagged",
        "note_added",
        "claims_linked",
        "claim_closed",
        "claim_reopened",
        "claim_merged",
        "claim_absorbed",
        "erasure_proposed",
        "erasure_declined",
        "text_erased",
        "claim_held",
        "claim_released",
        "log_exported",
        "self_approval_refused",
    ];

    /// The kinds that go past the usual course: they are listed to whoever looks for exceptions.
    pub const EXCEPTIONS: [&str; 10] = [
        "claim_overridden",
        "ruling_published",
        "ruling_corrected",
        "erasure_proposed",
        "erasure_declined",
        "text_erased",
        "claim_held",
        "claim_released",
        "log_exported",
        "self_approval_refused",
    ];

    /// The `kind` under which the fact is serialised.
    pub fn kind(&self) -> &'static str {
        match self {
            Self::SourceAdded { .. } => "source_added",
            Self::SourceAliased { .. } => "source_aliased",
            Self::SourceRated { .. } => "source_rated",
            Self::SourceRelated { .. } => "source_related",
            Self::SourcesMerged { .. } => "sources_merged",
            Self::PolicySet { .. } => "policy_set",
            Self::ClaimReported { .. } => "claim_reported",
            Self::FollowUpRecorded { .. } => "follow_up_recorded",
            Self::LeadLaid { .. } => "lead_laid",
            Self::LeadFolded { .. } => "lead_folded",
            Self::LeadDismissed { .. } => "lead_dismissed",
            Self::EvidenceWithdrawn { .. } => "evidence_withdrawn",
            Self::EvidenceStruck { .. } => "evidence_struck",
            Self::OriginsLinked { .. } => "origins_linked",
            Self::PartySet { .. } => "party_set",
            Self::AnswerRequested { .. } => "answer_requested",
            Self::SilenceRecorded { .. } => "silence_recorded",
            Self::StandingRecorded { .. } => "standing_recorded",
            Self::OverdueMarked { .. } => "overdue_marked",
            Self::ClaimAdvanced { .. } => "claim_advanced",
            Self::ClaimOverridden { .. } => "claim_overridden",
            Self::ProposalMade { .. } => "proposal_made",
            Self::ProposalDeclined { .. } => "proposal_declined",
            Self::RulingPublished { .. } => "ruling_published",
            Self::RulingCorrected { .. } => "ruling_corrected",
            Self::ClaimAssigned { .. } => "claim_assigned",
            Self::PrioritySet { .. } => "priority_set",
            Self::ReviewSet { .. } => "review_set",
            Self::ClaimTagged { .. } => "claim_tagged",
            Self::ClaimUntagged { .. } => "claim_untagged",
            Self::NoteAdded { .. } => "note_added",
            Self::ClaimsLinked { .. } => "claims_linked",
            Self::ClaimClosed { .. } => "claim_closed",
            Self::ClaimReopened { .. } => "claim_reopened",
            Self::ClaimMerged { .. } => "claim_merged",
            Self::ClaimAbsorbed { .. } => "claim_absorbed",
            Self::ErasureProposed { .. } => "erasure_proposed",
            Self::ErasureDeclined { .. } => "erasure_declined",
            Self::TextErased { .. } => "text_erased",
            Self::ClaimHeld { .. } => "claim_held",
            Self::ClaimReleased { .. } => "claim_released",
            Self::LogExported { .. } => "log_exported",
            Self::SelfApprovalRefused { .. } => "self_approval_refused",
        }
    }

    /// When it was true in the world, where that isn't simply when it was recorded.
    pub fn occurred_at(&self) -> Option<Timestamp> {
        match self {
            Self::ClaimReported { evidence, .. } | Self::FollowUpRecorded { evidence, .. } => {
                Some(evidence.said_at)
            }
            Self::EvidenceWithdrawn { said_at, .. } => Some(*said_at),
            Self::SilenceRecorded { until, .. } => Some(*until),
            Self::SourceAdded { .. }
            | Self::SourceAliased { .. }
            | Self::SourceRated { .. }
            | Self::SourceRelated { .. }
            | Self::SourcesMerged { .. }
            | Self::PolicySet { .. }
            | Self::LeadLaid { .. }
            | Self::LeadFolded { .. }
            | Self::LeadDismissed { .. }
            | Self::EvidenceStruck { .. }
            | Self::OriginsLinked { .. }
            | Self::PartySet { .. }
            | Self::AnswerRequested { .. }
            | Self::StandingRecorded { .. }
            | Self::OverdueMarked { .. }
            | Self::ClaimAdvanced { .. }
            | Self::ClaimOverridden { .. }
            | Self::ProposalMade { .. }
            | Self::ProposalDeclined { .. }
            | Self::RulingPublished { .. }
            | Self::RulingCorrected { .. }
            | Self::ClaimAssigned { .. }
            | Self::PrioritySet { .. }
            | Self::ReviewSet { .. }
            | Self::ClaimTagged { .. }
            | Self::ClaimUntagged { .. }
            | Self::NoteAdded { .. }
            | Self::ClaimsLinked { .. }
            | Self::ClaimClosed { .. }
            | Self::ClaimReopened { .. }
            | Self::ClaimMerged { .. }
            | Self::ClaimAbsorbed { .. }
            | Self::ErasureProposed { .. }
            | Self::ErasureDeclined { .. }
            | Self::TextErased { .. }
            | Self::ClaimHeld { .. }
            | Self::ClaimReleased { .. }
            | Self::LogExported { .. }
            | Self::SelfApprovalRefused { .. } => None,
        }
    }
}
