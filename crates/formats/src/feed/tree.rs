//! A feed's XML as a tree, read as far as it can be read.
//!
//! No entity is ever expanded into anything but one character or two; depth, elements and attributes have their caps.

use std::rc::Rc;

use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};
use url::Url;

use crate::feed::names::{Space, Spaces};
use crate::html;

/// Deeper elements are read as if they lay at this depth.
const MAX_DEPTH: usize = 64;
/// What comes after so many elements is left out.
const MAX_ELEMENTS: usize = 500_000;
/// Further attributes of an element are left out.
const MAX_ATTRIBUTES: usize = 64;

/// An element, with what holds where it stands.
#[derive(Debug)]
pub(crate) struct Element {
    /// Which vocabulary the name is of.
    pub(crate) space: Space,
    /// The name without a prefix, in small letters.
    pub(crate) name: String,
    /// Attributes; names with their prefix, in small letters.
    pub(crate) attributes: Vec<(String, String)>,
    /// What it holds, in order.
    pub(crate) children: Vec<Node>,
    /// `xml:lang`, its own or inherited; empty where it was taken back.
    pub(crate) language: Option<Rc<str>>,
    /// What relative links are resolved against.
    pub(crate) base: Option<Rc<Url>>,
}

/// What an element holds.
#[derive(Debug)]
pub(crate) enum Node {
    /// An element.
    Element(Element),
    /// Text, with references resolved.
    Text(String),
}

/// What was read, and why not all of it.
pub(crate) struct Tree {
    /// A nameless element around everything.
    pub(crate) top: Element,
    /// What ended the reading early, or was mended.
    pub(crate) flaw: Option<String>,
}

impl Element {
    /// An attribute's value.
    pub(crate) fn attribute(&self, name: &str) -> Option<&str> {
        self.attributes.iter().find(|(key, _)| key == name).map(|(_, value)| value.trim())
    }

    /// The elements that it holds.
    pub(crate) fn elements(&self) -> impl Iterator<Item = &Element> {
        self.children.iter().filter_map(|child| match child {
            Node::Element(element) => Some(element),
            Node::Text(_) => None,
        })
    }

    /// All of its text, with the markup in it written out as HTML where there is any.
    pub(crate) fn markup(&self) -> (String, Holds) {
        let mut text = String::new();
        let mut holds = Holds::Text;
        for child in &self.children {
            if let Node::Element(_) = child {
                holds = Holds::Elements;
            }
        }
        for child in &self.children {
            child.write(holds, &mut text);
        }
        (text, holds)
    }

    /// A link, resolved against the base.
    pub(crate) fn resolve(&self, link: &str) -> Option<String> {
        let link = link.trim();
        if link.is_empty() {
            return None;
        }
        let resolved = match &self.base {
            Some(base) => base.join(link),
            None => Url::parse(link),
        };
        Some(resolved.map_or_else(|_| link.to_owned(), String::from))
    }
}

/// Whether an element holds other elements.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Holds {
    /// Text only.
    Text,
    /// Elements too: the text between them is escaped.
    Elements,
}

impl Node {
    fn write(&self, holds: Holds, into: &mut String) {
        match self {
            Self::Text(text) if holds == Holds::Text => into.push_str(text),
            Self::Text(text) => into.push_str(&text.replace('&', "&amp;").replace('<', "&lt;")),
            Self::Element(element) => {
                into.extend(["<", &element.name, ">"]);
                for child in &element.children {
                    child.write(holds, into);
                }
                into.extend(["</", &element.name, ">"]);
            }
        }
    }
}

/// Reads as far as it goes.
pub(crate) fn read(text: &str, base: Option<Url>) -> Tree {
    let mut reader = Reader::from_str(text);
    let config = reader.config_mut();
    config.check_end_names = false;
    config.allow_unmatched_ends = true;
    config.allow_dangling_amp = true;
    let mut builder = Builder::new(base);
    let flaw = loop {
        let event = match reader.read_event() {
            Ok(event) => event,
            Err(error) => {
                builder.rest(text.get(to_index(reader.error_position())..).unwrap_or_default());
                break Some(format!("{error} (at byte {})", reader.error_position()));
            }
        };
        if builder.count > MAX_ELEMENTS {
            break Some(format!("it has more than {MAX_ELEMENTS} elements"));
        }
        match event {
            Event::Start(start) => builder.open(&start),
            Event::Empty(start) => {
                builder.open(&start);
                builder.close_one();
            }
            Event::End(end) => builder.close(&end.name().into_inner().to_ascii_lowercase()),
            Event::Text(text) => builder.text(&text.into_inner()),
            Event::CData(text) => builder.text(&text.into_inner()),
            Event::GeneralRef(name) => builder.text(&reference(&name.into_inner())),
            Event::Comment(_) | Event::Decl(_) | Event::PI(_) | Event::DocType(_) => {}
            Event::Eof => break builder.unclosed(),
        }
    };
    let (top, mended) = builder.finish();
    Tree { top, flaw: flaw.or(mended) }
}

fn to_index(position: u64) -> usize {
    usize::try_from(position).unwrap_or(usize::MAX)
}

/// What a reference stands for: a character that XML or HTML names, or itself.
fn reference(name: &str) -> String {
    let whole = format!("&{name};");
    match name {
        "amp" => "&".to_owned(),
        "lt" => "<".to_owned(),
        "gt" => ">".to_owned(),
        "quot" => "\"".to_owned(),
        "apos" => "'".to_owned(),
        "nbsp" | "#160" => "\u{a0}".to_owned(),
        _ if name.len() > 32 => whole,
        // The tokenizer keeps what it does not know.
        _ => match html::to_text(&whole) {
            character if character.is_empty() => " ".to_owned(),
            character => character,
        },
    }
}

/// References in an attribute's value, resolved.
fn unescape(value: &str) -> String {
    let mut parts = value.split('&');
    let mut whole = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        match part.split_once(';') {
            Some((name, rest)) if !name.is_empty() && name.len() <= 32 && !name.contains(['=', ' ', '&']) => {
                whole.push_str(&reference(name));
                whole.push_str(rest);
            }
            Some(_) | None => {
                whole.push('&');
                whole.push_str(part);
            }
        }
    }
    whole
}

/// An element that is open, with its name as it was written.
struct Open {
    element: Element,
    written: String,
    /// How many prefixes were bound before it.
    bound: usize,
}

/// Puts elements into those that are open.
struct Builder {
    open: Vec<Open>,
    spaces: Spaces,
    /// Elements that were opened beyond the deepest, and not closed.
    beyond: usize,
    count: usize,
    mended: Option<String>,
}

impl Builder {
    fn new(base: Option<Url>) -> Self {
        let element = Element {
            space: Space::Other,
            name: String::new(),
            attributes: Vec::new(),
            children: Vec::new(),
            language: None,
            base: base.map(Rc::new),
        };
        let top = Open { element, written: String::new(), bound: 0 };
        Self { open: vec![top], spaces: Spaces::default(), beyond: 0, count: 0, mended: None }
    }

    fn open(&mut self, start: &BytesStart<'_>) {
        self.count += 1;
        if self.open.len() >= MAX_DEPTH {
            self.beyond += 1;
            self.mend(|| format!("elements lie deeper than {MAX_DEPTH}"));
            return;
        }
        let written = start.name().into_inner().to_ascii_lowercase();
        let bound = self.spaces.len();
        let attributes = attributes(start);
        for (name, value) in &attributes {
            self.spaces.bind(name, value);
        }
        let (space, name) = self.spaces.name(&written);
        let outer = self.open.last().map(|open| &open.element);
        let mut element = Element {
            space,
            name: name.to_owned(),
            attributes,
            children: Vec::new(),
            language: outer.and_then(|outer| outer.language.clone()),
            base: outer.and_then(|outer| outer.base.clone()),
        };
        element.inherit();
        self.open.push(Open { element, written, bound });
    }

    /// Closes the innermost element of the name, with what is open in it; where none is open, nothing.
    fn close(&mut self, written: &str) {
        if self.beyond > 0 {
            self.beyond -= 1;
            return;
        }
        let Some(at) = self.open.iter().rposition(|open| open.written == written).filter(|at| *at > 0) else {
            return self.mend(|| format!("`</{written}>` closes nothing"));
        };
        if at + 1 < self.open.len() {
            self.mend(|| format!("`</{written}>` comes before what it holds is closed"));
        }
        while self.open.len() > at {
            self.close_innermost();
        }
    }

    /// Closes what was opened last.
    fn close_one(&mut self) {
        if self.beyond > 0 {
            self.beyond -= 1;
        } else {
            self.close_innermost();
        }
    }

    fn close_innermost(&mut self) {
        if self.open.len() < 2 {
            return;
        }
        if let Some(closed) = self.open.pop() {
            self.spaces.truncate(closed.bound);
            if let Some(outer) = self.open.last_mut() {
                outer.element.children.push(Node::Element(closed.element));
            }
        }
    }

    fn text(&mut self, text: &str) {
        let Some(open) = self.open.last_mut() else { return };
        if let Some(Node::Text(before)) = open.element.children.last_mut() {
            before.push_str(text);
        } else {
            open.element.children.push(Node::Text(text.to_owned()));
        }
    }

    /// What is left of a text section that is never closed.
    fn rest(&mut self, rest: &str) {
        if let Some(text) = rest.strip_prefix("<![CDATA[") {
            self.text(text);
        }
    }

    fn unclosed(&self) -> Option<String> {
        let open = self.open.get(1)?;
        Some(format!("it ends within `<{}>`", open.written))
    }

    fn mend(&mut self, flaw: impl FnOnce() -> String) {
        if self.mended.is_none() {
            self.mended = Some(flaw());
        }
    }

    fn finish(mut self) -> (Element, Option<String>) {
        while self.open.len() > 1 {
            self.close_innermost();
        }
        (self.open.remove(0).element, self.mended)
    }
}

impl Element {
    /// What its own attributes say of language and base.
    fn inherit(&mut self) {
        if let Some(language) = self.attribute("xml:lang").map(Rc::from) {
            self.language = Some(language);
        }
        if let Some(base) = self.attribute("xml:base") {
            let joined = match &self.base {
                Some(outer) => outer.join(base),
                None => Url::parse(base),
            };
            if let Ok(url) = joined {
                self.base = Some(Rc::new(url));
            }
        }
    }
}

fn attributes(start: &BytesStart<'_>) -> Vec<(String, String)> {
    let mut all = start.html_attributes();
    all.with_checks(false);
    let read = all.filter_map(Result::ok).take(MAX_ATTRIBUTES);
    read.map(|one| (one.key.into_inner().to_ascii_lowercase(), unescape(&one.value))).collect()
}
