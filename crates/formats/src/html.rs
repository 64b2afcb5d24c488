//! Pieces of HTML as plain text.
//!
//! Nothing is executed, fetched or nested: one pass over the tokens, so that no depth costs more than its length.

use std::borrow::Cow;
use std::cell::RefCell;

use html5ever::buffer_queue::BufferQueue;
use html5ever::interface::TokenizerResult;
use html5ever::tendril::StrTendril;
use html5ever::tokenizer::states::RawKind;
use html5ever::tokenizer::{Tag, TagKind, Token, TokenSink, TokenSinkResult, Tokenizer, TokenizerOpts};

/// Further attributes of a tag are left out.
const MAX_ATTRIBUTES: usize = 1_000;

/// The text that a reader sees: entities resolved, blocks on lines of their own, spaces collapsed.
pub(crate) fn to_text(html: &str) -> String {
    let lines = Lines::default();
    tokenize(html, lines).0.into_inner().finish()
}

/// The same in one line, for titles.
pub(crate) fn to_line(html: &str) -> String {
    one_line(&to_text(html))
}

/// All white space as single spaces.
pub(crate) fn one_line(text: &str) -> String {
    let mut line = String::with_capacity(text.len());
    for word in text.split_whitespace() {
        if !line.is_empty() {
            line.push(' ');
        }
        line.push_str(word);
    }
    line
}

/// Whether some text has marks that only HTML has: a tag or an entity.
pub(crate) fn looks_like_html(text: &str) -> bool {
    let opens = |rest: &str| rest.starts_with(|c: char| c.is_ascii_alphabetic() || c == '/' || c == '!');
    let tag = text.match_indices('<').any(|(at, _)| opens(&text[at + 1..]));
    tag || text.match_indices('&').any(|(at, _)| is_entity(&text[at + 1..]))
}

/// Whether some text is a page, or a piece of one, and no plain text.
pub(crate) fn looks_like_a_page(text: &str) -> bool {
    const ELEMENTS: [&str; 12] =
        ["!doctype", "html", "head", "body", "p", "div", "article", "title", "meta", "h1", "br", "span"];
    text.match_indices('<').take(200).any(|(at, _)| {
        let rest = &text[at + 1..];
        let name = rest.split(|c: char| !c.is_ascii_alphanumeric() && c != '!').next().unwrap_or_default();
        ELEMENTS.iter().any(|element| name.eq_ignore_ascii_case(element)) && rest.contains('>')
    })
}

fn is_entity(rest: &str) -> bool {
    rest.bytes()
        .take(32)
        .position(|byte| byte == b';')
        .is_some_and(|end| end > 0 && rest[..end].bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'#'))
}

/// Runs the tokens of some HTML through a sink, and gives the sink back.
pub(crate) fn tokenize<Sink: TokenSink>(html: &str, sink: Sink) -> Sink {
    let queue = BufferQueue::default();
    queue.push_back(StrTendril::from_slice(&with_few_attributes(html)));
    let tokenizer = Tokenizer::new(sink, TokenizerOpts::default());
    // A sink that answers `Script` pauses the tokenizer; the loop goes on after it.
    while !matches!(tokenizer.feed(&queue), TokenizerResult::Done) {}
    tokenizer.end();
    tokenizer.sink
}

/// The HTML without attributes beyond the first [`MAX_ATTRIBUTES`] of a tag: the tokenizer compares each with each.
fn with_few_attributes(html: &str) -> Cow<'_, str> {
    let mut kept = String::new();
    let mut from = 0;
    let mut at = 0;
    while let Some(tag) = tag_after(html, at) {
        if let Some(cut) = tag.too_many {
            kept.push_str(&html[from..cut]);
            from = tag.end;
        }
        at = tag.end + content_of(&html[tag.start..], &html[tag.end..]);
    }
    if from == 0 {
        return Cow::Borrowed(html);
    }
    kept.push_str(&html[from..]);
    Cow::Owned(kept)
}

/// How long the content of an element is that has no tags within: a script, a style, a comment.
fn content_of(tag: &str, rest: &str) -> usize {
    let is = |name: &str| tag.get(1..=name.len()).is_some_and(|begins| begins.eq_ignore_ascii_case(name));
    let ends = |name: &str| {
        let closing =
            |at: &usize| rest.get(at + 2..at + 2 + name.len()).is_some_and(|n| n.eq_ignore_ascii_case(name));
        rest.match_indices("</").map(|(at, _)| at).find(closing)
    };
    ["script", "style"].into_iter().find(|name| is(name)).map_or(0, |name| ends(name).unwrap_or(rest.len()))
}

/// A tag as it lies in the text.
struct Stretch {
    /// Where its `<` is.
    start: usize,
    /// Where its `>` is, or the text ends.
    end: usize,
    /// Where the first attribute too many begins.
    too_many: Option<usize>,
}

/// The next tag. Quotes are read as the tokenizer reads them: they open a value only after `=`.
fn tag_after(html: &str, from: usize) -> Option<Stretch> {
    let bytes = html.as_bytes();
    let opens = |at: &usize| {
        bytes.get(at + 1).is_some_and(|byte| byte.is_ascii_alphabetic() || *byte == b'/')
            || bytes[*at..].starts_with(b"<!--")
    };
    let start = (from..bytes.len()).find(|at| bytes[*at] == b'<' && opens(at))?;
    if bytes[start..].starts_with(b"<!--") {
        let end = html[start..].find("-->").map_or(html.len(), |at| start + at);
        return Some(Stretch { start, end, too_many: None });
    }
    let (mut quote, mut before, mut spaces, mut too_many) = (None, b' ', 0_usize, None);
    for (at, &byte) in bytes.iter().enumerate().skip(start + 1) {
        match (quote, byte) {
            (Some(open), _) if byte == open => (quote, before) = (None, b'"'),
            (Some(_), _) => continue,
            (None, b'"' | b'\'') if before == b'=' => quote = Some(byte),
            (None, b'>') => return Some(Stretch { start, end: at, too_many }),
            (None, b'/' | b'"') => spaces += 1,
            (None, _) if byte.is_ascii_whitespace() => {
                spaces += 1;
                // White space between `=` and a value changes nothing.
                continue;
            }
            (None, _) => {}
        }
        if quote.is_none() {
            before = byte;
        }
        if spaces > MAX_ATTRIBUTES && too_many.is_none() {
            too_many = Some(at);
        }
    }
    Some(Stretch { start, end: bytes.len(), too_many })
}

/// How the tokenizer reads on after a tag: the content of some elements is no markup.
pub(crate) fn after(tag: &Tag) -> TokenSinkResult<()> {
    if tag.kind == TagKind::EndTag {
        return TokenSinkResult::Continue;
    }
    match &*tag.name {
        "script" => TokenSinkResult::RawData(RawKind::ScriptData),
        "style" | "xmp" | "iframe" | "noembed" | "noframes" => TokenSinkResult::RawData(RawKind::Rawtext),
        "textarea" | "title" => TokenSinkResult::RawData(RawKind::Rcdata),
        _ => TokenSinkResult::Continue,
    }
}

#[derive(Default)]
struct Lines(RefCell<Written>);

/// The text so far.
#[derive(Default)]
struct Written {
    text: String,
    /// The element whose content is left out, while it is open.
    hidden: Option<String>,
    /// What stands between what was written and what comes next.
    gap: Gap,
}

#[derive(Default, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Gap {
    #[default]
    None,
    Space,
    Line,
    Paragraph,
}

impl TokenSink for Lines {
    type Handle = ();

    fn process_token(&self, token: Token, _line: u64) -> TokenSinkResult<()> {
        let mut written = self.0.borrow_mut();
        match token {
            Token::TagToken(tag) => {
                written.tag(&tag);
                return after(&tag);
            }
            Token::CharacterTokens(text) => written.write(&text),
            Token::DoctypeToken(_)
            | Token::CommentToken(_)
            | Token::NullCharacterToken
            | Token::EOFToken
            | Token::ParseError(_) => {}
        }
        TokenSinkResult::Continue
    }
}

impl Written {
    fn tag(&mut self, tag: &Tag) {
        let hides = matches!(&*tag.name, "script" | "style" | "iframe" | "noembed" | "noframes");
        match tag.kind {
            TagKind::StartTag if hides && self.hidden.is_none() => self.hidden = Some(tag.name.to_string()),
            TagKind::EndTag if self.hidden.as_deref() == Some(&*tag.name) => self.hidden = None,
            TagKind::StartTag | TagKind::EndTag => self.gap = self.gap.max(gap_of(&tag.name)),
        }
    }

    fn write(&mut self, text: &str) {
        if self.hidden.is_some() {
            return;
        }
        for character in text.chars() {
            if character.is_whitespace() {
                self.gap = self.gap.max(Gap::Space);
                continue;
            }
            if !self.text.is_empty() {
                self.text.push_str(match self.gap {
                    Gap::None => "",
                    Gap::Space => " ",
                    Gap::Line => "\n",
                    Gap::Paragraph => "\n\n",
                });
            }
            self.gap = Gap::None;
            self.text.push(character);
        }
    }

    fn finish(self) -> String {
        self.text
    }
}

/// What an element's tags put between the text before and after.
fn gap_of(name: &str) -> Gap {
    match name {
        "p" | "h1" | "h2" | "h3" | "h4" | "h5" | "h6" | "blockquote" | "ul" | "ol" | "dl" | "table" | "pre"
        | "article" | "section" | "figure" | "hr" => Gap::Paragraph,
        "br" | "div" | "li" | "tr" | "dt" | "dd" | "header" | "footer" | "aside" | "nav" | "main"
        | "figcaption" | "address" | "form" | "fieldset" | "option" | "caption" => Gap::Line,
        "td" | "th" => Gap::Space,
        _ => Gap::None,
    }
}
