//! The arithmetic of schedules: when a cron expression in a time zone is due, and what becomes of missed runs.
//! Pure. Invariant: a run that is fixed to an hour comes once a day, also where the clocks go forward or back.

use croner::Cron;
use croner::parser::{CronParser, Seconds, Year};
use hearsay_store::{MissedRuns, Schedule, ScheduleView, TaskKind};
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};

/// A run that is later than this was missed.
const GRACE: SignedDuration = SignedDuration::from_mins(1);

/// A schedule that no run follows from.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ScheduleError {
    /// The cron expression cannot be read.
    #[error("`{cron}` is no cron expression of five fields: {why}")]
    Cron {
        /// As it was given.
        cron: String,
        /// What is wrong with it.
        why: String,
    },
    /// There is no such time zone.
    #[error("no time zone is called `{zone}`")]
    Zone {
        /// As it was given.
        zone: String,
    },
    /// No time fits it.
    #[error("`{cron}` fits no time after {after}")]
    Never {
        /// As it was given.
        cron: String,
        /// From where it was looked for.
        after: Timestamp,
    },
}

/// A schedule before it has a first run.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Recurring {
    /// Its name.
    pub name: String,
    /// The kind of its tasks.
    pub kind: TaskKind,
    /// When, as a cron expression of five fields.
    pub cron: String,
    /// In which time zone, by its IANA name.
    pub zone: String,
    /// What becomes of missed runs.
    pub missed: MissedRuns,
}

impl Recurring {
    /// The schedules that every worker has: the sweep, every quarter of an hour.
    pub fn built_in() -> Vec<Self> {
        vec![Self {
            name: TaskKind::Sweep.as_str().to_owned(),
            kind: TaskKind::Sweep,
            cron: "*/15 * * * *".to_owned(),
            zone: "UTC".to_owned(),
            missed: MissedRuns::RunOnce,
        }]
    }

    /// As the queue keeps it, with its first run after `now`.
    pub(crate) fn from(self, now: Timestamp) -> Result<Schedule, ScheduleError> {
        let next_at = Timetable::new(&self.cron, &self.zone)?.next_after(now)?;
        let Self { name, kind, cron, zone, missed } = self;
        Ok(Schedule { name, kind, cron, zone, missed, next_at })
    }
}

/// What is to be done about a schedule.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Due {
    /// Nothing: its time is ahead.
    Ahead,
    /// A run, and the next one then.
    Run { next_at: Timestamp },
    /// No run, and the next one then: what was missed is skipped, or the clock went back behind it.
    Skip { next_at: Timestamp },
}

/// What is due of a schedule as it is kept.
pub(crate) fn due(schedule: &ScheduleView, now: Timestamp) -> Result<Due, ScheduleError> {
    Timetable::new(&schedule.cron, &schedule.zone)?.due(schedule.next_at, now, schedule.missed)
}

/// A cron expression in a time zone.
struct Timetable {
    cron: Cron,
    zone: TimeZone,
}

impl Timetable {
    fn new(cron: &str, zone: &str) -> Result<Self, ScheduleError> {
        let parser = CronParser::builder().seconds(Seconds::Disallowed).year(Year::Disallowed).build();
        let parsed = parser.parse(cron);
        let cron = parsed.map_err(|why| ScheduleError::Cron { cron: cron.to_owned(), why: why.to_string() })?;
        let zone = TimeZone::get(zone).map_err(|_| ScheduleError::Zone { zone: zone.to_owned() })?;
        Ok(Self { cron, zone })
    }

    /// The first run after that time.
    fn next_after(&self, at: Timestamp) -> Result<Timestamp, ScheduleError> {
        let found = self.cron.find_next_occurrence(&at.to_zoned(self.zone.clone()), false);
        let never = |_| ScheduleError::Never { cron: self.cron.as_str().to_owned(), after: at };
        found.map(|zoned| zoned.timestamp()).map_err(never)
    }

    fn due(&self, next_at: Timestamp, now: Timestamp, missed: MissedRuns) -> Result<Due, ScheduleError> {
        let following = self.next_after(now)?;
        if next_at > now {
            let clock_went_back = following < next_at;
            return Ok(if clock_went_back { Due::Skip { next_at: following } } else { Due::Ahead });
        }
        match missed {
            MissedRuns::RunOnce => Ok(Due::Run { next_at: following }),
            MissedRuns::Skip if self.is_just_due(next_at, now)? => Ok(Due::Run { next_at: following }),
            MissedRuns::Skip => Ok(Due::Skip { next_at: following }),
        }
    }

    /// Whether one of the runs from `next_at` on has its time just now.
    fn is_just_due(&self, next_at: Timestamp, now: Timestamp) -> Result<bool, ScheduleError> {
        let begun = now.checked_sub(GRACE).unwrap_or(Timestamp::MIN);
        Ok(next_at >= begun || self.next_after(begun)? <= now)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const BERLIN: &str = "Europe/Berlin";

    fn at(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    /// The runs after a time, in order.
    fn runs(cron: &str, zone: &str, after: &str, many: usize) -> Vec<String> {
        let timetable = Timetable::new(cron, zone).unwrap();
        let mut last = at(after);
        (0..many)
            .map(|_| {
                last = timetable.next_after(last).unwrap();
                last.to_string()
            })
            .collect()
    }

    #[test]
    fn a_daily_run_comes_once_where_the_clocks_go_forward_and_back() {
        let spring = runs("30 2 * * *", BERLIN, "2025-03-29T12:00:00Z", 2);
        assert_eq!(
            spring,
            ["2025-03-30T01:00:00Z", "2025-03-31T00:30:00Z"],
            "02:30 isn't there: at once after it"
        );
        let autumn = runs("30 2 * * *", BERLIN, "2025-10-25T12:00:00Z", 2);
        assert_eq!(
            autumn,
            ["2025-10-26T00:30:00Z", "2025-10-27T01:30:00Z"],
            "02:30 is there twice: the first time"
        );
    }

    #[test]
    fn a_run_of_every_half_hour_follows_the_hours_that_pass() {
        let spring = runs("*/30 * * * *", BERLIN, "2025-03-30T00:10:00Z", 3);
        assert_eq!(spring, ["2025-03-30T00:30:00Z", "2025-03-30T01:00:00Z", "2025-03-30T01:30:00Z"]);
        let autumn = runs("*/30 * * * *", BERLIN, "2025-10-25T23:40:00Z", 5);
        assert_eq!(
            autumn,
            [
                "2025-10-26T00:00:00Z",
                "2025-10-26T00:30:00Z",
                "2025-10-26T01:00:00Z",
                "2025-10-26T01:30:00Z",
                "2025-10-26T02:00:00Z"
            ]
        );
    }

    #[test]
    fn missed_runs_are_made_up_for_once_or_skipped() {
        let quarter = Timetable::new("*/15 * * * *", "UTC").unwrap();
        let next_at = at("2025-04-22T10:15:00Z");
        for (now, missed, expected) in [
            ("2025-04-22T10:14:59Z", MissedRuns::RunOnce, Due::Ahead),
            ("2025-04-22T10:15:00Z", MissedRuns::RunOnce, run("2025-04-22T10:30:00Z")),
            ("2025-04-22T10:15:00Z", MissedRuns::Skip, run("2025-04-22T10:30:00Z")),
            ("2025-04-22T10:15:40Z", MissedRuns::Skip, run("2025-04-22T10:30:00Z")),
            ("2025-04-22T10:20:00Z", MissedRuns::Skip, skip("2025-04-22T10:30:00Z")),
            ("2025-04-23T08:20:00Z", MissedRuns::RunOnce, run("2025-04-23T08:30:00Z")),
            ("2025-04-23T08:20:00Z", MissedRuns::Skip, skip("2025-04-23T08:30:00Z")),
            ("2025-04-23T08:15:30Z", MissedRuns::Skip, run("2025-04-23T08:30:00Z")),
        ] {
            assert_eq!(quarter.due(next_at, at(now), missed), Ok(expected), "{now} {missed:?}");
        }
    }

    #[test]
    fn a_clock_that_goes_back_takes_its_schedule_with_it() {
        let quarter = Timetable::new("*/15 * * * *", "UTC").unwrap();
        let (next_at, now) = (at("2031-01-01T00:00:00Z"), at("2025-04-22T10:14:00Z"));
        for missed in [MissedRuns::RunOnce, MissedRuns::Skip] {
            assert_eq!(quarter.due(next_at, now, missed), Ok(skip("2025-04-22T10:15:00Z")));
        }
    }

    #[test]
    fn what_is_no_schedule_is_refused_with_a_sentence() {
        for (cron, zone, expected) in [
            ("61 * * * *", "UTC", "is no cron expression of five fields"),
            ("* * * * * *", "UTC", "is no cron expression of five fields"),
            ("* * * * *", "Europe/Atlantis", "no time zone is called `Europe/Atlantis`"),
            ("0 0 30 2 *", "UTC", "fits no time after"),
        ] {
            let recurring = Recurring {
                name: "test".to_owned(),
                kind: TaskKind::Sweep,
                cron: cron.to_owned(),
                zone: zone.to_owned(),
                missed: MissedRuns::Skip,
            };
            let error = recurring.from(at("2025-04-22T10:00:00Z")).unwrap_err().to_string();
            assert!(error.contains(expected), "{cron} {zone}: {error}");
        }
    }

    #[test]
    fn the_built_in_schedules_are_schedules() {
        for recurring in Recurring::built_in() {
            recurring.from(at("2025-04-22T10:00:00Z")).unwrap();
        }
    }

    fn run(next_at: &str) -> Due {
        Due::Run { next_at: at(next_at) }
    }

    fn skip(next_at: &str) -> Due {
        Due::Skip { next_at: at(next_at) }
    }
}
