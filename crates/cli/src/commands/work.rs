//! `hearsay work`: the worker in the foreground, and what it says of itself on standard error.

use std::time::Duration;

use clap::Args;
use hearsay_store::{KindOverview, LogKey, MissedRuns, Store, TaskKind};
use hearsay_worker::{CancellationToken, Recurring, Until, Worked, Worker, WorkerOptions};
use jiff::SignedDuration;

use crate::config::WorkerSettings;
use crate::desk::Desk;
use crate::exit::Failure;
use crate::signals::stopped;
use crate::words::{count, span};

/// Examples for its help.
pub(crate) const EXAMPLES: &str = "Examples:\n  hearsay work\n  hearsay work --until-idle\n  \
    hearsay work --lease 2m --drain 30s\n\n\
    Records submitted follow-ups, silences at their deadlines, overdue reviews, and what follows from changed\n\
    sources and policies. Polls feeds, fetches and reads what they bring, and lays leads. SIGTERM or Ctrl-C: it finishes what it has begun, within the time of --drain. One worker\n\
    works on a file; a second is refused with exit code 5.";

/// How often it says what it did.
const REPORT_EVERY: Duration = Duration::from_mins(1);

/// How long the store may take to close.
const CLOSE_WITHIN: Duration = Duration::from_millis(500);

/// Arguments of `work`.
#[derive(Args, Debug)]
pub(crate) struct WorkArgs {
    /// End once nothing is due that may be done; what is scheduled for later isn't waited for.
    #[arg(long)]
    until_idle: bool,
    /// How long a task is this worker's without a sign of life [`HEARSAY_WORKER_LEASE`; default: 30s].
    #[arg(long, value_name = "TIME", value_parser = span)]
    lease: Option<SignedDuration>,
    /// How long it finishes what it has begun once it is told to stop [`HEARSAY_WORKER_DRAIN`; default: 10s].
    #[arg(long, value_name = "TIME", value_parser = span)]
    drain: Option<SignedDuration>,
}

/// Works until stopped, or until idle.
pub(crate) async fn run(args: &WorkArgs, desk: &Desk) -> Result<(), Failure> {
    let options = options(args, desk)?;
    let (lease, drain) = (options.lease, options.drain_within);
    let stop = CancellationToken::new();
    let signing = match desk.ledger.every {
        Some(every) => Some((LogKey::open(&desk.ledger.key_file(None, desk.store.path()))?, every.unsigned_abs())),
        None => None,
    };
    let mut worker = Worker::begin(desk.store.clone(), options).await?;
    if let Some((key, every)) = signing {
        worker = worker.signs(key, every);
    }
    eprintln!(
        "work: began on `{}` as process {} (leases of {lease:?}, stops within {drain:?})",
        desk.store.path().display(),
        std::process::id(),
    );
    let signalled = tokio::spawn(on_signal(stop.clone(), drain));
    let reports = tokio::spawn(report(desk.store.clone()));
    let ended = worker.run(stop).await;
    reports.abort();
    signalled.abort();
    eprintln!("work: ended; {}", told(&ended?));
    Ok(())
}

/// Closes the store, but does not wait long for what another process holds up: the drain's time is over.
pub(crate) async fn close(store: Store) {
    if tokio::time::timeout(CLOSE_WITHIN, store.close()).await.is_err() {
        eprintln!("work: another process holds the file, so it was left as it is; what was recorded is on disk");
    }
}

fn options(args: &WorkArgs, desk: &Desk) -> Result<WorkerOptions, Failure> {
    let WorkerSettings { lease, drain, poll, sweep, zone } = desk.worker.clone();
    let recurring = Recurring {
        name: TaskKind::Sweep.as_str().to_owned(),
        kind: TaskKind::Sweep,
        cron: sweep,
        zone,
        missed: MissedRuns::RunOnce,
    };
    let name = desk.actor.name.body().unwrap_or_default();
    Ok(WorkerOptions {
        until: if args.until_idle { Until::Idle } else { Until::Stopped },
        lease: args.lease.unwrap_or(lease).unsigned_abs(),
        drain_within: args.drain.unwrap_or(drain).unsigned_abs(),
        poll: poll.unsigned_abs(),
        schedules: vec![recurring],
        fetch: desk.fetch.options()?,
        ..WorkerOptions::new(std::process::id(), name)
    })
}

/// Stops the worker once a signal asks for it.
async fn on_signal(stop: CancellationToken, drain: Duration) {
    match stopped().await {
        Ok(_) => eprintln!("work: stopping; finishes what it has begun, within {drain:?}"),
        Err(failure) => eprintln!("work: cannot wait for signals, and stops: {failure}"),
    }
    stop.cancel();
}

/// Says every minute what was done in it, if anything was.
async fn report(store: Store) {
    let mut ticks = tokio::time::interval(REPORT_EVERY);
    let mut before: Option<[u64; 3]> = None;
    loop {
        ticks.tick().await;
        let kinds = match store.queue_overview().await {
            Ok(kinds) => kinds,
            Err(error) => {
                eprintln!("work: the queue could not be looked at: {error}");
                continue;
            }
        };
        let sum = |number: fn(&KindOverview) -> u64| kinds.iter().map(number).sum::<u64>();
        let now = [sum(|kind| kind.done_today), sum(|kind| kind.retried_today), sum(|kind| kind.dead_today)];
        if let Some(before) = before.filter(|before| *before != now) {
            // After midnight the day's counts begin anew.
            let [done, retried, dead] = [0, 1, 2].map(|at| now[at].checked_sub(before[at]).unwrap_or(now[at]));
            let waiting = sum(|kind| kind.waiting);
            eprintln!(
                "work: in the last minute {done} done, {retried} to be tried again, {dead} dead; {waiting} waiting"
            );
        }
        before = Some(now);
    }
}

fn told(worked: &Worked) -> String {
    let mut told = vec![format!("{} done", count(worked.done, "task", "tasks"))];
    let more = [
        (worked.retried, "to be tried again"),
        (worked.dead, "dead (`hearsay queue dead`)"),
        (worked.postponed, "put off until a server's turn"),
        (worked.given_back, "given back undone"),
        (worked.refused, "whose lease had run out"),
    ];
    told.extend(more.into_iter().filter(|(number, _)| *number > 0).map(|(number, how)| format!("{number} {how}")));
    told.join(", ")
}
