//! When something was said, as far as the sentence tells: `on 22 April`, `on Tuesday`, `yesterday`.
//! A day is the nearest one that is not after the item's own.

use jiff::Timestamp;
use jiff::civil::{Date, Weekday, date};
use jiff::tz::TimeZone;

use crate::part::PartRead;

const MONTHS: [&str; 36] = [
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
    "января",
    "февраля",
    "марта",
    "апреля",
    "мая",
    "июня",
    "июля",
    "августа",
    "сентября",
    "октября",
    "ноября",
    "декабря",
    "січня",
    "лютого",
    "березня",
    "квітня",
    "травня",
    "червня",
    "липня",
    "серпня",
    "вересня",
    "жовтня",
    "листопада",
    "грудня",
];
const WEEKDAYS: [(&str, Weekday); 7] = [
    ("monday", Weekday::Monday),
    ("tuesday", Weekday::Tuesday),
    ("wednesday", Weekday::Wednesday),
    ("thursday", Weekday::Thursday),
    ("friday", Weekday::Friday),
    ("saturday", Weekday::Saturday),
    ("sunday", Weekday::Sunday),
];

/// The day that some tokens name, at its beginning in UTC; where they name the item's own day or none, the item's time.
pub(crate) fn said_at(part: &PartRead, from: usize, to: usize, published: Option<Timestamp>) -> Option<Timestamp> {
    let published = published?;
    let today = published.to_zoned(TimeZone::UTC).date();
    let day = (from..to).filter(|at| !part.is_quoted(*at)).find_map(|at| day_at(part, at, today));
    match day.filter(|day| *day < today) {
        Some(day) => day.to_zoned(TimeZone::UTC).ok().map(|zoned| zoned.timestamp()).or(Some(published)),
        None => Some(published),
    }
}

fn day_at(part: &PartRead, at: usize, today: Date) -> Option<Date> {
    let word = part.word(at);
    if let Some(month) = MONTHS.iter().position(|month| *month == word) {
        let before = at.checked_sub(1).and_then(|at| part.word(at).parse::<i8>().ok());
        let day = before.or_else(|| part.word(at + 1).parse::<i8>().ok())?;
        let month = i8::try_from(month % 12 + 1).ok()?;
        let year = [at + 1, at + 2, at + 3].iter().find_map(|at| part.word(*at).parse::<i16>().ok());
        let year = year.filter(|year| (1900..=2200).contains(year));
        let this = Date::new(year.unwrap_or(today.year()), month, day).ok()?;
        let last = || Date::new(today.year() - 1, month, day).ok();
        return if this > today && year.is_none() { last() } else { Some(this) };
    }
    if matches!(word, "yesterday" | "вчера" | "вчора") {
        return today.yesterday().ok();
    }
    let (_, weekday) = WEEKDAYS.iter().find(|(name, _)| *name == word)?;
    let on = at.checked_sub(1).is_some_and(|at| matches!(part.word(at), "on" | "late" | "earlier"));
    let back = i64::from(today.weekday().since(*weekday));
    on.then(|| today.checked_sub(jiff::Span::new().days(back)).ok())
        .flatten()
        .filter(|day| *day > date(1900, 1, 1))
}
