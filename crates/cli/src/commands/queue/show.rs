//! `queue show`: how each kind fares, the schedules and the worker; each task and why it waits; again every second.

use std::io::{self, IsTerminal, Write};
use std::time::Duration;

use clap::{Args, ValueEnum};
use hearsay_store::{KindOverview, ScheduleView, TaskFilter, TaskKind, TaskState, WorkerNow};
use serde::Serialize;

use super::dead::claim_of;
use super::kind;
use crate::clock;
use crate::desk::Desk;
use crate::exit::Failure;
use crate::output::say;
use crate::render::queue::{KIND_COLUMNS, TASK_COLUMNS, overview, tasks};
use crate::signals::stopped;

/// Examples for its help.
pub(super) const EXAMPLES: &str = "Examples:\n  hearsay queue show\n  hearsay queue show --watch\n  \
    hearsay queue show --tasks --kind record_follow_up --state waiting\n  \
    hearsay queue show --tasks --claim C-142 --format jsonl";

/// How often `--watch` looks.
const PERIOD: Duration = Duration::from_secs(1);

/// How many tasks people are shown unless they ask for more.
const FEW: u32 = 50;

/// Where a task stands.
#[derive(Clone, Copy, Debug, ValueEnum)]
enum Stand {
    /// Due, and not leased.
    Waiting,
    /// Due later.
    Scheduled,
    /// Being done.
    Leased,
}

/// Arguments of `queue show`.
#[derive(Args, Debug)]
pub(crate) struct ShowArgs {
    /// Each task instead of each kind, and why it waits.
    #[arg(long)]
    tasks: bool,
    /// Of this kind.
    #[arg(long, value_name = "KIND", value_parser = kind, requires = "tasks")]
    kind: Option<TaskKind>,
    /// About this claim: C-142, its ref, its UUID, or a unique start of that.
    #[arg(long, value_name = "CLAIM", requires = "tasks")]
    claim: Option<String>,
    /// That stand there.
    #[arg(long, value_name = "STATE", value_enum, requires = "tasks")]
    state: Option<Stand>,
    /// At most so many; people are shown 50 unless they ask.
    #[arg(long, value_name = "N", requires = "tasks")]
    limit: Option<u32>,
    /// Looks again every second until interrupted; on a terminal, in place.
    #[arg(long)]
    watch: bool,
}

/// A kind for programs.
#[derive(Serialize)]
struct KindView<'a> {
    #[serde(flatten)]
    kind: &'a KindOverview,
    schedules: Vec<&'a ScheduleView>,
    worker: Option<&'a WorkerNow>,
}

pub(super) async fn run(args: &ShowArgs, desk: &Desk) -> Result<(), Failure> {
    if !args.watch {
        return once(args, desk).await;
    }
    let mut stop = Box::pin(stopped());
    let mut ticks = tokio::time::interval(PERIOD);
    let mut drawn = 0;
    loop {
        tokio::select! {
            biased;
            code = stop.as_mut() => return code.map(|_| ()),
            _ = ticks.tick() => {}
        }
        if desk.screen.for_people() {
            drawn = draw(&picture(args, desk).await?, drawn)?;
        } else {
            once(args, desk).await?;
        }
    }
}

/// Draws in the place of what was drawn before, of so many lines; where there is no terminal, below it.
fn draw(picture: &str, before: usize) -> Result<usize, Failure> {
    let mut out = io::stdout().lock();
    let back = if before > 0 && out.is_terminal() { format!("\u{1b}[{before}A\u{1b}[J") } else { String::new() };
    let written = writeln!(out, "{back}{picture}").and_then(|()| out.flush());
    written.map(|()| picture.lines().count()).map_err(Failure::Output)
}

async fn once(args: &ShowArgs, desk: &Desk) -> Result<(), Failure> {
    if desk.screen.for_people() {
        return say(&picture(args, desk).await?);
    }
    if args.tasks {
        let tasks = desk.store.tasks(&filter(args, args.limit, desk).await?).await?;
        return desk.screen.list(&tasks, TASK_COLUMNS, String::new);
    }
    let Seen { kinds, schedules, worker } = Seen::at(desk).await?;
    let of = |kind: TaskKind| schedules.iter().filter(|schedule| schedule.kind == kind).collect();
    let view = |kind| KindView { schedules: of(KindOverview::clone(kind).kind), kind, worker: worker.as_ref() };
    let rows: Vec<KindView<'_>> = kinds.iter().map(view).collect();
    desk.screen.list(&rows, KIND_COLUMNS, String::new)
}

/// What people are shown.
async fn picture(args: &ShowArgs, desk: &Desk) -> Result<String, Failure> {
    if !args.tasks {
        let Seen { kinds, schedules, worker } = Seen::at(desk).await?;
        return Ok(overview(&desk.screen, &kinds, &schedules, worker.as_ref(), clock::now()));
    }
    let most = args.limit.unwrap_or(FEW);
    let mut found = desk.store.tasks(&filter(args, Some(most.saturating_add(1)), desk).await?).await?;
    let more = found.len() > most as usize;
    found.truncate(most as usize);
    let rest = if more { "\nThere are more; `--limit N` shows them, `--format jsonl` all." } else { "" };
    Ok(tasks(&desk.screen, &found, clock::now()) + rest)
}

async fn filter(args: &ShowArgs, limit: Option<u32>, desk: &Desk) -> Result<TaskFilter, Failure> {
    let state = args.state.map(|state| match state {
        Stand::Waiting => TaskState::Waiting,
        Stand::Scheduled => TaskState::Scheduled,
        Stand::Leased => TaskState::Leased,
    });
    Ok(TaskFilter { kind: args.kind, state, claim: claim_of(args.claim.as_deref(), desk).await?, limit })
}

/// The queue at one look.
struct Seen {
    kinds: Vec<KindOverview>,
    schedules: Vec<ScheduleView>,
    worker: Option<WorkerNow>,
}

impl Seen {
    async fn at(desk: &Desk) -> Result<Self, Failure> {
        let store = &desk.store;
        let (kinds, schedules) = (store.queue_overview().await?, store.schedules().await?);
        Ok(Self { kinds, schedules, worker: store.worker_now().await? })
    }
}
