//! Checkpoints with their signatures (C2SP signed-note).

use signed_note::{Note, NoteError, Signature, Signer, Verifier};

use crate::cosignature::{self, Cosigner};
use crate::{Checkpoint, Cosignature, CosignatureLine, KeyKind, LedgerError, SigningKey, VerifyingKey};

/// How long a signed checkpoint may be: room for a hundred signatures.
const LONGEST: usize = 64 * 1024;

/// A checkpoint, and who signed it. What it says is to be believed only after [`SignedCheckpoint::verify`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SignedCheckpoint {
    checkpoint: Checkpoint,
    text: String,
}

impl SignedCheckpoint {
    /// Signs a checkpoint with the key of its log, which bears the log's origin as its name.
    pub fn sign(checkpoint: Checkpoint, key: &SigningKey) -> Result<Self, LedgerError> {
        if key.name() != checkpoint.origin() {
            let (found, expected) = (checkpoint.origin().to_owned(), key.name().to_owned());
            return Err(LedgerError::OtherOrigin { found, expected });
        }
        let note = Note::new(checkpoint.to_text().as_bytes(), &[]).map_err(|error| malformed(&error))?;
        Self::add(note, checkpoint, key)
    }

    /// Reads a signed checkpoint, and nothing else. Its signatures are not looked at yet.
    pub fn parse(bytes: &[u8]) -> Result<Self, LedgerError> {
        let note = read(bytes)?;
        let text = std::str::from_utf8(note.text()).map_err(|_| NOT_UTF8)?;
        let checkpoint = Checkpoint::parse(text)?;
        Ok(Self { checkpoint, text: into_text(&note)? })
    }

    /// The same with the cosignature of a witness, made at `at` (seconds since 1970).
    pub fn cosign(&self, key: &SigningKey, at: u64) -> Result<Self, LedgerError> {
        Self::add(read(self.text.as_bytes())?, self.checkpoint.clone(), &Cosigner { key, at })
    }

    fn add(mut note: Note, checkpoint: Checkpoint, signer: &dyn Signer) -> Result<Self, LedgerError> {
        note.add_sigs(&[signer]).map_err(|error| malformed(&error))?;
        Ok(Self { checkpoint, text: into_text(&note)? })
    }

    /// What it says.
    pub fn checkpoint(&self) -> &Checkpoint {
        &self.checkpoint
    }

    /// The note: the checkpoint's text, an empty line, and a line for each signature.
    pub fn to_text(&self) -> &str {
        &self.text
    }

    /// Checks that the log with that key has signed it; the checkpoint has to be of the key's own log.
    pub fn verify(&self, key: &VerifyingKey) -> Result<(), LedgerError> {
        if key.kind() == KeyKind::Log && key.name() != self.checkpoint.origin() {
            let (found, expected) = (self.checkpoint.origin().to_owned(), key.name().to_owned());
            return Err(LedgerError::OtherOrigin { found, expected });
        }
        let signature = self.signature_of(key)?;
        if key.verify(self.checkpoint.to_text().as_bytes(), signature.signature()) {
            Ok(())
        } else {
            Err(LedgerError::WrongSignature { key: key.label() })
        }
    }

    /// What that witness says of it.
    pub fn cosignature_of(&self, witness: &VerifyingKey) -> Result<Cosignature, LedgerError> {
        let signature = self.signature_of(witness)?;
        cosignature::read(witness, self.checkpoint.to_text().as_bytes(), signature.signature())
            .ok_or_else(|| LedgerError::WrongSignature { key: witness.label() })
    }

    /// What witnesses say of a checkpoint that the log with that key has signed, the first by each; refuses a note in which
    /// anybody else has signed, or nobody.
    pub fn cosignatures(
        &self,
        log: &VerifyingKey,
        witnesses: &[VerifyingKey],
    ) -> Result<Vec<CosignatureLine>, LedgerError> {
        self.verify(log)?;
        let mut found: Vec<CosignatureLine> = Vec::new();
        for signature in self.signatures()?.iter().filter(|signature| !is_by(signature, log)) {
            let Some(witness) = witnesses.iter().find(|witness| is_by(signature, witness)) else {
                return Err(LedgerError::UnknownWitness { key: label(signature) });
            };
            let said = cosignature::read(witness, self.checkpoint.to_text().as_bytes(), signature.signature());
            let Some(said) = said else { return Err(LedgerError::WrongSignature { key: witness.label() }) };
            if !found.iter().any(|one| one.witness == *witness) {
                let line = String::from_utf8(signature.to_bytes()).map_err(|_| NOT_UTF8)?;
                let line = line.trim_end().to_owned();
                found.push(CosignatureLine { witness: witness.clone(), at: said.at, line });
            }
        }
        if found.is_empty() { Err(LedgerError::NotCosigned) } else { Ok(found) }
    }

    /// The same with one more signature, as the line that it is in another note of the same checkpoint.
    pub fn with_line(&self, line: &str) -> Result<Self, LedgerError> {
        Self::parse(format!("{}{line}\n", self.text).as_bytes())
    }

    /// Names and ids of the keys that are said to have signed it.
    pub fn signers(&self) -> Result<Vec<String>, LedgerError> {
        Ok(self.signatures()?.iter().map(label).collect())
    }

    fn signature_of(&self, key: &VerifyingKey) -> Result<Signature, LedgerError> {
        self.signatures()?
            .into_iter()
            .find(|signature| is_by(signature, key))
            .ok_or_else(|| LedgerError::NotSigned { key: key.label() })
    }

    fn signatures(&self) -> Result<Vec<Signature>, LedgerError> {
        let (_, lines) = self.text.rsplit_once("\n\n").ok_or(NO_SIGNATURES)?;
        lines
            .lines()
            .map(|line| Signature::from_bytes(line.as_bytes()).map_err(|error| malformed(&error)))
            .collect()
    }
}

fn is_by(signature: &Signature, key: &VerifyingKey) -> bool {
    signature.name() == key.name() && signature.id() == key.id()
}

fn label(signature: &Signature) -> String {
    format!("{}+{:08x}", signature.name(), signature.id())
}

const NOT_UTF8: LedgerError = LedgerError::Malformed { what: "signed note", why: "it is not UTF-8" };

const NO_SIGNATURES: LedgerError = LedgerError::Malformed {
    what: "signed note",
    why: "its text has to be followed by an empty line and signatures",
};

/// Reads a note that is written as this crate writes it: what is kept of it is byte for byte what came.
fn read(bytes: &[u8]) -> Result<Note, LedgerError> {
    LedgerError::check_length("signed note", bytes, LONGEST)?;
    std::str::from_utf8(bytes).map_err(|_| NOT_UTF8)?;
    let note = Note::from_bytes(bytes).map_err(|error| malformed(&error))?;
    if note.to_bytes() == bytes {
        Ok(note)
    } else {
        Err(LedgerError::Malformed { what: "signed note", why: "it is not written plainly" })
    }
}

fn into_text(note: &Note) -> Result<String, LedgerError> {
    String::from_utf8(note.to_bytes()).map_err(|_| NOT_UTF8)
}

fn malformed(error: &NoteError) -> LedgerError {
    match error {
        NoteError::InvalidSigner => {
            LedgerError::Malformed { what: "signed note", why: "a signer's name can be no key's name" }
        }
        NoteError::MalformedNote
        | NoteError::InvalidSignature { .. }
        | NoteError::MismatchedVerifier
        | NoteError::UnverifiedNote
        | NoteError::VerificationError(_)
        | NoteError::SignatureError(_) => NO_SIGNATURES,
    }
}
