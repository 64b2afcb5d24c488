//! How a worker works. The times here are the machine's; leases and due times are the store's clock's.

use std::time::Duration;

use crate::{FetchOptions, Recurring};

/// When a worker ends by itself.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Until {
    /// Never: once it is stopped.
    Stopped,
    /// Once nothing is due that may be done; what is scheduled for later, and what is paused, isn't waited for.
    Idle,
}

/// How a worker works.
#[derive(Clone, PartialEq, Debug)]
pub struct WorkerOptions {
    /// The process.
    pub pid: u32,
    /// What the worker is called.
    pub name: String,
    /// When it ends by itself.
    pub until: Until,
    /// How long a task is the worker's without a heartbeat; heartbeats come three times as often.
    pub lease: Duration,
    /// How long a worker that is stopped takes at most, running tasks and last settles included.
    pub drain_within: Duration,
    /// How often it looks for what other processes enqueued, and at the clock.
    pub poll: Duration,
    /// How long a task may take, except where it gives way by itself: then it is tried again later.
    pub task_within: Duration,
    /// Tasks that come again and again.
    pub schedules: Vec<Recurring>,
    /// How feeds and articles are fetched.
    pub fetch: FetchOptions,
}

impl WorkerOptions {
    /// What holds unless something else is asked for.
    pub fn new(pid: u32, name: &str) -> Self {
        Self {
            pid,
            name: name.to_owned(),
            until: Until::Stopped,
            lease: Duration::from_secs(30),
            drain_within: Duration::from_secs(10),
            poll: Duration::from_millis(250),
            task_within: Duration::from_mins(2),
            schedules: Recurring::built_in(),
            fetch: FetchOptions::default(),
        }
    }
}
