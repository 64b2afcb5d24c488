//! `claim list`: the docket, narrowed.

use clap::{Args, ValueEnum};
use hearsay_core::{Priority, Standing, State};
use hearsay_store::{ClaimFilter, Need};
use jiff::Timestamp;

use crate::desk::Desk;
use crate::exit::Failure;
use crate::render::docket::{COLUMNS, docket};
use crate::words::{time, word};

/// Examples for its help.
pub(super) const EXAMPLES: &str = "Examples:\n  hearsay claim list\n  hearsay claim list --due advance --due reopen\n  \
    hearsay claim list --state reported --state denied --topic ukraine-war\n  \
    hearsay claim list --text \"front line\" --format csv";

/// What a claim may be due for.
#[derive(Clone, Copy, Debug, ValueEnum)]
enum Due {
    /// Its standing asks for another open state.
    Advance,
    /// Its standing has changed since it was closed.
    Reopen,
}

/// Arguments of `claim list`.
#[derive(Args, Debug)]
pub(crate) struct ListArgs {
    /// In this state; several: in any of them.
    #[arg(long, value_name = "STATE", value_parser = word::<State>)]
    state: Vec<State>,
    /// With this standing; several: with any of them.
    #[arg(long, value_name = "STANDING", value_parser = word::<Standing>)]
    standing: Vec<Standing>,
    /// Due to advance, or to reopen; with several, or with `--overdue`: any of them.
    #[arg(long, value_enum, value_name = "WHAT")]
    due: Vec<Due>,
    /// Whose review, or whose party's answer, is past its deadline.
    #[arg(long)]
    overdue: bool,
    /// That this person works on.
    #[arg(long, value_name = "NAME")]
    assignee: Option<String>,
    /// That nobody works on.
    #[arg(long, conflicts_with = "assignee")]
    unassigned: bool,
    /// With this topic.
    #[arg(long, value_name = "TOPIC")]
    topic: Option<String>,
    /// With this tag.
    #[arg(long, value_name = "TAG")]
    tag: Option<String>,
    /// That urgent: low, normal, high or urgent.
    #[arg(long, value_name = "PRIORITY", value_parser = word::<Priority>)]
    priority: Option<Priority>,
    /// With this party, by any of its names.
    #[arg(long, value_name = "SOURCE")]
    party: Option<String>,
    /// With evidence by, or carried by, this source, by any of its names.
    #[arg(long, value_name = "SOURCE")]
    source: Option<String>,
    /// With all these words in text, topic, parties or notes; the last may be the beginning of one.
    #[arg(long, value_name = "WORDS")]
    text: Option<String>,
    /// Reported to the desk at or after this time (RFC 3339).
    #[arg(long, value_name = "TIME", value_parser = time)]
    opened_since: Option<Timestamp>,
    /// Reported to the desk before this time.
    #[arg(long, value_name = "TIME", value_parser = time)]
    opened_until: Option<Timestamp>,
    /// Last changed at or after this time.
    #[arg(long, value_name = "TIME", value_parser = time)]
    updated_since: Option<Timestamp>,
    /// Last changed before this time.
    #[arg(long, value_name = "TIME", value_parser = time)]
    updated_until: Option<Timestamp>,
    /// At most so many.
    #[arg(long, value_name = "N")]
    limit: Option<u32>,
}

/// Lists claims.
pub(super) async fn run(args: ListArgs, desk: &Desk) -> Result<(), Failure> {
    let narrowed = filter(args);
    let rows = desk.store.claims(&narrowed).await?;
    let for_people = || {
        if rows.is_empty() && narrowed != ClaimFilter::default() {
            return "No claim is like that; `hearsay claim list` lists all.".to_owned();
        }
        docket(&desk.screen, &rows)
    };
    desk.screen.list(&rows, COLUMNS, for_people)
}

fn filter(args: ListArgs) -> ClaimFilter {
    let need = |due: &Due| match due {
        Due::Advance => Need::Advance,
        Due::Reopen => Need::Reopen,
    };
    let overdue = args.overdue.then_some(Need::Overdue);
    ClaimFilter {
        states: args.state,
        standings: args.standing,
        needs: args.due.iter().map(need).chain(overdue).collect(),
        assignee: if args.unassigned { Some(None) } else { args.assignee.map(Some) },
        topic: args.topic,
        tag: args.tag,
        priority: args.priority,
        party: args.party,
        source: args.source,
        text: args.text,
        opened_since: args.opened_since,
        opened_until: args.opened_until,
        updated_since: args.updated_since,
        updated_until: args.updated_until,
        limit: args.limit,
    }
}
