//! Keeping a claim: whom to ask, who works on it, parties, priority, tags, review, notes, links.

use clap::Args;
use hearsay_core::{
    Assign, Command, Interest, LinkClaims, Note, Priority, Reference, RequestAnswer, SetParty, SetPriority,
    SetReview, Tagging,
};
use jiff::Timestamp;

use super::OnClaim;
use crate::desk::Desk;
use crate::exit::Failure;
use crate::render::receipt;
use crate::words::{time, word};

/// Arguments of `claim ask`.
#[derive(Args, Debug)]
pub(crate) struct AskArgs {
    #[command(flatten)]
    on: OnClaim,
    /// Which party, by any of its names.
    #[arg(long, value_name = "SOURCE")]
    of: String,
    /// By when (RFC 3339); default: the policy's `answer_within` from now.
    #[arg(long, value_name = "TIME", value_parser = time)]
    until: Option<Timestamp>,
}

/// Arguments of `claim assign`.
#[derive(Args, Debug)]
pub(crate) struct AssignArgs {
    #[command(flatten)]
    on: OnClaim,
    /// Who works on it.
    #[arg(value_name = "NAME", required_unless_present = "nobody")]
    to: Option<String>,
    /// Nobody works on it.
    #[arg(long, conflicts_with = "to")]
    nobody: bool,
}

/// Arguments of `claim party`.
#[derive(Args, Debug)]
pub(crate) struct PartyArgs {
    #[command(flatten)]
    on: OnClaim,
    /// Which source, by any of its names.
    #[arg(value_name = "SOURCE")]
    source: String,
    /// What affirming the claim would do for it: against, neutral or `in_favour`.
    #[arg(long, value_name = "INTEREST", value_parser = word::<Interest>)]
    interest: Interest,
    /// Why.
    #[arg(long, value_name = "TEXT")]
    reason: String,
}

/// Arguments of `claim priority`.
#[derive(Args, Debug)]
pub(crate) struct PriorityArgs {
    #[command(flatten)]
    on: OnClaim,
    /// How urgent: low, normal, high or urgent.
    #[arg(value_name = "PRIORITY", value_parser = word::<Priority>)]
    priority: Priority,
}

/// Arguments of `claim tag`.
#[derive(Args, Debug)]
pub(crate) struct TagArgs {
    #[command(flatten)]
    on: OnClaim,
    /// The tags.
    #[arg(value_name = "TAG", required = true)]
    tags: Vec<String>,
    /// Take them off.
    #[arg(long)]
    remove: bool,
}

/// Arguments of `claim review`.
#[derive(Args, Debug)]
pub(crate) struct ReviewArgs {
    #[command(flatten)]
    on: OnClaim,
    /// By when (RFC 3339).
    #[arg(long, alias = "until", value_name = "TIME", value_parser = time)]
    by: Timestamp,
}

/// Arguments of `claim note`.
#[derive(Args, Debug)]
pub(crate) struct NoteArgs {
    #[command(flatten)]
    on: OnClaim,
    /// The note.
    #[arg(value_name = "TEXT")]
    text: String,
    /// Only you, editors, admins and auditors may read it.
    #[arg(long)]
    confidential: bool,
}

/// Arguments of `claim link`.
#[derive(Args, Debug)]
pub(crate) struct LinkArgs {
    #[command(flatten)]
    on: OnClaim,
    /// The claim that it contradicts: both cannot hold.
    #[arg(long, value_name = "CLAIM", required_unless_present = "follows_from")]
    contradicts: Option<String>,
    /// The claim that it grew out of: another figure, the part that a party admits.
    #[arg(long, value_name = "CLAIM", conflicts_with = "contradicts")]
    follows_from: Option<String>,
}

/// Asks a party for an answer.
pub(super) async fn ask(args: AskArgs, desk: &Desk) -> Result<(), Failure> {
    let claim = desk.claim(&args.on.name).await?;
    let ask = RequestAnswer { claim, of: Reference(args.of), until: args.until };
    desk.do_one(Command::RequestAnswer(ask), args.on.seen_version).await
}

/// Says who works on it.
pub(super) async fn assign(args: AssignArgs, desk: &Desk) -> Result<(), Failure> {
    let claim = desk.claim(&args.on.name).await?;
    desk.do_one(Command::Assign(Assign { claim, to: args.to }), args.on.seen_version).await
}

/// Names a party.
pub(super) async fn party(args: PartyArgs, desk: &Desk) -> Result<(), Failure> {
    let claim = desk.claim(&args.on.name).await?;
    let party = SetParty { claim, source: Reference(args.source), interest: args.interest, reason: args.reason };
    desk.do_and_restand(Command::SetParty(party), args.on.seen_version).await
}

/// Says how urgent it is.
pub(super) async fn priority(args: PriorityArgs, desk: &Desk) -> Result<(), Failure> {
    let claim = desk.claim(&args.on.name).await?;
    let priority = SetPriority { claim, priority: args.priority };
    desk.do_one(Command::SetPriority(priority), args.on.seen_version).await
}

/// Tags it, or takes tags off. The version that was seen is checked with the first.
pub(super) async fn tag(args: TagArgs, desk: &Desk) -> Result<(), Failure> {
    let claim = desk.claim(&args.on.name).await?;
    let mut seen = args.on.seen_version;
    let mut receipts = Vec::new();
    for tag in args.tags {
        let tagging = Tagging { claim: claim.clone(), tag };
        let command = if args.remove { Command::Untag(tagging) } else { Command::Tag(tagging) };
        receipts.push(desk.send(command, seen.take()).await?);
    }
    receipt::show(&desk.screen, &receipts)
}

/// Says when it is to be reviewed.
pub(super) async fn review(args: ReviewArgs, desk: &Desk) -> Result<(), Failure> {
    let claim = desk.claim(&args.on.name).await?;
    desk.do_one(Command::SetReview(SetReview { claim, until: args.by }), args.on.seen_version).await
}

/// Writes a note.
pub(super) async fn note(args: NoteArgs, desk: &Desk) -> Result<(), Failure> {
    let claim = desk.claim(&args.on.name).await?;
    let note = Note { claim, text: args.text, confidential: args.confidential.then_some(true) };
    desk.do_one(Command::Note(note), args.on.seen_version).await
}

/// Links it to another claim.
pub(super) async fn link(args: LinkArgs, desk: &Desk) -> Result<(), Failure> {
    let claim = desk.claim(&args.on.name).await?;
    let mut link = LinkClaims { claim, contradicts: None, follows_from: None };
    if let Some(other) = &args.contradicts {
        link.contradicts = Some(desk.claim(other).await?);
    }
    if let Some(other) = &args.follows_from {
        link.follows_from = Some(desk.claim(other).await?);
    }
    desk.do_one(Command::LinkClaims(link), args.on.seen_version).await
}
