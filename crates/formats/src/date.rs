//! Dates as feeds and pages write them: ISO 8601 and RFC 822 with the usual mistakes, and dates in words.
//!
//! No clock: a date in 1970 or still to come is given as it stands, and whoever knows the time judges it. Without an
//! offset it is taken as UTC; without a time, as midnight.

mod words;

use jiff::Timestamp;
use jiff::civil::{Date, DateTime, Time};
use jiff::tz::Offset;

use words::{is_weekday, month, zone};

/// Longer texts are no dates.
const MAX_LENGTH: usize = 128;

/// The moment that a text names, if it names one.
pub(crate) fn parse(text: &str) -> Option<Timestamp> {
    let text = text.trim();
    if text.is_empty() || text.len() > MAX_LENGTH {
        return None;
    }
    let lower = text.to_lowercase();
    iso(&lower).or_else(|| in_words(&lower))
}

/// `2025-04-22T10:00:00+02:00` and what is shorter or sloppier, from a year alone on.
fn iso(text: &str) -> Option<Timestamp> {
    let end = text.find(|c: char| !c.is_ascii_digit() && !matches!(c, '-' | '/' | '.')).unwrap_or(text.len());
    let (day, rest) = text.split_at(end);
    let date = iso_date(day)?;
    let clock = Clock::read(rest.trim_start_matches(['t', ' ', ',', '_']))?;
    clock.on(date)
}

fn iso_date(text: &str) -> Option<Date> {
    let parts: Vec<&str> = text.split(['-', '/', '.']).collect();
    if !parts.iter().all(|part| part.bytes().all(|byte| byte.is_ascii_digit())) {
        return None;
    }
    match *parts.as_slice() {
        [year] if year.len() == 4 => date(year, "1", "1"),
        [whole] if whole.len() == 8 => date(&whole[..4], &whole[4..6], &whole[6..]),
        [whole] if whole.len() == 6 => date(&whole[..2], &whole[2..4], &whole[4..]),
        [year, day] if year.len() == 4 && day.len() == 3 => {
            let first = date(year, "1", "1")?;
            first.with().day_of_year(day.parse().ok()?).build().ok()
        }
        [year, month] if year.len() == 4 => date(year, month, "1"),
        [year, month, day] if year.len() == 4 => date(year, month, day),
        _ => None,
    }
}

fn date(year: &str, month: &str, day: &str) -> Option<Date> {
    Date::new(full_year(year)?, month.parse().ok()?, day.parse().ok()?).ok()
}

/// Two figures are a year from 1970 to 2069.
fn full_year(text: &str) -> Option<i16> {
    let year: i16 = text.parse().ok()?;
    match text.len() {
        1 | 2 if year < 70 => Some(2000 + year),
        1 | 2 => Some(1900 + year),
        _ => Some(year),
    }
}

/// A time of day with its offset, in the order in which it is written.
#[derive(Default)]
struct Clock {
    time: Option<Time>,
    offset: Option<i32>,
    /// Hours to add: twelve in the afternoon, 24 where a day was written as ending at 24:00.
    later: i64,
}

impl Clock {
    /// `10:00:00.5+02:00`, `10:00 CEST`, `10:00 PM`, or nothing. `None` where something else is written.
    fn read(text: &str) -> Option<Self> {
        let mut clock = Self::default();
        for token in text.split([' ', ',', '(', ')', '[', ']', '|', '·']).filter(|token| !token.is_empty()) {
            if !clock.take(token) {
                return None;
            }
        }
        Some(clock)
    }

    /// Takes a word that is of a time of day.
    fn take(&mut self, token: &str) -> bool {
        match token {
            "at" | "um" | "uhr" | "à" | "в" | "о" | "об" | "a.d." | "-" | "–" | "—" => true,
            "am" | "a.m." | "a.m" => self.twelve_hours(0),
            "pm" | "p.m." | "p.m" => self.twelve_hours(12),
            _ => self.take_time(token) || self.take_offset(token),
        }
    }

    fn twelve_hours(&mut self, later: i64) -> bool {
        let Some(time) = self.time else { return false };
        self.later = match time.hour() {
            12 => later - 12,
            0..12 => later,
            _ => 0,
        };
        true
    }

    fn take_time(&mut self, token: &str) -> bool {
        let end =
            token.find(|c: char| !c.is_ascii_digit() && !matches!(c, ':' | '.' | 'h')).unwrap_or(token.len());
        let (figures, rest) = token.split_at(end);
        if self.time.is_some() || !figures.contains([':', 'h', '.']) && !(rest.starts_with(['a', 'p'])) {
            return false;
        }
        let Some((time, later)) = time_of_day(figures) else { return false };
        (self.time, self.later) = (Some(time), later);
        rest.is_empty() || self.take(rest)
    }

    fn take_offset(&mut self, token: &str) -> bool {
        let Some(offset) = offset(token) else { return false };
        // `EST -0500` says it twice; figures say it better.
        if self.offset.is_none() || token.starts_with(['+', '-', '−']) {
            self.offset = Some(offset);
        }
        true
    }

    fn on(&self, date: Date) -> Option<Timestamp> {
        let offset = Offset::from_seconds(self.offset.unwrap_or(0)).ok()?;
        let local = DateTime::from_parts(date, self.time.unwrap_or_else(Time::midnight));
        let moment = offset.to_timestamp(local).ok()?;
        moment.checked_add(jiff::SignedDuration::from_hours(self.later)).ok()
    }
}

/// `10:00`, `10:00:00.25`, `10h30`, `10.30`; a minute that ends with a leap second ends a second early.
fn time_of_day(text: &str) -> Option<(Time, i64)> {
    let mut parts = text.split([':', 'h', '.']);
    let hour: i8 = parts.next()?.parse().ok()?;
    let minute: i8 = parts.next().filter(|part| !part.is_empty()).map_or(Some(0), |part| part.parse().ok())?;
    let second: i8 = parts.next().filter(|part| !part.is_empty()).map_or(Some(0), |part| part.parse().ok())?;
    let fraction = parts.next().unwrap_or("");
    let nanoseconds: i32 = format!("{fraction:0<9}").get(..9)?.parse().ok()?;
    let (hour, later) = if hour == 24 { (0, 24) } else { (hour, 0) };
    Some((Time::new(hour, minute, second.min(59), nanoseconds).ok()?, later))
}

/// Seconds east of Greenwich: `+02:00`, `-0500`, `+3`, `GMT+3`, `CEST`, `Z`.
fn offset(token: &str) -> Option<i32> {
    let start = token.find(['+', '-', '−']).unwrap_or(token.len());
    let (name, figures) = token.split_at(start);
    let named = if name.is_empty() { 0 } else { zone(name)? };
    let Some(sign) = figures.chars().next() else {
        return (!name.is_empty()).then_some(named);
    };
    let digits: String = figures.chars().filter(char::is_ascii_digit).collect();
    let other = figures.chars().skip(1).any(|c| !c.is_ascii_digit() && c != ':');
    let (hours, minutes) = match digits.len() {
        1 | 2 => (digits.as_str(), "0"),
        3 => digits.split_at(1),
        4 | 6 => (&digits[..2], &digits[2..4]),
        _ => return None,
    };
    let seconds = hours.parse::<i32>().ok()? * 3600 + minutes.parse::<i32>().ok()? * 60;
    let east = if sign == '+' { seconds } else { -seconds };
    (!other).then_some(named + east)
}

/// `Tue, 22 Apr 2025 10:00:00 +0200`, `22. April 2025, 10:00 Uhr`, `April 22, 2025`, `22.04.2025`, `4/22/2025`.
fn in_words(text: &str) -> Option<Timestamp> {
    let mut day = Day::default();
    let mut clock = Clock::default();
    for token in text.split([' ', ',', '(', ')', '\u{a0}', '|', '·']).filter(|token| !token.is_empty()) {
        // `10.30` is a time once the day is known, and `22.04.2025` a day before.
        let known = day.take(token) || clock.take(token) || is_weekday(token) || day.take_hyphenated(token);
        if !known {
            return None;
        }
    }
    clock.on(day.date()?)
}

/// The parts of a day, as they come.
#[derive(Default)]
struct Day {
    of_month: Option<i8>,
    month: Option<i8>,
    year: Option<i16>,
}

impl Day {
    fn take(&mut self, token: &str) -> bool {
        if let Some(found) = month(token) {
            return self.month.replace(found).is_none();
        }
        if matches!(token, "de" | "of" | "г." | "р." | "г" | "р" | "року" | "года") {
            return self.month.is_some();
        }
        let bare = ["st", "nd", "rd", "th", "er", "."].iter().find_map(|end| token.strip_suffix(end));
        let bare = bare.unwrap_or(token);
        if bare.bytes().all(|byte| byte.is_ascii_digit()) {
            return self.take_number(bare);
        }
        self.take_figures(token)
    }

    fn take_number(&mut self, figures: &str) -> bool {
        let day = figures.parse().ok().filter(|day| figures.len() <= 2 && (1..=31).contains(day));
        match (day, self.of_month, self.year) {
            (Some(_), None, _) => self.of_month = day,
            (_, _, None) if matches!(figures.len(), 2 | 4) => self.year = full_year(figures),
            _ => return false,
        }
        true
    }

    /// `22.04.2025` and `22/04/2025`; `04/22/2025` where there is no 22nd month, or slashes that fit both ways: those
    /// are American.
    fn take_figures(&mut self, token: &str) -> bool {
        let parts: Vec<&str> = token.trim_end_matches('.').split(['.', '/', '-']).collect();
        let [first, second, year] = parts.as_slice() else { return false };
        let read = |text: &str| text.parse::<i8>().ok().filter(|number| (1..=31).contains(number));
        let (Some(one), Some(two), Some(year)) = (read(first), read(second), full_year(year)) else {
            return false;
        };
        let american = two > 12 || (token.contains('/') && one <= 12);
        let (day, month) = if american { (two, one) } else { (one, two) };
        if self.of_month.is_some() || self.month.is_some() || self.year.is_some() {
            return false;
        }
        (self.of_month, self.month, self.year) = (Some(day), Some(month), Some(year));
        true
    }

    /// `22-Apr-2025`, `22/April/2025`.
    fn take_hyphenated(&mut self, token: &str) -> bool {
        let parts: Vec<&str> = token.split(['-', '/']).collect();
        parts.len() == 3 && parts.iter().all(|part| !part.is_empty() && !part.contains(':') && self.take(part))
    }

    fn date(&self) -> Option<Date> {
        Date::new(self.year?, self.month?, self.of_month.unwrap_or(1)).ok()
    }
}
