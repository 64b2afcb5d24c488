//! An item as it is read, and spans that point into it.
//! Invariant: the ends of a span lie on character boundaries inside the part that it names.

use hearsay_core::SourceId;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// One thing that arrived, as text: a feed entry, an article, a posted statement.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Item {
    /// Its headline; empty where it has none.
    pub title: String,
    /// Its main text.
    pub text: String,
    /// The language that it says it is in.
    pub language: Option<String>,
    /// Who published it, where the registry knows.
    pub outlet: Option<SourceId>,
    /// Who published it, by name.
    pub outlet_name: String,
    /// The agency or outlet that a byline, dateline or credit line names.
    pub credited: Option<String>,
    /// When it was published.
    pub published: Option<Timestamp>,
}

/// Which part of an item a span points into.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Part {
    /// The headline.
    Title,
    /// The main text.
    Text,
}

/// A stretch of an item, in bytes: from `start` (inclusive) to `end` (exclusive).
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
pub struct Span {
    /// The part that it lies in.
    pub part: Part,
    /// Its first byte.
    pub start: usize,
    /// The byte after its last.
    pub end: usize,
}

impl Span {
    /// Whether both share at least one byte.
    pub fn overlaps(self, other: Self) -> bool {
        self.part == other.part && self.start < other.end && other.start < self.end
    }
}

impl Item {
    /// One of its parts.
    pub fn part(&self, part: Part) -> &str {
        match part {
            Part::Title => &self.title,
            Part::Text => &self.text,
        }
    }

    /// The words that a span points at; empty where the span is of another item.
    pub fn words(&self, span: Span) -> &str {
        self.part(span.part).get(span.start..span.end).unwrap_or_default()
    }
}
