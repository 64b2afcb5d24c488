//! A signed checkpoint: what is read is written again byte for byte, and signed by nobody who did not sign it.

use hearsay_ledger::{KeyKind, SignedCheckpoint, SigningKey};

/// A key that has signed nothing of the corpus.
const STRANGER: [u8; 32] = [9; 32];

/// Holds what is said above true of any bytes.
pub(crate) fn run(bytes: &[u8]) {
    let Ok(signed) = SignedCheckpoint::parse(bytes) else { return };
    assert_eq!(signed.to_text().as_bytes(), bytes, "a note is written as it was read");
    if let Ok(stranger) = SigningKey::new(signed.checkpoint().origin(), &STRANGER) {
        let key = stranger.verifying(KeyKind::Log);
        assert!(signed.verify(&key).is_err(), "a note is signed by nobody who did not sign it");
    }
}
