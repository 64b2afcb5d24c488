//! Feeds that bring nothing, and why: gone for good, failing, paused.

use hearsay_store::Feed;
use jiff::Timestamp;

use super::finding::{About, Care, Finding};
use crate::words::{count, soon};

/// After so many failures in a row a person should look: the waits between them double, so these are days.
const MANY: u32 = 6;

/// A finding for each feed that does not answer, and one that all others do.
pub(super) fn findings(feeds: &[Feed], now: Timestamp) -> Vec<Finding> {
    let mut all: Vec<Finding> = feeds.iter().filter_map(|feed| finding(feed, now)).collect();
    let polled = feeds.iter().filter(|feed| feed.paused.is_none() && feed.gone_at.is_none() && feed.failures == 0);
    let polled = u64::try_from(polled.count()).unwrap_or(u64::MAX);
    if polled > 0 {
        let says = format!("{} as it should be", count(polled, "feed is polled", "feeds are polled"));
        all.push(Finding::new(About::Intake, "polled", Care::Fine, says).of(polled));
    }
    all
}

fn finding(feed: &Feed, now: Timestamp) -> Option<Finding> {
    let (number, url) = (feed.number, &feed.url);
    if feed.paused.is_some() {
        return None;
    }
    if feed.gone_at.is_some() {
        let says = format!("{number} (`{url}`) is gone: its server says that it is so for good");
        let next = format!("`hearsay feed remove {number}`, or `hearsay feed poll {number}` to try it again");
        return Some(Finding::new(About::Intake, "feed_gone", Care::Person, says).then(next));
    }
    let error = feed.error.as_ref().filter(|_| feed.failures > 0)?;
    let failed = count(u64::from(feed.failures), "time", "times in a row");
    let says =
        format!("{number} (`{url}`) failed {failed}: {error}; it is tried again at {}", soon(feed.next_poll, now));
    let care = if feed.failures >= MANY { Care::Person } else { Care::Patience };
    let next =
        format!("`hearsay feed poll {number}` tries it at once; `hearsay feed pause {number}` leaves it alone");
    Some(Finding::new(About::Intake, "feed_failing", care, says).then(next))
}

#[cfg(test)]
mod tests {
    use hearsay_core::FeedNumber;

    use super::*;

    fn at(text: &str) -> Timestamp {
        format!("2026-11-24T{text}Z").parse().unwrap()
    }

    fn feed(failures: u32) -> Feed {
        Feed {
            number: FeedNumber(3),
            url: "https://a.example/rss".to_owned(),
            title: None,
            source: None,
            interval: 900,
            etag: None,
            last_modified: None,
            next_poll: at("13:00:00"),
            polled_at: None,
            failures,
            error: (failures > 0).then(|| "no answer".to_owned()),
            paused: None,
            gone_at: None,
            items: 0,
        }
    }

    #[test]
    fn a_feed_that_brings_nothing_says_why_and_what_to_do() {
        let paused = Feed { paused: Some((at("11:00:00"), "ana".to_owned())), ..feed(2) };
        let gone = Feed { gone_at: Some(at("11:00:00")), ..feed(0) };
        for (feeds, expected) in [
            (vec![], vec![]),
            (vec![paused], vec![]),
            (vec![feed(0)], vec![("polled", Care::Fine, "1 feed is polled as it should be")]),
            (
                vec![feed(1)],
                vec![(
                    "feed_failing",
                    Care::Patience,
                    "F-3 (`https://a.example/rss`) failed 1 time: no answer; it is tried again at 13:00:00 UTC",
                )],
            ),
            (
                vec![feed(6)],
                vec![(
                    "feed_failing",
                    Care::Person,
                    "F-3 (`https://a.example/rss`) failed 6 times in a row: no answer; it is tried again at 13:00:00 UTC",
                )],
            ),
            (
                vec![gone],
                vec![(
                    "feed_gone",
                    Care::Person,
                    "F-3 (`https://a.example/rss`) is gone: its server says that it is so for good",
                )],
            ),
        ] {
            let found = findings(&feeds, at("12:00:00"));
            let told: Vec<_> =
                found.iter().map(|finding| (finding.reason, finding.care, finding.says.as_str())).collect();
            assert_eq!(told, expected);
        }
    }
}
