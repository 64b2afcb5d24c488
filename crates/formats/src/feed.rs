//! Feeds, from bytes to entries: RSS 0.9 to 2.0, RSS 1.0, Atom 0.3 and 1.0, JSON Feed.
//!
//! What is ill-formed is read as far as it goes, and the feed says so. Nothing is fetched, expanded or executed.

mod fields;
mod json;
mod names;
mod tree;

use jiff::Timestamp;
use url::Url;

use crate::charset;

/// A longer feed is refused, in bytes.
pub const MAX_FEED_BYTES: usize = 16 * 1024 * 1024;
/// Further entries are left out, and counted.
pub const MAX_ENTRIES: usize = 2_000;

/// What a feed says of itself, and its entries in their order.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Feed {
    /// Plain text, one line.
    pub title: Option<String>,
    /// The page that the feed is of, absolute where that can be told.
    pub link: Option<String>,
    /// What it is about: plain text.
    pub description: Option<String>,
    /// As it is declared, `en-US`.
    pub language: Option<String>,
    /// Whose it is, for entries that name nobody.
    pub author: Option<String>,
    /// When it last changed, by its own account.
    pub updated: Option<Timestamp>,
    /// The first [`MAX_ENTRIES`].
    pub entries: Vec<Entry>,
    /// How many entries came after those.
    pub left_out: usize,
    /// What is wrong with the feed, in one sentence, where reading it took mending or ended early.
    pub flaw: Option<String>,
}

/// One entry of a feed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Entry {
    /// The id that the feed gives it; the same when it comes again. Unique within this feed only.
    pub guid: Option<String>,
    /// The page that it leads to, absolute where that can be told.
    pub link: Option<String>,
    /// Plain text, one line.
    pub title: Option<String>,
    /// Plain text.
    pub summary: Option<String>,
    /// Plain text, where the feed carries the whole.
    pub content: Option<String>,
    /// A person's name as far as one is given, else an address.
    pub author: Option<String>,
    /// The feed that the entry was taken from, by its title, where another is named.
    pub source: Option<String>,
    /// As it is written: years off or still to come are the caller's to judge.
    pub published: Option<Timestamp>,
    /// Likewise.
    pub updated: Option<Timestamp>,
    /// Its own, or the feed's.
    pub language: Option<String>,
}

/// Why some bytes are no feed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum FeedError {
    /// Nothing came.
    #[error("the feed is empty: fetch it again, or look at its address in a browser")]
    Empty,
    /// More than [`MAX_FEED_BYTES`].
    #[error(
        "the feed has {bytes} bytes, and at most {MAX_FEED_BYTES} are read: ask its publisher for a shorter one"
    )]
    TooLarge {
        /// How many came.
        bytes: usize,
    },
    /// A web page, which may name the feed's address.
    #[error("this is a web page and no feed{}", .feed.as_ref().map(|url| format!("; the page names one: `{url}`")).unwrap_or_default())]
    WebPage {
        /// The address of the feed that the page names.
        feed: Option<String>,
    },
    /// Some other XML.
    #[error("this is no feed: its outermost element is `{root}`, and RSS, RDF or Atom was expected")]
    OtherXml {
        /// The outermost element's name.
        root: String,
    },
    /// JSON that is ill-formed or no feed.
    #[error("this is no JSON Feed: {problem}")]
    Json {
        /// What is wrong with it.
        problem: String,
    },
    /// Neither XML nor JSON.
    #[error("this is no feed: neither XML nor JSON, it begins with `{start}`")]
    Unknown {
        /// Its first characters.
        start: String,
    },
}

/// Reads a feed.
///
/// `content_type` is the header's value, for the charset; the format is told by the bytes. Relative links are resolved
/// against `url`, the address that the bytes came from in the end.
pub fn parse(bytes: &[u8], content_type: Option<&str>, url: &str) -> Result<Feed, FeedError> {
    if bytes.len() > MAX_FEED_BYTES {
        return Err(FeedError::TooLarge { bytes: bytes.len() });
    }
    let text = charset::decode(bytes, content_type);
    let base = Url::parse(url).ok();
    let trimmed = text.trim_start_matches(|c: char| c.is_whitespace() || c == '\u{feff}');
    if trimmed.is_empty() {
        return Err(FeedError::Empty);
    }
    if trimmed.starts_with('{') {
        return json::read(trimmed, base.as_ref());
    }
    // Warnings of a broken server, or half a line of a log, may stand before the markup.
    let Some(at) = trimmed.find('<') else {
        return Err(FeedError::Unknown { start: start_of(trimmed) });
    };
    let tree = tree::read(&trimmed[at..], base);
    let mut feed = fields::feed(&tree.top).ok_or_else(|| fields::refusal(&tree.top, trimmed))?;
    let garbage = (at > 0).then(|| format!("{at} bytes stand before the markup"));
    feed.flaw = tree.flaw.or(garbage);
    Ok(feed)
}

fn start_of(text: &str) -> String {
    text.chars().take(40).map(|c| if c.is_control() { ' ' } else { c }).collect()
}
