//! Payloads of the commands that ask, declare, rule on and keep claims.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::{Priority, Reference, State};

payload! {
    /// Payload of `request_answer`.
    RequestAnswer {
        /// Which claim.
        claim: Reference,
        /// Which party.
        of: Reference,
        /// By when; the policy's `answer_within` from now unless given.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        until: Option<Timestamp>,
    }
}

payload! {
    /// Payload of `record_silence`.
    RecordSilence {
        /// Which claim.
        claim: Reference,
        /// Which party.
        of: Reference,
    }
}

payload! {
    /// Payload of `record_standing`.
    RecordStanding {
        /// Which claim.
        claim: Reference,
    }
}

payload! {
    /// Payload of `mark_overdue`.
    MarkOverdue {
        /// Which claim.
        claim: Reference,
    }
}

payload! {
    /// Payload of `advance`.
    Advance {
        /// Which claim.
        claim: Reference,
        /// The state to declare.
        to: State,
        /// Why, in the checker's words.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        reason: Option<String>,
    }
}

payload! {
    /// Payload of `override`.
    Override {
        /// Which claim.
        claim: Reference,
        /// The state to declare.
        to: State,
        /// Why the standing is overridden.
        reason: String,
    }
}

payload! {
    /// Payload of `propose_ruling`.
    ProposeRuling {
        /// Which claim.
        claim: Reference,
        /// A rating of the policy's scale.
        rating: String,
        /// Why, for readers.
        summary: String,
    }
}

payload! {
    /// Payload of `approve` and `decline`.
    ProposalAnswer {
        /// Which claim; needed but for an erasure that is about none.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        claim: Option<Reference>,
        /// Which proposal, by its UUID; needed only where several wait.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        proposal: Option<Reference>,
        /// Why; `decline` needs one.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        reason: Option<String>,
    }
}

payload! {
    /// Payload of `correct_ruling`.
    CorrectRuling {
        /// Which claim.
        claim: Reference,
        /// A rating of the policy's scale.
        rating: String,
        /// Why, for readers.
        summary: String,
        /// What was wrong.
        reason: String,
    }
}

payload! {
    /// Payload of `assign`.
    Assign {
        /// Which claim.
        claim: Reference,
        /// Who works on it; `null`: nobody.
        #[serde(deserialize_with = "Option::deserialize")]
        to: Option<String>,
    }
}

payload! {
    /// Payload of `set_priority`.
    SetPriority {
        /// Which claim.
        claim: Reference,
        /// How urgent.
        priority: Priority,
    }
}

payload! {
    /// Payload of `set_review`.
    SetReview {
        /// Which claim.
        claim: Reference,
        /// By when it is to be reviewed.
        until: Timestamp,
    }
}

payload! {
    /// Payload of `tag` and `untag`.
    Tagging {
        /// Which claim.
        claim: Reference,
        /// The tag.
        tag: String,
    }
}

payload! {
    /// Payload of `note`.
    Note {
        /// Which claim.
        claim: Reference,
        /// The note.
        text: String,
        /// Whether it is kept from checkers other than the one who writes it.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        confidential: Option<bool>,
    }
}

payload! {
    /// Payload of `link_claims`: exactly one of `contradicts` and `follows_from`.
    LinkClaims {
        /// Which claim.
        claim: Reference,
        /// The claim that it contradicts.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        contradicts: Option<Reference>,
        /// The claim that it grew out of.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        follows_from: Option<Reference>,
    }
}

/// How a claim is closed by `close`.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Closing {
    /// Who reported it took it back.
    Retracted,
    /// The desk gives up on it.
    Unresolved,
}

payload! {
    /// Payload of `close`.
    Close {
        /// Which claim.
        claim: Reference,
        /// As what.
        #[serde(rename = "as")]
        closing: Closing,
        /// Why; `unresolved` needs one.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        reason: Option<String>,
    }
}

payload! {
    /// Payload of `reopen`.
    Reopen {
        /// Which claim.
        claim: Reference,
        /// Why.
        reason: String,
    }
}

payload! {
    /// Payload of `merge`.
    Merge {
        /// The claim that is merged.
        claim: Reference,
        /// The claim that stays.
        into: Reference,
        /// Why.
        reason: String,
    }
}
