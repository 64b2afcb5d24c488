//! `audit history`: one claim's timeline.

use std::path::{Path, PathBuf};

use clap::Args;
use hearsay_core::{ClaimNumber, Fact, State};
use hearsay_formats::{Moment, Setting, TimelineEvent, timeline_svg};
use hearsay_store::{Decision, EventFilter, EventView, Term};

use super::decided_on::origin;
use super::log::stream_with;
use super::names::Names;
use crate::desk::Desk;
use crate::exit::Failure;
use crate::output::put_picture;
use crate::render::event::sentence;
use crate::render::history::OfOneClaim;

/// Examples for its help.
pub(super) const EXAMPLES: &str = "Examples:\n  hearsay audit history C-142\n  hearsay audit history C-142 --format json\n  \
    hearsay audit history C-142 --svg timeline.svg";

/// Arguments of `audit history`.
#[derive(Args, Debug)]
pub(crate) struct HistoryArgs {
    /// The claim: C-142, its ref, its UUID, or a unique start of that.
    #[arg(value_name = "CLAIM")]
    claim: String,
    /// Draw it to this new file, as SVG, along both times, instead; `-` for standard output.
    #[arg(long, value_name = "FILE")]
    svg: Option<PathBuf>,
}

/// How many events are read at a time.
const PAGE: u32 = 1000;

/// Tells a claim's history.
pub(super) async fn run(args: &HistoryArgs, desk: &Desk) -> Result<(), Failure> {
    let claim = desk.store.find_claim(&args.claim).await?;
    let filter = EventFilter { claims: Term::only(claim), ..EventFilter::default() };
    if let Some(path) = &args.svg {
        return draw(claim, filter, path, desk).await;
    }
    let decisions = desk.store.decisions(claim).await?;
    let grounds = decisions.into_iter().map(|decision| (decision.seq, grounds(&decision))).collect();
    stream_with(desk, filter, OfOneClaim::Yes, grounds).await
}

/// The origins on which a declared state rested, each with its pieces and chains.
fn grounds(decision: &Decision) -> Vec<String> {
    decision.rested_on.iter().map(origin).collect()
}

/// Draws the timeline.
async fn draw(claim: ClaimNumber, mut page: EventFilter, path: &Path, desk: &Desk) -> Result<(), Failure> {
    page.limit = Some(PAGE);
    let mut views: Vec<EventView> = Vec::new();
    loop {
        let events = desk.store.events(&page).await?;
        page.after = events.last().map(|view| view.event.seq);
        let more = events.len() == PAGE as usize;
        views.extend(events);
        if !more {
            break;
        }
    }
    let mut names = Names::default();
    let mut state = desk.store.claim_now(claim).await?.state;
    let mut events = Vec::with_capacity(views.len());
    for view in views.iter().rev() {
        let told = sentence(view, names.of(&desk.store, view).await?);
        events.push(drawn(view, told, state));
        if let (true, Some((before, _))) = (view.claim == Some(claim), view.before) {
            state = before;
        }
    }
    events.reverse();
    let svg = timeline_svg(&claim.to_string(), &events, Setting::File);
    let svg = svg.map_err(|error| Failure::Usage(error.to_string()))?;
    put_picture(&desk.screen, &svg, path, &format!("the timeline of {claim}"))
}

/// An event for the timeline; `state` is what the desk declared after it.
#[expect(clippy::wildcard_enum_match_arm, reason = "only these bring evidence or take it back")]
fn drawn(view: &EventView, sentence: String, state: State) -> TimelineEvent {
    let (moment, name) = match &view.event.fact {
        Fact::ClaimReported { evidence, .. } | Fact::FollowUpRecorded { evidence, .. } => {
            (Moment::Said(evidence.stance), view.names.get(&evidence.source).cloned().unwrap_or_default())
        }
        Fact::EvidenceWithdrawn { .. } => (Moment::TakenBack, "withdrawn".to_owned()),
        Fact::EvidenceStruck { .. } => (Moment::TakenBack, "struck".to_owned()),
        _ => (Moment::Recorded, String::new()),
    };
    let (occurred_at, recorded_at) = (view.event.occurred_at, view.event.recorded_at);
    TimelineEvent { occurred_at, recorded_at, moment, name, sentence, state }
}
