//! Idle pickup: how long a task waits, from its enqueue to its run, in a worker that has nothing else to do.

use std::fmt::Debug;
use std::time::{Duration, Instant};

use anyhow::{Context, Result};
use hearsay_store::Store;
use hearsay_worker::{CancellationToken, Worker, WorkerOptions};
use tokio::sync::mpsc;
use tracing::field::{Field, Visit};
use tracing::level_filters::LevelFilter;
use tracing::span::{Attributes, Id, Record};
use tracing::{Event, Level, Metadata, Subscriber};

use super::ours::nothing;
use crate::clock;
use crate::place::Place;

/// Where the worker tells of an attempt.
const TARGET: &str = "hearsay_worker::attempt";

/// What the worker says of a task that is done.
const DONE: &str = "done";

/// How long the worker is left alone before each task, so that it waits.
const ALONE: Duration = Duration::from_millis(7);

/// Hears when the worker has done a task: it says so before it settles it.
struct Ear(mpsc::UnboundedSender<Instant>);

/// Median, and what 99 % of the tasks waited less than, in microseconds.
pub(super) struct Pickup {
    pub(super) p50: f64,
    pub(super) p99: f64,
}

/// The ear of this process.
pub(super) struct Heard(mpsc::UnboundedReceiver<Instant>);

impl Heard {
    /// Listens from now on: once in a process.
    pub(super) fn listen() -> Result<Self> {
        let (sender, receiver) = mpsc::unbounded_channel();
        tracing::subscriber::set_global_default(Ear(sender))?;
        Ok(Self(receiver))
    }

    /// Gives an idle worker single tasks.
    pub(super) async fn pickup(&mut self, place: &Place, tasks: usize) -> Result<Pickup> {
        let store = Store::open(&place.file("pickup.db"), clock::options()).await?;
        let worker = Worker::begin(store.clone(), WorkerOptions::new(std::process::id(), "bench")).await?;
        let stop = CancellationToken::new();
        let working = tokio::spawn(worker.run(stop.clone()));
        tokio::time::sleep(Duration::from_millis(500)).await;
        while self.0.try_recv().is_ok() {}
        let mut micros = Vec::with_capacity(tasks);
        for _ in 0..tasks {
            tokio::time::sleep(ALONE).await;
            let began = Instant::now();
            store.enqueue_tasks(vec![nothing()]).await?;
            let done = tokio::time::timeout(Duration::from_secs(10), self.0.recv()).await;
            let done = done.context("the worker did not do a task within ten seconds")?;
            micros.push(done.context("nobody listens")?.duration_since(began).as_secs_f64() * 1e6);
        }
        stop.cancel();
        working.await??;
        store.close().await;
        micros.sort_by(f64::total_cmp);
        let at = |percent: usize| micros.get(micros.len() * percent / 100).copied().unwrap_or_default();
        Ok(Pickup { p50: at(50), p99: at(99) })
    }
}

impl Subscriber for Ear {
    fn enabled(&self, metadata: &Metadata<'_>) -> bool {
        metadata.is_event() && metadata.target() == TARGET
    }

    fn max_level_hint(&self) -> Option<LevelFilter> {
        Some(LevelFilter::from_level(Level::DEBUG))
    }

    fn event(&self, event: &Event<'_>) {
        let heard = Instant::now();
        let mut words = Words::default();
        event.record(&mut words);
        if words.is_done && words.is_nothing && self.0.send(heard).is_err() {
            tracing::trace!("nobody listens any more");
        }
    }

    fn new_span(&self, _: &Attributes<'_>) -> Id {
        Id::from_u64(1)
    }

    fn record(&self, _: &Id, _: &Record<'_>) {}
    fn record_follows_from(&self, _: &Id, _: &Id) {}
    fn enter(&self, _: &Id) {}
    fn exit(&self, _: &Id) {}
}

/// What an event says.
#[derive(Default)]
struct Words {
    is_done: bool,
    is_nothing: bool,
}

impl Visit for Words {
    fn record_debug(&mut self, field: &Field, value: &dyn Debug) {
        let said = format!("{value:?}");
        match field.name() {
            "message" => self.is_done = said == DONE,
            "kind" => self.is_nothing = said == "nothing",
            _ => {}
        }
    }
}
