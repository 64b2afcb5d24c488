//! Payloads of the commands that erase texts, and of those that keep them from being erased.

use serde::{Deserialize, Serialize};

use crate::Reference;

payload! {
    /// Payload of `erase`: exactly one of `event`, `evidence` and `source`.
    Erase {
        /// The position of the event whose texts are erased.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        event: Option<u64>,
        /// Which of that event's texts; all but the actor's name unless given.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        fields: Vec<String>,
        /// The piece of evidence whose words are erased.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        evidence: Option<Reference>,
        /// The source whose names are erased.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        source: Option<Reference>,
        /// The legal basis.
        basis: String,
        /// Why.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        reason: Option<String>,
    }
}

payload! {
    /// Payload of `hold`.
    Hold {
        /// Which claim.
        claim: Reference,
        /// Why: the case, and who asked for it.
        reason: String,
    }
}

payload! {
    /// Payload of `release`.
    Release {
        /// Which claim.
        claim: Reference,
        /// Which hold, by the position of its event; needed only where there are several.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        hold: Option<u64>,
        /// Why.
        reason: String,
    }
}
