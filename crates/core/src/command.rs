//! Commands: what somebody asks the docket to do. A command's serde form is a line of the interchange file.

use serde::Serialize;

macro_rules! payload {
    ($(#[doc = $doc:literal])+ $name:ident { $($(#[$attr:meta])* $field:ident: $type:ty),* $(,)? }) => {
        $(#[doc = $doc])+
        #[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
        #[serde(deny_unknown_fields)]
        pub struct $name { $($(#[$attr])* pub $field: $type),* }
    };
}

mod claims;
mod erasures;
mod evidence;
mod exports;
mod leads;
mod mentions;
mod sources;

pub use claims::*;
pub use erasures::*;
pub use evidence::*;
pub use exports::*;
pub use leads::*;
pub use mentions::Mentions;
pub use sources::*;

/// A command, and the version of the claim that its sender saw.
#[derive(Clone, PartialEq, Debug, Serialize)]
pub struct Addressed {
    /// What to do.
    #[serde(flatten)]
    pub command: Command,
    /// The claim's version that the sender saw; another version is a conflict.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub version: Option<u64>,
}

impl From<Command> for Addressed {
    fn from(command: Command) -> Self {
        Self { command, version: None }
    }
}

macro_rules! commands {
    ($($(#[doc = $doc:literal])+ $do:literal => $variant:ident($payload:ty)),+ $(,)?) => {
        /// Everything that can be asked of the docket. Serde form: the payload's fields beside `"do"`.
        #[derive(Clone, PartialEq, Debug, Serialize)]
        #[serde(tag = "do")]
        pub enum Command {
            $($(#[doc = $doc])+ #[serde(rename = $do)] $variant($payload)),+
        }

        impl Command {
            /// The word after `"do"` of every command, in the order of the documentation.
            pub const NAMES: &[&str] = &[$($do),+];

            /// The word after `"do"`.
            pub fn name(&self) -> &'static str {
                match self { $(Self::$variant(_) => $do),+ }
            }

            /// Reads the payload of the command of that name; `None` if there is no such command.
            pub(crate) fn read(name: &str, payload: serde_json::Value)
                -> Option<Result<Self, serde_path_to_error::Error<serde_json::Error>>>
            {
                match name {
                    $($do => Some(serde_path_to_error::deserialize::<_, $payload>(payload).map(Self::$variant)),)+
                    _ => None,
                }
            }
        }
    };
}

commands! {
    /// Adds a source to the registry.
    "add_source" => AddSource(AddSource),
    /// Gives a source another name.
    "alias_source" => AliasSource(AliasSource),
    /// Rates a source's reliability.
    "rate_source" => RateSource(RateSource),
    /// Tells whose word a source's word is, or what it belongs to, over a period.
    "relate_source" => RelateSource(RelateSource),
    /// Says that a source turned out to be another.
    "merge_sources" => MergeSources(MergeSources),
    /// Puts a version of a policy in force; keys left out keep their value.
    "set_policy" => SetPolicy(SetPolicy),
    /// Puts a claim on the docket, with the evidence it opens with.
    "report_claim" => ReportClaim(Box<ReportClaim>),
    /// Records one more source's word on a claim.
    "record_follow_up" => RecordFollowUp(Box<RecordFollowUp>),
    /// Lays what the worker read out of an item before a person, or records it where the channel is trusted.
    "lay_lead" => LayLead(Box<LayLead>),
    /// Records what a lead suggests, with corrections where they are given.
    "accept_lead" => AcceptLead(Box<AcceptLead>),
    /// Says that nothing is to be recorded of a lead.
    "dismiss_lead" => DismissLead(DismissLead),
    /// Takes back what the worker recorded by itself.
    "undo_record" => UndoRecord(UndoRecord),
    /// The source took its word back.
    "withdraw_evidence" => WithdrawEvidence(WithdrawEvidence),
    /// The desk takes back its own record.
    "strike_evidence" => StrikeEvidence(StrikeEvidence),
    /// Ties original pieces together: the same leak, one joint text.
    "link_origins" => LinkOrigins(LinkOrigins),
    /// Names a party, or changes its interest.
    "set_party" => SetParty(SetParty),
    /// Asks a party for an answer by a deadline.
    "request_answer" => RequestAnswer(RequestAnswer),
    /// Records that a party did not respond by its deadline.
    "record_silence" => RecordSilence(RecordSilence),
    /// Records a standing that changed without an event of the claim's own.
    "record_standing" => RecordStanding(RecordStanding),
    /// Marks a claim whose review is overdue.
    "mark_overdue" => MarkOverdue(MarkOverdue),
    /// Declares the state that the standing carries.
    "advance" => Advance(Advance),
    /// Declares a state that the standing does not carry.
    "override" => Override(Override),
    /// Proposes the editorial conclusion.
    "propose_ruling" => ProposeRuling(ProposeRuling),
    /// Approves what another person proposed.
    "approve" => Approve(ProposalAnswer),
    /// Declines what was proposed.
    "decline" => Decline(ProposalAnswer),
    /// Replaces the published ruling; the old one is kept.
    "correct_ruling" => CorrectRuling(CorrectRuling),
    /// Says who works on the claim; `null`: nobody.
    "assign" => Assign(Assign),
    /// Says how urgent the claim is.
    "set_priority" => SetPriority(SetPriority),
    /// Says when the claim is to be reviewed.
    "set_review" => SetReview(SetReview),
    /// Tags the claim.
    "tag" => Tag(Tagging),
    /// Takes a tag off.
    "untag" => Untag(Tagging),
    /// Writes a note to the claim's file.
    "note" => Note(Note),
    /// Links the claim to another.
    "link_claims" => LinkClaims(LinkClaims),
    /// Closes the claim, as retracted or unresolved.
    "close" => Close(Close),
    /// Opens a closed claim again, as reported.
    "reopen" => Reopen(Reopen),
    /// Merges the claim into another, to which its evidence and references move.
    "merge" => Merge(Merge),
    /// Proposes that texts be erased; a second person's approval erases them.
    "erase" => Erase(Erase),
    /// Keeps the claim's texts from being erased: a legal hold.
    "hold" => Hold(Hold),
    /// Lifts a hold.
    "release" => Release(Release),
    /// Tells that the log, or a part of it, went out as a file.
    "record_export" => RecordExport(RecordExport),
}
