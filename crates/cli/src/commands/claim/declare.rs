//! Transitions: advance, override, close, reopen, merge.

use clap::Args;
use hearsay_core::{Advance, Close, Closing, Command, Merge, Override, Reopen, State};

use super::OnClaim;
use crate::desk::Desk;
use crate::exit::Failure;
use crate::words::word;

/// Arguments of `claim advance`.
#[derive(Args, Debug)]
pub(crate) struct AdvanceArgs {
    #[command(flatten)]
    on: OnClaim,
    /// The state to declare: reported, corroborated, denied or disputed.
    #[arg(value_name = "STATE", value_parser = word::<State>, required_unless_present = "to")]
    state: Option<State>,
    /// The same, by name.
    #[arg(long, value_name = "STATE", value_parser = word::<State>, conflicts_with = "state")]
    to: Option<State>,
    /// Why, in your words.
    #[arg(long, value_name = "TEXT")]
    reason: Option<String>,
}

/// Arguments of `claim override`.
#[derive(Args, Debug)]
pub(crate) struct OverrideArgs {
    #[command(flatten)]
    on: OnClaim,
    /// The state to declare: reported, corroborated, denied or disputed.
    #[arg(value_name = "STATE", value_parser = word::<State>, required_unless_present = "to")]
    state: Option<State>,
    /// The same, by name.
    #[arg(long, value_name = "STATE", value_parser = word::<State>, conflicts_with = "state")]
    to: Option<State>,
    /// Why the evidence is overridden.
    #[arg(long, value_name = "TEXT")]
    reason: String,
}

/// Arguments of `claim close`.
#[derive(Args, Debug)]
pub(crate) struct CloseArgs {
    #[command(flatten)]
    on: OnClaim,
    /// As what: retracted (who reported it took it back) or unresolved (the desk gives up on it).
    #[arg(value_name = "STATE", value_parser = word::<Closing>, required_unless_present = "closing")]
    state: Option<Closing>,
    /// The same, by name.
    #[arg(long = "as", value_name = "STATE", value_parser = word::<Closing>, conflicts_with = "state")]
    closing: Option<Closing>,
    /// Why; needed for unresolved.
    #[arg(long, value_name = "TEXT")]
    reason: Option<String>,
}

/// Arguments of `claim reopen`.
#[derive(Args, Debug)]
pub(crate) struct ReopenArgs {
    #[command(flatten)]
    on: OnClaim,
    /// Why.
    #[arg(long, value_name = "TEXT")]
    reason: String,
}

/// Arguments of `claim merge`.
#[derive(Args, Debug)]
pub(crate) struct MergeArgs {
    #[command(flatten)]
    on: OnClaim,
    /// The claim that stays.
    #[arg(long, value_name = "CLAIM")]
    into: String,
    /// Why.
    #[arg(long, value_name = "TEXT")]
    reason: String,
}

/// The one that was given.
fn one_of<T>(here: Option<T>, by_name: Option<T>) -> Result<T, Failure> {
    here.or(by_name).ok_or_else(|| Failure::Usage("a state is needed".to_owned()))
}

/// Declares the state that the standing carries.
pub(super) async fn advance(args: AdvanceArgs, desk: &Desk) -> Result<(), Failure> {
    let claim = desk.claim(&args.on.name).await?;
    let advance = Advance { claim, to: one_of(args.state, args.to)?, reason: args.reason };
    desk.do_one(Command::Advance(advance), args.on.seen_version).await
}

/// Declares a state that the standing does not carry.
pub(super) async fn override_standing(args: OverrideArgs, desk: &Desk) -> Result<(), Failure> {
    let claim = desk.claim(&args.on.name).await?;
    let declared = Override { claim, to: one_of(args.state, args.to)?, reason: args.reason };
    desk.do_one(Command::Override(declared), args.on.seen_version).await
}

/// Closes a claim.
pub(super) async fn close(args: CloseArgs, desk: &Desk) -> Result<(), Failure> {
    let claim = desk.claim(&args.on.name).await?;
    let close = Close { claim, closing: one_of(args.state, args.closing)?, reason: args.reason };
    desk.do_one(Command::Close(close), args.on.seen_version).await
}

/// Opens a closed claim again.
pub(super) async fn reopen(args: ReopenArgs, desk: &Desk) -> Result<(), Failure> {
    let claim = desk.claim(&args.on.name).await?;
    desk.do_one(Command::Reopen(Reopen { claim, reason: args.reason }), args.on.seen_version).await
}

/// Merges a claim into another.
pub(super) async fn merge(args: MergeArgs, desk: &Desk) -> Result<(), Failure> {
    let claim = desk.claim(&args.on.name).await?;
    let into = desk.claim(&args.into).await?;
    desk.do_and_restand(Command::Merge(Merge { claim, into, reason: args.reason }), args.on.seen_version).await
}
