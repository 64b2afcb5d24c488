//! Feeds and articles as they come in: every format, every charset, and input that means harm.
#![expect(clippy::unwrap_used, reason = "clippy knows tests only by their attribute, and these share functions")]
#![expect(clippy::unnecessary_wraps, reason = "what is expected of a field is an option")]

mod article_mishaps;
mod articles;
mod feed_formats;
mod feed_mishaps;
mod properties;

/// The same so often, each time with another number in it.
fn numbered(before: &str, times: usize, after: &str) -> String {
    (0..times).flat_map(|number| [before.to_owned(), number.to_string(), after.to_owned()]).collect()
}
