//! Feeds: when each is polled.

mod poll_schedule;

pub use poll_schedule::{NextPoll, Pace, Polled, next_poll};
