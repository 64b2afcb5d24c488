//! What listings may be narrowed by.

use hearsay_core::{ClaimNumber, CommandId, Priority, Standing, State};
use jiff::{SignedDuration, Timestamp};

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

/// One term of a filter: any of some, none of others; what is empty does not narrow.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Term<T> {
    /// One of these.
    pub any: Vec<T>,
    /// None of these.
    pub none: Vec<T>,
}

impl<T> Term<T> {
    /// That one and no other.
    pub fn only(one: T) -> Self {
        Self { any: vec![one], none: Vec::new() }
    }

    /// Whether it does not narrow.
    pub fn is_empty(&self) -> bool {
        self.any.is_empty() && self.none.is_empty()
    }
}

impl<T> Default for Term<T> {
    fn default() -> Self {
        Self { any: Vec::new(), none: Vec::new() }
    }
}

/// A stretch of either time: from a time on, and before another.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Period {
    /// Inclusive; none: from the beginning.
    pub since: Option<Timestamp>,
    /// Exclusive; none: to the end.
    pub until: Option<Timestamp>,
}

/// A change of a claim's declared state; an end that is left open is any state.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Moved {
    /// From that state.
    pub from: Option<State>,
    /// To that state.
    pub to: Option<State>,
}

/// Narrows a listing of events; oldest first unless its order says otherwise.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct EventFilter {
    /// Of those claims, and of those that were merged into them.
    pub claims: Term<ClaimNumber>,
    /// Whose kind begins so.
    pub kinds: Term<String>,
    /// By those actors.
    pub actors: Term<String>,
    /// That mention those sources, by any of their names: as source, carrier or relayed, as party, or as themselves.
    pub sources: Term<String>,
    /// Of claims with those parties, by any of their names.
    pub parties: Term<String>,
    /// Of claims with those topics.
    pub topics: Term<String>,
    /// That moved a claim's declared state so.
    pub moves: Term<Moved>,
    /// By those commands.
    pub commands: Term<CommandId>,
    /// Of claims with all those words in text, topic, parties or notes, as [`ClaimFilter::text`] finds them.
    pub words: Term<String>,
    /// Recorded then.
    pub recorded: Period,
    /// Not recorded then.
    pub not_recorded: Vec<Period>,
    /// Happened then.
    pub occurred: Period,
    /// Did not happen then.
    pub not_occurred: Vec<Period>,
    /// Recorded at least so long after it happened.
    pub lag: Option<SignedDuration>,
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
