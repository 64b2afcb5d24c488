//! A feed's entries as items: what each is known again by, and its document where it carries that itself.

use std::collections::HashMap;
use std::time::Duration;

use hearsay_formats::feed::{Entry, Feed};
use hearsay_store::{NewItem, NewSnapshot};
use jiff::Timestamp;
use sha2::{Digest, Sha256};

use super::{canonical, plausible};
use crate::Fetched;

/// From so many characters on, a text tells its entry from others that were published at the same time.
const TELLING: usize = 200;

/// The longest that a server's word on how long an answer holds is heeded: a site that says a day of everything would
/// have its feed read once a day.
const HOLDS_AT_MOST: Duration = Duration::from_hours(1);

/// The items of a feed. An entry that leads nowhere is its own document; one that says nothing is none.
pub(crate) fn new_items(feed: &Feed, now: Timestamp) -> Vec<NewItem> {
    let mut times: HashMap<&str, usize> = HashMap::new();
    for guid in feed.entries.iter().filter_map(|entry| entry.guid.as_deref()) {
        *times.entry(guid).or_default() += 1;
    }
    // An id that several entries have is none.
    let guid = |entry: &Entry| entry.guid.clone().filter(|guid| times.get(guid.as_str()) == Some(&1));
    feed.entries.iter().filter_map(|entry| new_item(entry, guid(entry), now)).collect()
}

fn new_item(entry: &Entry, guid: Option<String>, now: Timestamp) -> Option<NewItem> {
    let url = entry.link.as_deref().and_then(canonical);
    let text = text(entry);
    if url.is_none() && text.is_empty() {
        return None;
    }
    let published = plausible(entry.published, now).or(plausible(entry.updated, now));
    let document = url.is_none().then(|| NewSnapshot {
        bytes: text.clone().into_bytes(),
        content_type: Some("text/plain; charset=utf-8".to_owned()),
        urls: Vec::new(),
        headers: Vec::new(),
        fetched_at: now,
    });
    let known_words = words(&text, url.as_deref(), published);
    Some(NewItem {
        guid,
        url,
        words: known_words,
        title: entry.title.clone(),
        language: entry.language.clone(),
        published,
        document,
    })
}

/// What an entry's text is known again by. Entries with links of their own may well say the same: every day's briefing has
/// the same title. They are told apart by when they were published, and not at all where they say little.
fn words(text: &str, url: Option<&str>, published: Option<Timestamp>) -> Option<[u8; 32]> {
    match (url, published) {
        (None, _) => Some(Sha256::digest(text.as_bytes()).into()),
        (Some(_), Some(published)) if text.chars().count() >= TELLING => {
            Some(Sha256::digest(format!("{published}\n{text}").as_bytes()).into())
        }
        (Some(_), Some(_) | None) => None,
    }
}

/// What an entry says: its title, a blank line, and its text.
fn text(entry: &Entry) -> String {
    let title = entry.title.as_deref().unwrap_or_default().trim();
    let body = entry.content.as_deref().or(entry.summary.as_deref()).unwrap_or_default().trim();
    match (title, body) {
        ("", text) | (text, "") => text.to_owned(),
        (title, body) if body.starts_with(title) => body.to_owned(),
        (title, body) => format!("{title}\n\n{body}"),
    }
}

/// For how long a server says that its answer holds, within an hour.
pub(crate) fn holds(fetched: &Fetched) -> Option<Duration> {
    let mut directives = fetched.header("cache-control")?.split(',');
    let seconds = directives.find_map(|one| one.trim().strip_prefix("max-age=")?.parse().ok())?;
    Some(Duration::from_secs(seconds).min(HOLDS_AT_MOST))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry(guid: &str, link: &str, title: &str, summary: &str) -> Entry {
        let given = |text: &str| (!text.is_empty()).then(|| text.to_owned());
        Entry {
            guid: given(guid),
            link: given(link),
            title: given(title),
            summary: given(summary),
            ..Entry::default()
        }
    }

    fn items(entries: Vec<Entry>) -> Vec<NewItem> {
        new_items(&Feed { entries, ..Feed::default() }, "2025-04-22T16:00:00Z".parse().unwrap())
    }

    #[test]
    fn an_entry_is_known_by_its_id_its_address_and_a_text_that_tells() {
        let long = "a text of some length that no other entry of this feed has ".repeat(4);
        let published = |entry: Entry, at: &str| Entry { published: at.parse().ok(), ..entry };
        let found = items(vec![
            published(entry("1", "https://a.example/1#x", "Title", &long), "2025-04-22T15:00:00Z"),
            published(entry("2", "https://a.example/5", "Title", &long), "2025-04-21T15:00:00Z"),
            entry("3", "https://a.example/6", "Title", &long),
            entry("", "https://a.example/2", "Short", ""),
            entry("same", "https://a.example/3", "Third", ""),
            entry("same", "https://a.example/4", "Fourth", ""),
        ]);
        let known =
            |item: &NewItem| (item.guid.clone(), item.url.clone().unwrap_or_default(), item.words.is_some());
        assert_eq!(
            found.iter().map(known).collect::<Vec<_>>(),
            [
                (Some("1".to_owned()), "https://a.example/1".to_owned(), true),
                (Some("2".to_owned()), "https://a.example/5".to_owned(), true),
                (Some("3".to_owned()), "https://a.example/6".to_owned(), false),
                (None, "https://a.example/2".to_owned(), false),
                (None, "https://a.example/3".to_owned(), false),
                (None, "https://a.example/4".to_owned(), false),
            ]
        );
        assert!(found.iter().all(|item| item.document.is_none()));
        assert_ne!(found[0].words, found[1].words, "the same words of another day are another entry");
    }

    #[test]
    fn an_entry_that_leads_nowhere_is_its_own_document() {
        let found = items(vec![
            entry("1", "", "Statement", "Nothing of this is true."),
            entry("2", "tag:a", "No.", "No. We said so."),
            entry("3", "", "", ""),
        ]);
        let bytes: Vec<String> = found
            .iter()
            .map(|item| String::from_utf8(item.document.as_ref().unwrap().bytes.clone()).unwrap())
            .collect();
        assert_eq!(bytes, ["Statement\n\nNothing of this is true.", "No. We said so."]);
        assert!(found.iter().all(|item| item.words.is_some()));
    }
}
