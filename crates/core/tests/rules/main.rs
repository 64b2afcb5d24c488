//! The core's tests: the laws of standing, a second calculation, the commands and their refusals, replay, scale.
//! Invariant: everything goes through the crate's public interface; no test measures time or needs the outside.
#![expect(
    clippy::unwrap_used,
    clippy::panic,
    reason = "clippy knows tests only by their attribute, and these share functions"
)]

mod agreement;
mod attribution;
mod case;
mod declarations;
mod desk;
mod erasures;
mod faults;
mod follow_ups;
mod generated;
mod golden;
mod laws;
mod leads;
mod lines;
mod naive;
mod refusals;
mod relations;
mod replay;
mod scale;
mod shortfall;
mod transitions;
