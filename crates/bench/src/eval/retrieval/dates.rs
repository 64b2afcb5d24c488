//! Dates as these data write them: in English words, or as the beginning of a name. All are taken at noon, UTC.

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;

const MONTHS: [&str; 12] = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];

/// The first date in a text: `26 May 2015`, `stated on October 22, 2019 in …`.
pub(super) fn in_words(text: &str) -> Option<Timestamp> {
    let words: Vec<&str> =
        text.split(|letter: char| !letter.is_alphanumeric()).filter(|word| !word.is_empty()).collect();
    words.windows(3).find_map(|three| {
        let [one, two, year] = three else { return None };
        date(one, two, year).or_else(|| date(two, one, year))
    })
}

/// The date that stands last in a text, after `from`, and where it begins.
pub(super) fn last_in_words(text: &str, from: usize) -> Option<(Timestamp, usize)> {
    let tail = text.get(from..)?;
    let starts = tail.match_indices(' ').map(|(at, _)| at + 1).collect::<Vec<_>>();
    let found = starts.iter().rev().nth(2)?;
    Some((in_words(tail.get(*found..)?)?, from + found))
}

/// `20121023_third_debate`.
pub(super) fn in_name(name: &str) -> Option<Timestamp> {
    let digits = name.get(..8).filter(|digits| digits.bytes().all(|digit| digit.is_ascii_digit()))?;
    let part = |from: usize, to: usize| digits.get(from..to)?.parse().ok();
    noon(i16::try_from(part(0, 4)?).ok()?, part(4, 6)?, part(6, 8)?)
}

fn date(month: &str, day: &str, year: &str) -> Option<Timestamp> {
    let beginning = month.get(..3)?.to_lowercase();
    let month = MONTHS.iter().position(|known| *known == beginning)? + 1;
    let year: i16 = (year.len() == 4).then(|| year.parse().ok())??;
    noon(year, i32::try_from(month).ok()?, day.parse().ok()?)
}

fn noon(year: i16, month: i32, day: i32) -> Option<Timestamp> {
    let date = Date::new(year, i8::try_from(month).ok()?, i8::try_from(day).ok()?).ok()?;
    date.at(12, 0, 0, 0).to_zoned(TimeZone::UTC).ok().map(|zoned| zoned.timestamp())
}
