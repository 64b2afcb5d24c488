//! Sources: whoever or whatever says things, with dated relations.
//! Invariant: a [`Timeline`]'s tenures never overlap, so at any time a source has at most one of each relation.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::{Reliability, SourceId};

/// What a source is.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SourceKind {
    /// Publishes.
    Outlet,
    /// Supplies outlets with reports.
    Agency,
    /// A government, ministry, company, court or the like.
    Institution,
    /// One human being.
    Person,
    /// A group that nobody names: "people briefed on the talks".
    Unnamed,
    /// An image, paper or recording that several outlets read.
    Document,
}

impl SourceKind {
    /// The word for it in files and on screen.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Outlet => "outlet",
            Self::Agency => "agency",
            Self::Institution => "institution",
            Self::Person => "person",
            Self::Unnamed => "unnamed",
            Self::Document => "document",
        }
    }
}

/// The two relations that a source may have to another.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Relation {
    /// Its word is the other's word.
    SpeaksFor,
    /// Owned, controlled by, or a member of the other.
    PartOf,
}

impl Relation {
    /// The word for it in files and on screen.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::SpeaksFor => "speaks_for",
            Self::PartOf => "part_of",
        }
    }
}

/// A relation over a period: from `since` (inclusive; none: always) to `until` (exclusive; none: still).
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Tenure {
    /// Inclusive start; `None`: always.
    pub since: Option<Timestamp>,
    /// Exclusive end; `None`: still.
    pub until: Option<Timestamp>,
    /// The other source.
    pub to: SourceId,
}

impl Tenure {
    /// Whether the relation held at `at`.
    pub fn holds_at(&self, at: Timestamp) -> bool {
        self.since.is_none_or(|since| since <= at) && self.until.is_none_or(|until| at < until)
    }
}

/// One relation of one source over all time: tenures in order, none overlapping.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Timeline(Vec<Tenure>);

impl Timeline {
    /// Reads stored tenures; they are sorted by their start.
    pub fn from_tenures(mut tenures: Vec<Tenure>) -> Self {
        tenures.sort_by_key(|tenure| tenure.since);
        Self(tenures)
    }

    /// The tenures, earliest first.
    pub fn tenures(&self) -> &[Tenure] {
        &self.0
    }

    /// To whom the relation led at `at`.
    pub fn at(&self, at: Timestamp) -> Option<SourceId> {
        self.0.iter().find(|tenure| tenure.holds_at(at)).map(|tenure| tenure.to)
    }

    /// Tells what held from `since` to `until`: it replaces whatever was told before for that period.
    #[must_use]
    pub fn told(&self, since: Option<Timestamp>, until: Option<Timestamp>, to: Option<SourceId>) -> Self {
        let mut tenures: Vec<Tenure> = Vec::with_capacity(self.0.len() + 2);
        for tenure in &self.0 {
            tenures.extend(before(tenure, since));
            tenures.extend(after(tenure, until));
        }
        tenures.extend(to.map(|to| Tenure { since, until, to }));
        Self::from_tenures(joined(tenures))
    }
}

/// The part of a tenure that lies before `since`.
fn before(tenure: &Tenure, since: Option<Timestamp>) -> Option<Tenure> {
    let cut = since?;
    if tenure.since.is_some_and(|start| start >= cut) {
        return None;
    }
    let until = tenure.until.map_or(cut, |end| end.min(cut));
    Some(Tenure { until: Some(until), ..*tenure })
}

/// The part of a tenure that lies from `until` on.
fn after(tenure: &Tenure, until: Option<Timestamp>) -> Option<Tenure> {
    let cut = until?;
    if tenure.until.is_some_and(|end| end <= cut) {
        return None;
    }
    let since = tenure.since.map_or(cut, |start| start.max(cut));
    Some(Tenure { since: Some(since), ..*tenure })
}

/// Joins tenures of the same target that touch, so that telling the same thing twice changes nothing.
fn joined(mut tenures: Vec<Tenure>) -> Vec<Tenure> {
    tenures.sort_by_key(|tenure| tenure.since);
    let mut out: Vec<Tenure> = Vec::with_capacity(tenures.len());
    for tenure in tenures {
        match out.last_mut() {
            Some(last) if last.to == tenure.to && last.until.is_some() && last.until == tenure.since => {
                last.until = tenure.until;
            }
            _ => out.push(tenure),
        }
    }
    out
}

/// One source as the rules need it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Source {
    /// Its identity.
    pub id: SourceId,
    /// The name it goes by.
    pub name: String,
    /// Other names; in the order in which they were told.
    pub aliases: Vec<String>,
    /// What it is.
    pub kind: SourceKind,
    /// Its Admiralty reliability.
    pub reliability: Reliability,
    /// Whose word its word is, over time.
    pub speaks_for: Timeline,
    /// What it belongs to, over time.
    pub part_of: Timeline,
    /// The source that it turned out to be.
    pub merged_into: Option<SourceId>,
}

impl Source {
    /// What a source goes by whose name was erased.
    pub fn erased_name(id: SourceId) -> String {
        format!("[erased name of {id}]")
    }

    /// The timeline of one relation.
    pub fn timeline(&self, relation: Relation) -> &Timeline {
        match relation {
            Relation::SpeaksFor => &self.speaks_for,
            Relation::PartOf => &self.part_of,
        }
    }
}
