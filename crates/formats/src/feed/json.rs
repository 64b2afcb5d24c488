//! JSON Feed 1.0 and 1.1: <https://www.jsonfeed.org/version/1.1/>.

use serde_json::{Map, Value};
use url::Url;

use crate::date;
use crate::feed::{Entry, Feed, FeedError, MAX_ENTRIES};
use crate::html;

/// Reads a feed whose text begins with `{`.
pub(super) fn read(text: &str, base: Option<&Url>) -> Result<Feed, FeedError> {
    let refuse = |problem: String| FeedError::Json { problem };
    let object: Map<String, Value> = serde_json::from_str(text).map_err(|error| refuse(error.to_string()))?;
    let items = match object.get("items") {
        Some(Value::Array(items)) => items.as_slice(),
        None if word(&object, "version").is_some_and(|version| version.contains("jsonfeed.org")) => &[],
        Some(_) => return Err(refuse("`items` is no list".to_owned())),
        None => return Err(refuse("it has no `items`".to_owned())),
    };
    let language = word(&object, "language");
    let objects = items.iter().filter_map(Value::as_object);
    let entries = objects.take(MAX_ENTRIES).map(|item| entry(item, language.as_deref(), base)).collect();
    Ok(Feed {
        title: word(&object, "title").map(|title| html::one_line(&title)),
        link: address(&object, "home_page_url", base),
        description: word(&object, "description"),
        author: author(&object),
        updated: None,
        entries,
        left_out: items.len().saturating_sub(MAX_ENTRIES),
        flaw: items.iter().any(|item| !item.is_object()).then(|| "an item is no object".to_owned()),
        language,
    })
}

fn entry(item: &Map<String, Value>, language: Option<&str>, base: Option<&Url>) -> Entry {
    let markup = word(item, "content_html").map(|markup| html::to_text(&markup));
    Entry {
        guid: word(item, "id"),
        link: address(item, "url", base).or_else(|| address(item, "external_url", base)),
        title: word(item, "title").map(|title| html::one_line(&title)),
        summary: word(item, "summary"),
        content: word(item, "content_text").or(markup),
        author: author(item),
        source: None,
        published: word(item, "date_published").and_then(|text| date::parse(&text)),
        updated: word(item, "date_modified").and_then(|text| date::parse(&text)),
        language: word(item, "language").or_else(|| language.map(str::to_owned)),
    }
}

/// A text that is not empty. A number stands for itself: ids are often numbers.
fn word(object: &Map<String, Value>, name: &str) -> Option<String> {
    match object.get(name)? {
        Value::String(text) => Some(text.trim().to_owned()).filter(|text| !text.is_empty()),
        Value::Number(number) => Some(number.to_string()),
        Value::Null | Value::Bool(_) | Value::Array(_) | Value::Object(_) => None,
    }
}

fn address(object: &Map<String, Value>, name: &str, base: Option<&Url>) -> Option<String> {
    let written = word(object, name)?;
    let resolved = base.map_or_else(|| Url::parse(&written), |base| base.join(&written));
    Some(resolved.map_or(written, String::from))
}

/// The first of `authors`, or version 1.0's `author`.
fn author(object: &Map<String, Value>) -> Option<String> {
    let first = object.get("authors").and_then(Value::as_array).and_then(|authors| authors.first());
    let author = first.or_else(|| object.get("author"))?.as_object()?;
    word(author, "name").or_else(|| word(author, "url"))
}
