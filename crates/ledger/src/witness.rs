//! What a witness is given, and whether it vouches for it (C2SP tlog-witness: the body of `add-checkpoint`).
//! Invariant: nothing is vouched for that does not go on from what was vouched for last.

use crate::{Consistency, EMPTY_ROOT, Hash, LedgerError, SignedCheckpoint, VerifyingKey, from_base64, to_base64};

/// How long a request may be.
const LONGEST: usize = 128 * 1024;

/// How many hashes a proof of consistency may have.
const MOST_HASHES: usize = 63;

/// A checkpoint, with the proof that it goes on from an older size.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WitnessRequest {
    old: u64,
    hashes: Vec<Hash>,
    signed: SignedCheckpoint,
}

/// Why a witness does not vouch for a checkpoint.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum WitnessRefusal {
    /// The request cannot be read, or its signature is not that of the log.
    #[error("{0}")]
    Ledger(#[from] LedgerError),
    /// The log has signed two roots for one size.
    #[error("the log has signed two different roots for {size} events: it is a fork")]
    TwoRoots {
        /// The size.
        size: u64,
    },
    /// The proof does not lead from what was seen last to this.
    #[error(
        "the log of {new} events that is signed here is not the continuation of the {old} events seen last: it is a fork, \
         or the proof is of another log"
    )]
    DoesNotGoOn {
        /// The size seen last.
        old: u64,
        /// The size that was given.
        new: u64,
    },
    /// Nothing is vouched for that is older than what was.
    #[error("{given} events are fewer than the {seen} seen last: a newer checkpoint is needed")]
    Older {
        /// The size that was given.
        given: u64,
        /// The size seen last.
        seen: u64,
    },
    /// The proof begins at another size than that seen last.
    #[error(
        "the proof has to begin at the {seen} events seen last: `hearsay audit prove --consistency {seen}` makes it"
    )]
    OtherStart {
        /// The size seen last.
        seen: u64,
    },
}

impl WitnessRefusal {
    /// Whether both sides are to be kept, because they contradict each other.
    pub fn is_fork(&self) -> bool {
        match self {
            Self::TwoRoots { .. } | Self::DoesNotGoOn { .. } => true,
            Self::Ledger(_) | Self::Older { .. } | Self::OtherStart { .. } => false,
        }
    }
}

impl WitnessRequest {
    /// A request that shows a proof, or nothing before the checkpoint (`old` 0).
    pub fn new(proof: Option<Consistency>, signed: SignedCheckpoint) -> Result<Self, LedgerError> {
        let Some(Consistency { old, new, hashes }) = proof else {
            return Ok(Self { old: 0, hashes: Vec::new(), signed });
        };
        if new != signed.checkpoint().size() {
            return Err(malformed("proof and checkpoint are of different sizes"));
        }
        Ok(Self { old, hashes, signed })
    }

    /// Reads a request, or a signed checkpoint by itself, and nothing else.
    pub fn parse(bytes: &[u8]) -> Result<Self, LedgerError> {
        LedgerError::check_length("request to a witness", bytes, LONGEST)?;
        let text = std::str::from_utf8(bytes).map_err(|_| malformed("it is not UTF-8"))?;
        if !text.starts_with("old ") {
            return Self::new(None, SignedCheckpoint::parse(bytes)?);
        }
        let (head, note) =
            text.split_once("\n\n").ok_or(malformed("it has no empty line before its checkpoint"))?;
        let mut lines = head.split('\n');
        let size = lines.next().and_then(|line| line.strip_prefix("old ")).unwrap_or_default();
        let old: u64 = size.parse().map_err(|_| malformed("its old size is no number"))?;
        if old.to_string() != size {
            return Err(malformed("its old size is not written plainly"));
        }
        let hashes: Vec<Hash> = lines.map(from_base64).collect::<Result<_, _>>()?;
        if hashes.len() > MOST_HASHES {
            return Err(malformed("it has more hashes than any tree is high"));
        }
        Ok(Self { old, hashes, signed: SignedCheckpoint::parse(note.as_bytes())? })
    }

    /// The request as a text.
    pub fn to_text(&self) -> String {
        let mut lines = vec![format!("old {}", self.old)];
        lines.extend(self.hashes.iter().map(to_base64));
        format!("{}\n\n{}", lines.join("\n"), self.signed.to_text())
    }

    /// The checkpoint.
    pub fn signed(&self) -> &SignedCheckpoint {
        &self.signed
    }

    /// Judges the checkpoint by the log's key and by what was vouched for last.
    pub fn judge(&self, log: &VerifyingKey, seen: Option<&SignedCheckpoint>) -> Result<(), WitnessRefusal> {
        self.signed.verify(log)?;
        let given = self.signed.checkpoint();
        if given.size() == 0 && given.root() != EMPTY_ROOT {
            return Err(malformed("a log without events has another root").into());
        }
        let Some(seen) = seen.map(SignedCheckpoint::checkpoint) else { return Ok(()) };
        if given.size() == seen.size() {
            let is_same = given.root() == seen.root();
            return if is_same { Ok(()) } else { Err(WitnessRefusal::TwoRoots { size: seen.size() }) };
        }
        if given.size() < seen.size() {
            return Err(WitnessRefusal::Older { given: given.size(), seen: seen.size() });
        }
        if seen.size() == 0 {
            return Ok(());
        }
        if self.old != seen.size() {
            return Err(WitnessRefusal::OtherStart { seen: seen.size() });
        }
        Consistency { old: self.old, new: given.size(), hashes: self.hashes.clone() }
            .verify(seen.root(), given.root())
            .map_err(|_| WitnessRefusal::DoesNotGoOn { old: seen.size(), new: given.size() })
    }
}

fn malformed(why: &'static str) -> LedgerError {
    LedgerError::Malformed { what: "request to a witness", why }
}
