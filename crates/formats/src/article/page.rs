//! A page in one pass: what its head and its marked elements say, and its markup, written anew for the extraction.
//!
//! What is written is closed, of bounded depth and size, and without scripts: no page makes what follows slow or deep.

use std::cell::RefCell;

use html5ever::tokenizer::{Tag, TagKind, Token, TokenSink, TokenSinkResult};

use crate::html::{self, after};

/// Deeper elements are left out, and their text stays.
const MAX_DEPTH: usize = 200;
/// What comes after so many elements is left out.
const MAX_ELEMENTS: usize = 40_000;
/// What comes after so many bytes of markup is left out.
const MAX_WRITTEN: usize = 4 * 1024 * 1024;
/// Further statements of a head are left out.
const MAX_STATEMENTS: usize = 1_000;
/// Longer scripts with data about the page are left out.
const MAX_DATA: usize = 512 * 1024;

/// What a page says, by the marks that it says it with.
#[derive(Debug, Default)]
pub(super) struct Page {
    /// The markup, written anew.
    pub(super) html: String,
    /// Whether all of the page is in it.
    pub(super) whole: bool,
    /// Names in small letters, and contents, of `meta` elements.
    pub(super) metas: Vec<(String, String)>,
    /// The document's title.
    pub(super) title: String,
    /// The first heading.
    pub(super) heading: String,
    /// The document's language.
    pub(super) language: Option<String>,
    /// Where the page lies by its own account.
    pub(super) canonical: Option<String>,
    /// Scripts in JSON-LD.
    pub(super) data: Vec<String>,
    /// `time` elements: what they are marked with, and the time.
    pub(super) times: Vec<(String, String)>,
    /// Texts of elements that are marked as a byline.
    pub(super) bylines: Vec<String>,
}

/// Reads a page.
pub(super) fn read(text: &str) -> Page {
    let mut reading = html::tokenize(text, Sink::default()).0.into_inner();
    while let Some(name) = reading.open.pop() {
        reading.write_end(&name);
    }
    reading.page.whole = !reading.cut;
    reading.page
}

#[derive(Default)]
struct Sink(RefCell<Reading>);

#[derive(Default)]
struct Reading {
    page: Page,
    open: Vec<String>,
    elements: usize,
    cut: bool,
    /// The element whose content is not written.
    hidden: Option<String>,
    /// Where the text of an element goes beside the markup, and the element's depth.
    into: Option<(Into, usize)>,
    caught: String,
}

/// What an element's text is.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Into {
    Title,
    Heading,
    Byline,
    Data,
}

impl TokenSink for Sink {
    type Handle = ();

    fn process_token(&self, token: Token, _line: u64) -> TokenSinkResult<()> {
        let mut reading = self.0.borrow_mut();
        match token {
            Token::TagToken(tag) => {
                match tag.kind {
                    TagKind::StartTag => reading.start(&tag),
                    TagKind::EndTag => reading.end(&tag.name),
                }
                return after(&tag);
            }
            Token::CharacterTokens(text) => reading.text(&text),
            Token::DoctypeToken(_)
            | Token::CommentToken(_)
            | Token::NullCharacterToken
            | Token::EOFToken
            | Token::ParseError(_) => {}
        }
        TokenSinkResult::Continue
    }
}

impl Reading {
    fn start(&mut self, tag: &Tag) {
        let name = &*tag.name;
        if self.hidden.is_some() {
            return;
        }
        self.note(tag);
        let is_data = name == "script" && attribute(tag, "type").is_some_and(|kind| kind.contains("ld+json"));
        if matches!(name, "script" | "style" | "iframe" | "svg" | "template" | "noembed" | "noframes") && !is_data
        {
            if !tag.self_closing {
                self.hidden = Some(name.to_owned());
            }
            return;
        }
        self.close_implied(name);
        self.elements += 1;
        self.cut |= self.elements > MAX_ELEMENTS || self.page.html.len() > MAX_WRITTEN;
        if self.cut || (self.open.len() >= MAX_DEPTH && !is_void(name)) {
            return;
        }
        self.write_start(tag);
        if !is_void(name) {
            self.open.push(name.to_owned());
            self.catch(tag, is_data);
        }
    }

    /// Closes what the start of an element closes without an end tag.
    fn close_implied(&mut self, name: &str) {
        let closes: &[&str] = match name {
            "p" => &["p"],
            "li" => &["li"],
            "dt" | "dd" => &["dt", "dd"],
            "tr" => &["td", "th", "tr"],
            "td" | "th" => &["td", "th"],
            "option" => &["option"],
            _ => &[],
        };
        while self.open.last().is_some_and(|last| closes.contains(&last.as_str())) {
            self.close_one();
        }
    }

    fn end(&mut self, name: &str) {
        if let Some(hidden) = &self.hidden {
            if hidden == name {
                self.hidden = None;
            }
            return;
        }
        if let Some(at) = self.open.iter().rposition(|open| open == name) {
            while self.open.len() > at {
                self.close_one();
            }
        }
    }

    fn close_one(&mut self) {
        if let Some(name) = self.open.pop() {
            self.write_end(&name);
        }
        if self.into.is_some_and(|(_, depth)| self.open.len() < depth) {
            self.release();
        }
    }

    fn text(&mut self, text: &str) {
        if self.hidden.is_some() {
            return;
        }
        if self.into.is_some() && self.caught.len() < MAX_DATA {
            self.caught.push_str(text);
        }
        if self.cut {
            return;
        }
        if self.open.last().is_some_and(|open| open == "script") {
            self.page.html.push_str(text);
        } else {
            escape(text, &mut self.page.html);
        }
    }

    /// Begins to keep an element's text, if it is marked as one to keep.
    fn catch(&mut self, tag: &Tag, is_data: bool) {
        let into = match &*tag.name {
            _ if self.into.is_some() => return,
            "title" if self.page.title.is_empty() => Into::Title,
            "h1" if self.page.heading.is_empty() => Into::Heading,
            "script" if is_data => Into::Data,
            _ if is_byline(tag) => Into::Byline,
            _ => return,
        };
        self.into = Some((into, self.open.len()));
    }

    fn release(&mut self) {
        let Some((into, _)) = self.into.take() else { return };
        let text = std::mem::take(&mut self.caught);
        let line = || html::one_line(&text);
        match into {
            Into::Title => self.page.title = line(),
            Into::Heading => self.page.heading = line(),
            Into::Byline if self.page.bylines.len() < MAX_STATEMENTS => self.page.bylines.push(line()),
            Into::Data if self.page.data.len() < MAX_STATEMENTS => self.page.data.push(text),
            Into::Byline | Into::Data => {}
        }
    }

    /// What the element itself says.
    fn note(&mut self, tag: &Tag) {
        let value = |name: &str| attribute(tag, name).filter(|value| !value.is_empty());
        match &*tag.name {
            "html" => self.page.language = value("lang").or_else(|| value("xml:lang")).map(str::to_owned),
            "link" if value("rel").is_some_and(|rel| rel.eq_ignore_ascii_case("canonical")) => {
                self.page.canonical = value("href").map(str::to_owned);
            }
            "meta" if self.page.metas.len() < MAX_STATEMENTS => {
                let names = ["property", "name", "itemprop", "http-equiv"];
                if let (Some(name), Some(content)) = (names.into_iter().find_map(value), value("content")) {
                    self.page.metas.push((name.to_ascii_lowercase(), content.to_owned()));
                }
            }
            "time" if self.page.times.len() < MAX_STATEMENTS => {
                let marks = ["itemprop", "class", "pubdate"].map(|name| attribute(tag, name).unwrap_or_default());
                let marked = if attribute(tag, "pubdate").is_some() { "pubdate" } else { "" };
                let marks = format!("{} {marked}", marks.join(" ")).to_ascii_lowercase();
                self.page.times.extend(value("datetime").map(|time| (marks, time.to_owned())));
            }
            _ => {}
        }
    }

    fn write_start(&mut self, tag: &Tag) {
        let html = &mut self.page.html;
        html.push('<');
        html.push_str(&tag.name);
        for one in &tag.attrs {
            // Names may hold what closes a tag or opens a value.
            if !one.name.local.contains(['<', '"', '\'', '=', '>', '/']) {
                html.extend([" ", &*one.name.local, "=\""]);
                html.push_str(&one.value.replace('&', "&amp;").replace('"', "&quot;"));
                html.push('"');
            }
        }
        html.push('>');
    }

    fn write_end(&mut self, name: &str) {
        self.page.html.extend(["</", name, ">"]);
    }
}

fn escape(text: &str, into: &mut String) {
    let mut rest = text;
    while let Some(at) = rest.find(['<', '&', '>']) {
        into.push_str(&rest[..at]);
        into.push_str(match rest.as_bytes()[at] {
            b'<' => "&lt;",
            b'>' => "&gt;",
            _ => "&amp;",
        });
        rest = &rest[at + 1..];
    }
    into.push_str(rest);
}

fn attribute<'a>(tag: &'a Tag, name: &str) -> Option<&'a str> {
    tag.attrs.iter().find(|one| &*one.name.local == name).map(|one| one.value.trim())
}

fn is_void(name: &str) -> bool {
    matches!(
        name,
        "area"
            | "base"
            | "br"
            | "col"
            | "embed"
            | "hr"
            | "img"
            | "input"
            | "link"
            | "meta"
            | "param"
            | "source"
            | "track"
            | "wbr"
            | "keygen"
            | "frame"
    )
}

/// Whether an element is marked as the line that says who wrote.
fn is_byline(tag: &Tag) -> bool {
    let is = |name: &str, values: &[&str]| {
        attribute(tag, name).is_some_and(|found| {
            found.split_whitespace().any(|word| values.iter().any(|value| word.eq_ignore_ascii_case(value)))
        })
    };
    let classes =
        ["byline", "author", "article-author", "author-name", "byline-name", "article__author", "credit"];
    is("rel", &["author"]) || is("itemprop", &["author"]) || is("class", &classes)
}
