//! Which elements say what: one reading for RSS, RDF and Atom, since real feeds mix their words.
//!
//! Where several elements say the same thing, the one that is made for it wins, then the first.

use jiff::Timestamp;

use crate::date;
use crate::feed::names::Space::{self, Atom, Content, Dublin, Itunes, Media, Rss, Xhtml};
use crate::feed::tree::{Element, Holds};
use crate::feed::{Entry, Feed, FeedError, MAX_ENTRIES};
use crate::html;

/// Elements that say one thing, the best first.
type Names = &'static [(Space, &'static str)];

const TITLE: Names = &[(Atom, "title"), (Rss, "title"), (Dublin, "title"), (Media, "title")];
const DESCRIPTION: Names = &[
    (Atom, "subtitle"),
    (Atom, "tagline"),
    (Rss, "description"),
    (Rss, "subtitle"),
    (Rss, "tagline"),
    (Dublin, "description"),
    (Itunes, "summary"),
    (Itunes, "subtitle"),
    (Atom, "info"),
    (Rss, "info"),
];
const SUMMARY: Names = &[
    (Atom, "summary"),
    (Rss, "description"),
    (Rss, "summary"),
    (Dublin, "description"),
    (Dublin, "abstract"),
    (Itunes, "summary"),
    (Itunes, "subtitle"),
    (Media, "description"),
];
const CONTENT: Names = &[
    (Content, "encoded"),
    (Atom, "content"),
    (Xhtml, "body"),
    (Rss, "fullitem"),
    (Rss, "content"),
    (Rss, "body"),
];
const AUTHOR: Names = &[
    (Atom, "author"),
    (Rss, "author"),
    (Dublin, "creator"),
    (Dublin, "author"),
    (Itunes, "author"),
    (Rss, "managingeditor"),
    (Media, "credit"),
];
const GUID: Names = &[(Atom, "id"), (Rss, "guid"), (Rss, "id"), (Dublin, "identifier")];
const LANGUAGE: Names = &[(Rss, "language"), (Dublin, "language")];
const PUBLISHED: Names = &[
    (Atom, "published"),
    (Rss, "pubdate"),
    (Atom, "issued"),
    (Rss, "published"),
    (Rss, "issued"),
    (Dublin, "issued"),
    (Dublin, "date"),
    (Atom, "created"),
    (Dublin, "created"),
    (Rss, "created"),
];
const UPDATED: Names = &[
    (Atom, "updated"),
    (Atom, "modified"),
    (Rss, "lastbuilddate"),
    (Rss, "updated"),
    (Rss, "modified"),
    (Dublin, "modified"),
    (Dublin, "date"),
];

/// The feed within the outermost element, if there is one.
pub(super) fn feed(top: &Element) -> Option<Feed> {
    let root = top.elements().find(|element| is_root(element))?;
    let channel = root.elements().find(|element| element.name == "channel").unwrap_or(root);
    let mut feed = Feed {
        title: line(channel, TITLE),
        link: link(channel),
        description: text(channel, DESCRIPTION),
        language: language(channel).or_else(|| language(root)),
        author: author(channel),
        updated: moment(channel, UPDATED).or_else(|| moment(channel, &[(Rss, "pubdate")])),
        ..Feed::default()
    };
    // RSS 1.0 has its items beside the channel.
    let beside = root.elements().filter(|_| !std::ptr::eq(root, channel));
    for item in channel.elements().chain(beside).filter(|element| is_entry(element)) {
        if feed.entries.len() < MAX_ENTRIES {
            let entry = entry(item, &feed);
            feed.entries.push(entry);
        } else {
            feed.left_out += 1;
        }
    }
    Some(feed)
}

fn is_root(element: &Element) -> bool {
    match element.name.as_str() {
        "rss" | "rdf" | "feed" => true,
        // A feed whose outermost tag was lost.
        "channel" => element.elements().any(|inner| matches!(inner.name.as_str(), "title" | "item")),
        _ => false,
    }
}

fn is_entry(element: &Element) -> bool {
    matches!((element.space, element.name.as_str()), (Rss, "item") | (Atom | Rss, "entry"))
}

/// Why there is no feed: what there is instead.
pub(super) fn refusal(top: &Element, text: &str) -> FeedError {
    let Some(root) = top.elements().next() else {
        return FeedError::Unknown { start: super::start_of(text) };
    };
    if root.name == "html" || top.elements().any(|element| element.name == "html") {
        return FeedError::WebPage { feed: named_feed(top) };
    }
    FeedError::OtherXml { root: root.name.chars().take(80).collect() }
}

/// The address of a feed that a page's head names.
fn named_feed(element: &Element) -> Option<String> {
    let kind = element.attribute("type").unwrap_or_default();
    if element.name == "link" && matches!(kind, "application/rss+xml" | "application/atom+xml") {
        return element.resolve(element.attribute("href")?);
    }
    element.elements().find_map(named_feed)
}

fn entry(item: &Element, feed: &Feed) -> Entry {
    let guid = found(item, GUID).map(|element| html::one_line(&element.markup().0));
    let about = || item.attribute("rdf:about").map(str::to_owned);
    let guid = guid.filter(|guid| !guid.is_empty()).or_else(about);
    let inner = |name: &str| item.elements().find(|element| element.name == name);
    Entry {
        link: link(item).or_else(|| permalink(item)),
        title: line(item, TITLE),
        summary: text(item, SUMMARY),
        content: text(item, CONTENT),
        author: author(item),
        source: inner("source").and_then(|source| line(source, TITLE).or_else(|| plain(source).map(to_line))),
        published: moment(item, PUBLISHED),
        updated: moment(item, UPDATED),
        language: language(item).or_else(|| feed.language.clone()),
        guid,
    }
}

/// Every element of the names, by the order of the names.
fn all(within: &Element, names: Names) -> impl Iterator<Item = &Element> {
    names.iter().flat_map(|(space, name)| {
        within.elements().filter(move |element| element.space == *space && element.name == *name)
    })
}

/// The first element of the names that holds anything.
fn found(within: &Element, names: Names) -> Option<&Element> {
    all(within, names).find(|element| !element.children.is_empty())
}

fn text(within: &Element, names: Names) -> Option<String> {
    all(within, names).find_map(plain)
}

fn line(within: &Element, names: Names) -> Option<String> {
    text(within, names).map(to_line)
}

#[expect(clippy::needless_pass_by_value, reason = "it is mapped over texts that are owned")]
fn to_line(text: String) -> String {
    html::one_line(&text)
}

/// An element's text, whatever it was written in. `None` where that is empty.
fn plain(element: &Element) -> Option<String> {
    let (raw, holds) = element.markup();
    let kind = element.attribute("type").unwrap_or_default().to_ascii_lowercase();
    let text = match holds {
        Holds::Elements => html::to_text(&raw),
        // Atom 1.0 says of its texts what they are, and means it; the others leave it to be guessed.
        Holds::Text if matches!(kind.as_str(), "text" | "text/plain") => raw.trim().to_owned(),
        Holds::Text if kind == "html" || html::looks_like_html(&raw) => html::to_text(&raw),
        Holds::Text => raw.trim().to_owned(),
    };
    (!text.is_empty()).then_some(text)
}

/// Where it leads: Atom's `alternate` link, else RSS's.
fn link(within: &Element) -> Option<String> {
    let links = || within.elements().filter(|element| element.name == "link");
    let alternate = |element: &&Element| element.attribute("rel").is_none_or(|rel| rel == "alternate");
    let of_page = |element: &&Element| element.attribute("type").is_none_or(|kind| kind.contains("html"));
    let hrefs = || links().filter(|element| element.attribute("href").is_some() && alternate(element));
    let href = |element: &Element| element.resolve(element.attribute("href")?);
    let written = |element: &Element| match element.space {
        Rss | Dublin => element.resolve(&element.markup().0),
        Space::Other | Atom | Content | Itunes | Media | Xhtml | Space::Rdf => None,
    };
    hrefs().filter(of_page).find_map(href).or_else(|| hrefs().find_map(href)).or_else(|| links().find_map(written))
}

/// A GUID that is an address, unless the feed says that it is none.
fn permalink(item: &Element) -> Option<String> {
    let guid = all(item, &[(Rss, "guid")]).find(|element| element.attribute("ispermalink") != Some("false"))?;
    let address = html::one_line(&guid.markup().0);
    let lower = address.to_ascii_lowercase();
    (lower.starts_with("http://") || lower.starts_with("https://")).then_some(address)
}

/// A person's name, else an address.
fn author(within: &Element) -> Option<String> {
    all(within, AUTHOR).find_map(|author| {
        let inner = |name: &str| author.elements().find(|element| element.name == name).and_then(plain);
        let named = inner("name").or_else(|| inner("email"));
        named
            .or_else(|| author.elements().next().is_none().then(|| plain(author)).flatten())
            .map(|text| name_of(&text))
    })
}

/// The name in `desk@example.org (Ann Author)` and `Ann Author <desk@example.org>`.
fn name_of(text: &str) -> String {
    let text = html::one_line(text);
    let bracketed = text.split_once('(').and_then(|(address, name)| {
        let name = name.strip_suffix(')')?.trim();
        (address.contains('@') && !name.is_empty()).then(|| name.to_owned())
    });
    let before = || {
        let (name, address) = text.split_once('<')?;
        (address.contains('@') && !name.trim().is_empty()).then(|| name.trim().to_owned())
    };
    bracketed.or_else(before).unwrap_or(text.clone())
}

fn moment(within: &Element, names: Names) -> Option<Timestamp> {
    all(within, names).find_map(|element| date::parse(&element.markup().0))
}

/// What is declared of the language, by an element or an attribute.
fn language(within: &Element) -> Option<String> {
    let named = all(within, LANGUAGE).find_map(plain);
    named.or_else(|| within.language.as_deref().map(str::to_owned)).filter(|language| !language.is_empty())
}
