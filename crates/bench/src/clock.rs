//! The benchmarks' clock, ids and salts: the only place here that reaches for the system's.

use std::sync::Arc;

use hearsay_core::Clock;
use hearsay_store::{ClockSource, Create, Durability, Fresh, OpenOptions};
use jiff::Timestamp;
use uuid::Uuid;

/// The time now.
#[expect(
    clippy::disallowed_methods,
    reason = "a benchmark is told what the time is by the machine, as the command line is"
)]
pub(crate) fn now() -> Timestamp {
    Timestamp::now()
}

/// A fresh UUIDv7.
#[expect(clippy::disallowed_methods, reason = "a benchmark makes its ids as the command line does")]
pub(crate) fn fresh_id() -> Uuid {
    Uuid::now_v7()
}

/// How the benchmarks open a store: as the command line does, acknowledged only once it is on disk.
pub(crate) fn options() -> OpenOptions {
    OpenOptions {
        create: Create::IfMissing,
        durability: Durability::Full,
        clock: ClockSource { kind: Clock::System, now: Arc::new(now) },
        fresh: Fresh { ids: Arc::new(fresh_id), salts: Arc::new(rand::random) },
    }
}
