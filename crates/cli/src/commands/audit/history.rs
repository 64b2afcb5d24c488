//! `audit history`: one claim's timeline.

use clap::Args;
use hearsay_store::{Decision, EventFilter, Term};

use super::decided_on::origin;
use super::log::stream_with;
use crate::desk::Desk;
use crate::exit::Failure;
use crate::render::history::OfOneClaim;

/// Examples for its help.
pub(super) const EXAMPLES: &str =
    "Examples:\n  hearsay audit history C-142\n  hearsay audit history C-142 --format json";

/// Arguments of `audit history`.
#[derive(Args, Debug)]
pub(crate) struct HistoryArgs {
    /// The claim: C-142, its ref, its UUID, or a unique start of that.
    #[arg(value_name = "CLAIM")]
    claim: String,
}

/// Tells a claim's history.
pub(super) async fn run(args: &HistoryArgs, desk: &Desk) -> Result<(), Failure> {
    let claim = desk.store.find_claim(&args.claim).await?;
    let filter = EventFilter { claims: Term::only(claim), ..EventFilter::default() };
    let decisions = desk.store.decisions(claim).await?;
    let grounds = decisions.into_iter().map(|decision| (decision.seq, grounds(&decision))).collect();
    stream_with(desk, filter, OfOneClaim::Yes, grounds).await
}

/// The origins on which a declared state rested, each with its pieces and chains.
fn grounds(decision: &Decision) -> Vec<String> {
    decision.rested_on.iter().map(origin).collect()
}
