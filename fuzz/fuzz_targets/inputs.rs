//! What the targets of incoming texts do with some bytes: they are read, and what was read keeps its promises.

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

/// A page or a pasted text.
pub(crate) fn article(bytes: &[u8]) {
    use hearsay_formats::article::extract;
    if let Ok(article) = extract(bytes, None, "https://a.example/1") {
        assert!(!article.text.trim().is_empty(), "an article has a text");
        assert!(article.title.is_none_or(|title| !title.contains('\n')), "a title is one line");
    }
}
