//! An open claim, as far as an item is read for it.

use hearsay_core::{ClaimId, SourceId};
use jiff::{SignedDuration, Timestamp};

/// A claim that nobody has settled, with what tells whether an item bears on it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct OpenClaim {
    /// Its identity.
    pub id: ClaimId,
    /// The proposition, in one sentence.
    pub text: String,
    /// The language of that sentence.
    pub language: Option<String>,
    /// What it is about.
    pub topic: Option<String>,
    /// What the desk noted on it.
    pub notes: Vec<String>,
    /// Whom it is about.
    pub parties: Vec<SourceId>,
    /// Who spoke on it; the first reported it.
    pub sources: Vec<SourceId>,
    /// When it was reported.
    pub reported_at: Option<Timestamp>,
    /// The parties whose answer it waits for, each with the period in which it waits.
    pub waits_for: Vec<Awaited>,
}

/// A party's answer that a claim waits for.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Awaited {
    /// Whose answer.
    pub party: SourceId,
    /// When it was asked.
    pub since: Timestamp,
    /// The deadline.
    pub until: Timestamp,
}

/// An answer may come late, after the party's silence was recorded, and others may ask about a report before the desk does.
const LATE: SignedDuration = SignedDuration::from_hours(72);
const EARLY: SignedDuration = SignedDuration::from_hours(12);

impl Awaited {
    /// Whether what is published then may be the answer.
    pub fn may_come_at(&self, at: Timestamp) -> bool {
        at.duration_since(self.since) >= -EARLY && at.duration_since(self.until) <= LATE
    }
}

impl OpenClaim {
    /// Who reported it first.
    pub fn first_source(&self) -> Option<SourceId> {
        self.sources.first().copied()
    }
}
