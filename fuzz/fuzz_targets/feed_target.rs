//! What the target `feed` does with some bytes: they are read, and what was read keeps its promises.

/// A feed.
pub(crate) fn feed(bytes: &[u8]) {
    use hearsay_formats::feed::{MAX_ENTRIES, parse};
    let url = "https://a.example/feed";
    let read = parse(bytes, None, url);
    assert_eq!(read, parse(bytes, None, url), "the same bytes are read alike");
    if let Ok(feed) = read {
        assert!(feed.entries.len() <= MAX_ENTRIES);
        for title in feed.entries.iter().filter_map(|entry| entry.title.as_deref()).chain(feed.title.as_deref()) {
            assert!(!title.is_empty() && !title.contains('\n'), "a title is one line: {title:?}");
        }
    }
}
