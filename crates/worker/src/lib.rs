//! The worker: leases tasks from the queue, does them, and settles them.
//!
//! It changes the docket by commands alone, each under an id that stays the same at every attempt, so that a task that
//! is done twice is recorded once. One task is one file in `tasks/`.

mod attempt;
mod backoff;
mod context;
mod heartbeat;
mod held;
mod idle;
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

pub use options::{Until, WorkerOptions};
pub use schedule::{Recurring, ScheduleError};
pub use tasks::SubmittedLine;
pub use tokio_util::sync::CancellationToken;
pub use worker::{Worked, Worker, WorkerError};
