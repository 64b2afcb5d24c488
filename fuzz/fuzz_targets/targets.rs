//! What each fuzz target does with some bytes: it reads them, and fails where what was read is written otherwise, or
//! verifies though nobody signed it.

use hearsay_ledger::{Checkpoint, KeyKind, ProofFile, SignedCheckpoint, SigningKey, VerifyingKey, WitnessRequest};

/// What a target does with some bytes.
pub(crate) type Target = fn(&[u8]);

/// Every target, by its name.
pub(crate) const TARGETS: [(&str, Target); 4] =
    [("checkpoint", checkpoint), ("note", note), ("proof", proof), ("request", request)];

/// A key that has signed nothing that a corpus holds.
fn stranger() -> VerifyingKey {
    let key = SigningKey::new("hearsay.local/desk", &[0x5a; 32]).expect("a name");
    key.verifying(KeyKind::Log)
}

/// A checkpoint's text.
pub(crate) fn checkpoint(bytes: &[u8]) {
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    if let Ok(read) = Checkpoint::parse(text) {
        assert_eq!(read.to_text(), text);
    }
}

/// A signed checkpoint.
pub(crate) fn note(bytes: &[u8]) {
    if let Ok(read) = SignedCheckpoint::parse(bytes) {
        assert_eq!(read.to_text().as_bytes(), bytes);
        assert!(read.verify(&stranger()).is_err());
        assert!(!read.signers().expect("signatures that were read").is_empty());
    }
}

/// A proof file.
pub(crate) fn proof(bytes: &[u8]) {
    if let Ok(read) = ProofFile::parse(bytes) {
        assert_eq!(read.to_text().as_bytes(), bytes);
        assert!(read.verify([0; 32], &stranger()).is_err());
        assert!(read.inclusion().verify([0; 32], [1; 32]).is_err());
    }
}

/// A request to a witness.
pub(crate) fn request(bytes: &[u8]) {
    if let Ok(read) = WitnessRequest::parse(bytes) {
        let again = WitnessRequest::parse(read.to_text().as_bytes()).expect("what was written");
        assert_eq!(again, read);
        assert!(read.judge(&stranger(), None).is_err());
    }
}
