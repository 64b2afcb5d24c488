//! A worker's run: takes the file's worker lock, works in lanes, stops within a bound.
//! Invariant: one worker per file; whatever a worker leaves leased, however it ends, the next one takes up.

use std::sync::{Arc, OnceLock};
use std::time::Duration;

use hearsay_store::{Boot, LogKey, NewTask, Settlement, Store, StoreError, TaskKind};
use serde_json::json;
use tokio::sync::watch;
use tokio::task::{JoinError, JoinSet};
use tokio_util::sync::CancellationToken;

use crate::heartbeat::beat;
use crate::idle::idle;
use crate::intake::Intake;
use crate::lane::{LANES, Lane};
use crate::pulse::Pulse;
use crate::shared::Shared;
use crate::signing::Signing;
use crate::{FetchOptionsError, ScheduleError, Until, WorkerOptions};

/// Why a worker did not begin, or ended.
#[derive(Debug, thiserror::Error)]
pub enum WorkerError {
    /// The store: another worker is at work, or the file cannot be used.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// A schedule that no run follows from.
    #[error("schedule `{name}`: {why}")]
    Schedule {
        /// The schedule's name.
        name: String,
        /// What is wrong with it.
        why: ScheduleError,
    },
    /// Options that nothing can be fetched with.
    #[error(transparent)]
    Fetch(#[from] FetchOptionsError),
    /// A defect of the worker itself.
    #[error("a defect of this program stopped the worker: {0}")]
    Defect(String),
}

/// What a run came to, in attempts.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Worked {
    /// Done.
    pub done: u64,
    /// Failed, to be tried again.
    pub retried: u64,
    /// Failed for good.
    pub dead: u64,
    /// Put off: it was not their turn yet.
    pub postponed: u64,
    /// Given back undone, as the worker stopped.
    pub given_back: u64,
    /// Ended after their lease had: they don't count.
    pub refused: u64,
}

impl Worked {
    pub(crate) fn count(&mut self, how: &Settlement) {
        match how {
            Settlement::Done => self.done += 1,
            Settlement::Retry { .. } => self.retried += 1,
            Settlement::Dead { .. } => self.dead += 1,
            Settlement::Release => self.given_back += 1,
            Settlement::Postpone { .. } => self.postponed += 1,
        }
    }

    fn add(&mut self, other: Self) {
        self.done += other.done;
        self.retried += other.retried;
        self.dead += other.dead;
        self.given_back += other.given_back;
        self.postponed += other.postponed;
        self.refused += other.refused;
    }
}

/// A worker that has the file's worker lock.
pub struct Worker {
    store: Store,
    options: WorkerOptions,
    boot: Boot,
    intake: Arc<Intake>,
    signing: Option<Signing>,
}

impl Worker {
    /// Takes the lock, takes up what earlier workers left, and declares the schedules.
    /// [`StoreError::AnotherWorker`] names the worker that is there already.
    pub async fn begin(store: Store, options: WorkerOptions) -> Result<Self, WorkerError> {
        let now = store.now();
        let mut schedules = Vec::with_capacity(options.schedules.len());
        for recurring in options.schedules.clone() {
            let name = recurring.name.clone();
            schedules.push(recurring.from(now).map_err(|why| WorkerError::Schedule { name, why })?);
        }
        let intake = Arc::new(Intake::new(options.fetch.clone())?);
        let boot = store.begin_boot(options.pid, &options.name).await?;
        store.declare_schedules(schedules).await?;
        // Deadlines may have been lost before this worker, or before there was a queue.
        let sweep = NewTask::now(TaskKind::Sweep, json!({}));
        store.enqueue_tasks(vec![NewTask { key: Some("sweep".to_owned()), ..sweep }]).await?;
        Ok(Self { store, options, boot, intake, signing: None })
    }

    /// The same worker, signing the log that often while there is something new.
    #[must_use]
    pub fn signs(self, key: LogKey, every: Duration) -> Self {
        Self { signing: Some(Signing { key, every }), ..self }
    }

    /// Works until `stop` is cancelled, or until it is idle if that was asked for; then ends within the bound.
    pub async fn run(self, stop: CancellationToken) -> Result<Worked, WorkerError> {
        let Self { store, options, boot, intake, signing } = self;
        let until = options.until;
        // Whoever stops this run must not stop what else hangs on the caller's token.
        let stop = stop.child_token();
        let (number, quiet, stopped) = (boot.number(), watch::Sender::new(0), OnceLock::new());
        let shared =
            Arc::new(Shared { store: store.clone(), intake, boot: number, options, stop, stopped, quiet });
        let pulse = Pulse::begin(Arc::clone(&shared)).await?;
        let lanes: Vec<Lane> = LANES.iter().map(|of| Lane::new(of, Arc::clone(&shared))).collect();
        let held = lanes.iter().map(Lane::held).collect();
        let mut beside = JoinSet::new();
        beside.spawn(pulse.beat());
        beside.spawn(beat(Arc::clone(&shared), held));
        if let Some(signing) = signing {
            beside.spawn(signing.go_on(Arc::clone(&shared)));
        }
        let ended = work(&shared, lanes, beside, until).await;
        if tokio::time::timeout(shared.last_word(), store.end_boot(boot)).await.is_err() {
            tracing::warn!("the end of the run could not be written in time");
        }
        ended
    }
}

/// Runs the lanes to their end, and stops them once one of them, or what runs beside them, cannot go on.
async fn work(
    shared: &Arc<Shared>,
    lanes: Vec<Lane>,
    mut beside: JoinSet<StoreError>,
    until: Until,
) -> Result<Worked, WorkerError> {
    let mut running = JoinSet::new();
    for lane in lanes {
        running.spawn(lane.run());
    }
    let mut at_rest = tokio::spawn(at_rest(Arc::clone(shared), until));
    let (mut worked, mut failed) = (Worked::default(), None);
    loop {
        let stopped = shared.stop.is_cancelled();
        let outcome = tokio::select! {
            ended = running.join_next() => match ended {
                None => break,
                Some(ended) => flat(ended).map(|lane| worked.add(lane)),
            },
            Some(ended) = beside.join_next() => Err(ended.map_or_else(|error| defect(&error), WorkerError::Store)),
            ended = &mut at_rest, if !stopped => {
                shared.stop.cancel();
                flat(ended)
            }
        };
        if let Err(error) = outcome {
            shared.stop.cancel();
            failed.get_or_insert(error);
        }
    }
    at_rest.abort();
    failed.map_or(Ok(worked), Err)
}

/// Returns once the worker is to end by itself.
async fn at_rest(shared: Arc<Shared>, until: Until) -> Result<(), StoreError> {
    match until {
        Until::Idle => idle(shared).await,
        Until::Stopped => std::future::pending().await,
    }
}

fn flat<T>(ended: Result<Result<T, StoreError>, JoinError>) -> Result<T, WorkerError> {
    ended.map_err(|error| defect(&error))?.map_err(WorkerError::Store)
}

fn defect(error: &JoinError) -> WorkerError {
    WorkerError::Defect(error.to_string())
}
