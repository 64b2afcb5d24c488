//! The transparency log: an RFC 6962 tree over SHA-256, its proofs, and the notes that vouch for its roots (C2SP:
//! signed-note, tlog-checkpoint, tlog-cosignature, tlog-proof).
//!
//! Knows no I/O, no clock and no randomness. No tree is ever held as a whole: hashes come in through [`ReadHashes`].
//! What is read from outside is bounded in size, and refused unless it is exactly what its format says.

mod checkpoint;
mod cosignature;
mod error;
mod hash;
mod key;
mod note;
mod proof;
mod proof_file;
mod tree;
mod witness;

pub use checkpoint::{Checkpoint, MAX_SIZE};
pub use cosignature::{Cosignature, CosignatureLine};
pub use error::LedgerError;
pub use hash::{EMPTY_ROOT, Hash, from_base64, leaf_hash, node_hash, to_base64};
pub use key::{KeyKind, SigningKey, VerifyingKey};
pub use note::SignedCheckpoint;
pub use proof::{
    Consistency, Inclusion, KnownHashes, ReadHashes, Recorder, prove_consistency, prove_inclusion, root, wanted,
};
pub use proof_file::ProofFile;
pub use tree::{Edge, Node};
pub use witness::{WitnessRefusal, WitnessRequest};
