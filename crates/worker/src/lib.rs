//! The worker: leases tasks from the queue, does them, and settles them.
//!
//! It changes the docket by commands alone, each under an id that stays the same at every attempt, so that a task that
//! is done twice is recorded once. One task is one file in `tasks/`.

mod attempt;
mod backoff;
mod context;
mod feeds;
mod fetch;
mod heartbeat;
mod held;
mod idle;
mod intake;
mod lane;
mod options;
mod pulse;
mod running;
mod schedule;
mod shared;
mod signing;
mod task;
mod task_error;
mod tasks;
mod worker;

pub use feeds::{NextPoll, Pace, Polled, next_poll};
pub use fetch::{
    Again, AllowError, AllowList, Authorities, Body, Counted, FetchError, FetchOptions, FetchOptionsError,
    Fetched, Fetcher, HostNames, Packing, Purpose, Request, Slow, Status, UserAgent, Visited, Why,
};
pub use options::{Until, WorkerOptions};
pub use schedule::{Recurring, ScheduleError};
pub use tasks::SubmittedLine;
pub use tokio_util::sync::CancellationToken;
pub use worker::{Worked, Worker, WorkerError};
