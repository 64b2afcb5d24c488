//! What all tasks of intake share: the fetcher, the turns at servers, and what items are matched to.
//! Invariant: work that keeps a core busy runs beside the lanes, on few threads at once.

mod address;
mod document;
mod entries;
mod known;
mod leads;
mod matching;
mod turns;

use std::num::NonZero;
use std::panic::resume_unwind;
use std::sync::Arc;
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use tokio::sync::Semaphore;
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

pub(crate) use self::address::{canonical, is_front, same_site};
pub(crate) use self::document::{extracted, outlet};
pub(crate) use self::entries::{holds, new_items};
pub(crate) use self::known::Known;
pub(crate) use self::leads::{Origin, Word, lay_leads, words};
use self::matching::Matching;
use self::turns::Turns;
use crate::task_error::TaskError;
use crate::{FetchError, FetchOptions, FetchOptionsError, Fetched, Fetcher, Request};

/// How long a task waits for a server's turn by itself; for longer, the queue waits.
const WAITS: Duration = Duration::from_secs(2);

/// How often a task waits for a turn before the queue does.
const WAITS_AT_MOST: usize = 3;

/// The earliest time of publication that is believed: before it there was no web. Feeds write 1970 for want of a date.
const EARLIEST: Timestamp = Timestamp::constant(662_688_000, 0);

/// How far ahead of the clock a time of publication may lie.
const AHEAD: SignedDuration = SignedDuration::from_hours(1);

/// The one of a worker.
pub(crate) struct Intake {
    fetcher: Fetcher,
    turns: Turns,
    pub(crate) matching: Matching,
    hands: Arc<Semaphore>,
}

/// Why nothing was fetched, as a task sees it.
pub(crate) enum Unfetched {
    /// It was not the server's turn, or the worker stops.
    NotYet(TaskError),
    /// It failed.
    Failed(FetchError),
}

impl Intake {
    pub(crate) fn new(options: FetchOptions) -> Result<Self, FetchOptionsError> {
        let turns = Turns::new(options.per_host_interval);
        let hands = std::thread::available_parallelism().map_or(1, NonZero::get);
        Ok(Self {
            fetcher: Fetcher::new(options)?,
            turns,
            matching: Matching::default(),
            hands: Arc::new(Semaphore::new(hands)),
        })
    }

    /// Fetches a page once it is its server's turn. `now`: the time by which the queue waits.
    pub(crate) async fn fetch(
        &self,
        request: &Request,
        now: Timestamp,
        stop: &CancellationToken,
    ) -> Result<Fetched, Unfetched> {
        let mut waited = 0;
        loop {
            let (server, wait, why) = match self.fetcher.fetch(request).await {
                Ok(fetched) => return Ok(fetched),
                Err(FetchError::NotYet { server, wait, why }) => (server, wait, why),
                Err(error) => return Err(Unfetched::Failed(error)),
            };
            let wait = self.turns.after(&server, wait, why, Instant::now());
            if wait > WAITS || waited == WAITS_AT_MOST {
                let at = SignedDuration::try_from(wait).ok().and_then(|wait| now.checked_add(wait).ok());
                return Err(Unfetched::NotYet(TaskError::NotYet { at: at.unwrap_or(Timestamp::MAX) }));
            }
            waited += 1;
            tokio::select! {
                () = tokio::time::sleep(wait) => {}
                () = stop.cancelled() => return Err(Unfetched::NotYet(TaskError::Interrupted)),
            }
        }
    }

    /// Does what keeps a core busy. A panic in it is the caller's.
    pub(crate) async fn by_hand<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> T + Send + 'static,
    ) -> Result<T, TaskError> {
        let permit = Arc::clone(&self.hands).acquire_owned().await.map_err(|error| TaskError::retry(&error))?;
        let done = tokio::task::spawn_blocking(move || {
            let given = work();
            drop(permit);
            given
        });
        match done.await {
            Ok(given) => Ok(given),
            Err(error) if error.is_panic() => resume_unwind(error.into_panic()),
            Err(error) => Err(TaskError::retry(&error)),
        }
    }
}

/// A time of publication that can be true, told at that time.
pub(crate) fn plausible(published: Option<Timestamp>, now: Timestamp) -> Option<Timestamp> {
    let latest = now.saturating_add(AHEAD).unwrap_or(now);
    published.filter(|at| (EARLIEST..=latest).contains(at))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_before_the_web_or_still_to_come_is_no_time_of_publication() {
        let at = |text: &str| -> Timestamp { text.parse().unwrap() };
        let now = at("2025-04-22T16:00:00Z");
        for (published, believed) in [
            ("1970-01-01T00:00:00Z", false),
            ("1990-12-31T23:59:59Z", false),
            ("1991-08-06T00:00:00Z", true),
            ("2025-04-22T16:59:00Z", true),
            ("2025-04-22T17:01:00Z", false),
            ("2099-01-01T00:00:00Z", false),
        ] {
            assert_eq!(plausible(Some(at(published)), now).is_some(), believed, "{published}");
        }
        assert_eq!(plausible(None, now), None);
    }
}
