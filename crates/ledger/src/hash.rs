//! Hashes of the tree, as RFC 6962, section 2.1, has them.

use base64::prelude::*;

use crate::LedgerError;

/// A SHA-256 hash: of a leaf, of a node, or of a whole tree.
pub type Hash = [u8; 32];

/// The root of the tree without leaves: the hash of nothing.
pub const EMPTY_ROOT: Hash = tlog_tiles::EMPTY_HASH.0;

/// The hash of a leaf: SHA-256 over 0x00 and the leaf.
pub fn leaf_hash(leaf: &[u8]) -> Hash {
    tlog_tiles::record_hash(leaf).0
}

/// The hash of a node: SHA-256 over 0x01 and the two hashes below it.
pub fn node_hash(left: Hash, right: Hash) -> Hash {
    tlog_tiles::node_hash(tlog_tiles::Hash(left), tlog_tiles::Hash(right)).0
}

/// As checkpoints and proofs write a hash: base64 with padding.
pub fn to_base64(hash: &Hash) -> String {
    BASE64_STANDARD.encode(hash)
}

/// Reads what [`to_base64`] writes, and nothing else.
pub fn from_base64(text: &str) -> Result<Hash, LedgerError> {
    let refused = LedgerError::Malformed { what: "hash", why: "it has to be 32 bytes in base64" };
    if text.len() != 44 {
        return Err(refused);
    }
    BASE64_STANDARD.decode(text).ok().and_then(|bytes| bytes.try_into().ok()).ok_or(refused)
}
