//! Independence groups on one claim: the registry's groups, tied together where an analyst linked original pieces.
//! Invariant: a link outlives a withdrawal or a strike of what it links.

use std::collections::{BTreeSet, HashMap};

use jiff::Timestamp;
use petgraph::unionfind::UnionFind;

use crate::{Claim, EvidenceId, Registry, SourceId};

/// A group on one claim, after links: an index that is equal exactly for pieces of one group.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub(crate) struct Group(usize);

/// The groups of one claim's sources.
pub(crate) struct Groups<'a> {
    registry: &'a Registry,
    index: HashMap<SourceId, usize>,
    tops: Vec<SourceId>,
    ties: UnionFind<usize>,
}

impl<'a> Groups<'a> {
    /// Reads the groups of all pieces and parties, then ties those that are linked.
    pub(crate) fn of(claim: &Claim, registry: &'a Registry) -> Self {
        let mut groups = Self { registry, index: HashMap::new(), tops: Vec::new(), ties: UnionFind::new_empty() };
        let linked: HashMap<EvidenceId, Group> = claim
            .origin_links
            .iter()
            .flat_map(|link| &link.evidence)
            .filter_map(|id| claim.piece(*id))
            .map(|piece| (piece.id, groups.at(piece.source, piece.said_at)))
            .collect();
        for link in &claim.origin_links {
            let mut tied = link.evidence.iter().filter_map(|id| linked.get(id));
            if let Some(first) = tied.next() {
                for other in tied {
                    groups.ties.union(first.0, other.0);
                }
            }
        }
        groups
    }

    /// The source's group at that time, links aside.
    pub(crate) fn at(&mut self, source: SourceId, at: Timestamp) -> Group {
        let top = self.registry.group(source, at);
        let Self { index, tops, ties, .. } = self;
        Group(*index.entry(top).or_insert_with(|| {
            tops.push(top);
            ties.new_set()
        }))
    }

    /// The group, links included.
    pub(crate) fn tied(&self, group: Group) -> Group {
        Group(self.ties.find(group.0))
    }

    /// The name of a tied group: the names of all that it ties, sorted, joined by ` + `.
    pub(crate) fn name(&self, tied: Group) -> String {
        let names: BTreeSet<String> = (0..self.tops.len())
            .filter(|index| self.ties.find(*index) == tied.0)
            .map(|index| self.registry.name(self.tops[index]))
            .collect();
        names.into_iter().collect::<Vec<_>>().join(" + ")
    }
}
