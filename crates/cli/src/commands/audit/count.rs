//! `audit count`: how much happened, and how many claims were in which state.

use clap::{Args, Subcommand, ValueEnum};
use hearsay_store::{Count, CountBy, Period};
use jiff::Timestamp;

use super::diff::Axis;
use crate::clock;
use crate::desk::Desk;
use crate::exit::Failure;
use crate::output::table;
use crate::words::time;

/// Examples for its help.
pub(super) const EXAMPLES: &str = "Examples:\n  hearsay audit count --by day\n  \
    hearsay audit count --by actor --since 2025-04-22T00:00:00Z --until 2025-04-23T00:00:00Z\n  \
    hearsay audit count --by party --along occurred --format csv\n  \
    hearsay audit count states --at 2025-04-23T09:00:00Z";

/// By what is counted.
#[derive(Clone, Copy, Debug, ValueEnum)]
enum By {
    /// Each day, UTC.
    Day,
    /// Each hour, UTC.
    Hour,
    /// Each kind of follow-up and of transition.
    Kind,
    /// Each actor.
    Actor,
    /// Each party of the claims that they are on; on a claim with two parties one counts for each.
    Party,
}

impl From<By> for CountBy {
    fn from(by: By) -> Self {
        match by {
            By::Day => Self::Day,
            By::Hour => Self::Hour,
            By::Kind => Self::Kind,
            By::Actor => Self::Actor,
            By::Party => Self::Party,
        }
    }
}

/// Arguments of `audit count`.
#[derive(Args, Debug)]
#[command(args_conflicts_with_subcommands = true)]
pub(crate) struct CountArgs {
    /// What the counts are of: each day, hour, kind, actor or party.
    #[arg(long, value_enum, default_value_t = By::Day)]
    by: By,
    /// Along when it was recorded, or when it happened.
    #[arg(long, value_enum, default_value_t = Axis::Recorded)]
    along: Axis,
    /// From this time on (RFC 3339): a whole hour.
    #[arg(long, value_name = "TIME", value_parser = time)]
    since: Option<Timestamp>,
    /// Before this time: a whole hour.
    #[arg(long, value_name = "TIME", value_parser = time)]
    until: Option<Timestamp>,
    #[command(subcommand)]
    of: Option<Of>,
}

/// What else is counted.
#[derive(Subcommand, Debug)]
enum Of {
    /// How many claims were in each state at a time, as the log had it then.
    #[command(after_help = "Examples:\n  hearsay audit count states --at 2025-04-23T09:00:00Z\n  \
        hearsay audit count states --format json")]
    States {
        /// The time (RFC 3339); now, where it is left out.
        #[arg(long, value_name = "TIME", value_parser = time)]
        at: Option<Timestamp>,
    },
}

/// Counts.
pub(super) async fn run(args: &CountArgs, desk: &Desk) -> Result<(), Failure> {
    if let Some(Of::States { at }) = &args.of {
        return states(*at, desk).await;
    }
    let period = Period { since: args.since, until: args.until };
    let counts = desk.store.counts(args.by.into(), args.along.into(), period).await?;
    desk.screen.list(&counts, &["key", "follow_ups", "transitions"], || shown(args, desk, &counts))
}

fn shown(args: &CountArgs, desk: &Desk, counts: &[Count]) -> String {
    if counts.is_empty() {
        return "No follow-up and no transition in that time.".to_owned();
    }
    let heading = match args.by {
        By::Day => "day",
        By::Hour => "hour",
        By::Kind => "kind",
        By::Actor => "actor",
        By::Party => "party",
    };
    let rows = counts.iter().map(|count| {
        let key = count.key.clone().unwrap_or_else(|| "(erased)".to_owned());
        vec![key, count.follow_ups.to_string(), count.transitions.to_string()]
    });
    table(&desk.screen, &[heading, "follow-ups", "transitions"], rows.collect())
}

async fn states(at: Option<Timestamp>, desk: &Desk) -> Result<(), Failure> {
    let counts = desk.store.states_at(at.unwrap_or_else(clock::now)).await?;
    desk.screen.list(&counts, &["state", "claims"], || {
        let rows = counts.iter().map(|count| vec![count.state.as_str().to_owned(), count.claims.to_string()]);
        table(&desk.screen, &["state", "claims"], rows.collect())
    })
}
