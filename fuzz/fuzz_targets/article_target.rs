//! What the target `article` does with some bytes: they are read, and what was read keeps its promises.

/// A page or a pasted text.
pub(crate) fn article(bytes: &[u8]) {
    use hearsay_formats::article::extract;
    if let Ok(article) = extract(bytes, None, "https://a.example/1") {
        assert!(!article.text.trim().is_empty(), "an article has a text");
        assert!(article.title.is_none_or(|title| !title.contains('\n')), "a title is one line");
    }
}
