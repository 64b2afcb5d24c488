//! The text of a verifying or a signing key: what is read is written again, and read again.

use hearsay_ledger::{SigningKey, VerifyingKey};

/// Holds what is said above true of any bytes.
pub(crate) fn run(bytes: &[u8]) {
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    if let Ok(key) = VerifyingKey::parse(text) {
        assert_eq!(VerifyingKey::parse(&key.to_text()), Ok(key), "a key's text is read again");
    }
    if let Ok(key) = SigningKey::parse(text) {
        assert_eq!(key.to_secret_text(), text, "a signing key is written as it was read");
    }
}
