//! The worker, on a real store with a clock that is set by hand: what each task does, and that nothing is lost.

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    reason = "clippy knows tests only by their attribute, and these share functions"
)]

mod advancing;
mod clocks;
mod deadlines;
mod desk;
mod draining;
mod faults;
mod fetching;
mod fetching_hostile;
mod fetching_robots;
mod follow_ups;
mod intake;
mod order;
mod restanding;
mod schedules;
mod signing;
mod web;
mod working;
