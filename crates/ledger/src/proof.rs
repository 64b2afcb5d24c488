//! Proofs of inclusion and of consistency (RFC 6962, sections 2.1.1 and 2.1.2), made of O(log n) hashes.

use std::cell::RefCell;
use std::collections::HashMap;

use crate::LedgerError;
use crate::hash::{EMPTY_ROOT, Hash};
use crate::tree::Node;

/// Gives hashes of nodes over full subtrees.
pub trait ReadHashes {
    /// The hashes of those nodes, in their order.
    fn read(&self, nodes: &[Node]) -> Result<Vec<Hash>, LedgerError>;
}

/// Hashes that are at hand.
pub type KnownHashes = HashMap<Node, Hash>;

impl ReadHashes for KnownHashes {
    fn read(&self, nodes: &[Node]) -> Result<Vec<Hash>, LedgerError> {
        nodes.iter().map(|node| self.get(node).copied().ok_or_else(|| missing(*node))).collect()
    }
}

fn missing(node: Node) -> LedgerError {
    LedgerError::HashMissing { from: node.first_leaf(), width: node.width() }
}

/// That a log of `size` events has an event at `index`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Inclusion {
    /// The event's position, from 0.
    pub index: u64,
    /// The size of the log.
    pub size: u64,
    /// From the leaf's sibling up.
    pub hashes: Vec<Hash>,
}

/// That a log of `new` events begins with the log of `old` events.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Consistency {
    /// The older size, 1 at least.
    pub old: u64,
    /// The newer size.
    pub new: u64,
    /// In the order of RFC 6962.
    pub hashes: Vec<Hash>,
}

impl Inclusion {
    /// Checks that the log with that root has that leaf at this place.
    pub fn verify(&self, leaf: Hash, root: Hash) -> Result<(), LedgerError> {
        let Self { index, size, hashes } = self;
        if index >= size {
            return Err(LedgerError::NoSuchLeaf { index: *index, size: *size });
        }
        tlog_tiles::check_record(&theirs(hashes), *size, tlog_tiles::Hash(root), *index, tlog_tiles::Hash(leaf))
            .map_err(|_| LedgerError::NotIncluded)
    }
}

impl Consistency {
    /// Checks that the log with the newer root begins with the log with the older one.
    pub fn verify(&self, old_root: Hash, new_root: Hash) -> Result<(), LedgerError> {
        let Self { old, new, hashes } = self;
        check_prefix(*old, *new)?;
        let (old_root, new_root) = (tlog_tiles::Hash(old_root), tlog_tiles::Hash(new_root));
        tlog_tiles::check_tree(&theirs(hashes), *new, new_root, *old, old_root)
            .map_err(|_| LedgerError::NotConsistent { old: *old, new: *new })
    }
}

/// The root of the log of that size.
pub fn root(size: u64, hashes: &impl ReadHashes) -> Result<Hash, LedgerError> {
    if size == 0 {
        return Ok(EMPTY_ROOT);
    }
    Asking::new(hashes).ends(|asking| tlog_tiles::tree_hash(size, asking)).map(|hash| hash.0)
}

/// Proves that a log of `size` events has the one at `index` (from 0).
pub fn prove_inclusion(size: u64, index: u64, hashes: &impl ReadHashes) -> Result<Inclusion, LedgerError> {
    if index >= size {
        return Err(LedgerError::NoSuchLeaf { index, size });
    }
    let proof = Asking::new(hashes).ends(|asking| tlog_tiles::prove_record(size, index, asking))?;
    Ok(Inclusion { index, size, hashes: ours(proof) })
}

/// Proves that a log of `new` events begins with that of `old` events.
pub fn prove_consistency(old: u64, new: u64, hashes: &impl ReadHashes) -> Result<Consistency, LedgerError> {
    check_prefix(old, new)?;
    let proof = Asking::new(hashes).ends(|asking| tlog_tiles::prove_tree(new, old, asking))?;
    Ok(Consistency { old, new, hashes: ours(proof) })
}

/// The nodes that some work on a tree reads: for whoever has to fetch them before, in one go.
pub fn wanted<T>(work: impl FnOnce(&Recorder) -> Result<T, LedgerError>) -> Result<Vec<Node>, LedgerError> {
    let recorder = Recorder::default();
    work(&recorder)?;
    Ok(recorder.nodes.into_inner())
}

/// Gives nothing of use, and keeps what it was asked for.
#[derive(Default)]
pub struct Recorder {
    nodes: RefCell<Vec<Node>>,
}

impl ReadHashes for Recorder {
    fn read(&self, nodes: &[Node]) -> Result<Vec<Hash>, LedgerError> {
        self.nodes.borrow_mut().extend_from_slice(nodes);
        Ok(vec![EMPTY_ROOT; nodes.len()])
    }
}

/// A tree of no leaves is the beginning of every log, and proves nothing.
fn check_prefix(old: u64, new: u64) -> Result<(), LedgerError> {
    if (1..=new).contains(&old) { Ok(()) } else { Err(LedgerError::NoSuchPrefix { old, new }) }
}

fn theirs(hashes: &[Hash]) -> Vec<tlog_tiles::Hash> {
    hashes.iter().map(|hash| tlog_tiles::Hash(*hash)).collect()
}

fn ours(hashes: Vec<tlog_tiles::Hash>) -> Vec<Hash> {
    hashes.into_iter().map(|hash| hash.0).collect()
}

/// Our reader as the library wants it; keeps the error, which the library's own can't carry.
struct Asking<'a, R> {
    reader: &'a R,
    failed: RefCell<Option<LedgerError>>,
}

impl<'a, R: ReadHashes> Asking<'a, R> {
    fn new(reader: &'a R) -> Self {
        Self { reader, failed: RefCell::new(None) }
    }

    fn ends<T>(self, work: impl FnOnce(&Self) -> Result<T, tlog_tiles::Error>) -> Result<T, LedgerError> {
        let ended = work(&self);
        let failed = self.failed.into_inner();
        ended.map_err(|_| failed.unwrap_or(LedgerError::NotIncluded))
    }
}

impl<R: ReadHashes> tlog_tiles::HashReader for Asking<'_, R> {
    fn read_hashes(&self, indexes: &[u64]) -> Result<Vec<tlog_tiles::Hash>, tlog_tiles::Error> {
        let nodes: Vec<Node> = indexes.iter().map(|number| Node::of_number(*number)).collect();
        let read = self.reader.read(&nodes).and_then(|hashes| {
            if hashes.len() == nodes.len() {
                Ok(hashes)
            } else {
                Err(missing(nodes[hashes.len().min(nodes.len() - 1)]))
            }
        });
        match read {
            Ok(hashes) => Ok(theirs(&hashes)),
            Err(error) => {
                *self.failed.borrow_mut() = Some(error);
                Err(tlog_tiles::Error::IndexesNotInTree)
            }
        }
    }
}
