//! `audit retroactive` and `audit exceptions`: what was recorded late, and what went past the usual course.

use clap::Args;
use hearsay_core::Fact;
use hearsay_store::{EventFilter, EventView, Order, Period, Term};
use jiff::{SignedDuration, Timestamp};
use serde::Serialize;

use super::filter::FilterArgs;
use super::log::stream;
use super::names::Names;
use crate::desk::Desk;
use crate::exit::Failure;
use crate::output::{Rows, say};
use crate::render::event::{actor, sentence};
use crate::render::history::OfOneClaim;
use crate::words::{time, when};

/// Examples for the help of `retroactive`.
pub(super) const RETROACTIVE: &str = "Examples:\n  hearsay audit retroactive\n  \
    hearsay audit retroactive --lag 1h --by ana\n  hearsay audit retroactive --lag 168h --newest --limit 100 --format csv";

/// Examples for the help of `exceptions`.
pub(super) const EXCEPTIONS: &str = "Overrides, rulings and their corrections, erasures (proposed, declined, done), holds with\n\
    their releases, exports, and approvals that were refused to the proposer: all of them are events of the log.\n\n\
    Examples:\n  hearsay audit exceptions\n  hearsay audit exceptions --since 2025-04-22T00:00:00Z --format jsonl";

/// How many events are read at a time.
const PAGE: u32 = 1000;

/// Arguments of `audit retroactive`.
#[derive(Args, Debug)]
pub(crate) struct RetroactiveArgs {
    /// Recorded at least so long after it happened.
    #[arg(long, value_name = "TIME", default_value = "24h", value_parser = lag)]
    lag: SignedDuration,
    #[command(flatten)]
    filter: FilterArgs,
    /// After this position in the log; with `--newest`, before it.
    #[arg(long, value_name = "SEQ")]
    after: Option<u64>,
    /// At most so many.
    #[arg(long, value_name = "N")]
    limit: Option<u32>,
    /// The latest first.
    #[arg(long)]
    newest: bool,
}

fn lag(text: &str) -> Result<SignedDuration, String> {
    let lag: Option<SignedDuration> = text.parse().ok();
    lag.filter(|lag| *lag > SignedDuration::ZERO)
        .ok_or_else(|| format!("`{text}` is no span of time, such as 24h, 90m or 168h"))
}

/// Lists what was recorded late.
pub(super) async fn retroactive(args: RetroactiveArgs, desk: &Desk) -> Result<(), Failure> {
    let order = if args.newest { Order::NewestFirst } else { Order::OldestFirst };
    let filter = args.filter.filter(&desk.store).await?;
    let filter = EventFilter { lag: Some(args.lag), after: args.after, limit: args.limit, order, ..filter };
    stream(desk, filter, OfOneClaim::No).await
}

/// Arguments of `audit exceptions`.
#[derive(Args, Debug)]
pub(crate) struct ExceptionsArgs {
    /// Recorded at or after this time (RFC 3339).
    #[arg(long, value_name = "TIME", value_parser = time)]
    since: Option<Timestamp>,
    /// Recorded before this time.
    #[arg(long, value_name = "TIME", value_parser = time)]
    until: Option<Timestamp>,
}

/// One exception for programs.
#[derive(Serialize)]
struct Exception {
    at: Timestamp,
    what: String,
    seq: u64,
    claim: Option<hearsay_core::ClaimNumber>,
    actor: String,
    role: String,
    summary: String,
}

const COLUMNS: &[&str] = &["at", "what", "seq", "claim", "actor", "role", "summary"];

/// Lists exceptions in the order of the log.
pub(super) async fn exceptions(args: &ExceptionsArgs, desk: &Desk) -> Result<(), Failure> {
    let period = Period { since: args.since, until: args.until };
    let kinds = Fact::EXCEPTIONS.iter().map(|kind| (*kind).to_owned()).collect();
    let mut filter = EventFilter {
        kinds: Term { any: kinds, none: Vec::new() },
        recorded: period,
        limit: Some(PAGE),
        ..EventFilter::default()
    };
    let (mut rows, mut names, mut any) = (Rows::begin(desk.screen.format, COLUMNS)?, Names::default(), false);
    loop {
        let events = desk.store.events(&filter).await?;
        for event in &events {
            let pieces = names.of(&desk.store, event).await?;
            tell(desk, &mut rows, &of_event(event, sentence(event, pieces)))?;
            any = true;
        }
        filter.after = events.last().map(|event| event.event.seq);
        if events.len() < PAGE as usize {
            break;
        }
    }
    match rows {
        Some(rows) => rows.end(),
        None if any => Ok(()),
        None => say("Nothing went past the usual course in that time."),
    }
}

fn of_event(view: &EventView, summary: String) -> Exception {
    Exception {
        at: view.event.recorded_at,
        what: view.event.fact.kind().to_owned(),
        seq: view.event.seq,
        claim: view.claim.or_else(|| told_of(&view.event.fact)),
        actor: actor(&view.event).to_owned(),
        role: view.event.actor.role.as_str().to_owned(),
        summary,
    }
}

/// The claim that an event of the log alone tells of.
fn told_of(fact: &Fact) -> Option<hearsay_core::ClaimNumber> {
    if let Fact::LogExported { claim, .. } | Fact::SelfApprovalRefused { claim, .. } = fact {
        *claim
    } else {
        None
    }
}

fn tell(desk: &Desk, rows: &mut Option<Rows>, exception: &Exception) -> Result<(), Failure> {
    if let Some(rows) = rows {
        return rows.push(exception);
    }
    let seq = exception.seq;
    let claim = exception.claim.map(|claim| format!("{claim} ")).unwrap_or_default();
    let head = format!("{seq:>5}  {}  {:<8} ", when(exception.at), exception.actor);
    say(&format!("{}{claim}{}", desk.screen.paint.faint(&head), exception.summary))
}
