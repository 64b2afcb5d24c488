//! Ed25519 keys, and their texts (C2SP signed-note; key type 0x04 of tlog-cosignature).
//! Invariant: a signing key is never shown but by [`SigningKey::to_secret_text`].

use std::fmt;

use base64::prelude::*;
use ed25519_dalek::Signer as _;
use signed_note::{Signer, Verifier};

use crate::LedgerError;

/// How long a key's text may be.
const LONGEST: usize = 1_024;

/// What a signing key's text begins with.
const PRIVATE: &str = "PRIVATE+KEY+";

/// What a key vouches with.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum KeyKind {
    /// A log's own signature.
    Log,
    /// A witness's cosignature, with its time.
    Witness,
}

impl KeyKind {
    fn algorithm(self) -> u8 {
        match self {
            Self::Log => 1,
            Self::Witness => 4,
        }
    }
}

/// A key that signs. Its owner keeps it secret.
#[derive(Clone)]
pub struct SigningKey {
    name: String,
    key: ed25519_dalek::SigningKey,
}

impl SigningKey {
    /// A key of that name, from 32 bytes that nobody can guess.
    pub fn new(name: &str, seed: &[u8; 32]) -> Result<Self, LedgerError> {
        check_name(name)?;
        Ok(Self { name: name.to_owned(), key: ed25519_dalek::SigningKey::from_bytes(seed) })
    }

    /// Reads `PRIVATE+KEY+name+id+data`, as signed-note libraries write it.
    pub fn parse(text: &str) -> Result<Self, LedgerError> {
        let parts = Parts::read("signing key", text, PRIVATE)?;
        let seed: [u8; 32] = parts.bytes(KeyKind::Log)?;
        let key = Self::new(parts.name, &seed)?;
        if key.verifying(KeyKind::Log).id == parts.id { Ok(key) } else { Err(parts.refused(OTHER_ID)) }
    }

    /// The key's text, secret part and all: for the key's own file, and for nothing else.
    pub fn to_secret_text(&self) -> String {
        let id = self.verifying(KeyKind::Log).id;
        let data = [&[KeyKind::Log.algorithm()], self.key.to_bytes().as_slice()].concat();
        format!("{PRIVATE}{}+{id:08x}+{}", self.name, BASE64_STANDARD.encode(data))
    }

    /// The key that checks what this one signs.
    pub fn verifying(&self, kind: KeyKind) -> VerifyingKey {
        VerifyingKey::new(&self.name, kind, self.key.verifying_key())
    }

    /// The name under which it signs.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The Ed25519 signature of some bytes.
    pub(crate) fn sign(&self, message: &[u8]) -> [u8; 64] {
        self.key.sign(message).to_bytes()
    }
}

impl fmt::Debug for SigningKey {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "SigningKey({})", self.verifying(KeyKind::Log).label())
    }
}

/// A key that checks signatures. For everybody.
#[derive(Clone, PartialEq, Eq)]
pub struct VerifyingKey {
    name: String,
    kind: KeyKind,
    id: u32,
    key: ed25519_dalek::VerifyingKey,
}

impl VerifyingKey {
    fn new(name: &str, kind: KeyKind, key: ed25519_dalek::VerifyingKey) -> Self {
        let data = [&[kind.algorithm()], key.to_bytes().as_slice()].concat();
        Self { name: name.to_owned(), kind, id: signed_note::key_id(name, &data), key }
    }

    /// Reads `name+id+data`, of a log or of a witness.
    pub fn parse(text: &str) -> Result<Self, LedgerError> {
        let parts = Parts::read("verifying key", text, "")?;
        let kind = if parts.data.first() == Some(&KeyKind::Witness.algorithm()) {
            KeyKind::Witness
        } else {
            KeyKind::Log
        };
        let bytes: [u8; 32] = parts.bytes(kind)?;
        let key = ed25519_dalek::VerifyingKey::from_bytes(&bytes)
            .map_err(|_| parts.refused("its bytes are no Ed25519 key"))?;
        let key = Self::new(parts.name, kind, key);
        if key.id == parts.id { Ok(key) } else { Err(parts.refused(OTHER_ID)) }
    }

    /// The key's text, for everybody.
    pub fn to_text(&self) -> String {
        let data = [&[self.kind.algorithm()], self.key.to_bytes().as_slice()].concat();
        format!("{}+{:08x}+{}", self.name, self.id, BASE64_STANDARD.encode(data))
    }

    /// The name under which it signs: of a log's key, the log's origin.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The id that goes with the name in a note.
    pub fn id(&self) -> u32 {
        self.id
    }

    /// What it vouches with.
    pub fn kind(&self) -> KeyKind {
        self.kind
    }

    /// Name and id, to tell it from others.
    pub fn label(&self) -> String {
        format!("{}+{:08x}", self.name, self.id)
    }

    /// Whether it is a signature of those bytes.
    pub(crate) fn has_signed(&self, message: &[u8], signature: &[u8]) -> bool {
        ed25519_dalek::Signature::from_slice(signature)
            .is_ok_and(|signature| self.key.verify_strict(message, &signature).is_ok())
    }
}

impl fmt::Debug for VerifyingKey {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "VerifyingKey({})", self.to_text())
    }
}

/// A log's signature, for the library that writes notes.
impl Signer for SigningKey {
    fn name(&self) -> &str {
        &self.name
    }

    fn key_id(&self) -> u32 {
        self.verifying(KeyKind::Log).id
    }

    fn sign(&self, message: &[u8]) -> Result<Vec<u8>, signature::Error> {
        Ok(SigningKey::sign(self, message).to_vec())
    }
}

/// A log's signature, for the library that reads notes.
impl Verifier for VerifyingKey {
    fn name(&self) -> &str {
        &self.name
    }

    fn key_id(&self) -> u32 {
        self.id
    }

    fn verify(&self, message: &[u8], signature: &[u8]) -> bool {
        match self.kind {
            KeyKind::Log => self.has_signed(message, signature),
            KeyKind::Witness => crate::cosignature::read(self, message, signature).is_some(),
        }
    }
}

const OTHER_ID: &str = "its id is of another name or key";

/// A key's text, taken apart.
struct Parts<'a> {
    what: &'static str,
    name: &'a str,
    id: u32,
    data: Vec<u8>,
}

impl<'a> Parts<'a> {
    fn read(what: &'static str, text: &'a str, prefix: &str) -> Result<Self, LedgerError> {
        LedgerError::check_length(what, text.as_bytes(), LONGEST)?;
        let refused = |why| LedgerError::Malformed { what, why };
        let form = "it has to be a name, an id of eight hexadecimal digits and base64, joined by `+`";
        let rest = text.strip_prefix(prefix).ok_or(refused("it has to begin with `PRIVATE+KEY+`"))?;
        let (name, rest) = rest.split_once('+').ok_or(refused(form))?;
        let (id, data) = rest.split_once('+').ok_or(refused(form))?;
        let is_hex = |byte: u8| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte);
        if id.len() != 8 || !id.bytes().all(is_hex) {
            return Err(refused(form));
        }
        let id = u32::from_str_radix(id, 16).map_err(|_| refused(form))?;
        check_name(name)?;
        Ok(Self { what, name, id, data: BASE64_STANDARD.decode(data).map_err(|_| refused(form))? })
    }

    /// The key's bytes, which follow the byte that tells its kind.
    fn bytes(&self, kind: KeyKind) -> Result<[u8; 32], LedgerError> {
        match self.data.split_first() {
            Some((algorithm, bytes)) if *algorithm == kind.algorithm() => {
                bytes.try_into().map_err(|_| self.refused("it has to have 32 bytes"))
            }
            Some(_) | None => Err(self.refused("it is of a kind that is not known here")),
        }
    }

    fn refused(&self, why: &'static str) -> LedgerError {
        LedgerError::Malformed { what: self.what, why }
    }
}

fn check_name(name: &str) -> Result<(), LedgerError> {
    if signed_note::is_key_name_valid(name) && !name.chars().any(char::is_control) {
        Ok(())
    } else {
        Err(LedgerError::KeyName { name: name.to_owned() })
    }
}
