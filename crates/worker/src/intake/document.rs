//! A kept document as text again, and whose it is. What was extracted is stored nowhere: the same bytes give the same text.

use hearsay_core::SourceId;
use hearsay_formats::article::{Article, extract};
use hearsay_reading::Names;
use hearsay_store::{Feed, Item, Snapshot};

use super::address::host;

/// What a document says, or why it says nothing.
pub(crate) type Extracted = Result<Article, String>;

/// What a document says. Takes a while for a long page.
pub(crate) fn extracted(snapshot: &Snapshot) -> Extracted {
    let Some(bytes) = &snapshot.bytes else { return Err("its document was erased".to_owned()) };
    let url = snapshot.urls.last().map_or("", String::as_str);
    extract(bytes, snapshot.content_type.as_deref(), url).map_err(|error| error.to_string())
}

/// Who published an item: whose feed brought it, or who goes by its host's name.
pub(crate) fn outlet(item: &Item, feed: Option<&Feed>, names: &Names) -> (Option<SourceId>, String) {
    let host = item.url.as_deref().and_then(host);
    let id = match feed.and_then(|feed| feed.source) {
        Some(id) => Some(id),
        None => host.as_deref().and_then(|host| names.by_name(host)),
    };
    let own = id.and_then(|id| names.get(id)).map(|source| source.name.clone());
    let title = || feed.and_then(|feed| feed.title.clone());
    (id, own.or_else(title).or(host).unwrap_or_default())
}
