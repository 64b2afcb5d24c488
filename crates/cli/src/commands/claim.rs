//! `hearsay claim …`: the tree of its verbs, and which file runs each.

mod declare;
mod explain;
mod keep;
mod list;
mod report;
mod rule;
mod wording;

use clap::{Args, Subcommand};

use self::declare::{AdvanceArgs, CloseArgs, MergeArgs, OverrideArgs, ReopenArgs};
use self::explain::{ExplainArgs, ShowArgs};
use self::keep::{AskArgs, AssignArgs, LinkArgs, NoteArgs, PartyArgs, PriorityArgs, ReviewArgs, TagArgs};
use self::list::ListArgs;
use self::report::ReportArgs;
use self::rule::{AnswerArgs, CorrectArgs, RuleArgs};
use self::wording::WordingArgs;
use crate::desk::Desk;
use crate::exit::Failure;

/// Which claim, and the version of it that was seen.
#[derive(Args, Debug)]
pub(crate) struct OnClaim {
    /// The claim: C-142, its ref, its UUID, or a unique start of that.
    #[arg(value_name = "CLAIM")]
    pub(crate) name: String,
    /// The version of the claim that you saw: if it has changed since, nothing is done (exit code 3).
    #[arg(long, value_name = "N")]
    pub(crate) seen_version: Option<u64>,
}

/// What can be done with claims.
#[derive(Subcommand, Debug)]
pub(crate) enum ClaimVerb {
    /// Puts a claim on the docket, with the evidence it opens with: somebody affirms it.
    #[command(after_help = report::EXAMPLES)]
    Report(Box<ReportArgs>),
    /// Lists claims: what needs somebody first, then the rest.
    #[command(after_help = list::EXAMPLES)]
    List(Box<ListArgs>),
    /// Shows all that the docket holds on one claim.
    #[command(after_help = "Examples:\n  hearsay claim show C-142\n  hearsay claim show C-142 --format json")]
    Show(ShowArgs),
    /// Says why a claim stands as it does: its origins, who relays them, what isn't counted, what would change it.
    #[command(
        after_help = "Examples:\n  hearsay claim explain C-142\n  hearsay claim explain C-142 --format json\n  \
        hearsay claim explain C-142 --svg C-142.svg"
    )]
    Explain(ExplainArgs),
    /// Finds the words of a draft that say more than the claim's standing carries, such as confirmed or admits.
    #[command(after_help = wording::EXAMPLES)]
    Wording(WordingArgs),
    /// Asks a party for an answer by a deadline.
    #[command(after_help = "Examples:\n  hearsay claim ask C-142 --of Kremlin\n  \
        hearsay claim ask C-142 --of Kremlin --until 2025-04-23T16:00:00Z")]
    Ask(AskArgs),
    /// Declares the state that the evidence carries.
    #[command(
        after_help = "Examples:\n  hearsay claim advance C-142 denied --reason \"the Kremlin denied it on the record\"\n  \
        hearsay claim advance C-142 corroborated --seen-version 7"
    )]
    Advance(AdvanceArgs),
    /// Declares a state that the evidence does not carry, with the reason.
    #[command(
        after_help = "Examples:\n  hearsay claim override C-142 disputed --reason \"both counts are contested in court\""
    )]
    Override(OverrideArgs),
    /// Says who works on a claim.
    #[command(after_help = "Examples:\n  hearsay claim assign C-142 ana\n  hearsay claim assign C-142 --nobody")]
    Assign(AssignArgs),
    /// Names a party to a claim, or changes its interest.
    #[command(
        after_help = "Examples:\n  hearsay claim party C-142 Kremlin --interest against --reason \"the offer is attributed to it\""
    )]
    Party(PartyArgs),
    /// Says how urgent a claim is: low, normal, high or urgent.
    #[command(after_help = "Examples:\n  hearsay claim priority C-142 high")]
    Priority(PriorityArgs),
    /// Tags a claim, or takes tags off.
    #[command(
        after_help = "Examples:\n  hearsay claim tag C-142 ceasefire talks\n  hearsay claim tag C-142 ceasefire --remove"
    )]
    Tag(TagArgs),
    /// Says when a claim is to be reviewed.
    #[command(after_help = "Examples:\n  hearsay claim review C-142 --by 2025-05-01T09:00:00Z")]
    Review(ReviewArgs),
    /// Writes a note to a claim's file.
    #[command(after_help = "Examples:\n  hearsay claim note C-142 \"called the press office, no answer yet\"")]
    Note(NoteArgs),
    /// Links a claim to another that it contradicts or grew out of.
    #[command(
        after_help = "Examples:\n  hearsay claim link C-142 --contradicts C-17\n  hearsay claim link C-142 --follows-from C-140"
    )]
    Link(LinkArgs),
    /// Concludes on a claim: a rating of the policy's scale and why; it may wait for a second person.
    #[command(
        after_help = "Examples:\n  hearsay claim rule C-142 --rating \"Half true\" --summary \"The offer was made, with conditions.\""
    )]
    Rule(RuleArgs),
    /// Approves what another person proposed: a ruling, its correction, or an override.
    #[command(after_help = "Examples:\n  hearsay claim approve C-142 --actor clara --role editor")]
    Approve(AnswerArgs),
    /// Declines what was proposed, with the reason.
    #[command(
        after_help = "Examples:\n  hearsay claim decline C-142 --reason \"the summary leaves out the denial\""
    )]
    Decline(AnswerArgs),
    /// Replaces a published ruling; the old one is kept.
    #[command(
        after_help = "Examples:\n  hearsay claim correct C-142 --rating \"Mostly true\" --summary \"The offer was made.\" --reason \"the transcript is out\""
    )]
    Correct(CorrectArgs),
    /// Closes a claim, as retracted or unresolved.
    #[command(after_help = "Examples:\n  hearsay claim close C-142 retracted\n  \
        hearsay claim close C-142 unresolved --reason \"nobody will ever know\"")]
    Close(CloseArgs),
    /// Opens a closed claim again, as reported.
    #[command(after_help = "Examples:\n  hearsay claim reopen C-142 --reason \"a second paper has it\"")]
    Reopen(ReopenArgs),
    /// Merges a claim into another, to which its evidence and its references move.
    #[command(after_help = "Examples:\n  hearsay claim merge C-142 --into C-17 --reason \"the same sentence\"")]
    Merge(MergeArgs),
}

/// Runs a verb on claims.
pub(crate) async fn run(verb: ClaimVerb, desk: &Desk) -> Result<(), Failure> {
    match verb {
        ClaimVerb::Report(args) => report::run(*args, desk).await,
        ClaimVerb::List(args) => list::run(*args, desk).await,
        ClaimVerb::Show(args) => explain::show(&args, desk).await,
        ClaimVerb::Explain(args) => explain::explain(&args, desk).await,
        ClaimVerb::Wording(args) => wording::run(&args, desk).await,
        ClaimVerb::Ask(args) => keep::ask(args, desk).await,
        ClaimVerb::Advance(args) => declare::advance(args, desk).await,
        ClaimVerb::Override(args) => declare::override_standing(args, desk).await,
        ClaimVerb::Assign(args) => keep::assign(args, desk).await,
        ClaimVerb::Party(args) => keep::party(args, desk).await,
        ClaimVerb::Priority(args) => keep::priority(args, desk).await,
        ClaimVerb::Tag(args) => keep::tag(args, desk).await,
        ClaimVerb::Review(args) => keep::review(args, desk).await,
        ClaimVerb::Note(args) => keep::note(args, desk).await,
        ClaimVerb::Link(args) => keep::link(args, desk).await,
        ClaimVerb::Rule(args) => rule::rule(args, desk).await,
        ClaimVerb::Approve(args) => rule::approve(args, desk).await,
        ClaimVerb::Decline(args) => rule::decline(args, desk).await,
        ClaimVerb::Correct(args) => rule::correct(args, desk).await,
        ClaimVerb::Close(args) => declare::close(args, desk).await,
        ClaimVerb::Reopen(args) => declare::reopen(args, desk).await,
        ClaimVerb::Merge(args) => declare::merge(args, desk).await,
    }
}
