//! When a feed is polled next. Pure: clock and randomness are values passed in.
//! Invariant: never sooner than the feed or its server asks for, within a day; whatever dates it gives, never later than
//! that day and a fifth; and a feed that is gone is not polled again.

use std::time::Duration;

use jiff::{SignedDuration, Timestamp};

/// The shortest interval, however much a feed brings.
const SHORTEST: SignedDuration = SignedDuration::from_mins(5);
/// The interval of a feed that says nothing of its pace.
const USUAL: SignedDuration = SignedDuration::from_mins(30);
/// The longest interval that is asked for where nobody says otherwise.
const LONGEST: SignedDuration = SignedDuration::from_hours(6);
/// The longest wait after failures, or by a server's wish.
const LONGEST_WAIT: SignedDuration = SignedDuration::from_hours(24);
/// How many entries tell a feed's pace.
const ENTRIES: usize = 20;
/// Up to this part more is waited, so that feeds that were added together aren't polled together.
const SPREAD: i32 = 5;

/// What is known of how often a feed changes.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Pace {
    /// The longest interval that the desk wants.
    pub every: SignedDuration,
    /// For how long the feed, or its server, says that it holds.
    pub holds: Option<Duration>,
    /// When its entries were published, in any order.
    pub published: Vec<Timestamp>,
}

impl Default for Pace {
    fn default() -> Self {
        Self { every: LONGEST, holds: None, published: Vec::new() }
    }
}

/// How a poll ended.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Polled {
    /// The feed answered, with something new or without.
    Answered,
    /// It was not the server's turn, for so long.
    NotYet(Duration),
    /// It failed, so often in a row by now; and the server asked not to be asked again for a while, if it did.
    Failed {
        /// This failure included.
        failures: u32,
        /// What the server asked for.
        wait: Option<Duration>,
    },
    /// The feed is gone for good (410).
    Gone,
}

/// When a feed is polled next.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum NextPoll {
    /// Then.
    At(Timestamp),
    /// Not by itself any more: a person has to say so.
    Never,
}

/// When a feed is polled next, after a poll that ended so, now.
pub fn next_poll(polled: Polled, pace: &Pace, now: Timestamp, random: u64) -> NextPoll {
    let interval = interval(pace, now);
    let wait = match polled {
        Polled::Answered => interval,
        Polled::NotYet(wait) => at_most_a_day(wait),
        Polled::Failed { failures, wait } => {
            let doubled = interval.saturating_mul(1_i32.checked_shl(failures.min(20)).unwrap_or(i32::MAX));
            doubled.min(LONGEST_WAIT).max(wait.map_or(SignedDuration::ZERO, at_most_a_day))
        }
        Polled::Gone => return NextPoll::Never,
    };
    let at = now.checked_add(spread(wait, random));
    NextPoll::At(at.unwrap_or(Timestamp::MAX))
}

/// Half of what mostly lies between two entries, or a tenth of how long the feed has been quiet if that is more; and
/// no less than it says that it holds.
fn interval(pace: &Pace, now: Timestamp) -> SignedDuration {
    let mut published: Vec<Timestamp> = pace.published.iter().copied().filter(|at| *at <= now).collect();
    published.sort_unstable();
    published.dedup();
    let newest = published.split_off(published.len().saturating_sub(ENTRIES));
    let mut gaps: Vec<SignedDuration> = newest.windows(2).map(|pair| pair[1].duration_since(pair[0])).collect();
    gaps.sort_unstable();
    let by_entries = match (gaps.get(gaps.len() / 2), newest.last()) {
        (Some(gap), Some(last)) => (*gap / 2).max(now.duration_since(*last) / 10),
        (None, _) | (_, None) => USUAL,
    };
    let holds = pace.holds.map_or(SignedDuration::ZERO, at_most_a_day);
    by_entries.clamp(SHORTEST.min(pace.every), pace.every).max(holds)
}

fn at_most_a_day(wait: Duration) -> SignedDuration {
    SignedDuration::try_from(wait).map_or(LONGEST_WAIT, |wait| wait.min(LONGEST_WAIT))
}

/// The wait, or a part of it more.
fn spread(wait: SignedDuration, random: u64) -> SignedDuration {
    let thousandth = wait / SPREAD / 1_000;
    wait + thousandth * i32::try_from(random % 1_001).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: &str = "2025-04-23T12:00:00Z";

    fn at(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    /// A feed with entries so many minutes ago.
    fn entries(minutes: &[i64]) -> Pace {
        let ago = |minutes: &i64| at(NOW).checked_sub(SignedDuration::from_mins(*minutes)).unwrap();
        Pace { published: minutes.iter().map(ago).collect(), ..Pace::default() }
    }

    fn holding(minutes: u64, pace: Pace) -> Pace {
        Pace { holds: Some(Duration::from_mins(minutes)), ..pace }
    }

    /// How many minutes later it is polled, at the soonest.
    fn minutes(polled: Polled, pace: &Pace) -> i64 {
        match next_poll(polled, pace, at(NOW), 0) {
            NextPoll::At(next) => next.duration_since(at(NOW)).as_mins(),
            NextPoll::Never => -1,
        }
    }

    #[test]
    fn a_feed_is_polled_at_the_pace_of_its_entries() {
        let hourly: Vec<i64> = (0..24).map(|hour| hour * 60).collect();
        let lately: Vec<i64> = (0..20).map(|number| number * 20).chain((1..50).map(|day| day * 1_440)).collect();
        for (what, pace, expected) in [
            ("says nothing", Pace::default(), 30),
            ("one entry", entries(&[7]), 30),
            ("one time for all", entries(&[7, 7, 7]), 30),
            ("every hour", entries(&hourly), 30),
            ("every minute", entries(&[1, 2, 3, 4]), 5),
            ("every twenty minutes of late", entries(&lately), 10),
            ("two a year", entries(&[200_000, 400_000]), 360),
            ("quiet for ten hours", entries(&[600, 610, 620]), 60),
            ("out of order, with the future and 1970", entries(&[30, -9_000, 90, 29_000_000, 60]), 15),
            ("holds for longer", holding(60, entries(&[1, 2, 3, 4])), 60),
            ("holds for less", holding(1, entries(&hourly)), 30),
            ("holds for a month", holding(43_200, entries(&hourly)), 1_440),
        ] {
            assert_eq!(minutes(Polled::Answered, &pace), expected, "{what}");
        }
        let published = vec![Timestamp::MIN, Timestamp::MAX];
        let forever = Pace { holds: Some(Duration::MAX), published, ..Pace::default() };
        assert_eq!(minutes(Polled::Answered, &forever), 1_440);
    }

    #[test]
    fn a_feed_that_fails_is_polled_less_and_less() {
        let failed =
            |failures, wait: Option<u64>| Polled::Failed { failures, wait: wait.map(Duration::from_mins) };
        for (failures, wait, expected) in [
            (1, None, 60),
            (2, None, 120),
            (5, None, 960),
            (6, None, 1_440),
            (u32::MAX, None, 1_440),
            (1, Some(10), 60),
            (1, Some(600), 600),
            (6, Some(999_999), 1_440),
        ] {
            assert_eq!(minutes(failed(failures, wait), &Pace::default()), expected, "{failures} {wait:?}");
        }
        let shut = Polled::Failed { failures: 1, wait: Some(Duration::MAX) };
        assert_eq!(minutes(shut, &Pace::default()), 1_440);
    }

    #[test]
    fn what_is_not_its_turn_is_polled_once_it_is() {
        assert_eq!(minutes(Polled::NotYet(Duration::from_mins(3)), &Pace::default()), 3);
    }

    #[test]
    fn a_feed_that_is_gone_is_not_polled() {
        assert_eq!(next_poll(Polled::Gone, &Pace::default(), at(NOW), 7), NextPoll::Never);
    }

    #[test]
    fn polls_are_spread_over_a_fifth_of_their_interval() {
        let randoms = (0..2_000_u64).map(|random| random.wrapping_mul(0x9e37_79b9_7f4a_7c15));
        let seconds = |random| match next_poll(Polled::Answered, &Pace::default(), at(NOW), random) {
            NextPoll::At(next) => next.duration_since(at(NOW)).as_secs(),
            NextPoll::Never => -1,
        };
        let waits: Vec<i64> = randoms.map(seconds).collect();
        let (least, most) = (*waits.iter().min().unwrap(), *waits.iter().max().unwrap());
        assert!((1_800..1_850).contains(&least) && (2_110..=2_160).contains(&most), "{least} to {most}");
    }

    #[test]
    fn time_does_not_run_out() {
        let end = Timestamp::MAX.checked_sub(SignedDuration::from_secs(1)).unwrap();
        assert_eq!(next_poll(Polled::Answered, &Pace::default(), end, 3), NextPoll::At(Timestamp::MAX));
    }
}
