//! `audit log`: the log, filtered, page by page, or as it grows.

use std::collections::HashMap;
use std::time::Duration;

use clap::Args;
use hearsay_store::{EventFilter, EventView, Order};

use super::filter::FilterArgs;
use super::names::Names;
use crate::desk::Desk;
use crate::exit::Failure;
use crate::output::{Format, Rows, say};
use crate::render::history::{COLUMNS, EventLine, OfOneClaim, line};
use crate::signals;

/// Examples for its help.
pub(super) const EXAMPLES: &str = "Examples:\n  hearsay audit log --newest --limit 20\n  \
    hearsay audit log --by ana --kind claim_ --since 2025-04-22T00:00:00Z\n  \
    hearsay audit log --from reported --to denied --not-by worker/auto_advance\n  \
    hearsay audit log --source FT --not-kind follow_up_recorded --occurred-until 2025-04-23T00:00:00Z\n  \
    hearsay audit log --follow --format jsonl\n  \
    hearsay audit log --format jsonl --limit 1000 --after 1000";

/// How many events are read at a time.
const PAGE: u32 = 1000;

/// How often the log is looked at for what is new.
const LOOK: Duration = Duration::from_millis(250);

/// Arguments of `audit log`.
#[derive(Args, Debug)]
pub(crate) struct LogArgs {
    #[command(flatten)]
    filter: FilterArgs,
    /// After this position in the log; with `--newest`, before it: the last of one page leads to the next.
    #[arg(long, value_name = "SEQ")]
    after: Option<u64>,
    /// At most so many.
    #[arg(long, value_name = "N")]
    limit: Option<u32>,
    /// The latest first.
    #[arg(long)]
    newest: bool,
    /// The first first, as it is without this.
    #[arg(long, conflicts_with = "newest")]
    oldest: bool,
    /// Goes on with what is recorded from now on, until it is stopped; with `--after` or `--since`, from there.
    #[arg(long, conflicts_with_all = ["newest", "limit", "until"])]
    follow: bool,
}

/// Lists the log.
pub(super) async fn run(args: LogArgs, desk: &Desk) -> Result<(), Failure> {
    let order = if args.newest { Order::NewestFirst } else { Order::OldestFirst };
    let filter = args.filter.filter(&desk.store).await?;
    let filter = EventFilter { after: args.after, limit: args.limit, order, ..filter };
    if args.follow { follow(desk, filter).await } else { stream(desk, filter, OfOneClaim::No).await }
}

/// Writes what the filter lets through, a page at a time.
pub(super) async fn stream(desk: &Desk, filter: EventFilter, of_one_claim: OfOneClaim) -> Result<(), Failure> {
    stream_with(desk, filter, of_one_claim, HashMap::new()).await
}

/// As [`stream`], with what declared states rested on, by the positions of their events.
pub(super) async fn stream_with(
    desk: &Desk,
    filter: EventFilter,
    of_one_claim: OfOneClaim,
    grounds: HashMap<u64, Vec<String>>,
) -> Result<(), Failure> {
    let mut listing = Listing { grounds, ..Listing::begin(desk, of_one_claim)? };
    let mut left = filter.limit;
    let mut page = filter;
    loop {
        let size = left.map_or(PAGE, |left| left.min(PAGE));
        page.limit = Some(size);
        let events = desk.store.events(&page).await?;
        listing.add(&events).await?;
        page.after = events.last().map(|event| event.event.seq);
        let read = u32::try_from(events.len()).unwrap_or(u32::MAX);
        left = left.map(|left| left.saturating_sub(read));
        if read < size || left == Some(0) {
            break;
        }
    }
    listing.rows.map_or(Ok(()), Rows::end)
}

/// Writes what is recorded, as it is recorded, until a signal comes.
async fn follow(desk: &Desk, mut filter: EventFilter) -> Result<(), Failure> {
    if desk.screen.format == Format::Json {
        return Err(Failure::Usage(
            "a list that goes on is no JSON document: follow with `--format jsonl`".into(),
        ));
    }
    let mut listing = Listing::begin(desk, OfOneClaim::No)?;
    let head = async || -> Result<u64, Failure> { Ok(desk.store.head().await?.unwrap_or(0)) };
    if filter.after.is_none() && filter.recorded.since.is_none() {
        filter.after = Some(head().await?);
    }
    filter.limit = Some(PAGE);
    let stopped = signals::stopped();
    tokio::pin!(stopped);
    loop {
        let seen = head().await?;
        if filter.after.is_none_or(|after| after < seen) {
            let events = desk.store.events(&filter).await?;
            listing.add(&events).await?;
            listing.flush()?;
            let last = events.last().map(|event| event.event.seq);
            let whole = events.len() == PAGE as usize;
            filter.after = if whole { last } else { last.max(Some(seen)).max(filter.after) };
            if whole {
                continue;
            }
        }
        tokio::select! {
            ended = &mut stopped => return ended.map(drop),
            () = tokio::time::sleep(LOOK) => {}
        }
    }
}

/// Events on their way out.
struct Listing<'a> {
    desk: &'a Desk,
    rows: Option<Rows>,
    names: Names,
    of_one_claim: OfOneClaim,
    grounds: HashMap<u64, Vec<String>>,
}

impl<'a> Listing<'a> {
    fn begin(desk: &'a Desk, of_one_claim: OfOneClaim) -> Result<Self, Failure> {
        let rows = Rows::begin(desk.screen.format, COLUMNS)?;
        Ok(Self { desk, rows, names: Names::default(), of_one_claim, grounds: HashMap::new() })
    }

    async fn add(&mut self, events: &[EventView]) -> Result<(), Failure> {
        for event in events {
            let pieces = self.names.of(&self.desk.store, event).await?;
            let grounds = self.grounds.get(&event.event.seq).map(Vec::as_slice).unwrap_or_default();
            match &mut self.rows {
                Some(rows) => rows.push(&EventLine::of(event, pieces, grounds))?,
                None => say(&line(&self.desk.screen, event, pieces, grounds, self.of_one_claim))?,
            }
        }
        Ok(())
    }

    fn flush(&mut self) -> Result<(), Failure> {
        self.rows.as_mut().map_or(Ok(()), Rows::flush)
    }
}
