//! Refusals: what is missing or wrong, in the user's words. A refusal changes nothing.

use jiff::Timestamp;
use serde::Serialize;

use crate::{ClaimNumber, LeadNumber, Role, Standing, State};

/// What sort of refusal it is; command line and API choose their codes by it.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum RefusalClass {
    /// The rules say no.
    Rules,
    /// The command itself is wrong.
    Input,
    /// Somebody else was faster.
    Conflict,
    /// What it names isn't there.
    NotFound,
}

/// Why a command was refused.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error, Serialize)]
#[serde(tag = "refusal", rename_all = "snake_case")]
#[expect(missing_docs, reason = "each variant's sentence says what it is; its fields are the sentence's values")]
pub enum Refusal {
    #[error("no {expected} is known as `{reference}`")]
    Unknown { field: &'static str, expected: &'static str, reference: String },
    #[error("`{reference}` is a {actual}, and a {expected} is needed here")]
    WrongKind { field: &'static str, expected: &'static str, actual: &'static str, reference: String },
    #[error("no policy is named `{name}`; see `hearsay policy show`")]
    PolicyUnknown { name: String },
    #[error("the handle `{handle}` is already taken by another {taken_by}")]
    HandleTaken { handle: String, taken_by: &'static str },
    #[error("`{handle}` cannot be a handle: {why}")]
    HandleUnusable { handle: String, why: &'static str },
    #[error("`{name}` is already a name of the source `{by}`")]
    NameTaken { field: &'static str, name: String, by: String },
    #[error("`{field}` is empty")]
    Empty { field: String },
    #[error("`{field}` has a control character (U+{code:04X}), which cannot be shown")]
    Unprintable { field: String, code: u32 },
    #[error("`{field}` has {have} characters; at most {max} are taken")]
    TooLong { field: String, have: usize, max: usize },
    #[error("`{reference}` is evidence of {claim}, not of this claim")]
    EvidenceOfAnotherClaim { field: &'static str, reference: String, claim: ClaimNumber },
    #[error("a footing is needed: only a party speaks for itself without saying so")]
    FootingMissing,
    #[error("`count` goes with `named_sources` or `unnamed_sources`, and is at least 1")]
    CountUnexpected,
    #[error("footing `relays` needs `relays`: the source, or the evidence on this claim, that it passes on")]
    RelaysMissing,
    #[error("`relays` goes with footing `relays`")]
    RelaysUnexpected,
    #[error("`manner` goes with stance `neutral`")]
    MannerUnexpected,
    #[error("`{field}` lies more than 24 hours ahead: {at}, and it is {now}")]
    TooFarAhead { field: &'static str, at: Timestamp, now: Timestamp },
    #[error("a claim opens with evidence that affirms it, not with one that is `{stance}`")]
    OpeningMustAffirm { stance: &'static str },
    #[error("`{source_name}` would come back to itself through `{to}`: relations form no loop at any time")]
    RelationLoop { field: &'static str, source_name: String, to: String },
    #[error("`{source_name}` is an unnamed group, which speaks for nobody; `part_of` says whose people they are")]
    UnnamedSpeaksForNobody { source_name: String },
    #[error("`until` must be later than `since`")]
    PeriodReversed,
    #[error("one of {fields} is needed")]
    NothingGiven { fields: &'static str },
    #[error("`{key}` {why}")]
    PolicyValue { key: &'static str, why: &'static str },
    #[error("`{rating}` is not on the scale of policy `{policy}`, which has {scale}")]
    RatingUnknown { rating: String, policy: String, scale: String },
    #[error("a source cannot be merged into itself")]
    SourceMergedIntoItself,
    #[error("`{source_name}` was merged into `{into}`")]
    SourceIsMerged { source_name: String, into: String },
    #[error("`claim` goes with format `bundle`, and a bundle is of a claim")]
    BundleOfAClaim,
    #[error("`{field}` is 64 digits of lower-case hexadecimal")]
    NotASha256 { field: &'static str },
    #[error("`{field}` is more than JSON can say exactly (2^53)")]
    CountTooLarge { field: &'static str },
    #[error("`version` goes with commands on a claim")]
    VersionUnexpected,

    #[error("the role `{}` may not `{command}`{}", role.as_str(), needs.map(|role| format!("; it takes `{}`", role.as_str())).unwrap_or_default())]
    NotPermitted { role: Role, command: &'static str, needs: Option<Role> },
    #[error("{claim} cannot be declared `{}`: the evidence makes it `{}`{}", to.as_str(), standing.as_str(), wanting(missing, *claim))]
    StandingDiffers { claim: ClaimNumber, to: State, standing: Standing, missing: Vec<String> },
    #[error("`{}` is no open state; see `hearsay claim close` and `hearsay claim merge`", to.as_str())]
    NotAnOpenState { to: State },
    #[error("{claim} is not checkable: it is kept for the record and never advances")]
    NotCheckable { claim: ClaimNumber },
    #[error("{claim} is closed as `{}`; `hearsay claim reopen {claim}` opens it again", state.as_str())]
    Closed { claim: ClaimNumber, state: State },
    #[error("{claim} was merged into {into}: address that one")]
    Merged { claim: ClaimNumber, into: ClaimNumber },
    #[error("{claim} is open already")]
    NotClosed { claim: ClaimNumber },
    #[error("{claim} cannot be closed as retracted: {have} affirming {} still {}", if *have == 1 { "origin" } else { "origins" }, if *have == 1 { "counts" } else { "count" })]
    StillAffirmed { claim: ClaimNumber, have: u32 },
    #[error("{claim} cannot be closed as retracted: no source has withdrawn an original affirmation")]
    NothingWithdrawn { claim: ClaimNumber },
    #[error("a reason is needed")]
    ReasonMissing,
    #[error("{claim} cannot be merged into itself")]
    MergedIntoItself { claim: ClaimNumber },
    #[error("{into} is closed as `{}`; a claim is merged into an open one", state.as_str())]
    MergedIntoClosed { into: ClaimNumber, state: State },
    #[error("this {what} was proposed by `{by}`, who cannot approve it: that takes a second person")]
    SecondPersonNeeded { what: &'static str, by: String },
    #[error(
        "the name of whoever proposed this {what} was erased, so that nobody can be told from them; decline it, and \
        propose it anew"
    )]
    ProposerErased { what: &'static str },
    #[error("nothing on {claim} waits for a second person")]
    NothingProposed { claim: ClaimNumber },
    #[error("several proposals wait on {claim}; say which with `proposal`: {ids}")]
    SeveralProposed { claim: ClaimNumber, ids: String },
    #[error("no proposal `{proposal}` waits on {claim}")]
    ProposalUnknown { claim: ClaimNumber, proposal: String },
    #[error("{claim} has no ruling to correct")]
    NoRuling { claim: ClaimNumber },
    #[error("{claim} has a ruling; `correct_ruling` replaces it and keeps the old one")]
    HasRuling { claim: ClaimNumber },
    #[error("`{source_name}` is no party to {claim}; `set_party` makes it one")]
    NotAParty { claim: ClaimNumber, source_name: String },
    #[error("no answer is waited for from `{source_name}`; `request_answer` asks for one")]
    NotAsked { source_name: String },
    #[error("`{source_name}` has until {until} to answer")]
    DeadlineAhead { source_name: String, until: Timestamp },
    #[error("`{source_name}` answered on {at}, before its deadline")]
    Answered { source_name: String, at: Timestamp },
    #[error("{claim} is not due for review before {review_by}")]
    ReviewAhead { claim: ClaimNumber, review_by: Timestamp },
    #[error("{claim} has no review date: a ruling stands")]
    ReviewStopped { claim: ClaimNumber },
    #[error("linking takes two or more original pieces; {have} given")]
    LinkTooFew { have: usize },
    #[error("`{reference}` is not original evidence: only original pieces are linked")]
    LinkNotOriginal { reference: String },
    #[error("a claim cannot be linked to itself")]
    ClaimLinkedToItself { field: &'static str },
    #[error("the log has no event {event}; `hearsay audit log` lists them")]
    EventUnknown { event: u64 },
    #[error("event {event} has no text `{field}`; it has {has}")]
    TextUnknown { event: u64, field: String, has: String },
    #[error("`fields` goes with `event`: it says which of that event's texts are erased")]
    FieldsUnexpected,
    #[error(
        "nothing of `{reference}` can be erased together with what records it; erase it by a command of its own"
    )]
    TextsNotAtHand { field: &'static str, reference: String },
    #[error(
        "{claim} is under a hold since event {since}: nothing of it is erased until `hearsay release {claim}` lifts it"
    )]
    Held { claim: ClaimNumber, since: u64 },
    #[error("{claim} is under no hold")]
    NotHeld { claim: ClaimNumber },
    #[error("{claim} is under several holds; say which with `hold`: {holds}")]
    SeveralHolds { claim: ClaimNumber, holds: String },
    #[error("{claim} is under no hold of event {hold}")]
    HoldUnknown { claim: ClaimNumber, hold: u64 },
    #[error("this erasure is about a claim's texts; say which claim with `claim`")]
    ErasureOfAClaim,
    #[error("no erasure `{proposal}` waits for a second person; see `hearsay erase list`")]
    ErasureUnknown { proposal: String },
    #[error("{lead} is {state} already; see `hearsay lead show {lead}`")]
    LeadSettled { lead: LeadNumber, state: &'static str },
    #[error(
        "{lead} names `{name}`, whom the registry does not know by that name: add it with `hearsay source add`, or say who \
         it is with `{field}`"
    )]
    LeadNamesUnknown { lead: LeadNumber, field: &'static str, name: String },
    #[error(
        "{lead} is {state}, and not by the worker alone: only what it recorded by itself is undone; `hearsay follow-up \
         strike` takes back what a person recorded"
    )]
    NotAutomatic { lead: LeadNumber, state: &'static str },
    #[error("a lead gives {max} reasons at most; {have} given")]
    TooManyReasons { have: usize, max: usize },
    #[error(
        "the reason `{rule}` has no span of words: its `start` comes before its `end`, and its name has no spaces around it"
    )]
    ReasonWithoutWords { rule: String },
    #[error("{claim} has changed since: you saw version {seen}, it is at version {now}; look at it again")]
    VersionConflict { claim: ClaimNumber, seen: u64, now: u64 },
}

/// What would change it, as the tail of a sentence.
fn wanting(missing: &[String], claim: ClaimNumber) -> String {
    if missing.is_empty() {
        format!("; see `hearsay claim explain {claim}`")
    } else {
        format!("; {}; see `hearsay claim explain {claim}`", missing.join("; "))
    }
}

impl Refusal {
    /// What sort of refusal it is.
    #[expect(clippy::too_many_lines, reason = "every refusal is listed")]
    pub fn class(&self) -> RefusalClass {
        match self {
            Self::Unknown { .. }
            | Self::PolicyUnknown { .. }
            | Self::ProposalUnknown { .. }
            | Self::EventUnknown { .. }
            | Self::TextUnknown { .. }
            | Self::HoldUnknown { .. }
            | Self::ErasureUnknown { .. } => RefusalClass::NotFound,
            Self::VersionConflict { .. } | Self::LeadSettled { .. } => RefusalClass::Conflict,
            Self::WrongKind { .. }
            | Self::HandleTaken { .. }
            | Self::HandleUnusable { .. }
            | Self::NameTaken { .. }
            | Self::Empty { .. }
            | Self::TooLong { .. }
            | Self::Unprintable { .. }
            | Self::EvidenceOfAnotherClaim { .. }
            | Self::FootingMissing
            | Self::CountUnexpected
            | Self::RelaysMissing
            | Self::RelaysUnexpected
            | Self::MannerUnexpected
            | Self::TooFarAhead { .. }
            | Self::OpeningMustAffirm { .. }
            | Self::RelationLoop { .. }
            | Self::UnnamedSpeaksForNobody { .. }
            | Self::PeriodReversed
            | Self::NothingGiven { .. }
            | Self::PolicyValue { .. }
            | Self::RatingUnknown { .. }
            | Self::SourceMergedIntoItself
            | Self::SourceIsMerged { .. }
            | Self::FieldsUnexpected
            | Self::ErasureOfAClaim
            | Self::NotASha256 { .. }
            | Self::BundleOfAClaim
            | Self::CountTooLarge { .. }
            | Self::TooManyReasons { .. }
            | Self::ReasonWithoutWords { .. }
            | Self::VersionUnexpected => RefusalClass::Input,
            Self::NotPermitted { .. }
            | Self::StandingDiffers { .. }
            | Self::NotAnOpenState { .. }
            | Self::NotCheckable { .. }
            | Self::Closed { .. }
            | Self::Merged { .. }
            | Self::NotClosed { .. }
            | Self::StillAffirmed { .. }
            | Self::NothingWithdrawn { .. }
            | Self::ReasonMissing
            | Self::MergedIntoItself { .. }
            | Self::MergedIntoClosed { .. }
            | Self::SecondPersonNeeded { .. }
            | Self::ProposerErased { .. }
            | Self::NothingProposed { .. }
            | Self::SeveralProposed { .. }
            | Self::NoRuling { .. }
            | Self::HasRuling { .. }
            | Self::NotAParty { .. }
            | Self::NotAsked { .. }
            | Self::DeadlineAhead { .. }
            | Self::Answered { .. }
            | Self::ReviewAhead { .. }
            | Self::ReviewStopped { .. }
            | Self::LinkTooFew { .. }
            | Self::LinkNotOriginal { .. }
            | Self::ClaimLinkedToItself { .. }
            | Self::TextsNotAtHand { .. }
            | Self::Held { .. }
            | Self::NotHeld { .. }
            | Self::SeveralHolds { .. }
            | Self::LeadNamesUnknown { .. }
            | Self::NotAutomatic { .. } => RefusalClass::Rules,
        }
    }

    /// The field of the command that the refusal is about.
    pub fn field(&self) -> &str {
        match self {
            Self::Unknown { field, .. }
            | Self::WrongKind { field, .. }
            | Self::NameTaken { field, .. }
            | Self::EvidenceOfAnotherClaim { field, .. }
            | Self::TooFarAhead { field, .. }
            | Self::RelationLoop { field, .. }
            | Self::CountTooLarge { field }
            | Self::NotASha256 { field }
            | Self::LeadNamesUnknown { field, .. }
            | Self::ClaimLinkedToItself { field }
            | Self::TextsNotAtHand { field, .. } => field,
            Self::EventUnknown { .. } => "event",
            Self::TextUnknown { .. } | Self::FieldsUnexpected => "fields",
            Self::SeveralHolds { .. } | Self::HoldUnknown { .. } => "hold",
            Self::Empty { field } | Self::TooLong { field, .. } | Self::Unprintable { field, .. } => field,
            Self::PolicyUnknown { .. } => "policy",
            Self::HandleTaken { .. } | Self::HandleUnusable { .. } => "ref",
            Self::FootingMissing => "evidence.footing",
            Self::CountUnexpected => "evidence.count",
            Self::RelaysMissing | Self::RelaysUnexpected => "evidence.relays",
            Self::MannerUnexpected => "evidence.manner",
            Self::OpeningMustAffirm { .. } => "evidence.stance",
            Self::UnnamedSpeaksForNobody { .. } => "speaks_for",
            Self::PeriodReversed => "until",
            Self::NothingGiven { fields: key } | Self::PolicyValue { key, .. } => key,
            Self::RatingUnknown { .. } => "rating",
            Self::SourceMergedIntoItself | Self::MergedIntoItself { .. } | Self::MergedIntoClosed { .. } => "into",
            Self::SourceIsMerged { .. } => "source",
            Self::VersionUnexpected | Self::VersionConflict { .. } => "version",
            Self::NotPermitted { .. } => "do",
            Self::StandingDiffers { .. } | Self::NotAnOpenState { .. } => "to",
            Self::NotCheckable { .. }
            | Self::Closed { .. }
            | Self::Merged { .. }
            | Self::NotClosed { .. }
            | Self::NoRuling { .. }
            | Self::HasRuling { .. }
            | Self::ReviewAhead { .. }
            | Self::ReviewStopped { .. }
            | Self::Held { .. }
            | Self::NotHeld { .. }
            | Self::BundleOfAClaim
            | Self::ErasureOfAClaim => "claim",
            Self::LeadSettled { .. } | Self::NotAutomatic { .. } => "lead",
            Self::TooManyReasons { .. } | Self::ReasonWithoutWords { .. } => "because",
            Self::StillAffirmed { .. } | Self::NothingWithdrawn { .. } => "as",
            Self::ReasonMissing => "reason",
            Self::SecondPersonNeeded { .. }
            | Self::ProposerErased { .. }
            | Self::NothingProposed { .. }
            | Self::SeveralProposed { .. }
            | Self::ProposalUnknown { .. }
            | Self::ErasureUnknown { .. } => "proposal",
            Self::NotAParty { .. }
            | Self::NotAsked { .. }
            | Self::DeadlineAhead { .. }
            | Self::Answered { .. } => "of",
            Self::LinkTooFew { .. } | Self::LinkNotOriginal { .. } => "evidence",
        }
    }
}
