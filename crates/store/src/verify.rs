//! Verifies everything that can be: the file, the whole log hashed anew, what was signed of it, texts, derived tables.

use std::collections::BTreeMap;

use hearsay_ledger::{Checkpoint, Hash, KeyKind, SignedCheckpoint, VerifyingKey};
use sqlx::Row;

use crate::cosigning::KeptCosignature;
use crate::error::Fault;
use crate::finding::Finding;
use crate::log_key::LogKey;
use crate::{Store, StoreError};

/// What is being verified.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Phase {
    /// SQLite's own check of the file.
    File,
    /// Every event hashed anew, the tree, the checkpoints.
    Hashes,
    /// What each event is filed under, and its texts.
    Events,
    /// Every derived table against a rebuild.
    Derived,
}

/// Is told what is being verified, how far it is, and of how much.
pub type PhaseProgress<'a> = &'a mut (dyn FnMut(Phase, u64, u64) + Send);

/// What a verification came to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Verified {
    /// How many events the log has.
    pub size: u64,
    /// The root of their tree.
    pub root: Hash,
    /// How many checkpoints were held against the log.
    pub checkpoints: usize,
    /// Of how many of them the signature could be checked: the others are of keys that are not at hand.
    pub signatures: usize,
    /// How many cosignatures of witnesses were held against their checkpoints.
    pub cosignatures: usize,
    /// What is wrong; nothing where all is well.
    pub findings: Vec<Finding>,
}

/// A checkpoint as it is stored.
struct StoredCheckpoint {
    origin: String,
    size: u64,
    root: Vec<u8>,
    note: String,
}

impl Store {
    /// Verifies the database. `own`: the key that signs its log, where it is at hand; `others`: further keys to check
    /// signatures with, of logs and of witnesses; where there is a witness's, cosignatures of all others are foreign.
    /// Events that come meanwhile are left to the next verification.
    pub async fn verify(
        &self,
        own: Option<&LogKey>,
        others: &[VerifyingKey],
        progress: PhaseProgress<'_>,
    ) -> Result<Verified, StoreError> {
        let last_signed = match own {
            Some(key) => key.lock().await?.1.map(|signed| signed.checkpoint().clone()),
            None => None,
        };
        let mut keys: Vec<VerifyingKey> = own.map(LogKey::verifying).into_iter().collect();
        for other in others {
            if !keys.contains(other) {
                keys.push(other.clone());
            }
        }
        self.verified(&keys, last_signed, progress).await.map_err(|fault| self.fault(fault))
    }

    async fn verified(
        &self,
        keys: &[VerifyingKey],
        last_signed: Option<Checkpoint>,
        progress: PhaseProgress<'_>,
    ) -> Result<Verified, Fault> {
        progress(Phase::File, 0, 1);
        let mut findings = self.integrity("PRAGMA integrity_check").await?;
        progress(Phase::File, 1, 1);
        let stored = self.stored_checkpoints().await?;
        let size = self.last_event().await?;
        let sizes: Vec<u64> =
            stored.iter().map(|one| one.size).chain(last_signed.iter().map(Checkpoint::size)).collect();
        let hashed = self.hash_log(size, &sizes, &mut |done, of| progress(Phase::Hashes, done, of)).await?;
        findings.extend(hashed.findings);
        let roots: BTreeMap<u64, Hash> = hashed.roots.into_iter().collect();
        let mut signatures = 0;
        for one in &stored {
            findings.extend(one.check(roots.get(&one.size), size, keys, &mut signatures));
        }
        findings.extend(check_numbers(&stored));
        let cosignatures = self.kept_cosignatures().await?;
        findings.extend(check_cosignatures(&cosignatures, &stored, keys));
        findings
            .extend(last_signed.and_then(|signed| check_last(&signed, &stored, size, roots.get(&signed.size()))));
        findings.extend(self.check_strays().await?);
        findings.extend(self.check_events(0..size, &mut |done, of| progress(Phase::Events, done, of)).await?);
        findings.extend(self.check_snapshots().await?);
        findings.extend(self.compare_derived(&mut |done, of| progress(Phase::Derived, done, of)).await?);
        Ok(Verified {
            size,
            root: hashed.root,
            checkpoints: stored.len(),
            signatures,
            cosignatures: cosignatures.len(),
            findings,
        })
    }

    async fn stored_checkpoints(&self) -> Result<Vec<StoredCheckpoint>, Fault> {
        let rows = sqlx::query("SELECT origin, size, root, note FROM checkpoints ORDER BY origin, size")
            .fetch_all(self.readers())
            .await?;
        let read = |row: &sqlx::sqlite::SqliteRow| -> Result<StoredCheckpoint, Fault> {
            Ok(StoredCheckpoint {
                origin: row.try_get(0)?,
                size: row.try_get::<i64, _>(1)?.unsigned_abs(),
                root: row.try_get(2)?,
                note: row.try_get(3)?,
            })
        };
        rows.iter().map(read).collect()
    }
}

impl StoredCheckpoint {
    /// What is wrong with it, given the log's root at its size.
    fn check(
        &self,
        root: Option<&Hash>,
        last: u64,
        keys: &[VerifyingKey],
        signatures: &mut usize,
    ) -> Vec<Finding> {
        let Self { size, origin, .. } = self;
        let mut findings = Vec::new();
        let mut wrong = |what: String| findings.push(Finding::of_table("checkpoints", what));
        let signed = match SignedCheckpoint::parse(self.note.as_bytes()) {
            Ok(signed) => signed,
            Err(error) => {
                wrong(format!("the checkpoint of {size} events cannot be read: {error}"));
                return findings;
            }
        };
        let said = signed.checkpoint();
        if said.origin() != origin || said.size() != *size || said.root() != self.root.as_slice() {
            wrong(format!("the checkpoint of {size} events is filed under what it does not say of itself"));
        }
        match root {
            Some(root) if *root == said.root() => {}
            Some(_) => wrong(format!(
                "the log's first {size} events are not those that the checkpoint of {size} events was signed of"
            )),
            None => wrong(format!("the checkpoint of {size} events is of more than the {last} that the log has")),
        }
        let mut checked = keys
            .iter()
            .filter(|key| key.kind() == KeyKind::Log && key.name() == origin)
            .map(|key| signed.verify(key));
        match checked.next() {
            Some(Err(error)) if !checked.any(|other| other.is_ok()) => {
                wrong(format!("the checkpoint of {size} events: {error}"));
            }
            Some(Ok(()) | Err(_)) => *signatures += 1,
            None => {}
        }
        findings
    }
}

/// Checkpoints that were signed and are there no more: each says of itself which of its log's it is.
fn check_numbers(stored: &[StoredCheckpoint]) -> Vec<Finding> {
    let mut findings = Vec::new();
    let (mut origin, mut next) = ("", 1);
    for one in stored {
        if one.origin != origin {
            (origin, next) = (&one.origin, 1);
        }
        let signed = SignedCheckpoint::parse(one.note.as_bytes()).ok();
        let number = signed.and_then(|signed| signed.checkpoint().number()).unwrap_or(next);
        if number != next {
            let size = one.size;
            findings.push(Finding::of_table(
                "checkpoints",
                format!(
                    "the checkpoint of {size} events has number {number} of `{origin}`, and {next} is expected in its \
                     place: what was signed before it is missing"
                ),
            ));
        }
        next = number.saturating_add(1);
    }
    findings
}

/// What is wrong with what witnesses said of the checkpoints.
fn check_cosignatures(
    cosignatures: &[KeptCosignature],
    stored: &[StoredCheckpoint],
    keys: &[VerifyingKey],
) -> Vec<Finding> {
    let witnesses: Vec<VerifyingKey> = keys.iter().filter(|key| key.kind() == KeyKind::Witness).cloned().collect();
    let notes: BTreeMap<_, _> =
        stored.iter().map(|kept| ((kept.origin.as_str(), kept.size), kept.note.as_bytes())).collect();
    let check = |one: &KeptCosignature| {
        let note = notes.get(&(one.origin.as_str(), one.size));
        let note = note.and_then(|note| SignedCheckpoint::parse(note).ok());
        one.check(note.as_ref(), &witnesses)
    };
    cosignatures.iter().filter_map(check).collect()
}

/// What is wrong with what the key signed last, by its own account.
fn check_last(
    signed: &Checkpoint,
    stored: &[StoredCheckpoint],
    last: u64,
    root: Option<&Hash>,
) -> Option<Finding> {
    let size = signed.size();
    let is_kept = stored.iter().any(|one| one.size == size && one.origin == signed.origin());
    let wrong = match root {
        None => format!(
            "the log has {last} events, and its key has signed {size}: its end was cut off, or it was restored to an \
             older state"
        ),
        Some(root) if *root != signed.root() => {
            format!("the log's first {size} events are not those that its key signed last")
        }
        Some(_) if !is_kept => {
            format!(
                "the checkpoint of {size} events, which the key signed last, is missing; signing anew brings it back"
            )
        }
        Some(_) => return None,
    };
    Some(Finding::of_table("checkpoints", wrong))
}
