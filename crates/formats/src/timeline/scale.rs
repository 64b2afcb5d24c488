//! From times to places along a line, and the times that are written beneath it.

use jiff::Timestamp;

/// Spans between written times, in seconds, from a minute to ten years.
const STEPS: [i64; 17] = [
    60,
    300,
    900,
    1_800,
    3_600,
    10_800,
    21_600,
    43_200,
    86_400,
    172_800,
    604_800,
    2_592_000,
    7_776_000,
    15_552_000,
    31_536_000,
    94_608_000,
    315_360_000,
];

/// The most times that are written.
const MOST: i64 = 7;

/// A stretch of time along a line.
#[derive(Debug)]
pub(super) struct Scale {
    first: i64,
    last: i64,
    left: f64,
    right: f64,
}

impl Scale {
    /// That has room for all of these times.
    pub(super) fn of(times: impl Iterator<Item = Timestamp>, left: f64, right: f64) -> Self {
        let seconds: Vec<i64> = times.map(Timestamp::as_second).collect();
        let first = seconds.iter().copied().min().unwrap_or_default();
        let last = seconds.iter().copied().max().unwrap_or_default().max(first + 60);
        Self { first, last, left, right }
    }

    pub(super) fn at(&self, time: Timestamp) -> f64 {
        self.place(time.as_second())
    }

    fn place(&self, second: i64) -> f64 {
        let share = measure(second - self.first) / measure(self.last - self.first);
        self.left + share * (self.right - self.left)
    }

    /// Places and words of the written times.
    pub(super) fn ticks(&self) -> Vec<(f64, String)> {
        let span = self.last - self.first;
        let step = STEPS.into_iter().find(|step| span / step < MOST).unwrap_or(span / MOST + 1);
        let words = match step {
            ..86_400 => "%-d %b %H:%M",
            86_400..2_592_000 => "%-d %b %Y",
            2_592_000.. => "%b %Y",
        };
        let start = self.first.div_euclid(step) * step;
        (0..=span / step + 1)
            .map(|number| start + number * step)
            .filter(|second| (self.first..=self.last).contains(second))
            .filter_map(|second| Some((self.place(second), Timestamp::from_second(second).ok()?)))
            .map(|(x, time)| (x, time.strftime(words).to_string()))
            .collect()
    }
}

/// Seconds as a measure: exact, up to some 140 years.
fn measure(seconds: i64) -> f64 {
    f64::from(u32::try_from(seconds).unwrap_or(u32::MAX))
}
