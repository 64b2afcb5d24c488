//! Independence groups on one claim: the registry's groups, tied together where an analyst linked original pieces.
//! Invariant: a link outlives a withdrawal or a strike of what it links.

use std::collections::{BTreeSet, HashMap, HashSet};

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
        if claim.origin_links.is_empty() {
            return groups;
        }
        let tied: HashSet<&EvidenceId> = claim.origin_links.iter().flat_map(|link| &link.evidence).collect();
        let linked: HashMap<EvidenceId, Group> = claim
            .evidence
            .iter()
            .filter(|piece| tied.contains(&piece.id))
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

    /// The names of tied groups: of each the names of all that it ties, sorted, joined by ` + `.
    pub(crate) fn names(&self) -> HashMap<Group, String> {
        let mut names: HashMap<Group, BTreeSet<String>> = HashMap::new();
        for (index, top) in self.tops.iter().enumerate() {
            names.entry(self.tied(Group(index))).or_default().insert(self.registry.name(*top));
        }
        let joined = |names: BTreeSet<String>| names.into_iter().collect::<Vec<_>>().join(" + ");
        names.into_iter().map(|(group, names)| (group, joined(names))).collect()
    }
}
