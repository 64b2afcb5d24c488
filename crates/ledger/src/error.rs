//! Why a note, a proof or a key was refused.

/// Errors of the transparency log.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum LedgerError {
    /// It does not follow its format.
    #[error("this is no {what}: {why}")]
    Malformed {
        /// `checkpoint`, `signed note`, `proof`, `signing key`, `verifying key` or `hash`.
        what: &'static str,
        /// What is wrong with it.
        why: &'static str,
    },
    /// Longer than anything of its kind.
    #[error("this is no {what}: it has {length} bytes, and none has more than {most}")]
    TooLong {
        /// As for [`LedgerError::Malformed`].
        what: &'static str,
        /// How many bytes it has.
        length: usize,
        /// How many it may have.
        most: usize,
    },
    /// A name that no key may have.
    #[error("`{name}` can be no key's name: it has to be there, without spaces and without `+`")]
    KeyName {
        /// The name as it was given.
        name: String,
    },
    /// A note lacks the signature of a key.
    #[error("the checkpoint is not signed by `{key}`")]
    NotSigned {
        /// The key's name and id.
        key: String,
    },
    /// A note without any cosignature.
    #[error("the checkpoint bears no cosignature: no witness has vouched for it")]
    NotCosigned,
    /// A signature by a key that is none of those that are known.
    #[error("`{key}` has signed the checkpoint, and is the key of no witness that is known here")]
    UnknownWitness {
        /// The key's name and id.
        key: String,
    },
    /// A signature is not of that text.
    #[error("the signature of `{key}` does not fit the checkpoint: one of the two was changed")]
    WrongSignature {
        /// The key's name and id.
        key: String,
    },
    /// A checkpoint of another log.
    #[error("the checkpoint is of the log `{found}`, and not of `{expected}`")]
    OtherOrigin {
        /// What the checkpoint says.
        found: String,
        /// What was expected.
        expected: String,
    },
    /// A tree of that size has no such leaf.
    #[error("a log of {size} events has none at position {index} (counted from 0)")]
    NoSuchLeaf {
        /// The position, from 0.
        index: u64,
        /// The size of the tree.
        size: u64,
    },
    /// Two sizes between which nothing can be proved.
    #[error("a log of {new} events does not begin with one of {old}")]
    NoSuchPrefix {
        /// The older size.
        old: u64,
        /// The newer size.
        new: u64,
    },
    /// The proof does not lead from the leaf to the root.
    #[error("the proof does not lead to this root: event, proof or root was changed")]
    NotIncluded,
    /// The proof does not lead from one root to the other.
    #[error(
        "the log of {new} events does not go on from that of {old}: its past was rewritten, or the proof is wrong"
    )]
    NotConsistent {
        /// The older size.
        old: u64,
        /// The newer size.
        new: u64,
    },
    /// The reader of hashes has no such hash.
    #[error("the log has no hash of the {width} events from position {from} (counted from 0)")]
    HashMissing {
        /// The first leaf below the hash.
        from: u64,
        /// How many leaves lie below it.
        width: u64,
    },
}

impl LedgerError {
    /// Refuses what is longer than anything of its kind.
    pub(crate) fn check_length(what: &'static str, bytes: &[u8], most: usize) -> Result<(), Self> {
        let length = bytes.len();
        if length > most { Err(Self::TooLong { what, length, most }) } else { Ok(()) }
    }
}
