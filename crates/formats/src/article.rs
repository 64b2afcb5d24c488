//! Articles, from a page's bytes to what a desk reads: the text, who wrote it, whom it credits, and when.
//!
//! A page without a text is an error, never an empty article. What is long or deep is cut, and the article says so.

mod agency;
mod data;
mod furniture;
mod page;

use jiff::Timestamp;
use rs_trafilatura::Options;
use url::Url;

use crate::article::data::Data;
use crate::article::page::Page;
use crate::{charset, date, html};

/// A longer page is refused, in bytes.
pub const MAX_PAGE_BYTES: usize = 16 * 1024 * 1024;
/// A longer text of a page is cut, in characters.
const MAX_TEXT: usize = 400_000;
/// A first line that is longer is no title of a pasted text, in characters.
const MAX_TITLE: usize = 200;

/// What a page or a pasted text says.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Article {
    /// One line.
    pub title: Option<String>,
    /// The body, one paragraph a line, without navigation, comments and notices.
    pub text: String,
    /// Who wrote it, as the page says; several names are joined by `, `.
    pub byline: Option<String>,
    /// The news agency that it is credited to, by the name that `agencies.txt` gives it.
    pub agency: Option<String>,
    /// As the page says; neither guessed from the address nor checked against a clock.
    pub published: Option<Timestamp>,
    /// Likewise.
    pub modified: Option<Timestamp>,
    /// The page's own address for itself, absolute.
    pub canonical: Option<String>,
    /// As declared, `de` or `en-US`.
    pub language: Option<String>,
    /// Whether the page was longer or deeper than what is read.
    pub cut: bool,
}

/// Why there is no article.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ArticleError {
    /// Nothing came.
    #[error("the page is empty: fetch it again, or paste its text")]
    Empty,
    /// More than [`MAX_PAGE_BYTES`].
    #[error("the page has {bytes} bytes, and at most {MAX_PAGE_BYTES} are read: paste its text")]
    TooLarge {
        /// How many came.
        bytes: usize,
    },
    /// A picture, a PDF, an archive.
    #[error("this is no page but {kind}: paste the text that it holds")]
    NoPage {
        /// What it is.
        kind: &'static str,
    },
    /// A page whose text a script would put in, or that has none.
    #[error("the page has no text{}: it may need a browser, a subscription or consent; paste its text", .title.as_ref().map(|title| format!(" under its title `{title}`")).unwrap_or_default())]
    NoText {
        /// The page's title.
        title: Option<String>,
    },
}

/// Reads a page, or a text that somebody pasted.
///
/// `content_type` is the header's value; relative addresses are resolved against `url`.
pub fn extract(bytes: &[u8], content_type: Option<&str>, url: &str) -> Result<Article, ArticleError> {
    if bytes.len() > MAX_PAGE_BYTES {
        return Err(ArticleError::TooLarge { bytes: bytes.len() });
    }
    if let Some(kind) = other_kind(bytes) {
        return Err(ArticleError::NoPage { kind });
    }
    let text = charset::decode(bytes, content_type);
    if text.trim().is_empty() {
        return Err(ArticleError::Empty);
    }
    let plain = content_type.is_some_and(|kind| kind.trim_start().to_ascii_lowercase().starts_with("text/plain"));
    if plain || !html::looks_like_a_page(&text) { pasted(&text) } else { of_page(&text, url) }
}

/// What some bytes are by how they open, where that is no text.
fn other_kind(bytes: &[u8]) -> Option<&'static str> {
    let kinds: [(&[u8], &str); 7] = [
        (b"%PDF-", "a PDF"),
        (b"\x89PNG", "a picture"),
        (b"\xff\xd8\xff", "a picture"),
        (b"GIF8", "a picture"),
        (b"PK\x03\x04", "an archive or an office document"),
        (b"\x1f\x8b", "compressed data"),
        (b"\x28\xb5\x2f\xfd", "compressed data"),
    ];
    kinds.into_iter().find(|(opening, _)| bytes.starts_with(opening)).map(|(_, kind)| kind)
}

/// A text without markup: its first line is its title where a blank line follows.
fn pasted(text: &str) -> Result<Article, ArticleError> {
    let text = text.replace("\r\n", "\n");
    let lines: Vec<String> = text.trim().lines().map(html::one_line).collect();
    let titled = matches!(lines.as_slice(), [first, second, _, ..] if second.is_empty() && first.chars().count() <= MAX_TITLE);
    let (title, body) = if titled { (lines.first().cloned(), &lines[1..]) } else { (None, lines.as_slice()) };
    let (body, cut) = within(&body.join("\n").trim().replace("\n\n\n", "\n\n"));
    if body.is_empty() {
        return Err(ArticleError::NoText { title });
    }
    let agency = agency::credited(&[], &body, &[]).map(str::to_owned);
    Ok(Article { title, text: body, agency, cut, ..Article::default() })
}

fn of_page(text: &str, url: &str) -> Result<Article, ArticleError> {
    let page = page::read(text);
    let data = data::read(&page.data);
    // The extraction cuts at any byte, within a character too, and fails: it is given no cap.
    let options = Options { url: Some(url.to_owned()), max_extracted_len: usize::MAX, ..Options::default() };
    let extracted = rs_trafilatura::extract_with_options(&page.html, &options);
    let (content, guessed) = extracted.map(|found| (found.content_text, found.metadata)).unwrap_or_default();
    let title = title(&page, &data).or(guessed.title.as_deref().map(html::one_line));
    let (body, cut) = within(&furniture::without(content.trim(), title.as_deref()));
    // Of a page without a text, the extraction gives its title, again and again.
    let named = page.title.as_str();
    if body.is_empty() || (!named.is_empty() && body.replace(named, "").trim().is_empty()) {
        return Err(ArticleError::NoText { title });
    }
    let byline = byline(&page, &data).or(guessed.author);
    let bylines: Vec<String> = byline.iter().chain(&page.bylines).cloned().collect();
    let mut credits = data.credits.clone();
    credits.extend(metas(
        &page,
        &["source", "article:source", "dc.source", "dcterms.source", "news_source", "agency"],
    ));
    let base = Url::parse(url).ok();
    Ok(Article {
        title,
        agency: agency::credited(&bylines, &body, &credits).map(str::to_owned),
        text: body,
        byline,
        published: published(&page, &data),
        modified: modified(&page, &data),
        canonical: canonical(&page, base.as_ref()),
        language: language(&page, &data),
        cut: cut || !page.whole,
    })
}

/// The text within its cap, and whether it was cut.
fn within(text: &str) -> (String, bool) {
    match text.char_indices().nth(MAX_TEXT) {
        Some((end, _)) => (text[..end].to_owned(), true),
        None => (text.to_owned(), false),
    }
}

/// The contents of metas, in the order of the names.
fn metas<'a>(page: &'a Page, names: &'a [&str]) -> impl Iterator<Item = String> + 'a {
    names.iter().flat_map(|name| {
        page.metas.iter().filter(move |(known, _)| known == name).map(|(_, text)| html::to_line(text))
    })
}

fn title(page: &Page, data: &Data) -> Option<String> {
    let headline = data.headline.as_deref().map(html::to_line);
    let named = headline.or_else(|| metas(page, &["og:title", "twitter:title", "dc.title", "title"]).next());
    let other = || [&page.heading, &page.title].into_iter().find(|text| !text.is_empty()).cloned();
    named.filter(|title| !title.is_empty()).or_else(other)
}

fn byline(page: &Page, data: &Data) -> Option<String> {
    let is_name = |name: &String| {
        !name.is_empty() && name.chars().count() <= 200 && !name.contains("://") && !name.starts_with("www.")
    };
    let join = |names: Vec<String>| (!names.is_empty()).then(|| names.join(", "));
    let said = data.authors.iter().map(|name| html::to_line(name)).filter(is_name).collect();
    let names =
        ["author", "article:author", "parsely-author", "dc.creator", "dcterms.creator", "byl", "sailthru.author"];
    let marked = || page.bylines.iter().find(|line| is_name(line)).cloned();
    join(said).or_else(|| metas(page, &names).find(is_name)).or_else(marked)
}

fn published(page: &Page, data: &Data) -> Option<Timestamp> {
    const NAMES: [&str; 16] = [
        "article:published_time",
        "og:published_time",
        "datepublished",
        "parsely-pub-date",
        "pubdate",
        "publishdate",
        "publish-date",
        "publication_date",
        "date.issued",
        "dc.date.issued",
        "dcterms.created",
        "dc.date",
        "sailthru.date",
        "article:published",
        "date",
        "dc.date.created",
    ];
    let said = data.published.as_deref().and_then(date::parse);
    let marked = || page.times.iter().find(|(marks, _)| marks.contains("publish") || marks.contains("pubdate"));
    let first = || page.times.iter().find(|(marks, _)| !marks.contains("modif") && !marks.contains("updat"));
    let time = || marked().or_else(first).and_then(|(_, time)| date::parse(time));
    said.or_else(|| metas(page, &NAMES).find_map(|text| date::parse(&text))).or_else(time)
}

fn modified(page: &Page, data: &Data) -> Option<Timestamp> {
    const NAMES: [&str; 6] = [
        "article:modified_time",
        "og:updated_time",
        "datemodified",
        "last-modified",
        "dcterms.modified",
        "lastmod",
    ];
    let said = data.modified.as_deref().and_then(date::parse);
    let marked = || page.times.iter().find(|(marks, _)| marks.contains("modif") || marks.contains("updat"));
    said.or_else(|| metas(page, &NAMES).find_map(|text| date::parse(&text)))
        .or_else(|| marked().and_then(|(_, time)| date::parse(time)))
}

/// The page's own address; only an address on the web.
fn canonical(page: &Page, base: Option<&Url>) -> Option<String> {
    let og = || metas(page, &["og:url"]).next();
    let written = page.canonical.clone().or_else(og)?;
    let resolved = base.map_or_else(|| Url::parse(&written), |base| base.join(&written)).ok()?;
    matches!(resolved.scheme(), "http" | "https").then(|| resolved.into())
}

fn language(page: &Page, data: &Data) -> Option<String> {
    let named = || metas(page, &["content-language", "language", "dc.language", "og:locale"]).next();
    let found = page.language.clone().or_else(named).or_else(|| data.language.clone())?;
    let tag = found.split(',').next().unwrap_or_default().trim().replace('_', "-");
    let is_tag = tag.chars().all(|c| c.is_ascii_alphanumeric() || c == '-') && (2..=35).contains(&tag.len());
    is_tag.then_some(tag)
}
