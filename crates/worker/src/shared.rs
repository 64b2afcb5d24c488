//! What the parts of one worker share.

use std::sync::{Arc, OnceLock};
use std::time::Duration;

use hearsay_store::{BootNumber, Store, StoreError};
use jiff::SignedDuration;
use tokio::sync::watch;
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

use crate::WorkerOptions;
use crate::intake::Intake;

/// The most of a drain's time that is kept for the last turns.
const LAST_TURN: Duration = Duration::from_millis(500);

/// The most of a drain's time that is kept for the end of the run.
const LAST_WORD: Duration = Duration::from_millis(250);

/// One run of a worker.
pub(crate) struct Shared {
    pub(crate) store: Store,
    pub(crate) intake: Arc<Intake>,
    pub(crate) boot: BootNumber,
    pub(crate) options: WorkerOptions,
    /// Cancelled once the worker stops: from outside, once it is idle, or because it cannot go on.
    pub(crate) stop: CancellationToken,
    /// When that was first seen: from then on the drain's time runs, once for all that waits.
    pub(crate) stopped: OnceLock<Instant>,
    /// How many lanes have nothing to do.
    pub(crate) quiet: watch::Sender<usize>,
}

impl Shared {
    /// For how long a lease is asked for.
    pub(crate) fn lease(&self) -> SignedDuration {
        SignedDuration::try_from(self.options.lease).unwrap_or(SignedDuration::MAX)
    }

    /// How much of a drain's time is kept for the last turns.
    pub(crate) fn last_turn(&self) -> Duration {
        LAST_TURN.min(self.options.drain_within / 4)
    }

    /// How much of a drain's time is kept for the end of the run.
    pub(crate) fn last_word(&self) -> Duration {
        LAST_WORD.min(self.options.drain_within / 8)
    }

    /// Returns once a stopped worker has used up its time, but for its last turns and its end.
    pub(crate) async fn time_is_up(&self) {
        self.stop.cancelled().await;
        let stopped = *self.stopped.get_or_init(Instant::now);
        let kept = self.last_turn() + self.last_word();
        tokio::time::sleep_until(stopped + self.options.drain_within.saturating_sub(kept)).await;
    }
}

/// Whether the worker cannot go on: another has taken over, or the store is closed. All else may pass.
pub(crate) fn is_final(error: &StoreError) -> bool {
    matches!(error, StoreError::AnotherWorker { .. } | StoreError::Closed)
}
