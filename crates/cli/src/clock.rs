//! The only place that reads the system's clock and makes ids. The demo's story clock is here too.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use hearsay_core::Clock;
use hearsay_store::{ClockSource, Fresh};
use jiff::Timestamp;
use uuid::Uuid;

/// The machine's clock.
pub(crate) fn system() -> ClockSource {
    ClockSource { kind: Clock::System, now: Arc::new(now) }
}

/// Fresh ids and salts.
pub(crate) fn randomness() -> Fresh {
    Fresh { ids: Arc::new(fresh), salts: Arc::new(salt) }
}

/// 16 bytes of the operating system's randomness.
fn salt() -> [u8; 16] {
    random()
}

/// 32 bytes of it, for a key.
pub(crate) fn seed() -> [u8; 32] {
    random()
}

fn random<const N: usize>() -> [u8; N] {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes).expect("the operating system gives random bytes");
    bytes
}

/// The machine's time, to the microsecond that the log keeps.
#[expect(clippy::disallowed_methods, reason = "the command line is where the system's clock is read")]
pub(crate) fn now() -> Timestamp {
    let now = Timestamp::now();
    Timestamp::from_microsecond(now.as_microsecond()).unwrap_or(now)
}

/// A fresh UUIDv7.
#[expect(clippy::disallowed_methods, reason = "the command line is where ids are made")]
pub(crate) fn fresh() -> Uuid {
    Uuid::now_v7()
}

/// The clock of a told story: it stands where it was last set.
#[derive(Clone, Default)]
pub(crate) struct StoryClock(Arc<AtomicI64>);

impl StoryClock {
    /// Sets it.
    pub(crate) fn set(&self, at: Timestamp) {
        self.0.store(at.as_microsecond(), Ordering::SeqCst);
    }

    /// As the store reads it; the log marks what it times as a story's.
    pub(crate) fn source(&self) -> ClockSource {
        let micros = Arc::clone(&self.0);
        let now =
            move || Timestamp::from_microsecond(micros.load(Ordering::SeqCst)).unwrap_or(Timestamp::UNIX_EPOCH);
        ClockSource { kind: Clock::Story, now: Arc::new(now) }
    }
}
