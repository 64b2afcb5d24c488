//! `audit`: what auditors ask, on a log with realistic skew, each question beside the raw query that answers it.

mod build;
mod questions;
mod raw;

use std::path::PathBuf;
use std::time::Instant;

use anyhow::Result;
use hearsay_store::{EventFilter, Store};
use rusqlite::Connection;

use self::build::Size;
use self::questions::{Asker, QUESTIONS};
use crate::callers::float;
use crate::place::Place;
use crate::report::{Cell, Goal, Report};
use crate::{Bench, clock};

/// Arguments of `audit`.
#[derive(clap::Args, Debug)]
pub(crate) struct AuditArgs {
    /// How many events the log has.
    #[arg(long, default_value_t = 1_000_000)]
    events: usize,
    /// How many claims are on the docket.
    #[arg(long, default_value_t = 100_000)]
    claims: usize,
    /// Ten million events and a million claims; the building takes most of an hour and 20 GB of disk.
    #[arg(long)]
    full: bool,
    /// How many times each question is asked, about other things each time.
    #[arg(long, default_value_t = 300)]
    rounds: usize,
    /// A database that is kept: built there if it is not there yet, else asked as it is.
    #[arg(long, value_name = "FILE")]
    keep: Option<PathBuf>,
}

/// Runs it.
pub(crate) async fn run(args: &AuditArgs, bench: &Bench) -> Result<Report> {
    let size = match (bench.quick, args.full) {
        (true, _) => Size { events: 4_000, claims: 400 },
        (false, true) => Size { events: 10_000_000, claims: 1_000_000 },
        (false, false) => Size { events: args.events, claims: args.claims },
    };
    let place = Place::disk(bench.dir.as_deref())?;
    let path = args.keep.clone().unwrap_or_else(|| place.file("audit.db"));
    let mut report = Report::new("audit", &["question", "p50 ms", "p99 ms", "raw p50", "raw p99", "goal ms"]);
    if !path.exists() {
        eprintln!("building {} events of {} claims …", size.events, size.claims);
        let began = Instant::now();
        build::build(&path, size).await?;
        let rate = float(size.events) / began.elapsed().as_secs_f64();
        report.notes.push(format!("built by the store itself, at {rate:.0} events a second"));
    }
    if bench.quick {
        build::check(&path).await?;
        report.notes.push("a rebuild changed no derived row".to_owned());
    }
    let rounds = if bench.quick { 20 } else { args.rounds };
    let store = Store::open(&path, clock::options()).await?;
    let raw = Connection::open(&path)?;
    let mut asker = Asker::new(store.clone(), raw)?;
    for question in QUESTIONS {
        eprintln!("{} …", question.name);
        let (ours, raw) = asker.ask(question, rounds).await?;
        report.goals.push(Goal::at_most(format!("{}, p99 in ms", question.name), question.goal, ours.p99));
        report.rows.push(vec![
            Cell::from(question.name),
            Cell::Figure(ours.p50, 2),
            Cell::Figure(ours.p99, 2),
            Cell::Figure(raw.p50, 2),
            Cell::Figure(raw.p99, 2),
            Cell::Figure(question.goal, 0),
        ]);
    }
    export(&store, &mut asker, &mut report).await?;
    drop(asker);
    store.close().await;
    Ok(report)
}

/// The whole log as JSON Lines, into nothing; and the bare reading of what goes out.
async fn export(store: &Store, asker: &mut Asker, report: &mut Report) -> Result<()> {
    let began = Instant::now();
    let mut bytes = 0_usize;
    let mut sink = |lines: &[u8], _: u64| {
        bytes += lines.len();
        Ok(())
    };
    let events = store.export(&EventFilter::default(), &mut sink).await?;
    let events = float(usize::try_from(events)?);
    let ours = events / began.elapsed().as_secs_f64();
    let began = Instant::now();
    let read = asker.read_everything()?;
    let raw = float(read) / began.elapsed().as_secs_f64();
    let size = float(bytes) / events;
    report.goals.push(Goal::at_least("events exported a second", 500_000.0, ours));
    report.notes.push(format!(
        "export: {ours:.0} events a second as JSON Lines of {size:.0} bytes; envelopes and texts read and nothing made of \
         them: {raw:.0} a second"
    ));
    Ok(())
}
