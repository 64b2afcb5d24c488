//! What a page says of itself in JSON-LD: <https://schema.org/Article>.

use serde_json::{Map, Value};

/// What the page's article is said to be.
#[derive(Debug, Default)]
pub(super) struct Data {
    pub(super) headline: Option<String>,
    pub(super) authors: Vec<String>,
    pub(super) published: Option<String>,
    pub(super) modified: Option<String>,
    pub(super) language: Option<String>,
    /// Who is credited beside the author.
    pub(super) credits: Vec<String>,
}

/// Reads all scripts; the first article that says something is believed. What is ill-formed says nothing.
pub(super) fn read(scripts: &[String]) -> Data {
    let mut data = Data::default();
    for script in scripts {
        if let Some(value) = json(script) {
            walk(&value, &mut data);
        }
    }
    data
}

/// Scripts often hold line breaks within texts, which JSON does not allow.
fn json(script: &str) -> Option<Value> {
    let trimmed = script.trim().trim_end_matches(';');
    let parsed = serde_json::from_str(trimmed);
    let mended = || trimmed.chars().map(|c| if c.is_control() { ' ' } else { c }).collect::<String>();
    parsed.or_else(|_| serde_json::from_str(&mended())).ok()
}

/// Goes down lists and graphs; `serde_json` bounds their depth.
fn walk(value: &Value, data: &mut Data) {
    match value {
        Value::Array(values) => values.iter().for_each(|value| walk(value, data)),
        Value::Object(object) => {
            if is_article(object) {
                article(object, data);
            }
            for name in ["@graph", "mainEntity", "mainEntityOfPage"] {
                if let Some(inner) = object.get(name) {
                    walk(inner, data);
                }
            }
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

fn is_article(object: &Map<String, Value>) -> bool {
    let named = |value: &Value| {
        let kind = value.as_str().unwrap_or_default();
        kind.ends_with("Article") || kind.ends_with("Posting") || matches!(kind, "Report" | "LiveBlog")
    };
    match object.get("@type") {
        Some(Value::Array(kinds)) => kinds.iter().any(named),
        Some(kind) => named(kind),
        None => false,
    }
}

fn article(object: &Map<String, Value>, data: &mut Data) {
    let text = |name: &str| object.get(name).and_then(text_of);
    data.headline = data.headline.take().or_else(|| text("headline")).or_else(|| text("name"));
    data.published = data.published.take().or_else(|| text("datePublished"));
    data.modified = data.modified.take().or_else(|| text("dateModified"));
    data.language = data.language.take().or_else(|| text("inLanguage"));
    if data.authors.is_empty() {
        names(object.get("author"), &mut data.authors);
        names(object.get("creator"), &mut data.authors);
    }
    names(object.get("sourceOrganization"), &mut data.credits);
    names(object.get("creditText"), &mut data.credits);
    names(object.get("isBasedOn"), &mut data.credits);
}

fn text_of(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.trim().to_owned()).filter(|text| !text.is_empty()),
        Value::Object(object) => {
            let name = object.get("alternateName").or_else(|| object.get("name"));
            name.and_then(Value::as_str).map(str::to_owned)
        }
        Value::Array(values) => values.first().and_then(Value::as_str).map(str::to_owned),
        Value::Null | Value::Bool(_) | Value::Number(_) => None,
    }
}

/// The names of a person, an organization, or a list of them.
fn names(value: Option<&Value>, into: &mut Vec<String>) {
    match value {
        Some(Value::String(name)) if !name.trim().is_empty() => into.push(name.trim().to_owned()),
        Some(Value::Object(object)) => match object.get("name") {
            Some(name @ (Value::String(_) | Value::Array(_))) => names(Some(name), into),
            Some(Value::Null | Value::Bool(_) | Value::Number(_) | Value::Object(_)) | None => {}
        },
        Some(Value::Array(values)) => values.iter().take(20).for_each(|value| names(Some(value), into)),
        Some(Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_)) | None => {}
    }
}
