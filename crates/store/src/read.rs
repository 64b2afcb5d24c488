//! Reads: on the pool of readers, each from one snapshot of the database.

mod claim_now;
mod claims;
mod erasures;
mod events;
pub(crate) mod files;
mod health;
mod lines;
pub(crate) mod shown;
mod sources;

pub(crate) use shown::{CONFIDENTIAL, Reader};

pub use erasures::{ErasureRow, Purge};
pub use health::Health;
