//! Cosignatures of witnesses (C2SP tlog-cosignature, Ed25519): a time of 8 bytes, then the signature of
//! `cosignature/v1`, that time, and the checkpoint's text.

use signed_note::Signer;

use crate::{KeyKind, SigningKey, VerifyingKey};

/// What a witness says: at that time this was the newest checkpoint that it had seen of the log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cosignature {
    /// The witness's name and key id.
    pub witness: String,
    /// Seconds since 1970.
    pub at: u64,
}

/// A cosignature with the line that it is in a note.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CosignatureLine {
    /// The witness's key.
    pub witness: VerifyingKey,
    /// Seconds since 1970.
    pub at: u64,
    /// The line, without its newline.
    pub line: String,
}

/// A witness at one time, for the library that writes notes.
pub(crate) struct Cosigner<'a> {
    pub(crate) key: &'a SigningKey,
    pub(crate) at: u64,
}

impl Signer for Cosigner<'_> {
    fn name(&self) -> &str {
        self.key.name()
    }

    fn key_id(&self) -> u32 {
        self.key.verifying(KeyKind::Witness).id()
    }

    fn sign(&self, text: &[u8]) -> Result<Vec<u8>, signature::Error> {
        let signature = self.key.sign(&message(self.at, text));
        Ok([self.at.to_be_bytes().as_slice(), &signature].concat())
    }
}

/// What a signature of that witness says of the checkpoint; none if it is not the witness's.
pub(crate) fn read(key: &VerifyingKey, text: &[u8], signature: &[u8]) -> Option<Cosignature> {
    let (at, signature) = signature.split_first_chunk::<8>()?;
    let at = u64::from_be_bytes(*at);
    let known = i64::try_from(at).is_ok() && key.has_signed(&message(at, text), signature);
    known.then(|| Cosignature { witness: key.label(), at })
}

fn message(at: u64, text: &[u8]) -> Vec<u8> {
    [format!("cosignature/v1\ntime {at}\n").as_bytes(), text].concat()
}
