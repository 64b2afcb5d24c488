//! A proof of inclusion with its checkpoint: what is read is written again byte for byte, and leads from one leaf at most.

use hearsay_ledger::ProofFile;

/// Holds what is said above true of any bytes.
pub(crate) fn run(bytes: &[u8]) {
    let Ok(file) = ProofFile::parse(bytes) else { return };
    assert_eq!(file.to_text().as_bytes(), bytes, "a proof is written as it was read");
    let root = file.signed().checkpoint().root();
    let leads = |leaf| file.inclusion().verify(leaf, root).is_ok();
    assert!(!(leads([1; 32]) && leads([2; 32])), "a proof leads from one leaf at most");
}
