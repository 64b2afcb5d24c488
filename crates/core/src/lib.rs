//! The rules of Hearsay: claims, evidence, origins, standing, policies, commands, events, transitions.
//!
//! Pure. What is absent here is the point: no I/O, no clock, no randomness, no async. One function decides
//! ([`decide`]), one applies an event ([`Docket::apply`]); everything else is read from the state they keep.

mod actor;
mod apply;
mod attribution;
mod chains;
mod claim;
mod command;
mod decide;
mod docket;
mod erasure;
mod event;
mod evidence;
mod explain;
mod follow_up;
mod groups;
mod ids;
mod lead;
mod line;
mod look_alike;
mod missing;
mod policy;
mod proposal;
mod reference;
mod refusal;
mod registry;
mod source;
mod standing;
mod text;
pub mod transitions;

mod weigh;

pub use actor::{Actor, Clock, Role, Stamp};
pub use attribution::{AttributedPiece, Attribution, OnWordOf, RelayedSource, attribution};
pub use claim::{
    Answer, Claim, ClaimKind, ClaimLink, ClaimRelation, Interest, OriginLink, Party, Priority, State,
};
pub use command::{
    AcceptLead, AddSource, Addressed, Advance, AliasSource, Assign, ChannelLine, Close, Closing, Command,
    CorrectRuling, DismissLead, Erase, EvidenceLine, ExportFormat, FootingWord, Hold, LayLead, LinkClaims,
    LinkOrigins, MarkOverdue, Mentions, Merge, MergeSources, Note, Override, PartyLine, ProposalAnswer,
    ProposeRuling, RateSource, RecordExport, RecordFollowUp, RecordSilence, RecordStanding, RelateSource, Release,
    Reopen, ReportClaim, RequestAnswer, SetParty, SetPolicy, SetPriority, SetReview, StrikeEvidence,
    SuggestedLine, Tagging, UndoRecord, WithdrawEvidence,
};
pub use decide::{Decision, Subject, check_permission, decide};
pub use docket::{Docket, Referent};
pub use erasure::{
    APPROVED_AS, CORRECTED_AS, ErasedTexts, Erasure, Kept, KeptTexts, RECORDED_AS, TextCopy, WaitingErasure,
};
pub use event::{Event, Fact, Weighed};
pub use evidence::{Credibility, Evidence, Footing, Manner, Relayed, Reliability, Stance, Words};
pub use explain::{
    AnswerView, EvidenceRef, Explanation, LinkView, NotCounted, OriginView, Origins, PolicyRef, Why, explain,
};
pub use follow_up::{FollowUpKind, follow_up_kind};
pub use ids::{
    ClaimId, ClaimNumber, CommandId, EventId, EvidenceId, FeedNumber, ItemNumber, LeadNumber, NotAShortReference,
    ProposalId, SourceId,
};
pub use lead::{Arrival, Because, FromLead, Lead, LeadState, Permille, Suggested, Suggestion, Taken};
pub use line::{LineError, MAX_FIELD_BYTES, parse_line};
pub use missing::missing_for;
pub use policy::{Channel, FourEyes, Policies, Policy, RatingScale, TrustedChannel};
pub use proposal::{Proposal, Proposed, Ruling};
pub use reference::{Reference, fold_name};
pub use refusal::{Refusal, RefusalClass};
pub use registry::Registry;
pub use source::{Relation, Source, SourceKind, Tenure, Timeline};
pub use standing::{Opposed, Standing, Supported};
pub use text::{Confidence, Text};
pub use weigh::{Verdict, Weighing, kind_on, weigh};
