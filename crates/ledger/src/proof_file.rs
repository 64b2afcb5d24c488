//! A proof that can be checked offline: a leaf's position, the hashes that lead to the root, and the signed checkpoint
//! (C2SP tlog-proof, version 1).

use crate::{Hash, Inclusion, LedgerError, SignedCheckpoint, VerifyingKey, from_base64, to_base64};

/// The first line.
const FIRST: &str = "c2sp.org/tlog-proof@v1";

/// How long a proof may be.
const LONGEST: usize = 128 * 1024;

/// How many hashes a proof may have: no tree is higher.
const MOST_HASHES: usize = 63;

/// A proof of inclusion with the checkpoint that it leads to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProofFile {
    index: u64,
    hashes: Vec<Hash>,
    signed: SignedCheckpoint,
}

impl ProofFile {
    /// A proof in the tree that the checkpoint is of.
    pub fn new(proof: Inclusion, signed: SignedCheckpoint) -> Result<Self, LedgerError> {
        if proof.size != signed.checkpoint().size() {
            return Err(malformed("proof and checkpoint are of different sizes"));
        }
        Ok(Self { index: proof.index, hashes: proof.hashes, signed })
    }

    /// Reads a proof, and nothing else. Nothing of it is checked yet. A line of extra data, which nothing vouches for, is
    /// not taken.
    pub fn parse(bytes: &[u8]) -> Result<Self, LedgerError> {
        LedgerError::check_length("proof", bytes, LONGEST)?;
        let text = std::str::from_utf8(bytes).map_err(|_| malformed("it is not UTF-8"))?;
        let (head, note) =
            text.split_once("\n\n").ok_or(malformed("it has no empty line before its checkpoint"))?;
        let mut lines = head.split('\n');
        if lines.next() != Some(FIRST) {
            return Err(malformed("its first line is not `c2sp.org/tlog-proof@v1`"));
        }
        let place = lines.next().unwrap_or_default();
        if place.starts_with("extra ") {
            return Err(malformed("it has extra data, which nothing vouches for"));
        }
        let place = place.strip_prefix("index ").ok_or(malformed("it does not say `index`"))?;
        let index: u64 = place.parse().map_err(|_| malformed("its index is no number"))?;
        if index.to_string() != place {
            return Err(malformed("its index is not written plainly"));
        }
        let hashes: Vec<Hash> = lines.map(from_base64).collect::<Result<_, _>>()?;
        if hashes.len() > MOST_HASHES {
            return Err(malformed("it has more hashes than any tree is high"));
        }
        Ok(Self { index, hashes, signed: SignedCheckpoint::parse(note.as_bytes())? })
    }

    /// The proof as a file's text.
    pub fn to_text(&self) -> String {
        let mut lines = vec![FIRST.to_owned(), format!("index {}", self.index)];
        lines.extend(self.hashes.iter().map(to_base64));
        format!("{}\n\n{}", lines.join("\n"), self.signed.to_text())
    }

    /// Checks that the log with that key has signed a tree that has that leaf at this place.
    pub fn verify(&self, leaf: Hash, key: &VerifyingKey) -> Result<(), LedgerError> {
        self.signed.verify(key)?;
        self.inclusion().verify(leaf, self.signed.checkpoint().root())
    }

    /// The leaf's position, from 0.
    pub fn index(&self) -> u64 {
        self.index
    }

    /// The proof by itself.
    pub fn inclusion(&self) -> Inclusion {
        let size = self.signed.checkpoint().size();
        Inclusion { index: self.index, size, hashes: self.hashes.clone() }
    }

    /// The checkpoint that it leads to.
    pub fn signed(&self) -> &SignedCheckpoint {
        &self.signed
    }
}

fn malformed(why: &'static str) -> LedgerError {
    LedgerError::Malformed { what: "proof", why }
}
