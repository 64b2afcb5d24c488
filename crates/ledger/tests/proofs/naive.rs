//! The tree once more, as RFC 6962, section 2.1, defines it: by recursion over all leaves.

use hearsay_ledger::{EMPTY_ROOT, Edge, Hash, KnownHashes, Node, leaf_hash, node_hash};

/// Leaves that differ from one another.
pub(crate) fn leaves(count: u64) -> Vec<Hash> {
    (0..count).map(|number| leaf_hash(format!("event {number}").as_bytes())).collect()
}

pub(crate) fn root(leaves: &[Hash]) -> Hash {
    match leaves {
        [] => EMPTY_ROOT,
        [leaf] => *leaf,
        _ => {
            let (left, right) = leaves.split_at(split(leaves.len()));
            node_hash(root(left), root(right))
        }
    }
}

/// PATH(m, D\[n\]).
pub(crate) fn path(index: usize, leaves: &[Hash]) -> Vec<Hash> {
    if leaves.len() == 1 {
        return Vec::new();
    }
    let at = split(leaves.len());
    let (left, right) = leaves.split_at(at);
    let (mut below, beside) =
        if index < at { (path(index, left), root(right)) } else { (path(index - at, right), root(left)) };
    below.push(beside);
    below
}

/// PROOF(m, D\[n\]).
pub(crate) fn consistency(old: usize, leaves: &[Hash]) -> Vec<Hash> {
    subproof(old, leaves, true)
}

fn subproof(old: usize, leaves: &[Hash], is_whole: bool) -> Vec<Hash> {
    if old == leaves.len() {
        return if is_whole { Vec::new() } else { vec![root(leaves)] };
    }
    let at = split(leaves.len());
    let (left, right) = leaves.split_at(at);
    let (mut below, beside) = if old <= at {
        (subproof(old, left, is_whole), root(right))
    } else {
        (subproof(old - at, right, false), root(left))
    };
    below.push(beside);
    below
}

/// The largest power of two below a size.
fn split(size: usize) -> usize {
    size.next_power_of_two() / 2
}

/// All hashes of a tree that grew leaf by leaf, and its edge.
pub(crate) fn grown(leaves: &[Hash]) -> (KnownHashes, Edge) {
    let (mut known, mut edge) = (KnownHashes::new(), Edge::default());
    for (position, leaf) in (0..).zip(leaves) {
        known.insert(Node { level: 0, position }, *leaf);
        edge.append(*leaf, |node, hash| assert!(known.insert(node, hash).is_none(), "{node:?} twice"));
    }
    (known, edge)
}
