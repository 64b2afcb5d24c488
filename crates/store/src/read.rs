//! Reads: on the pool of readers, each from one snapshot of the database.

mod claim_now;
mod claims;
mod events;
pub(crate) mod files;
mod health;
mod lines;
mod sources;

pub use health::Health;
