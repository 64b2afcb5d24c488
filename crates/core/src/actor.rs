//! Who acts, when, and with which fresh ids: everything that a decision takes from outside the docket.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::{CommandId, Text};

/// What somebody may do. Ordered by nothing: `decide` lists what each may.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// Reads everything, changes nothing.
    Auditor,
    /// Reports claims, records follow-ups, advances.
    Checker,
    /// A checker who also rules, overrides, and keeps sources and policies.
    Editor,
    /// An editor who also keeps users and tokens.
    Admin,
    /// A component of the worker.
    Worker,
}

impl Role {
    /// Every role, in the order of the documentation.
    pub const ALL: [Self; 5] = [Self::Auditor, Self::Checker, Self::Editor, Self::Admin, Self::Worker];

    /// The word for it in files and on screen.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Auditor => "auditor",
            Self::Checker => "checker",
            Self::Editor => "editor",
            Self::Admin => "admin",
            Self::Worker => "worker",
        }
    }
}

/// The person, or the worker's component, that causes an event.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Actor {
    /// The name as the desk knows it.
    pub name: Text,
    /// What they may do.
    pub role: Role,
}

/// Which clock an event's `recorded_at` was read from.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Clock {
    /// The machine's clock.
    #[default]
    System,
    /// A told story's clock: the demo's.
    Story,
}

/// What one command gets from outside: the time, the actor, its id, and fresh ids for what it creates.
pub struct Stamp<'a> {
    /// `recorded_at` of what follows. The caller sees to it that it never runs backwards.
    pub now: Timestamp,
    /// Which clock `now` was read from.
    pub clock: Clock,
    /// Who acts.
    pub actor: Actor,
    /// The command's id.
    pub command: CommandId,
    /// The position that the next event gets.
    pub next_seq: u64,
    /// Gives a fresh id at each call.
    pub fresh: &'a mut dyn FnMut() -> Uuid,
}
