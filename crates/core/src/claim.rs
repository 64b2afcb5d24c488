//! One claim as the fold of its events keeps it: what the rules need, no words.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::{
    ClaimId, ClaimNumber, Evidence, EvidenceId, Lead, LeadNumber, Proposal, Ruling, SourceId, Standing, Text,
    Weighed,
};

/// What sort of proposition a claim is.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ClaimKind {
    /// Something happened.
    Event,
    /// Somebody said something.
    Statement,
    /// Somebody means to do something.
    Intention,
    /// How much or how many.
    Quantity,
    /// Kept for the record; never advances.
    NotCheckable,
}

impl ClaimKind {
    /// The word for it in files and on screen.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Event => "event",
            Self::Statement => "statement",
            Self::Intention => "intention",
            Self::Quantity => "quantity",
            Self::NotCheckable => "not_checkable",
        }
    }
}

/// What the desk has declared. Moves only by a recorded transition.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum State {
    /// Open: somebody reported it; neither borne out nor contradicted.
    Reported,
    /// Open: declared borne out.
    Corroborated,
    /// Open: declared denied (not: false).
    Denied,
    /// Open: declared disputed.
    Disputed,
    /// Closed: who reported it took it back.
    Retracted,
    /// Closed: the desk gave up on it, with a reason.
    Unresolved,
    /// Closed: its reference leads to another claim.
    Merged,
}

impl State {
    /// Every state, in the order of the documentation.
    pub const ALL: [Self; 7] = [
        Self::Reported,
        Self::Corroborated,
        Self::Denied,
        Self::Disputed,
        Self::Retracted,
        Self::Unresolved,
        Self::Merged,
    ];

    /// The standing that an open state declares; none for a closed state.
    pub fn declared(self) -> Option<Standing> {
        match self {
            Self::Reported => Some(Standing::Reported),
            Self::Corroborated => Some(Standing::Corroborated),
            Self::Denied => Some(Standing::Denied),
            Self::Disputed => Some(Standing::Disputed),
            Self::Retracted | Self::Unresolved | Self::Merged => None,
        }
    }

    /// Whether the desk still works on it.
    pub fn is_open(self) -> bool {
        self.declared().is_some()
    }

    /// The word for it in files and on screen.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Reported => "reported",
            Self::Corroborated => "corroborated",
            Self::Denied => "denied",
            Self::Disputed => "disputed",
            Self::Retracted => "retracted",
            Self::Unresolved => "unresolved",
            Self::Merged => "merged",
        }
    }
}

impl From<Standing> for State {
    fn from(standing: Standing) -> Self {
        match standing {
            Standing::Reported => Self::Reported,
            Standing::Corroborated => Self::Corroborated,
            Standing::Denied => Self::Denied,
            Standing::Disputed => Self::Disputed,
        }
    }
}

/// What affirming the claim would do for a party.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Interest {
    /// Affirming would cost it.
    Against,
    /// Neither.
    Neutral,
    /// Affirming serves it.
    InFavour,
}

impl Interest {
    /// The word for it in files and on screen.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Against => "against",
            Self::Neutral => "neutral",
            Self::InFavour => "in_favour",
        }
    }
}

/// A source that the claim is about.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Party {
    /// Who.
    pub source: SourceId,
    /// What affirming would do for it.
    pub interest: Interest,
}

/// How urgent a claim is.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Priority {
    /// When there is time.
    Low,
    /// As it comes.
    #[default]
    Normal,
    /// Before the others.
    High,
    /// Now.
    Urgent,
}

impl Priority {
    /// The word for it in files and on screen.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Low => "low",
            Self::Normal => "normal",
            Self::High => "high",
            Self::Urgent => "urgent",
        }
    }
}

/// How one claim bears on another.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ClaimRelation {
    /// Both cannot hold: for instance the public stance that an offer contradicts.
    Contradicts,
    /// It grew out of the other: another figure, the part that a party admits.
    FollowsFrom,
}

impl ClaimRelation {
    /// The word for it in files and on screen.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Contradicts => "contradicts",
            Self::FollowsFrom => "follows_from",
        }
    }
}

/// A link from this claim to another.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
pub struct ClaimLink {
    /// How.
    pub relation: ClaimRelation,
    /// The other claim.
    pub to: ClaimId,
}

/// Original pieces that an analyst tied together: the same leak, one joint text.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct OriginLink {
    /// Two or more original pieces on this claim.
    pub evidence: Vec<EvidenceId>,
}

/// What the desk waits for from one party.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Answer {
    /// By when it was asked to answer.
    pub until: Timestamp,
    /// Whether its silence at that deadline has been recorded.
    pub silent: bool,
}

/// A claim on the docket.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Claim {
    /// Its identity.
    pub id: ClaimId,
    /// Its short reference.
    pub number: ClaimNumber,
    /// How many events it has: the version that the next command may name.
    pub version: u64,
    /// The proposition; sealed where the fold read no words.
    pub text: Text,
    /// What sort of proposition.
    pub kind: ClaimKind,
    /// What the desk declared.
    pub state: State,
    /// What it is about, in a word or two.
    pub topic: Option<String>,
    /// Language of the text, BCP 47.
    pub language: Option<String>,
    /// How urgent.
    pub priority: Priority,
    /// Tags.
    pub tags: BTreeSet<String>,
    /// Name of the policy it is judged under.
    pub policy: String,
    /// Whom it is about, in the order in which they were named.
    pub parties: Vec<Party>,
    /// All evidence, in the order in which the log took it in.
    pub evidence: Vec<Evidence>,
    /// Leads laid on it.
    pub leads: BTreeMap<LeadNumber, Lead>,
    /// Original pieces tied together.
    pub origin_links: Vec<OriginLink>,
    /// Links to other claims.
    pub claim_links: BTreeSet<ClaimLink>,
    /// Answers waited for, by party.
    pub answers: BTreeMap<SourceId, Answer>,
    /// Who works on it.
    pub assignee: Option<Text>,
    /// The position of the event that said so; 0 where none did.
    pub assigned_at: u64,
    /// When it was reported to the desk.
    pub opened_at: Timestamp,
    /// When its last event was recorded.
    pub updated_at: Timestamp,
    /// When it is to be reviewed; none while a ruling stands.
    pub review_by: Option<Timestamp>,
    /// Whether the worker marked it overdue.
    pub overdue: bool,
    /// Rulings and overrides that wait for a second person.
    pub proposals: Vec<Proposal>,
    /// The editorial conclusion.
    pub ruling: Option<Ruling>,
    /// The position of the event that brought it; 0 where none did.
    pub ruled_at: u64,
    /// The holds that keep its texts from being erased, by the positions of their events.
    pub holds: BTreeSet<u64>,
    /// The standing when the desk last overrode it or closed it: what "changed since" is measured against. Of an open
    /// claim, none once the standing has changed since, even if it changes back.
    pub held_at: Option<Standing>,
    /// Where its reference leads.
    pub merged_into: Option<ClaimId>,
    /// What the evidence came to when the claim's last event was recorded.
    pub weighed: Weighed,
}

impl Claim {
    /// The piece with that id.
    pub fn piece(&self, id: EvidenceId) -> Option<&Evidence> {
        self.evidence.iter().find(|piece| piece.id == id)
    }

    /// The interest of a party, if the source is one.
    pub fn interest_of(&self, source: SourceId) -> Option<Interest> {
        self.parties.iter().find(|party| party.source == source).map(|party| party.interest)
    }

    /// Whether the standing asks for another open state.
    pub fn is_due_to_advance(&self, standing: Standing) -> bool {
        let Some(declared) = self.state.declared() else { return false };
        self.kind != ClaimKind::NotCheckable && declared != standing && self.held_at != Some(standing)
    }

    /// Whether the standing has changed since the claim was closed.
    pub fn is_due_to_reopen(&self, standing: Standing) -> bool {
        match self.state {
            State::Retracted | State::Unresolved => self.held_at.is_some_and(|held| held != standing),
            State::Reported | State::Corroborated | State::Denied | State::Disputed | State::Merged => false,
        }
    }
}
