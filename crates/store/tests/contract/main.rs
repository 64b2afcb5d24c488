//! The store's contract: every function, races included, on real files.
#![expect(
    clippy::unwrap_used,
    clippy::panic,
    reason = "clippy knows tests only by their attribute, and these share functions"
)]

mod audit;
mod backups;
mod batches;
mod checkpoints;
mod classes;
mod cosigning;
mod desk;
mod envelopes;
mod erasing;
mod erasing_copies;
mod faults;

mod health;
mod intake;
mod lease_model;
mod old_data;
mod opening;
mod queue;
mod races;
mod random;
mod rebuilding;
mod restanding;
mod searching;
mod signing;
mod story;
mod submitted;
mod tampering;
mod trees;
mod victim;
