//! The attempts of one lane that are under way, and how those that ended are to be settled.
//! Invariant: whatever the lane waits for, they go on; they are polled in the order in which they were begun, so that
//! their commands reach the writer in that order.

use futures_util::StreamExt;
use futures_util::future::BoxFuture;
use futures_util::stream::FuturesUnordered;
use hearsay_store::Settle;
use tokio::task::unconstrained;

/// Attempts under way.
#[derive(Default)]
pub(crate) struct Running {
    attempts: FuturesUnordered<BoxFuture<'static, Settle>>,
    ended: Vec<Settle>,
}

impl Running {
    pub(crate) fn begin(&mut self, attempt: impl Future<Output = Settle> + Send + 'static) {
        // Constrained, tokio would let some wait that need not, and wake them in another order.
        self.attempts.push(Box::pin(unconstrained(attempt)));
    }

    pub(crate) fn len(&self) -> usize {
        self.attempts.len()
    }

    /// Whether nothing is under way and nothing has ended since it was last taken.
    pub(crate) fn is_empty(&self) -> bool {
        self.attempts.is_empty() && self.ended.is_empty()
    }

    /// What has ended since this was last asked for.
    pub(crate) fn take_ended(&mut self) -> Vec<Settle> {
        std::mem::take(&mut self.ended)
    }

    /// Waits until something has ended; for ever if nothing is under way.
    pub(crate) async fn one_ended(&mut self) {
        if self.ended.is_empty() {
            match self.attempts.next().await {
                Some(settle) => self.ended.push(settle),
                None => std::future::pending().await,
            }
        }
    }

    /// Waits until all has ended.
    pub(crate) async fn all_ended(&mut self) {
        while let Some(settle) = self.attempts.next().await {
            self.ended.push(settle);
        }
    }

    /// Waits for something else meanwhile.
    pub(crate) async fn beside<T>(&mut self, other: impl Future<Output = T>) -> T {
        tokio::pin!(other);
        loop {
            tokio::select! {
                biased;
                outcome = &mut other => return outcome,
                Some(settle) = self.attempts.next() => self.ended.push(settle),
            }
        }
    }

    /// Stops waiting for what is under way.
    pub(crate) fn abandon(&mut self) {
        self.attempts.clear();
    }
}
