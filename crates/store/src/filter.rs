//! What listings may be narrowed by.

use hearsay_core::{ClaimNumber, Priority, Standing, State};
use jiff::Timestamp;

/// Narrows a listing of claims; what is left at its default does not narrow.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct ClaimFilter {
    /// In one of these states.
    pub states: Vec<State>,
    /// With one of these standings.
    pub standings: Vec<Standing>,
    /// Due to advance, due to reopen, overdue: any of those asked for.
    pub needs: Vec<Need>,
    /// Assigned to that person; `Some(None)`: to nobody.
    pub assignee: Option<Option<String>>,
    /// With that topic.
    pub topic: Option<String>,
    /// With that tag.
    pub tag: Option<String>,
    /// That urgent.
    pub priority: Option<Priority>,
    /// With that party, by any of its names.
    pub party: Option<String>,
    /// With evidence by, or carried by, that source, by any of its names.
    pub source: Option<String>,
    /// Words in text, topic, parties and notes: every word must occur; the last may be a beginning.
    pub text: Option<String>,
    /// Opened at or after.
    pub opened_since: Option<Timestamp>,
    /// Opened before.
    pub opened_until: Option<Timestamp>,
    /// Last changed at or after.
    pub updated_since: Option<Timestamp>,
    /// Last changed before.
    pub updated_until: Option<Timestamp>,
    /// At most so many.
    pub limit: Option<u32>,
}

/// What a claim may need from somebody.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Need {
    /// Its standing asks for another open state.
    Advance,
    /// Its standing has changed since it was closed.
    Reopen,
    /// Its review, or a party's answer, is past its deadline.
    Overdue,
}

/// Narrows a listing of events; newest last.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct EventFilter {
    /// Of that claim, and of those that were merged into it.
    pub claim: Option<ClaimNumber>,
    /// Whose kind begins so.
    pub kind: Option<String>,
    /// By that actor.
    pub actor: Option<String>,
    /// Recorded at or after.
    pub since: Option<Timestamp>,
    /// Recorded before.
    pub until: Option<Timestamp>,
    /// After that position; before it, where the newest come first.
    pub after: Option<u64>,
    /// At most so many.
    pub limit: Option<u32>,
    /// Which end of the log the limit leaves.
    pub order: Order,
}

/// Which events come first.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum Order {
    /// As they were recorded.
    #[default]
    OldestFirst,
    /// The latest first.
    NewestFirst,
}
