//! Turns at servers: whoever finds that a server is not to be asked yet is told when to come again, one behind the other.
//! Invariant: a thousand tasks of one server come back one at a time, and not a thousand at once.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::time::Instant;

use crate::Why;

/// From so many servers on, those are forgotten whose turns have passed.
const MANY: usize = 4_096;

/// The turns that were given away.
pub(crate) struct Turns {
    interval: Duration,
    servers: Mutex<HashMap<String, Line>>,
}

/// The line before one server.
struct Line {
    /// When its next turn is free.
    free: Instant,
    /// What lies between two turns, as far as it was seen.
    spacing: Duration,
}

impl Turns {
    pub(crate) fn new(interval: Duration) -> Self {
        Self { interval, servers: Mutex::default() }
    }

    /// How long whoever was told to wait so long has to wait for a turn of its own.
    pub(crate) fn after(&self, server: &str, wait: Duration, why: Why, now: Instant) -> Duration {
        let mut servers = self.servers();
        if servers.len() >= MANY {
            servers.retain(|_, line| line.free > now);
        }
        let line = servers.entry(server.to_owned()).or_insert(Line { free: now, spacing: self.interval });
        match why {
            // Asked just now: the wait is nearly the whole interval, which a robots.txt may have made longer.
            Why::Interval => line.spacing = line.spacing.max(wait),
            Why::Failing | Why::Asked | Why::RobotsUnread => {}
        }
        let turn = line.free.max(now + wait);
        line.free = turn + line.spacing;
        turn.saturating_duration_since(now)
    }

    fn servers(&self) -> MutexGuard<'_, HashMap<String, Line>> {
        self.servers.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECOND: Duration = Duration::from_secs(1);

    #[test]
    fn each_gets_a_turn_behind_the_last() {
        let (turns, now) = (Turns::new(SECOND), Instant::now());
        let after = |server, wait, why| turns.after(server, Duration::from_millis(wait), why, now).as_millis();
        assert_eq!([500; 3].map(|wait| after("a", wait, Why::Interval)), [500, 1_500, 2_500]);
        assert_eq!(after("b", 500, Why::Interval), 500, "another server has a line of its own");
        assert_eq!([60_000; 2].map(|wait| after("c", wait, Why::Failing)), [60_000, 61_000]);
        assert_eq!([10_000, 10_000, 1].map(|wait| after("d", wait, Why::Interval)), [10_000, 20_000, 30_000]);
    }

    #[test]
    fn lines_that_have_passed_are_forgotten() {
        let (turns, now) = (Turns::new(SECOND), Instant::now());
        for number in 0..MANY {
            turns.after(&number.to_string(), SECOND, Why::Interval, now);
        }
        turns.after("late", SECOND, Why::Interval, now + 3 * SECOND);
        assert_eq!(turns.servers().len(), 1);
    }
}
