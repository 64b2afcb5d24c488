//! `grow`: whether one command costs more on a long log than on a short one.

use anyhow::{Result, bail};
use hearsay_store::Store;

use crate::callers::{Round, medians, round};
use crate::docket::{self, claim_of, follow_up, submission};
use crate::place::Place;
use crate::report::{Cell, Goal, Report};
use crate::{Bench, clock};

/// How many callers submit at once.
const CALLERS: usize = 64;

/// How many rounds are measured; the medians are shown.
const ROUNDS: usize = 5;

/// How many claims the desk works on, at whatever length of the log: the newest.
const AT_WORK: usize = 1_000;

/// How many pieces each claim has, and so events.
const PIECES: usize = 10;

/// Arguments of `grow`.
#[derive(clap::Args, Debug)]
pub(crate) struct GrowArgs {
    /// Also at ten million events; the building takes minutes and 15 GB of disk.
    #[arg(long)]
    full: bool,
}

/// Runs it.
pub(crate) async fn run(args: &GrowArgs, bench: &Bench) -> Result<Report> {
    let lengths: &[usize] = match (bench.quick, args.full) {
        (true, _) => &[1_000, 5_000],
        (false, false) => &[10_000, 1_000_000],
        (false, true) => &[10_000, 1_000_000, 10_000_000],
    };
    let at_work = if bench.quick { 50 } else { AT_WORK };
    let commands = if bench.quick { 200 } else { 10_000 };
    let columns = ["events", "built/s", "at work/s", "p50 µs", "p99 µs", "pages", "anywhere/s", "slower"];
    let mut report = Report::new("grow", &columns);
    let place = Place::disk(bench.dir.as_deref())?;
    let mut first: Option<f64> = None;
    for length in lengths {
        eprintln!("building {length} events …");
        let grown = measure(&place, *length, at_work, commands).await?;
        let slower = first.map(|first| first / grown.at_work.per_second);
        first.get_or_insert(grown.at_work.per_second);
        let goal = |found| Goal::at_most(format!("times slower at {length} events"), 1.3, found);
        report.goals.extend(slower.map(goal));
        report.rows.push(vec![
            Cell::Count(*length),
            Cell::Figure(grown.built, 0),
            Cell::Figure(grown.at_work.per_second, 0),
            Cell::Figure(grown.at_work.p50, 0),
            Cell::Figure(grown.at_work.p99, 0),
            Cell::maybe(grown.at_work.pages, 1),
            Cell::Figure(grown.anywhere.per_second, 0),
            Cell::maybe(slower, 2),
        ]);
    }
    report.notes.push(format!(
        "{CALLERS} callers; at work: on the newest {at_work} claims, in the writer's memory; anywhere: on all claims \
         in turn, most of which must be read first"
    ));
    Ok(report)
}

struct Grown {
    built: f64,
    at_work: Round,
    anywhere: Round,
}

async fn measure(place: &Place, length: usize, at_work: usize, commands: usize) -> Result<Grown> {
    let path = place.file(&format!("grow-{length}.db"));
    let store = Store::open(&path, clock::options()).await?;
    let claims = length / PIECES;
    let began = std::time::Instant::now();
    let step = 20_000.min(claims);
    for from in (0..claims).step_by(step) {
        docket::build(&store, from, claims.min(from + step), PIECES).await?;
    }
    let built = crate::callers::float(length) / began.elapsed().as_secs_f64();
    let newest = at_work.min(claims);
    let mut rounds = Vec::new();
    for turn in 0..=ROUNDS {
        rounds.push(append(&store, turn * commands, commands, claims - newest, newest).await?);
    }
    let at_work = medians(&rounds[1..]);
    let anywhere = append(&store, (ROUNDS + 1) * commands, commands, 0, claims).await?;
    store.close().await;
    crate::place::remove(&path)?;
    Ok(Grown { built, at_work, anywhere })
}

/// One round on so many claims from one on.
async fn append(store: &Store, first: usize, commands: usize, from: usize, claims: usize) -> Result<Round> {
    let store = store.clone();
    round(CALLERS, first, commands, move |turn| {
        let store = store.clone();
        async move {
            match store.submit(submission(follow_up(from + claim_of(turn, claims), turn))).await {
                Ok(_) => Ok(()),
                Err(error) => bail!("{error}"),
            }
        }
    })
    .await
}
