//! The tree's nodes, and the right edge that leaves are appended to.
//! Invariant: an edge holds one hash for each bit of its size, so that appending needs nothing else.

use crate::hash::{EMPTY_ROOT, Hash, node_hash};

/// A node over a full subtree: `2^level` leaves, from leaf `position * 2^level` on.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct Node {
    /// 0 for a leaf.
    pub level: u8,
    /// The node's place on its level, from 0.
    pub position: u64,
}

impl Node {
    /// The first leaf below it.
    pub fn first_leaf(self) -> u64 {
        self.position << self.level
    }

    /// How many leaves lie below it.
    pub fn width(self) -> u64 {
        1 << self.level
    }

    /// Its number where nodes are kept in the order in which they are completed, leaves included.
    pub fn number(self) -> u64 {
        tlog_tiles::stored_hash_index(self.level, self.position)
    }

    /// The node that [`Node::number`] gives that number.
    pub fn of_number(number: u64) -> Self {
        let (level, position) = tlog_tiles::split_stored_hash_index(number);
        Self { level, position }
    }

    /// The full subtrees that a tree of that size consists of, the largest first.
    pub fn edge_of(size: u64) -> Vec<Self> {
        let mut nodes = Vec::new();
        let mut from = 0;
        for level in (0..64).rev() {
            let width = 1 << level;
            if size & width != 0 {
                nodes.push(Self { level, position: from >> level });
                from += width;
            }
        }
        nodes
    }
}

/// The right edge of a tree: the roots of the full subtrees that it consists of.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Edge {
    size: u64,
    /// The largest subtree's root first.
    roots: Vec<Hash>,
}

impl Edge {
    /// The edge of a tree of that size, from the hashes of [`Node::edge_of`]; none if they are not as many.
    pub fn of(size: u64, roots: Vec<Hash>) -> Option<Self> {
        (roots.len() == size.count_ones() as usize).then_some(Self { size, roots })
    }

    /// How many leaves the tree has.
    pub fn size(&self) -> u64 {
        self.size
    }

    /// The tree's root.
    pub fn root(&self) -> Hash {
        let mut from_right = self.roots.iter().rev().copied();
        let Some(last) = from_right.next() else { return EMPTY_ROOT };
        from_right.fold(last, |right, left| node_hash(left, right))
    }

    /// Appends a leaf by its hash, and tells the nodes above it that it completes, from the lowest.
    pub fn append(&mut self, leaf: Hash, completes: impl FnMut(Node, Hash)) {
        self.append_subtree(0, leaf, completes);
    }

    /// Appends `2^level` leaves by the root of their full subtree, as [`Edge::append`] does one. The tree's size has to
    /// be a multiple of theirs: else the result is the edge of no tree.
    pub fn append_subtree(&mut self, level: u8, root: Hash, mut completes: impl FnMut(Node, Hash)) {
        let mut node = Node { level, position: self.size >> level };
        let mut hash = root;
        while node.position & 1 == 1
            && let Some(left) = self.roots.pop()
        {
            hash = node_hash(left, hash);
            node = Node { level: node.level + 1, position: node.position >> 1 };
            completes(node, hash);
        }
        self.roots.push(hash);
        self.size += 1 << level;
    }

    /// The edge of this tree once the leaves of another, smaller than this one's smallest subtree, have followed.
    #[must_use]
    pub fn joined(&self, right: &Self) -> Self {
        Self { size: self.size + right.size, roots: [self.roots.as_slice(), &right.roots].concat() }
    }
}
