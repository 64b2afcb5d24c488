//! `hearsay audit …`: the log as it was written, whole or of one claim.

mod bundle;
pub(crate) mod verify_bundle;

use std::collections::HashMap;

use clap::{Args, Subcommand};
use hearsay_core::{ClaimId, EvidenceId, Fact, Footing, Relayed, Standing};
use hearsay_store::{EventFilter, EventView, Order, Store};
use jiff::Timestamp;

use self::bundle::BundleArgs;
use self::verify_bundle::VerifyArgs;
use crate::desk::Desk;
use crate::exit::Failure;
use crate::output::{Rows, say};
use crate::render::event::PieceNames;
use crate::render::history::{COLUMNS, EventLine, OfOneClaim, line};
use crate::words::time;

/// How many events are read at a time.
const PAGE: u32 = 1000;

/// What can be asked of the log.
#[derive(Subcommand, Debug)]
pub(crate) enum AuditVerb {
    /// Lists events, oldest first.
    #[command(after_help = "Examples:\n  hearsay audit log --newest --limit 20\n  \
        hearsay audit log --by ana --kind claim_ --since 2025-04-22T00:00:00Z\n  \
        hearsay audit log --format jsonl")]
    Log(LogArgs),
    /// Tells a claim's history, and that of the claims that were merged into it.
    #[command(
        after_help = "Examples:\n  hearsay audit history C-142\n  hearsay audit history C-142 --format json"
    )]
    History(HistoryArgs),
    /// Writes one claim's evidence, and what proves it, to one file that can be checked without the database.
    #[command(after_help = bundle::EXAMPLES)]
    Bundle(BundleArgs),
    /// Checks an evidence bundle, without a database.
    #[command(after_help = verify_bundle::EXAMPLES)]
    Verify(VerifyArgs),
}

/// Arguments of `audit log`.
#[derive(Args, Debug)]
pub(crate) struct LogArgs {
    /// Of this claim, and of those that were merged into it.
    #[arg(long, value_name = "CLAIM")]
    claim: Option<String>,
    /// Whose kind begins so: `claim_`, `follow_up_recorded`, `source_` …
    #[arg(long, value_name = "KIND")]
    kind: Option<String>,
    /// By this person; not to be confused with `--actor`, who asks.
    #[arg(long, value_name = "NAME")]
    by: Option<String>,
    /// Recorded at or after this time (RFC 3339).
    #[arg(long, value_name = "TIME", value_parser = time)]
    since: Option<Timestamp>,
    /// Recorded before this time.
    #[arg(long, value_name = "TIME", value_parser = time)]
    until: Option<Timestamp>,
    /// After this position in the log.
    #[arg(long, value_name = "SEQ")]
    after: Option<u64>,
    /// At most so many.
    #[arg(long, value_name = "N")]
    limit: Option<u32>,
    /// The latest first.
    #[arg(long, requires = "limit")]
    newest: bool,
}

/// Arguments of `audit history`.
#[derive(Args, Debug)]
pub(crate) struct HistoryArgs {
    /// The claim: C-142, its ref, its UUID, or a unique start of that.
    #[arg(value_name = "CLAIM")]
    claim: String,
}

/// Runs a verb on the log.
pub(crate) async fn run(verb: AuditVerb, desk: &Desk) -> Result<(), Failure> {
    match verb {
        AuditVerb::Log(args) => log(args, desk).await,
        AuditVerb::History(args) => {
            let claim = desk.store.find_claim(&args.claim).await?;
            let filter = EventFilter { claim: Some(claim), ..EventFilter::default() };
            stream(desk, filter, OfOneClaim::Yes).await
        }
        AuditVerb::Bundle(args) => bundle::run(&args, desk).await,
        AuditVerb::Verify(args) => verify_bundle::run(&args, desk.screen.format),
    }
}

async fn log(args: LogArgs, desk: &Desk) -> Result<(), Failure> {
    let claim = match &args.claim {
        Some(name) => Some(desk.store.find_claim(name).await?),
        None => None,
    };
    let order = if args.newest { Order::NewestFirst } else { Order::OldestFirst };
    let filter = EventFilter {
        claim,
        kind: args.kind,
        actor: args.by,
        since: args.since,
        until: args.until,
        after: args.after,
        limit: args.limit,
        order,
    };
    stream(desk, filter, OfOneClaim::No).await
}

/// Writes what the filter lets through, a page at a time.
async fn stream(desk: &Desk, filter: EventFilter, of_one_claim: OfOneClaim) -> Result<(), Failure> {
    let mut rows = Rows::begin(desk.screen.format, COLUMNS)?;
    let mut names = Names::default();
    let mut standings = Standings::of(&filter);
    let mut left = filter.limit;
    let mut page = filter;
    loop {
        let size = left.map_or(PAGE, |left| left.min(PAGE));
        page.limit = Some(size);
        let events = desk.store.events(&page).await?;
        for event in &events {
            let before = standings.before(event);
            let pieces = names.of(&desk.store, event).await?;
            match &mut rows {
                Some(rows) => rows.push(&EventLine::of(event, pieces, before))?,
                None => say(&line(&desk.screen, event, pieces, before, of_one_claim))?,
            }
        }
        page.after = events.last().map(|event| event.event.seq);
        let read = u32::try_from(events.len()).unwrap_or(u32::MAX);
        left = left.map(|left| left.saturating_sub(read));
        if read < size || left == Some(0) {
            break;
        }
    }
    rows.map_or(Ok(()), Rows::end)
}

/// What each claim's standing was before an event: known only where no event of the claim is passed over.
struct Standings(Option<HashMap<ClaimId, Standing>>);

impl Standings {
    fn of(filter: &EventFilter) -> Self {
        let whole = EventFilter { claim: filter.claim, limit: filter.limit, ..EventFilter::default() };
        Self((*filter == whole).then(HashMap::new))
    }

    fn before(&mut self, view: &EventView) -> Option<Standing> {
        let after = view.event.weighed?.standing;
        self.0.as_mut()?.insert(view.event.claim?, after)
    }
}

/// Names of evidence, read claim by claim where an event needs one that isn't known yet.
#[derive(Default)]
pub(crate) struct Names(PieceNames);

impl Names {
    /// The names that the event's sentence may need.
    pub(crate) async fn of(&mut self, store: &Store, view: &EventView) -> Result<&PieceNames, Failure> {
        let unknown = named_evidence(&view.event.fact).iter().any(|id| !self.0.contains_key(id));
        if let Some(claim) = view.claim.filter(|_| unknown) {
            let file = store.claim_file(claim).await?;
            self.0.extend(file.evidence.into_iter().map(|piece| {
                let handle = piece.handle.map(|handle| format!(" [{handle}]")).unwrap_or_default();
                (piece.id, format!("{}{handle}", piece.source))
            }));
        }
        Ok(&self.0)
    }
}

/// The evidence of which an event tells by its id alone.
fn named_evidence(fact: &Fact) -> Vec<EvidenceId> {
    if let Fact::ClaimReported { evidence, .. } | Fact::FollowUpRecorded { evidence, .. } = fact {
        return match evidence.footing {
            Footing::Relays(Relayed::Evidence(id)) => vec![id],
            Footing::Relays(Relayed::Source(_))
            | Footing::Own
            | Footing::Document
            | Footing::NamedSources { .. }
            | Footing::UnnamedSources { .. }
            | Footing::Unknown => Vec::new(),
        };
    }
    if let Fact::EvidenceWithdrawn { evidence, .. } | Fact::EvidenceStruck { evidence, .. } = fact {
        return vec![*evidence];
    }
    if let Fact::OriginsLinked { evidence, .. } = fact { evidence.clone() } else { Vec::new() }
}
