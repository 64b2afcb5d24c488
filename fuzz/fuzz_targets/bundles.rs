//! What the fuzz target of bundles does with some bytes: it checks them, and fails where that finds nothing wrong though
//! the key is a stranger's, or where what is found is no short sentence.

use std::io::Cursor;

use hearsay_bundle::verify_bundle;
use hearsay_ledger::{KeyKind, SigningKey, VerifyingKey};

/// A key that has signed nothing that a corpus holds.
fn stranger() -> VerifyingKey {
    let key = SigningKey::new("hearsay.local/desk", &[0x5a; 32]).expect("a name");
    key.verifying(KeyKind::Log)
}

/// An evidence bundle.
pub(crate) fn bundle(bytes: &[u8]) {
    let sentences = match verify_bundle(Cursor::new(bytes), Some(&stranger())) {
        Ok(verified) => verified.findings,
        Err(error) => vec![error.to_string()],
    };
    assert!(!sentences.is_empty());
    for sentence in sentences {
        assert!(sentence.len() < 2_000 && !sentence.contains('\n'), "{sentence}");
    }
}
