//! Trees of all sizes to 1,024: roots, proofs, what a proof reads, and that a changed bit is refused.

use std::cell::Cell;

use hearsay_ledger::{
    Consistency, EMPTY_ROOT, Edge, Hash, Inclusion, KnownHashes, LedgerError, Node, ReadHashes, prove_consistency,
    prove_inclusion, root, wanted,
};
use proptest::prelude::*;

use crate::naive;

const SIZES: u64 = 1_024;

/// Counts what is read.
struct Counting<'a>(&'a KnownHashes, Cell<usize>);

impl ReadHashes for Counting<'_> {
    fn read(&self, nodes: &[Node]) -> Result<Vec<Hash>, LedgerError> {
        self.1.set(self.1.get() + nodes.len());
        self.0.read(nodes)
    }
}

#[test]
fn every_size_has_the_root_of_the_definition() {
    let leaves = naive::leaves(SIZES);
    let (known, _) = naive::grown(&leaves);
    let mut edge = Edge::default();
    assert_eq!(root(0, &known).unwrap(), EMPTY_ROOT);
    for size in 0..=SIZES {
        let expected = naive::root(&leaves[..usize::try_from(size).unwrap()]);
        assert_eq!(edge.root(), expected, "the edge's root at {size}");
        assert_eq!(root(size, &known).unwrap(), expected, "the root at {size}");
        let roots = known.read(&Node::edge_of(size)).unwrap();
        assert_eq!(Edge::of(size, roots).unwrap(), edge, "the edge read at {size}");
        if let Some(leaf) = leaves.get(usize::try_from(size).unwrap()) {
            edge.append(*leaf, |_, _| {});
        }
    }
}

#[test]
fn every_event_of_every_size_is_proved_as_the_definition_has_it() {
    let leaves = naive::leaves(SIZES);
    let (known, _) = naive::grown(&leaves);
    for size in (1..=130).chain([255, 256, 257, 511, 777, 1_023, 1_024]) {
        let some = &leaves[..usize::try_from(size).unwrap()];
        let tree_root = naive::root(some);
        for index in 0..size {
            let at = usize::try_from(index).unwrap();
            let proof = prove_inclusion(size, index, &known).unwrap();
            assert_eq!(proof.hashes, naive::path(at, some), "event {index} of {size}");
            proof.verify(some[at], tree_root).unwrap();
        }
    }
}

#[test]
fn every_size_proves_its_first_and_last_event_and_one_between() {
    let leaves = naive::leaves(SIZES);
    let (known, _) = naive::grown(&leaves);
    for size in 1..=SIZES {
        let tree_root = root(size, &known).unwrap();
        for index in [0, size * 5 / 8, size - 1] {
            let counting = Counting(&known, Cell::new(0));
            let proof = prove_inclusion(size, index, &counting).unwrap();
            proof.verify(leaves[usize::try_from(index).unwrap()], tree_root).unwrap();
            assert!(counting.1.get() <= 20, "{} hashes read for event {index} of {size}", counting.1.get());
        }
    }
}

#[test]
fn every_size_goes_on_from_earlier_ones() {
    let leaves = naive::leaves(SIZES);
    let (known, _) = naive::grown(&leaves);
    for new in 1..=SIZES {
        let some = &leaves[..usize::try_from(new).unwrap()];
        let new_root = root(new, &known).unwrap();
        let olds = [1, new / 3, new / 2, new.next_power_of_two() / 2, new - 1, new];
        for old in olds.into_iter().filter(|old| *old > 0).chain(if new <= 66 { 1..=new } else { 1..=1 }) {
            let proof = prove_consistency(old, new, &known).unwrap();
            let at = usize::try_from(old).unwrap();
            assert_eq!(proof.hashes, naive::consistency(at, some), "{old} to {new}");
            proof.verify(root(old, &known).unwrap(), new_root).unwrap();
        }
    }
}

#[test]
fn what_a_proof_will_read_is_known_before() {
    let (known, _) = naive::grown(&naive::leaves(777));
    let nodes = wanted(|reader| prove_inclusion(777, 300, reader)).unwrap();
    let only: KnownHashes = nodes.iter().map(|node| (*node, known[node])).collect();
    assert_eq!(prove_inclusion(777, 300, &only).unwrap(), prove_inclusion(777, 300, &known).unwrap());
    let nodes = wanted(|reader| prove_consistency(300, 777, reader)).unwrap();
    let only: KnownHashes = nodes.iter().map(|node| (*node, known[node])).collect();
    assert_eq!(prove_consistency(300, 777, &only).unwrap(), prove_consistency(300, 777, &known).unwrap());
}

#[test]
fn a_hash_that_is_missing_is_named() {
    let (mut known, _) = naive::grown(&naive::leaves(8));
    known.remove(&Node { level: 2, position: 1 });
    let error = prove_inclusion(8, 0, &known).unwrap_err();
    assert_eq!(error, LedgerError::HashMissing { from: 4, width: 4 });
}

#[test]
fn what_cannot_be_proved_is_refused() {
    let (known, _) = naive::grown(&naive::leaves(8));
    assert_eq!(prove_inclusion(8, 8, &known).unwrap_err(), LedgerError::NoSuchLeaf { index: 8, size: 8 });
    assert_eq!(prove_consistency(0, 8, &known).unwrap_err(), LedgerError::NoSuchPrefix { old: 0, new: 8 });
    assert_eq!(prove_consistency(9, 8, &known).unwrap_err(), LedgerError::NoSuchPrefix { old: 9, new: 8 });
}

#[test]
fn a_tree_grows_by_whole_subtrees_as_by_leaves() {
    let leaves = naive::leaves(1_000);
    let (known, whole) = naive::grown(&leaves);
    let mut edge = Edge::default();
    for full in leaves[..960].chunks(64) {
        let (_, below) = naive::grown(full);
        edge.append_subtree(6, below.root(), |node, hash| assert_eq!(known[&node], hash));
    }
    let (_, rest) = naive::grown(&leaves[960..]);
    assert_eq!(edge.joined(&rest), whole);
    assert_eq!(Edge::default().joined(&whole), whole);
}

/// Flips one bit of one hash.
fn flipped(hashes: &[Hash], bit: usize) -> Vec<Hash> {
    let mut changed = hashes.to_vec();
    let at = bit % (hashes.len() * 256);
    changed[at / 256][at % 256 / 8] ^= 1 << (at % 8);
    changed
}

proptest! {
    #[test]
    fn a_changed_bit_is_refused(size in 2_u64..1_025, place in any::<prop::sample::Index>(), bit in any::<usize>()) {
        let leaves = naive::leaves(size);
        let (known, edge) = naive::grown(&leaves);
        let index = place.index(leaves.len());
        let leaf = leaves[index];
        let proof = prove_inclusion(size, u64::try_from(index).unwrap(), &known).unwrap();
        prop_assert!(proof.verify(leaf, edge.root()).is_ok());
        let other = Inclusion { hashes: flipped(&proof.hashes, bit), ..proof.clone() };
        prop_assert!(other.verify(leaf, edge.root()).is_err());
        prop_assert!(proof.verify(flipped(&[leaf], bit)[0], edge.root()).is_err());
        prop_assert!(proof.verify(leaf, flipped(&[edge.root()], bit)[0]).is_err());
        let mut shorter = proof.clone();
        shorter.hashes.pop();
        prop_assert!(shorter.verify(leaf, edge.root()).is_err());
        let mut longer = proof.clone();
        longer.hashes.push(leaf);
        prop_assert!(longer.verify(leaf, edge.root()).is_err());
        let elsewhere = Inclusion { index: (proof.index + 1) % size, ..proof };
        prop_assert!(elsewhere.verify(leaf, edge.root()).is_err());
    }

    #[test]
    fn a_rewritten_past_is_refused(new in 2_u64..1_025, from in any::<prop::sample::Index>(), bit in any::<usize>()) {
        let leaves = naive::leaves(new);
        let (known, edge) = naive::grown(&leaves);
        let old = u64::try_from(from.index(leaves.len())).unwrap() + 1;
        let old_root = root(old, &known).unwrap();
        let proof = prove_consistency(old, new, &known).unwrap();
        prop_assert!(proof.verify(old_root, edge.root()).is_ok());
        prop_assert!(proof.verify(flipped(&[old_root], bit)[0], edge.root()).is_err());
        if old < new {
            let other = Consistency { hashes: flipped(&proof.hashes, bit), ..proof.clone() };
            prop_assert!(other.verify(old_root, edge.root()).is_err());
            let mut rewritten = leaves.clone();
            rewritten[from.index(leaves.len())] = EMPTY_ROOT;
            let (theirs, forked) = naive::grown(&rewritten);
            let theirs = prove_consistency(old, new, &theirs).unwrap();
            prop_assert!(theirs.verify(old_root, forked.root()).is_err());
        }
    }

    #[test]
    fn a_node_has_one_number(level in 0_u8..40, position in 0_u64..1_000_000) {
        let node = Node { level, position };
        prop_assert_eq!(Node::of_number(node.number()), node);
        prop_assert_eq!(node.first_leaf() / node.width(), position);
    }

    #[test]
    fn proofs_from_anywhere_never_panic(
        index in any::<u64>(), size in any::<u64>(),
        hashes in prop::collection::vec(any::<[u8; 32]>(), 0..70), root in any::<[u8; 32]>(),
    ) {
        let proof = Inclusion { index, size, hashes: hashes.clone() };
        prop_assert!(proof.verify(root, root).is_err() || size == 1);
        let proof = Consistency { old: index, new: size, hashes };
        prop_assert!(proof.verify(root, [1; 32]).is_err());
    }
}
