//! `queue`: tasks that do nothing, enqueued and done durably, beside a loop written by hand and huey; how soon an idle
//! worker takes one up; and follow-ups through the worker, beside callers who record them themselves.

mod follow_ups;
mod huey;
mod ours;
mod pickup;
mod raw;
mod rounds;
mod span;
mod tell;

use std::path::PathBuf;

use anyhow::Result;
use clap::{Args, ValueEnum};
use hearsay_store::Store;

use crate::place::{Place, into_one_file};
use crate::report::Report;
use crate::{Bench, clock};
use follow_ups::{build, follow_ups};
use huey::Huey;
use pickup::Heard;
use rounds::Rounds;
use tell::{take, take_follow_ups, take_pickup};

/// What is measured.
#[derive(Clone, Copy, PartialEq, Eq, Debug, ValueEnum)]
enum Part {
    /// Tasks on a queue that is empty otherwise, beside the limit.
    Empty,
    /// The same behind many that wait.
    Backlog,
    /// The same in huey.
    Huey,
    /// How soon an idle worker takes up a task.
    Pickup,
    /// Follow-ups through the worker.
    FollowUps,
}

/// Arguments of `queue`.
#[derive(Args, Debug)]
pub(crate) struct QueueArgs {
    /// How many tasks go into one transaction; the worker's lane: 256.
    #[arg(long, default_value_t = 256)]
    batch: usize,
    /// How many times each contender is measured, in turn; the medians are shown.
    #[arg(long, default_value_t = 3)]
    rounds: usize,
    /// What to measure.
    #[arg(long, value_enum, value_delimiter = ',', default_values_t = [Part::Empty, Part::Backlog, Part::Huey, Part::Pickup, Part::FollowUps])]
    only: Vec<Part>,
    /// Only on disk.
    #[arg(long)]
    no_tmpfs: bool,
}

/// How much of each.
struct Sizes {
    tasks: usize,
    backlog: usize,
    singles: usize,
    follow_ups: follow_ups::Sizes,
}

impl Sizes {
    fn of(bench: &Bench, rounds: usize) -> Self {
        if bench.quick {
            let follow_ups = follow_ups::Sizes { claims: 100, commands: 500, rounds: 1 };
            return Self { tasks: 2_000, backlog: 10_000, singles: 20, follow_ups };
        }
        let follow_ups = follow_ups::Sizes { claims: 5_000, commands: 20_000, rounds };
        Self { tasks: 50_000, backlog: 1_000_000, singles: 500, follow_ups }
    }
}

/// Databases to make copies of.
struct Bases {
    empty: PathBuf,
    backlog: Option<PathBuf>,
    docket: Option<PathBuf>,
}

/// Runs it.
pub(crate) async fn run(args: &QueueArgs, bench: &Bench) -> Result<Report> {
    let mut report = Report::new(
        "queue",
        &[
            "where",
            "what",
            "ours/s",
            "enqueue/s",
            "work/s",
            "pages",
            "p50 µs",
            "p99 µs",
            "beside",
            "its/s",
            "its enqueue/s",
            "its work/s",
            "its pages",
            "times",
        ],
    );
    let sizes = Sizes::of(bench, args.rounds);
    let huey = find_huey(args, &mut report);
    let mut places = Place::all(bench.dir.as_deref())?;
    if args.no_tmpfs {
        places.truncate(1);
    }
    let bases = bases(args, &sizes, &places[0]).await?;
    let mut heard = if args.only.contains(&Part::Pickup) { Some(Heard::listen()?) } else { None };
    for place in &places {
        let round = Rounds { args, sizes: &sizes, place };
        let measured = round.measure(&bases, huey.as_ref()).await?;
        take(&mut report, place, &sizes, &measured);
        if let Some(heard) = &mut heard {
            eprintln!("{}: idle pickup …", place.name);
            take_pickup(&mut report, place, &heard.pickup(place, sizes.singles).await?);
        }
        if let Some(docket) = &bases.docket {
            eprintln!("{}: follow-ups …", place.name);
            let found = follow_ups(place, docket, sizes.follow_ups).await?;
            take_follow_ups(&mut report, place, &found);
        }
    }
    report.notes.push(format!(
        "{} tasks each round, {} in a transaction; huey: an eighth of them, each in a transaction of its own; medians \
         of {} rounds, contenders in turn; pages: 4 KiB handed to write(2) for each task, checkpoints included",
        sizes.tasks, args.batch, args.rounds
    ));
    Ok(report)
}

fn find_huey(args: &QueueArgs, report: &mut Report) -> Option<Huey> {
    if !args.only.contains(&Part::Huey) {
        return None;
    }
    match Huey::install() {
        Ok(huey) => Some(huey),
        Err(error) => {
            eprintln!("HUEY IS LEFT OUT: {error:#}");
            report.notes.push(format!("HUEY IS LEFT OUT: {error:#}"));
            None
        }
    }
}

async fn bases(args: &QueueArgs, sizes: &Sizes, place: &Place) -> Result<Bases> {
    let empty = place.file("empty.db");
    Store::open(&empty, clock::options()).await?.close().await;
    into_one_file(&empty)?;
    let mut bases = Bases { empty, backlog: None, docket: None };
    if args.only.contains(&Part::Backlog) {
        eprintln!("enqueueing a backlog of {} …", sizes.backlog);
        let backlog = place.file("backlog.db");
        let store = Store::open(&backlog, clock::options()).await?;
        ours::enqueue(&store, sizes.backlog, 4_096).await?;
        store.close().await;
        into_one_file(&backlog)?;
        bases.backlog = Some(backlog);
    }
    if args.only.contains(&Part::FollowUps) {
        eprintln!("building {} claims …", sizes.follow_ups.claims);
        let docket = place.file("docket.db");
        build(&docket, sizes.follow_ups).await?;
        bases.docket = Some(docket);
    }
    Ok(bases)
}
