//! Rulings, and what waits for a second person.

use clap::Args;
use hearsay_core::{Command, CorrectRuling, ProposalAnswer, ProposeRuling, Reference};

use super::OnClaim;
use crate::desk::Desk;
use crate::exit::Failure;

/// Arguments of `claim rule`.
#[derive(Args, Debug)]
pub(crate) struct RuleArgs {
    #[command(flatten)]
    on: OnClaim,
    /// A rating of the policy's scale; `hearsay policy show` lists them.
    #[arg(long, value_name = "RATING")]
    rating: String,
    /// Why, in a paragraph for readers.
    #[arg(long, value_name = "TEXT")]
    summary: String,
}

/// Arguments of `claim approve` and `claim decline`.
#[derive(Args, Debug)]
pub(crate) struct AnswerArgs {
    #[command(flatten)]
    on: OnClaim,
    /// Which proposal, by its UUID; needed only where several wait (`claim show` lists them).
    #[arg(long, value_name = "ID")]
    proposal: Option<String>,
    /// Why; needed to decline.
    #[arg(long, value_name = "TEXT")]
    reason: Option<String>,
}

/// Arguments of `claim correct`.
#[derive(Args, Debug)]
pub(crate) struct CorrectArgs {
    #[command(flatten)]
    on: OnClaim,
    /// A rating of the policy's scale; `hearsay policy show` lists them.
    #[arg(long, value_name = "RATING")]
    rating: String,
    /// Why, in a paragraph for readers.
    #[arg(long, value_name = "TEXT")]
    summary: String,
    /// What was wrong with the ruling that it replaces.
    #[arg(long, value_name = "TEXT")]
    reason: String,
}

/// Proposes a ruling, which is published at once where the policy asks for no second person.
pub(super) async fn rule(args: RuleArgs, desk: &Desk) -> Result<(), Failure> {
    let claim = desk.claim(&args.on.name).await?;
    let ruling = ProposeRuling { claim, rating: args.rating, summary: args.summary };
    desk.do_one(Command::ProposeRuling(ruling), args.on.seen_version).await
}

/// Approves a proposal; of an erasure it is asked first whether it is meant.
pub(super) async fn approve(args: AnswerArgs, desk: &Desk) -> Result<(), Failure> {
    let number = desk.store.find_claim(&args.on.name).await?;
    let file = desk.store.claim_file(number).await?;
    let is_meant = |id: String| match &args.proposal {
        Some(named) => *named == id,
        None => file.proposals.is_empty(),
    };
    if let Some(erasure) = file.erasures.iter().find(|row| is_meant(row.proposal.to_string())) {
        return Err(Failure::Usage(format!(
            "this is an erasure, which cannot be undone; `hearsay erase approve {} --yes` approves it",
            erasure.proposal
        )));
    }
    let seen = args.on.seen_version;
    desk.do_one(Command::Approve(answer(args, desk).await?), seen).await
}

/// Declines a proposal.
pub(super) async fn decline(args: AnswerArgs, desk: &Desk) -> Result<(), Failure> {
    let seen = args.on.seen_version;
    desk.do_one(Command::Decline(answer(args, desk).await?), seen).await
}

async fn answer(args: AnswerArgs, desk: &Desk) -> Result<ProposalAnswer, Failure> {
    let claim = desk.claim(&args.on.name).await?;
    Ok(ProposalAnswer { claim: Some(claim), proposal: args.proposal.map(Reference), reason: args.reason })
}

/// Corrects a ruling.
pub(super) async fn correct(args: CorrectArgs, desk: &Desk) -> Result<(), Failure> {
    let claim = desk.claim(&args.on.name).await?;
    let ruling = CorrectRuling { claim, rating: args.rating, summary: args.summary, reason: args.reason };
    desk.do_one(Command::CorrectRuling(ruling), args.on.seen_version).await
}
