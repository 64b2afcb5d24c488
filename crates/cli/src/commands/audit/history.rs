//! `audit history`: one claim's timeline.

use clap::Args;
use hearsay_store::{EventFilter, Term};

use super::log::stream;
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
    stream(desk, filter, OfOneClaim::Yes).await
}
