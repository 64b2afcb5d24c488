//! `record_follow_up` tasks through the worker and the store, beside callers who submit such follow-ups themselves.

use std::path::Path;
use std::time::Instant;

use anyhow::{Result, bail, ensure};
use hearsay_core::{Addressed, ClaimNumber, Command, CommandId, RecordStanding, Reference, Role};
use hearsay_store::{NewTask, Store, TaskKind};
use hearsay_worker::{CancellationToken, SubmittedLine, Until, Worker, WorkerOptions};

use crate::callers::{float, median, round};
use crate::clock;
use crate::docket::{self, ACTOR, claim_of, follow_up, submission};
use crate::place::{Place, into_one_file};

/// As many as the worker's lane has on their way at once.
const CALLERS: usize = 256;

/// How many lines are submitted in one transaction.
const BATCH: usize = 256;

/// How many pieces each claim has.
const PIECES: usize = 5;

/// Follow-ups a second.
pub(super) struct FollowUps {
    /// By callers.
    pub(super) append: f64,
    /// By tasks, from the first enqueued to the last settled.
    pub(super) tasks: f64,
    /// By tasks, from the worker's start to the last settled.
    pub(super) work: f64,
}

/// How much.
#[derive(Clone, Copy)]
pub(super) struct Sizes {
    pub(super) claims: usize,
    pub(super) commands: usize,
    pub(super) rounds: usize,
}

/// Measures both, in turn, on copies of one docket.
pub(super) async fn follow_ups(place: &Place, base: &Path, sizes: Sizes) -> Result<FollowUps> {
    let (append, tasks) =
        (open(place, base, "append.db", sizes).await?, open(place, base, "tasks.db", sizes).await?);
    let (mut appended, mut both, mut worked) = (Vec::new(), Vec::new(), Vec::new());
    for turn in 0..=sizes.rounds {
        let first = turn * sizes.commands;
        let callers = by_callers(&append, first, sizes).await?;
        let (submitting, working) = by_tasks(&tasks, first, sizes).await?;
        if turn > 0 {
            appended.push(callers);
            both.push(float(sizes.commands) / (submitting + working));
            worked.push(float(sizes.commands) / working);
        }
    }
    append.close().await;
    tasks.close().await;
    Ok(FollowUps { append: median(appended), tasks: median(both), work: median(worked) })
}

/// A docket to make copies of.
pub(super) async fn build(base: &Path, sizes: Sizes) -> Result<()> {
    let store = Store::open(base, clock::options()).await?;
    docket::build(&store, 0, sizes.claims, PIECES).await?;
    store.close().await;
    into_one_file(base)
}

/// With every claim in the writer's memory, as in a desk that has been at work.
async fn open(place: &Place, base: &Path, name: &str, sizes: Sizes) -> Result<Store> {
    let store = Store::open(&place.copy_of(base, name)?, clock::options()).await?;
    let weighing =
        |claim: usize| Command::RecordStanding(RecordStanding { claim: Reference(format!("C-{}", claim + 1)) });
    docket::tell(&store, (0..sizes.claims).map(weighing)).await?;
    Ok(store)
}

async fn by_callers(store: &Store, first: usize, sizes: Sizes) -> Result<f64> {
    let store = store.clone();
    let round = round(CALLERS, first, sizes.commands, move |turn| {
        let store = store.clone();
        async move {
            match store.submit(submission(follow_up(claim_of(turn, sizes.claims), turn))).await {
                Ok(_) => Ok(()),
                Err(error) => bail!("{error}"),
            }
        }
    });
    Ok(round.await?.per_second)
}

/// Seconds to submit, and to work off.
async fn by_tasks(store: &Store, first: usize, sizes: Sizes) -> Result<(f64, f64)> {
    let tasks =
        (first..first + sizes.commands).map(|turn| task(turn, sizes.claims)).collect::<Result<Vec<_>>>()?;
    let began = Instant::now();
    for batch in tasks.chunks(BATCH) {
        store.enqueue_tasks(batch.to_vec()).await?;
    }
    let submitting = began.elapsed().as_secs_f64();
    let began = Instant::now();
    let options = WorkerOptions { until: Until::Idle, ..WorkerOptions::new(std::process::id(), "bench") };
    let worked = Worker::begin(store.clone(), options).await?.run(CancellationToken::new()).await?;
    let working = began.elapsed().as_secs_f64();
    ensure!(worked.done >= u64::try_from(sizes.commands)? && worked.dead == 0, "the worker did {worked:?}");
    Ok((submitting, working))
}

fn task(turn: usize, claims: usize) -> Result<NewTask> {
    let claim = claim_of(turn, claims);
    let line = SubmittedLine {
        line: u64::try_from(turn + 1)?,
        source: "bench.jsonl".to_owned(),
        command_id: CommandId(clock::fresh_id()),
        actor: ACTOR.to_owned(),
        role: Role::Admin,
        text: serde_json::to_string(&Addressed::from(follow_up(claim, turn)))?,
    };
    let number = ClaimNumber(u32::try_from(claim + 1)?);
    Ok(line.into_task(TaskKind::RecordFollowUp, Some(number))?)
}
