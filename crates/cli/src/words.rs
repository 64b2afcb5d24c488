//! Reads the words, times and pairs of the command line, and writes times and counts for people.

use hearsay_core::{Interest, PartyLine, Reference};
use jiff::{SignedDuration, Timestamp};
use serde::Deserialize;
use serde::de::IntoDeserializer;
use serde::de::value::{Error, StrDeserializer};

/// A word of the domain, as files spell it; hyphens stand for underscores.
pub(crate) fn word<T>(text: &str) -> Result<T, String>
where
    T: for<'de> Deserialize<'de>,
{
    let spelled = text.replace('-', "_");
    let deserializer: StrDeserializer<'_, Error> = spelled.as_str().into_deserializer();
    T::deserialize(deserializer).map_err(|error| error.to_string().replace("variant", "word"))
}

/// A time, by RFC 3339.
pub(crate) fn time(text: &str) -> Result<Timestamp, String> {
    text.parse().map_err(|_| "a time with its zone is needed, such as 2025-04-22T16:00:00Z (RFC 3339)".to_owned())
}

/// The shortest and the longest span that a worker can keep: leases shorter than a commit end while a task runs.
const SPANS: (SignedDuration, SignedDuration) = (SignedDuration::from_millis(100), SignedDuration::from_hours(24));

/// A span of time for the worker.
pub(crate) fn span(text: &str) -> Result<SignedDuration, String> {
    let parsed: Option<SignedDuration> = text.parse().ok();
    let wrong = || format!("`{text}` is no time from 100ms to 24h, with its unit, such as 30s, 250ms or 2m");
    parsed.filter(|span| (SPANS.0..=SPANS.1).contains(span)).ok_or_else(wrong)
}

/// The fewest and the most bytes that a page may be let to have.
const SIZES: (usize, usize) = (1_000, 1_000_000_000);

/// A size of a page, such as `10MB`.
pub(crate) fn page_size(text: &str) -> Result<usize, String> {
    let units = [("KB", 1_000), ("MB", 1_000_000), ("GB", 1_000_000_000)];
    let parsed = units.into_iter().find_map(|(unit, bytes)| {
        let number: usize = text.strip_suffix(unit)?.trim_end().parse().ok()?;
        number.checked_mul(bytes)
    });
    let wrong = || format!("`{text}` is no size from 1KB to 1GB, with its unit, such as 500KB or 10MB");
    parsed.filter(|size| (SIZES.0..=SIZES.1).contains(size)).ok_or_else(wrong)
}

/// A party as `SOURCE=INTEREST`.
pub(crate) fn party(text: &str) -> Result<PartyLine, String> {
    let (source, interest) = text
        .rsplit_once('=')
        .ok_or("a party is given with its interest: kremlin=against, or =neutral, =in_favour")?;
    Ok(PartyLine { source: Reference::from(source), interest: word::<Interest>(interest)? })
}

/// The known word that differs in the fewest letters, if it differs in few.
pub(crate) fn nearest<'a>(word: &str, known: &[&'a str]) -> Option<&'a str> {
    known
        .iter()
        .map(|candidate| (strsim::levenshtein(word, candidate), *candidate))
        .filter(|(apart, candidate)| *apart * 3 <= candidate.len() + 1)
        .min()
        .map(|(_, candidate)| candidate)
}

/// A time as people read it, in UTC.
pub(crate) fn when(at: Timestamp) -> String {
    at.strftime("%-d %b %Y %H:%M").to_string()
}

/// A time that is near, to the second; another one as [`when`] has it.
pub(crate) fn soon(at: Timestamp, now: Timestamp) -> String {
    if at.duration_since(now).abs() < SignedDuration::from_hours(12) {
        at.strftime("%H:%M:%S UTC").to_string()
    } else {
        when(at)
    }
}

/// How long ago a time was: `5 s ago`, `3 min ago`, `2 h ago`, `4 days ago`.
pub(crate) fn ago(at: Timestamp, now: Timestamp) -> String {
    match now.duration_since(at).as_secs() {
        seconds @ ..1 if seconds < -1 => format!("at {}, which is ahead of the clock", when(at)),
        ..1 => "just now".to_owned(),
        seconds @ 1..120 => format!("{seconds} s ago"),
        seconds @ 120..7_200 => format!("{} min ago", seconds / 60),
        seconds @ 7_200..172_800 => format!("{} h ago", seconds / 3_600),
        seconds => format!("{} days ago", seconds / 86_400),
    }
}

/// A size in bytes: `812 bytes`, `4 KB`, `77 GB`.
pub(crate) fn size(bytes: u64) -> String {
    match bytes {
        ..1_000 => format!("{bytes} bytes"),
        1_000..1_000_000 => format!("{} KB", bytes / 1_000),
        1_000_000..1_000_000_000 => format!("{} MB", bytes / 1_000_000),
        1_000_000_000.. => format!("{} GB", bytes / 1_000_000_000),
    }
}

/// `1 outlet`, `12 outlets`.
pub(crate) fn count(number: impl Into<u64>, one: &str, several: &str) -> String {
    match number.into() {
        0 => format!("no {one}"),
        1 => format!("1 {one}"),
        number => format!("{number} {several}"),
    }
}

/// `a`, `a and b`, `a, b and c`.
pub(crate) fn listed(names: &[String]) -> String {
    match names {
        [] => String::new(),
        [one] => one.clone(),
        [first @ .., last] => format!("{} and {last}", first.join(", ")),
    }
}

#[cfg(test)]
mod tests {
    use hearsay_core::{ClaimKind, State};

    use super::*;

    #[test]
    fn words_are_those_of_the_files() {
        assert_eq!(word::<State>("corroborated"), Ok(State::Corroborated));
        assert_eq!(word::<ClaimKind>("not-checkable"), Ok(ClaimKind::NotCheckable));
        let wrong = word::<State>("proven").unwrap_err();
        assert!(wrong.starts_with("unknown word `proven`, expected one of `reported`"), "{wrong}");
    }

    #[test]
    fn a_party_comes_with_its_interest() {
        assert_eq!(party("kremlin=against").map(|party| party.interest), Ok(Interest::Against));
        assert!(party("kremlin").is_err());
    }

    #[test]
    fn how_long_ago_is_told_in_the_largest_unit_that_fits() {
        let now: Timestamp = "2026-11-24T12:00:00Z".parse().unwrap();
        for (seconds, told) in [(0, "just now"), (5, "5 s ago"), (150, "2 min ago"), (7_300, "2 h ago")] {
            assert_eq!(ago(now - SignedDuration::from_secs(seconds), now), told);
        }
        assert_eq!(
            ago(now + SignedDuration::from_hours(1), now),
            "at 24 Nov 2026 13:00, which is ahead of the clock"
        );
    }

    #[test]
    fn counts_and_lists_read_as_text() {
        assert_eq!(count(1_u32, "outlet", "outlets"), "1 outlet");
        assert_eq!(count(0_u32, "origin", "origins"), "no origin");
        assert_eq!(listed(&["a".to_owned(), "b".to_owned(), "c".to_owned()]), "a, b and c");
    }
}
