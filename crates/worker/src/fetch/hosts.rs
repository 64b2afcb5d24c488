//! When a server may be asked again: an interval between any two requests, waits that it asks for, and longer and longer
//! ones while it fails. Pure but for the clock that is passed in.
//! Invariant: what is remembered is bounded, whatever addresses servers lead to.

use std::collections::HashMap;
use std::time::Duration;

use tokio::time::Instant;

use super::Why;

/// How many servers are remembered.
const REMEMBERED: usize = 10_000;
/// The wait after a first failure; it doubles with each further one.
const FIRST_WAIT: Duration = Duration::from_secs(10);
/// The longest wait after failures.
const LONGEST_WAIT: Duration = Duration::from_hours(1);
/// The longest wait that a server may ask for.
const LONGEST_ASKED: Duration = Duration::from_hours(24);

/// What is known of the servers that were asked.
pub(super) struct Hosts {
    interval: Duration,
    known: HashMap<String, Known>,
}

/// What is known of one server.
#[derive(Clone, Copy)]
struct Known {
    /// Its next turn.
    turn: Instant,
    /// No turn before then, and why.
    blocked: Option<(Instant, Why)>,
    /// How often it failed in a row.
    failures: u32,
    /// What lies between two turns.
    interval: Duration,
}

/// Not before so much time has passed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Wait {
    pub(super) wait: Duration,
    pub(super) why: Why,
}

impl Hosts {
    pub(super) fn new(interval: Duration) -> Self {
        Self { interval, known: HashMap::new() }
    }

    /// Takes the server's turn, if it has come.
    pub(super) fn take(&mut self, server: &str, now: Instant) -> Result<(), Wait> {
        let known = self.of(server, now);
        known.is_open(now)?;
        if known.turn > now {
            return Err(Wait { wait: known.turn - now, why: Why::Interval });
        }
        known.turn = now + known.interval;
        Ok(())
    }

    /// Whether the server may be asked for more within a turn: it did not ask to be left alone.
    pub(super) fn is_open(&mut self, server: &str, now: Instant) -> Result<(), Wait> {
        self.of(server, now).is_open(now)
    }

    /// The server asks for that much time between two requests.
    pub(super) fn slow_down(&mut self, server: &str, interval: Duration, now: Instant) {
        let least = self.interval;
        let known = self.of(server, now);
        let begun = known.turn.checked_sub(known.interval).unwrap_or(now);
        known.interval = interval.max(least);
        known.turn = begun + known.interval;
    }

    /// The server answered.
    pub(super) fn answered(&mut self, server: &str, now: Instant) {
        self.of(server, now).failures = 0;
    }

    /// The server failed, and maybe asked not to be asked again for a while.
    pub(super) fn failed(&mut self, server: &str, asked: Option<Duration>, now: Instant) {
        let known = self.of(server, now);
        let doubled = FIRST_WAIT.saturating_mul(1_u32.checked_shl(known.failures).unwrap_or(u32::MAX));
        known.failures = known.failures.saturating_add(1);
        let own = (doubled.min(LONGEST_WAIT), Why::Failing);
        let theirs = asked.map(|wait| (wait.min(LONGEST_ASKED), Why::Asked));
        let (wait, why) = theirs.filter(|theirs| theirs.0 >= own.0).unwrap_or(own);
        known.blocked = Some((now + wait, why));
    }

    fn of(&mut self, server: &str, now: Instant) -> &mut Known {
        if self.known.len() >= REMEMBERED && !self.known.contains_key(server) {
            self.forget(now);
        }
        let interval = self.interval;
        let fresh = || Known { turn: now, blocked: None, failures: 0, interval };
        self.known.entry(server.to_owned()).or_insert_with(fresh)
    }

    /// Forgets whose turn has come; where all have to wait, a tenth of them: those that wait least.
    fn forget(&mut self, now: Instant) {
        self.known.retain(|_, known| known.next() > now);
        if self.known.len() < REMEMBERED {
            return;
        }
        let mut turns: Vec<Instant> = self.known.values().map(Known::next).collect();
        let (_, tenth, _) = turns.select_nth_unstable(REMEMBERED / 10);
        let tenth = *tenth;
        self.known.retain(|_, known| known.next() > tenth);
    }
}

impl Known {
    fn is_open(&self, now: Instant) -> Result<(), Wait> {
        match self.blocked {
            Some((until, why)) if until > now => Err(Wait { wait: until - now, why }),
            Some(_) | None => Ok(()),
        }
    }

    /// When it may be asked next.
    fn next(&self) -> Instant {
        self.blocked.map_or(self.turn, |(until, _)| until.max(self.turn))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECOND: Duration = Duration::from_secs(1);

    fn wait(seconds: u64, why: Why) -> Result<(), Wait> {
        Err(Wait { wait: Duration::from_secs(seconds), why })
    }

    #[test]
    fn a_server_has_a_turn_in_every_interval() {
        let start = Instant::now();
        let mut hosts = Hosts::new(5 * SECOND);
        for (server, after, expected) in [
            ("a", 0, Ok(())),
            ("a", 0, wait(5, Why::Interval)),
            ("b", 0, Ok(())),
            ("a", 4, wait(1, Why::Interval)),
            ("a", 5, Ok(())),
            ("a", 6, wait(4, Why::Interval)),
            ("a", 60, Ok(())),
            ("a", 61, wait(4, Why::Interval)),
        ] {
            assert_eq!(hosts.take(server, start + after * SECOND), expected, "{server} after {after} s");
        }
    }

    #[test]
    fn a_server_that_fails_is_asked_less_and_less_until_it_answers() {
        let start = Instant::now();
        let mut hosts = Hosts::new(SECOND);
        for expected in [10, 20, 40, 80, 160, 320, 640, 1_280, 2_560, 3_600, 3_600] {
            hosts.failed("a", None, start);
            assert_eq!(hosts.take("a", start), wait(expected, Why::Failing));
        }
        let later = start + 3_600 * SECOND;
        assert_eq!(hosts.take("a", later), Ok(()));
        hosts.answered("a", later);
        hosts.failed("a", None, later);
        assert_eq!(hosts.take("a", later), wait(10, Why::Failing));
        for _ in 0..100 {
            hosts.failed("b", None, start);
        }
        assert_eq!(hosts.take("b", start), wait(3_600, Why::Failing));
    }

    #[test]
    fn what_a_server_asks_for_is_kept_within_a_day() {
        let start = Instant::now();
        for (asked, expected) in [
            (0, wait(10, Why::Failing)),
            (120, wait(120, Why::Asked)),
            (86_400, wait(86_400, Why::Asked)),
            (u64::MAX, wait(86_400, Why::Asked)),
        ] {
            let mut hosts = Hosts::new(SECOND);
            hosts.failed("a", Some(Duration::from_secs(asked)), start);
            assert_eq!(hosts.take("a", start), expected, "{asked}");
            assert_eq!(hosts.is_open("a", start), expected, "{asked}");
        }
    }

    #[test]
    fn a_server_may_slow_its_turns_down_but_not_hurry_them() {
        let start = Instant::now();
        let mut hosts = Hosts::new(5 * SECOND);
        assert_eq!(hosts.take("a", start), Ok(()));
        hosts.slow_down("a", 30 * SECOND, start);
        assert_eq!(hosts.take("a", start + SECOND), wait(29, Why::Interval));
        assert_eq!(hosts.is_open("a", start + SECOND), Ok(()));
        hosts.slow_down("a", SECOND, start + SECOND);
        assert_eq!(hosts.take("a", start + SECOND), wait(4, Why::Interval));
    }

    #[test]
    fn what_is_remembered_is_bounded_and_keeps_the_longest_waits() {
        let start = Instant::now();
        let mut hosts = Hosts::new(SECOND);
        hosts.failed("held", Some(3_600 * SECOND), start);
        for number in 0..3 * REMEMBERED {
            assert_eq!(hosts.take(&format!("h{number}"), start), Ok(()));
            assert!(hosts.known.len() <= REMEMBERED);
        }
        assert_eq!(hosts.take("held", start), wait(3_600, Why::Asked));
    }
}
