//! A picture read back: its nodes, their places and where they lead. Whatever is no XML fails here.

use std::fmt::Write;

use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};

#[derive(Debug, Default, Clone)]
pub(crate) struct Drawn {
    pub(crate) class: String,
    pub(crate) href: Option<String>,
    pub(crate) spoken: String,
    pub(crate) words: Vec<String>,
    pub(crate) x: f64,
    pub(crate) y: f64,
    pub(crate) width: f64,
    pub(crate) height: f64,
}

impl Drawn {
    pub(crate) fn overlaps(&self, other: &Self) -> bool {
        self.x < other.x + other.width
            && other.x < self.x + self.width
            && self.y < other.y + other.height
            && other.y < self.y + self.height
    }
}

#[derive(Debug, Default)]
pub(crate) struct Read {
    pub(crate) nodes: Vec<Drawn>,
    pub(crate) captions: Vec<String>,
    pub(crate) arrows: usize,
    pub(crate) width: f64,
    pub(crate) height: f64,
}

fn attribute(tag: &BytesStart<'_>, name: &str) -> Option<String> {
    let found = tag.try_get_attribute(name).unwrap()?;
    Some(found.value.into_owned())
}

fn measure(tag: &BytesStart<'_>, name: &str) -> f64 {
    let text = attribute(tag, name).unwrap();
    text.parse().unwrap_or_default()
}

impl Read {
    pub(crate) fn of(svg: &str) -> Self {
        let mut reader = Reader::from_str(svg);
        reader.config_mut().expand_empty_elements = true;
        let (mut read, mut open, mut text) = (Self::default(), Vec::<(String, String)>::new(), String::new());
        loop {
            match reader.read_event().unwrap() {
                Event::Eof => break,
                Event::Start(tag) => {
                    let name = tag.name().as_ref().to_owned();
                    let class = attribute(&tag, "class").unwrap_or_default();
                    read.begin(&name, &class, &tag, &open);
                    open.push((name, class));
                    text.clear();
                }
                Event::Text(more) => text += &more,
                Event::GeneralRef(more) => write!(text, "&{};", &*more).unwrap(),
                Event::End(_) => {
                    let (name, class) = open.pop().unwrap();
                    read.end(&name, &class, &text, &open);
                }
                other @ (Event::Empty(_)
                | Event::CData(_)
                | Event::Comment(_)
                | Event::Decl(_)
                | Event::PI(_)
                | Event::DocType(_)) => {
                    unreachable!("{other:?}")
                }
            }
        }
        assert!(open.is_empty());
        read
    }

    fn begin(&mut self, name: &str, class: &str, tag: &BytesStart<'_>, open: &[(String, String)]) {
        let in_legend = open.iter().any(|(_, class)| class == "hs-legend");
        match (name, class) {
            ("svg", _) => (self.width, self.height) = (measure(tag, "width"), measure(tag, "height")),
            ("g", class) if class.starts_with("hs-node") => {
                self.nodes.push(Drawn { class: class.to_owned(), ..Drawn::default() });
            }
            ("a", _) => self.nodes.last_mut().unwrap().href = attribute(tag, "href"),
            ("rect", "hs-box") if !in_legend => {
                let node = self.nodes.last_mut().unwrap();
                (node.x, node.y) = (measure(tag, "x"), measure(tag, "y"));
                (node.width, node.height) = (measure(tag, "width"), measure(tag, "height"));
            }
            ("polygon", "hs-tip") => self.arrows += 1,
            _ => {}
        }
    }

    fn end(&mut self, name: &str, class: &str, text: &str, open: &[(String, String)]) {
        let node = open.iter().any(|(_, class)| class.starts_with("hs-node"));
        match (name, node) {
            ("title", true) => text.clone_into(&mut self.nodes.last_mut().unwrap().spoken),
            ("text", true) => self.nodes.last_mut().unwrap().words.push(text.to_owned()),
            ("text", false) if class == "hs-caption" => self.captions.push(text.to_owned()),
            _ => {}
        }
    }

    /// One line for each node.
    pub(crate) fn told(&self) -> String {
        let mut told = format!("{} arrows; {}\n", self.arrows, self.captions.join("; "));
        for node in &self.nodes {
            let class = node.class.replace("hs-node ", "").replace("hs-", "");
            writeln!(told, "{class}: {} | {}", node.words.join(" / "), node.spoken).unwrap();
        }
        told
    }
}
