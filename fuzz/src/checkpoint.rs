//! A checkpoint's text: what is read is written again byte for byte.

use hearsay_ledger::Checkpoint;

/// Holds what is said above true of any bytes.
pub(crate) fn run(bytes: &[u8]) {
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    if let Ok(read) = Checkpoint::parse(text) {
        assert_eq!(read.to_text(), text, "a checkpoint is written as it was read");
    }
}
