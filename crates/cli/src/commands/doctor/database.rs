//! Whether the database is sound, its write-ahead log small, and the clock no earlier than the log.

use hearsay_store::Health;
use jiff::{SignedDuration, Timestamp};

use super::finding::{About, Care, Finding};
use crate::words::{ago, count, size, when};

/// The most that a write-ahead log has where nobody holds it up: twenty times what starts a checkpoint.
const LARGE_WAL: u64 = 320 << 20;

/// How many faults are told.
const FAULTS: usize = 5;

/// How long erased words may stay in the file before that needs a person.
const PURGED_WITHIN: SignedDuration = SignedDuration::from_hours(1);

/// How far the log may be ahead of the clock without harm.
const AHEAD: SignedDuration = SignedDuration::from_secs(60);

/// What a short look at the database comes to.
pub(super) fn findings(health: &Health, wrong: &[String], newest: u64, now: Timestamp) -> Vec<Finding> {
    let mut all: Vec<Finding> = wrong.iter().take(FAULTS).map(|what| damaged(what)).collect();
    if wrong.is_empty() {
        let events = match health.events {
            0 => "no events yet".to_owned(),
            all if all <= newest => format!("{} with their hashes", count(all, "event", "events")),
            all => format!("the newest {newest} of {all} events with their hashes"),
        };
        let (schema, bytes) = (health.schema, size(health.file_bytes));
        let says = format!("sound by a quick check: schema {schema}, {events}, {bytes}");
        all.push(
            Finding::new(About::Database, "sound", Care::Fine, says).then("`hearsay db check` looks at all of it"),
        );
    }
    all.push(wal(health.wal_bytes));
    all.extend(purges(health, now));
    all.push(clock(health.last_recorded_at, now));
    all
}

fn damaged(what: &str) -> Finding {
    Finding::new(About::Database, "damaged", Care::Person, format!("damaged: {what}"))
        .then("`hearsay db check` looks at all of it; `hearsay restore` puts a backup in its place")
}

fn wal(bytes: u64) -> Finding {
    if bytes <= LARGE_WAL {
        let says = format!("the write-ahead log has {}", size(bytes));
        return Finding::new(About::Database, "wal", Care::Fine, says);
    }
    let says = format!("the write-ahead log has grown to {}: somebody reads the file without end", size(bytes));
    Finding::new(About::Database, "wal_large", Care::Patience, says)
        .then("end what reads the file for long; the next commits fold the log in")
}

/// Erased words that are still in the file, or in its write-ahead log.
fn purges(health: &Health, now: Timestamp) -> Option<Finding> {
    if health.purges == 0 {
        return None;
    }
    let is_overdue = health.purges_since.is_some_and(|since| now.duration_since(since) > PURGED_WITHIN);
    let since = health.purges_since.map(|since| format!(", the first {}", ago(since, now))).unwrap_or_default();
    let says = format!(
        "of {}{since} the words are still in the file, or in its write-ahead log: it could not be written anew, or somebody read it",
        count(health.purges, "erasure", "erasures")
    );
    let (reason, care) = if is_overdue { ("purge_overdue", Care::Person) } else { ("unpurged", Care::Patience) };
    let finding = Finding::new(About::Database, reason, care, says);
    Some(finding.then("end what reads the file for long and see that there is room for a copy of it; who erased tries again, and whoever opens the file next"))
}

fn clock(last: Option<Timestamp>, now: Timestamp) -> Finding {
    let Some(last) = last else {
        return Finding::new(About::Clock, "clock", Care::Fine, format!("it is {} UTC", when(now)));
    };
    let ahead = last.duration_since(now);
    if ahead <= SignedDuration::ZERO {
        let says = format!("it is {} UTC, and the last event was recorded {}", when(now), ago(last, now));
        return Finding::new(About::Clock, "clock", Care::Fine, says);
    }
    let says = format!(
        "it is {} UTC, but the last event was recorded at {}: until the clock gets there, all events bear that time",
        when(now),
        when(last)
    );
    let care = if ahead > AHEAD { Care::Person } else { Care::Patience };
    Finding::new(About::Clock, "clock_behind", care, says).then("set the machine's clock")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn health() -> Health {
        Health {
            schema: 2,
            file_bytes: 4_096,
            wal_bytes: 0,
            events: 12,
            last_recorded_at: Some("2026-11-24T12:00:00Z".parse().unwrap()),
            restands: 0,
            purges: 0,
            purges_since: None,
            due_to_advance: 0,
            due_to_reopen: 0,
            overdue: 0,
        }
    }

    fn reasons(health: &Health, wrong: &[String], now: &str) -> Vec<(&'static str, Care)> {
        let found = findings(health, wrong, 1_000, now.parse().unwrap());
        found.iter().map(|finding| (finding.reason, finding.care)).collect()
    }

    #[test]
    fn a_sound_database_with_a_good_clock_is_fine() {
        let found = reasons(&health(), &[], "2026-11-24T12:00:01Z");
        assert_eq!(found, [("sound", Care::Fine), ("wal", Care::Fine), ("clock", Care::Fine)]);
    }

    #[test]
    fn damage_and_a_clock_far_behind_need_a_person() {
        let found = reasons(&health(), &["event 3 does not have the hash".to_owned()], "2026-11-24T11:00:00Z");
        assert_eq!(found, [("damaged", Care::Person), ("wal", Care::Fine), ("clock_behind", Care::Person)]);
        let found = reasons(&health(), &[], "2026-11-24T11:59:30Z");
        assert_eq!(found[2], ("clock_behind", Care::Patience));
    }

    #[test]
    fn erased_words_that_are_left_in_the_file_are_told() {
        let left = Health { purges: 2, purges_since: Some("2026-11-24T11:30:00Z".parse().unwrap()), ..health() };
        assert_eq!(reasons(&left, &[], "2026-11-24T12:00:00Z")[2], ("unpurged", Care::Patience));
        assert_eq!(reasons(&left, &[], "2026-11-24T12:30:01Z")[2], ("purge_overdue", Care::Person));
    }

    #[test]
    fn a_write_ahead_log_that_grows_is_told() {
        let large = Health { wal_bytes: LARGE_WAL + 1, ..health() };
        assert_eq!(reasons(&large, &[], "2026-11-24T12:00:00Z")[1], ("wal_large", Care::Patience));
    }
}
