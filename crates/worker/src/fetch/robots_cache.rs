//! What is known of sites' robots.txt, for as long as RFC 9309 lets it be kept.
//! Invariant: what is kept is bounded in number and in memory.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use tokio::time::Instant;

use super::robots::Robots;

/// How long a file holds: the most that RFC 9309 allows.
const HOLDS: Duration = Duration::from_hours(24);
/// How long a site is left alone whose file could not be read.
const UNREAD: Duration = Duration::from_mins(10);
/// How many sites are remembered.
const REMEMBERED: usize = 2_000;
/// How many bytes all rules together may take.
const BYTES: usize = 16 << 20;

/// What sites ask of us.
#[derive(Default)]
pub(super) struct RobotsCache {
    known: HashMap<String, Entry>,
    bytes: usize,
}

struct Entry {
    robots: Found,
    until: Instant,
}

/// What is known of a site.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Found {
    /// Its file, or that it has none.
    Read(Arc<Robots>),
    /// The file could not be read: nothing may be read of the site for so long.
    Unread(Duration),
}

impl RobotsCache {
    /// What still holds of a site.
    pub(super) fn get(&self, origin: &str, now: Instant) -> Option<Found> {
        let entry = self.known.get(origin).filter(|entry| entry.until > now)?;
        Some(match &entry.robots {
            Found::Read(robots) => Found::Read(Arc::clone(robots)),
            Found::Unread(_) => Found::Unread(entry.until - now),
        })
    }

    /// Keeps what was read.
    pub(super) fn read(&mut self, origin: &str, robots: Robots, now: Instant) -> Found {
        self.put(origin, Found::Read(Arc::new(robots)), now + HOLDS, now)
    }

    /// Keeps that the file could not be read. What was read before goes on holding.
    pub(super) fn unread(&mut self, origin: &str, asked: Option<Duration>, now: Instant) -> Found {
        let wait = asked.map_or(UNREAD, |asked| asked.clamp(UNREAD, HOLDS));
        let before = self.known.get(origin).map(|entry| entry.robots.clone());
        let found = before.filter(|before| matches!(before, Found::Read(_))).unwrap_or(Found::Unread(wait));
        self.put(origin, found, now + wait, now)
    }

    fn put(&mut self, origin: &str, robots: Found, until: Instant, now: Instant) -> Found {
        self.forget(origin);
        self.bytes += weight(origin, &robots);
        self.known.insert(origin.to_owned(), Entry { robots: robots.clone(), until });
        if self.known.len() > REMEMBERED || self.bytes > BYTES {
            self.make_room(now);
        }
        robots
    }

    /// Forgets what no longer holds, then what holds least long, until there is room for a while.
    fn make_room(&mut self, now: Instant) {
        let mut origins: Vec<(Instant, String)> =
            self.known.iter().map(|(origin, entry)| (entry.until, origin.clone())).collect();
        origins.sort_unstable();
        for (until, origin) in origins {
            let has_room = self.known.len() <= REMEMBERED / 10 * 9 && self.bytes <= BYTES / 10 * 9;
            if until > now && has_room {
                break;
            }
            self.forget(&origin);
        }
    }

    fn forget(&mut self, origin: &str) {
        if let Some(entry) = self.known.remove(origin) {
            self.bytes -= weight(origin, &entry.robots);
        }
    }
}

fn weight(origin: &str, robots: &Found) -> usize {
    let rules = match robots {
        Found::Read(robots) => robots.bytes(),
        Found::Unread(_) => 0,
    };
    origin.len() + size_of::<Entry>() + rules
}

#[cfg(test)]
mod tests {
    use super::*;

    fn closed() -> Robots {
        Robots::parse(b"User-agent: *\nDisallow: /", "Hearsay")
    }

    #[test]
    fn what_was_read_holds_for_a_day() {
        let start = Instant::now();
        let mut cache = RobotsCache::default();
        assert_eq!(cache.get("a", start), None);
        let read = cache.read("a", closed(), start);
        assert_eq!(read, Found::Read(Arc::new(closed())));
        assert_eq!(cache.get("a", start + HOLDS - UNREAD), Some(read));
        assert_eq!(cache.get("a", start + HOLDS), None);
    }

    #[test]
    fn a_site_whose_file_cannot_be_read_is_left_alone_for_a_while() {
        let start = Instant::now();
        let minutes = |minutes| Duration::from_mins(minutes);
        for (asked, expected) in
            [(None, 10), (Some(minutes(1)), 10), (Some(minutes(90)), 90), (Some(minutes(9_999)), 1_440)]
        {
            let mut cache = RobotsCache::default();
            assert_eq!(cache.unread("a", asked, start), Found::Unread(minutes(expected)));
            let left = minutes(expected - 4);
            assert_eq!(cache.get("a", start + minutes(4)), Some(Found::Unread(left)));
            assert_eq!(cache.get("a", start + minutes(expected)), None);
        }
    }

    #[test]
    fn what_was_read_before_holds_while_the_file_cannot_be_read() {
        let start = Instant::now();
        let mut cache = RobotsCache::default();
        let read = cache.read("a", closed(), start);
        assert_eq!(cache.unread("a", None, start + HOLDS), read);
        assert_eq!(cache.get("a", start + HOLDS + UNREAD / 2), Some(read));
        assert_eq!(cache.get("a", start + HOLDS + UNREAD), None);
    }

    #[test]
    fn number_and_memory_are_bounded() {
        let start = Instant::now();
        let mut cache = RobotsCache::default();
        for number in 0..2 * REMEMBERED {
            cache.unread(&format!("h{number}"), None, start);
            assert!(cache.known.len() <= REMEMBERED);
        }
        let large = format!("Disallow: /{}\n", "x".repeat(100)).repeat(4_000);
        let large = Robots::parse(format!("User-agent: *\n{large}").as_bytes(), "Hearsay");
        for number in 0..100 {
            cache.read(&format!("l{number}"), large.clone(), start + Duration::from_secs(number));
            assert!(cache.bytes <= BYTES);
        }
        assert!(cache.get("l99", start).is_some() && cache.get("l0", start).is_none());
        for origin in cache.known.keys().cloned().collect::<Vec<_>>() {
            cache.forget(&origin);
        }
        assert_eq!(cache.bytes, 0);
    }
}
