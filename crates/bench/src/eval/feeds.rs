//! feedparser's feeds, well- and ill-formed, against what their comments expect of the fields that Hearsay gives.
//!
//! An expectation of HTML is compared as the text that it shows; other fields, and other comparisons, are counted apart.

use std::panic::catch_unwind;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use anyhow::{Context, Result};
use hearsay_formats::feed::{Feed, parse};
use jiff::Timestamp;

use super::bootstrap::mean;
use super::extraction::exactly;
use super::{Options, Scored};
use crate::callers::float;

const TASK: &str = "feeds";
/// What takes longer hangs.
const HANGS_AFTER: Duration = Duration::from_secs(2);
/// Where feedparser's own tests serve their feeds from.
const SERVED_FROM: &str = "http://127.0.0.1:8097/";

/// One expectation of a field: what it names, and the text that is wanted.
#[derive(Debug, PartialEq, Eq)]
struct Expected {
    entry: Option<usize>,
    field: String,
    wanted: String,
}

/// Scores every feed but CDF's, which nobody writes any more.
pub(crate) fn score(data: &Path, options: &Options) -> Result<Vec<Scored>> {
    let folder = data.join("feeds-feedparser");
    let mut paths = Vec::new();
    walk(&folder, &mut paths)?;
    paths.retain(|path| !path.to_string_lossy().contains("cdf"));
    let (mut hits, mut sanitized, mut panics, mut hangs, mut refused) = (Vec::new(), Vec::new(), 0, 0, 0);
    let nothing = Feed::default();
    for path in &paths {
        let bytes = std::fs::read(path).with_context(|| format!("cannot read `{}`", path.display()))?;
        let head = header(&bytes, "Content-type:");
        let base = format!("{SERVED_FROM}{}", path.strip_prefix(&folder).unwrap_or(path).display());
        let base = header(&bytes, "Content-Location:").map_or(base.clone(), |at| joined(&base, &at));
        let began = Instant::now();
        let read = catch_unwind(|| parse(&bytes, head.as_deref(), &base));
        hangs += usize::from(began.elapsed() > HANGS_AFTER);
        let Ok(read) = read else {
            panics += 1;
            continue;
        };
        let feed = match read {
            Ok(feed) => Some(feed),
            Err(error) => {
                eprintln!("{TASK}: `{}`: {error}", path.display());
                refused += 1;
                None
            }
        };
        let into = if path.to_string_lossy().contains("sanitize") { &mut sanitized } else { &mut hits };
        for one in expectations(&String::from_utf8_lossy(&bytes)) {
            // Of a feed that is refused nothing is given, not even an empty field.
            if let Some(given) = given(feed.as_ref().unwrap_or(&nothing), &one) {
                let hit = feed.is_some() && given == wanted_of(&one)?;
                into.push(f64::from(u8::from(hit)));
            }
        }
    }
    let share = |name: &str, values: &[f64]| {
        let value = values.iter().sum::<f64>() / float(values.len().max(1));
        Scored::new(TASK, name, value, mean(values, options), values.len())
    };
    let count =
        |name: &str, value: usize| Scored::new(TASK, name, float(value), exactly(float(value)), paths.len());
    let unhurt = paths.len() - panics - hangs;
    Ok(vec![
        share("expected fields", &hits),
        share("expected fields, markup to be cleaned", &sanitized),
        count("refused as no feed", refused),
        count("panics", panics),
        count("hangs", hangs),
        count("read without panic or hang", unhurt).goal(float(paths.len())),
    ])
}

fn walk(folder: &Path, into: &mut Vec<PathBuf>) -> Result<()> {
    let entries = std::fs::read_dir(folder).with_context(|| format!("cannot list `{}`", folder.display()))?;
    for entry in entries {
        let path = entry?.path();
        if path.is_dir() {
            walk(&path, into)?;
        } else {
            into.push(path);
        }
    }
    into.sort();
    Ok(())
}

/// A header that the comment says the feed comes with.
fn header(bytes: &[u8], name: &str) -> Option<String> {
    let text = String::from_utf8_lossy(bytes.get(..2_000).unwrap_or(bytes)).into_owned();
    let line = text.lines().find(|line| line.trim_start().starts_with("Header:") && line.contains(name))?;
    line.split_once(name).map(|(_, value)| value.trim().to_owned())
}

/// An address that a path of the same server is resolved against.
fn joined(base: &str, at: &str) -> String {
    let local = |path: &str| format!("{}{path}", SERVED_FROM.trim_end_matches('/'));
    match at {
        _ if at.starts_with("http") => at.to_owned(),
        _ if at.starts_with('/') => local(at),
        _ => base.to_owned(),
    }
}

/// The comparisons in a comment that compare one field with one text or time.
fn expectations(text: &str) -> Vec<Expected> {
    let Some((_, rest)) = text.split_once("Expect:") else { return Vec::new() };
    let whole = rest.split_once("-->").map_or(rest, |(whole, _)| whole);
    conjuncts(whole).iter().filter_map(|one| expected(one)).collect()
}

/// What stands between the `and`s outside of quotes.
fn conjuncts(text: &str) -> Vec<String> {
    let mut parts = vec![String::new()];
    let mut quote = None;
    let mut escaped = false;
    for letter in text.trim().chars() {
        match quote {
            Some(open) if letter == open && !escaped => quote = None,
            None if letter == '\'' || letter == '"' => quote = Some(letter),
            Some(_) | None => {}
        }
        escaped = letter == '\\' && !escaped && quote.is_some();
        if let Some(part) = parts.last_mut() {
            part.push(letter);
            if quote.is_none() && part.ends_with(" and ") {
                part.truncate(part.len() - " and ".len());
                parts.push(String::new());
            }
        }
    }
    parts
}

fn expected(text: &str) -> Option<Expected> {
    let (path, wanted) = text.trim().split_once(" == ")?;
    if path.contains('(') {
        return None;
    }
    let names: Vec<&str> =
        path.split(['[', ']', '.', '\'', '"']).filter(|part| !matches!(*part, "" | "u")).collect();
    let (entry, rest) = match names.as_slice() {
        ["feed", rest @ ..] => (None, rest),
        ["entries", index, rest @ ..] => (Some(index.parse().ok()?), rest),
        _ => return None,
    };
    let field = rest.join(".");
    Some(Expected { entry, field, wanted: literal(wanted.trim())? })
}

/// A text in quotes, or a time as nine numbers.
fn literal(text: &str) -> Option<String> {
    if let Some(numbers) = text.strip_prefix('(') {
        let parts: Vec<i16> =
            numbers.trim_end_matches(')').split(',').filter_map(|part| part.trim().parse().ok()).collect();
        let [year, month, day, hour, minute, second, ..] = parts.as_slice() else { return None };
        return Some(format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}Z"));
    }
    let text = text.trim_start_matches('u');
    let quote = text.chars().next().filter(|first| matches!(first, '\'' | '"'))?;
    let inner = text.strip_prefix(quote)?.strip_suffix(quote)?;
    unescaped(inner)
}

/// A Python text's escapes.
fn unescaped(text: &str) -> Option<String> {
    let mut whole = String::new();
    let mut letters = text.chars();
    while let Some(letter) = letters.next() {
        if letter != '\\' {
            whole.push(letter);
            continue;
        }
        let figures = match letters.next()? {
            'n' => {
                whole.push('\n');
                continue;
            }
            't' => {
                whole.push('\t');
                continue;
            }
            'u' => 4,
            'U' => 8,
            'x' => 2,
            other => {
                whole.push(other);
                continue;
            }
        };
        let code: String = letters.by_ref().take(figures).collect();
        whole.push(char::from_u32(u32::from_str_radix(&code, 16).ok()?)?);
    }
    Some(whole)
}

/// What Hearsay gives of a field, as text: an empty one where the feed doesn't say it. None where it has no such field.
fn given(feed: &Feed, expected: &Expected) -> Option<String> {
    let text = |value: &Option<String>| Some(one_line(value.as_deref().unwrap_or_default()));
    let time = |value: Option<Timestamp>| Some(value.map(|at| at.to_string()).unwrap_or_default());
    let Some(index) = expected.entry else {
        return match expected.field.as_str() {
            "title" | "title_detail.value" => text(&feed.title),
            "link" => text(&feed.link),
            "description" | "subtitle" | "tagline" | "subtitle_detail.value" | "tagline_detail.value" => {
                text(&feed.description)
            }
            "language" => text(&feed.language),
            "author_detail.name" => text(&feed.author),
            "updated_parsed" => time(feed.updated),
            _ => None,
        };
    };
    let entry = feed.entries.get(index).cloned().unwrap_or_default();
    match expected.field.as_str() {
        "title" | "title_detail.value" => text(&entry.title),
        "link" => text(&entry.link),
        "id" | "guid" => text(&entry.guid),
        "summary" | "summary_detail.value" => text(&entry.summary),
        "description" => text(&entry.summary.or(entry.content)),
        "content.0.value" => text(&entry.content),
        "author_detail.name" => text(&entry.author),
        "language" => text(&entry.language),
        "source.title" => text(&entry.source),
        "published_parsed" | "created_parsed" => time(entry.published),
        "updated_parsed" => time(entry.updated.or(entry.published)),
        _ => None,
    }
}

/// What is wanted, as Hearsay gives such fields: markup as the text that it shows.
fn wanted_of(expected: &Expected) -> Result<String> {
    let is_address = matches!(expected.field.as_str(), "link" | "id" | "guid");
    let is_time = expected.field.ends_with("_parsed");
    if is_address || is_time { Ok(expected.wanted.clone()) } else { Ok(one_line(&shown(&expected.wanted)?)) }
}

/// The text that some HTML shows: the same reading as of a feed's HTML, through the same door.
fn shown(html: &str) -> Result<String> {
    let item =
        serde_json::json!({ "version": "https://jsonfeed.org/version/1.1", "items": [{ "content_html": html }] });
    let feed = parse(item.to_string().as_bytes(), None, "").context("a feed of our own making is refused")?;
    // HTML that shows nothing is no content.
    Ok(feed.entries.into_iter().next().and_then(|entry| entry.content).unwrap_or_default())
}

fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::{Expected, expectations};

    #[test]
    fn comments_say_what_is_expected() {
        let comment = "<!-- Description: x\nExpect: not bozo and feed['title'] == u'A and \\u00e9' and \
            entries[1]['updated_parsed'] == (2004, 1, 2, 3, 4, 5, 0, 2, 0) and entries[0].link == \"a\" and len(entries) == 2\n-->";
        let expected = |entry, field: &str, wanted: &str| Expected {
            entry,
            field: field.to_owned(),
            wanted: wanted.to_owned(),
        };
        let wanted = [
            expected(None, "title", "A and é"),
            expected(Some(1), "updated_parsed", "2004-01-02T03:04:05Z"),
            expected(Some(0), "link", "a"),
        ];
        assert_eq!(expectations(comment), wanted);
    }
}
