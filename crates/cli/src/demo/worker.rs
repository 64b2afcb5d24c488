//! The story's worker: the real one, in this process, by the story's clock.
//! Invariant: the clock moves only while nothing is left to do, and stops at every deadline on its way.

use std::time::{Duration, Instant};

use hearsay_store::{DeadFilter, KindOverview, Store};
use hearsay_worker::{CancellationToken, Worked, Worker, WorkerError, WorkerOptions};
use jiff::Timestamp;
use tokio::task::JoinHandle;

use crate::clock::StoryClock;
use crate::exit::Failure;

/// How often the worker looks at the clock.
const POLL: Duration = Duration::from_millis(2);

/// How long to wait for the worker between two looks at the queue.
const PAUSE: Duration = Duration::from_millis(1);

/// After how long a task counts as stuck.
const STUCK: Duration = Duration::from_secs(20);

/// The worker while the story is played.
pub(super) struct StoryWorker<'a> {
    store: &'a Store,
    clock: StoryClock,
    stop: CancellationToken,
    running: JoinHandle<Result<Worked, WorkerError>>,
}

impl<'a> StoryWorker<'a> {
    /// Begins to work at the time that the clock shows.
    pub(super) async fn begin(store: &'a Store, clock: StoryClock) -> Result<Self, Failure> {
        let options =
            WorkerOptions { poll: POLL, schedules: Vec::new(), ..WorkerOptions::new(std::process::id(), "demo") };
        let worker = Worker::begin(store.clone(), options).await?;
        let stop = CancellationToken::new();
        let running = tokio::spawn(worker.run(stop.clone()));
        let begun = Self { store, clock, stop, running };
        begun.settled().await?;
        Ok(begun)
    }

    /// Moves the clock to that time; what is due on the way is done at its own time.
    pub(super) async fn until(&self, at: Timestamp) -> Result<(), Failure> {
        while let Some(next) = self.next_at().await?.filter(|next| *next <= at) {
            self.clock.set(next);
            self.settled().await?;
        }
        self.clock.set(at);
        Ok(())
    }

    async fn next_at(&self) -> Result<Option<Timestamp>, Failure> {
        let kinds = self.store.queue_overview().await?;
        Ok(kinds.iter().filter_map(|kind| kind.next_at).min())
    }

    /// Waits until nothing is left to do at this time. A dead letter ends the story.
    pub(super) async fn settled(&self) -> Result<(), Failure> {
        let began = Instant::now();
        loop {
            let kinds = self.store.queue_overview().await?;
            if kinds.iter().all(|kind| kind.waiting == 0 && kind.leased == 0) {
                return self.alive(&kinds).await;
            }
            if began.elapsed() > STUCK || self.running.is_finished() {
                return Err(Failure::Found("the story's worker does not do what is due".to_owned()));
            }
            tokio::time::sleep(PAUSE).await;
        }
    }

    async fn alive(&self, kinds: &[KindOverview]) -> Result<(), Failure> {
        if kinds.iter().all(|kind| kind.dead == 0) {
            return Ok(());
        }
        let letters = self.store.dead_tasks(&DeadFilter::default()).await?;
        let told: Vec<String> = letters.into_iter().map(|letter| letter.error).collect();
        Err(Failure::Found(format!("the story's worker could not do what it was given: {}", told.join("; "))))
    }

    /// Stops it, and waits for its end.
    pub(super) async fn end(self) -> Result<(), Failure> {
        self.stop.cancel();
        match self.running.await {
            Ok(ended) => ended.map(|_| ()).map_err(Failure::from),
            Err(error) => Err(Failure::from(WorkerError::Defect(error.to_string()))),
        }
    }
}
