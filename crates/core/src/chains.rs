//! Who relays whom on one claim, as a graph over standing pieces of one stance.
//! Invariant: every piece and every relation is visited once; no path is ever walked twice.

use std::collections::{HashMap, HashSet, VecDeque};

use petgraph::Direction;
use petgraph::algo::kosaraju_scc;
use petgraph::graph::{DiGraph, NodeIndex};
use petgraph::visit::EdgeRef;

use crate::{Evidence, EvidenceId, Footing, Relayed, SourceId, Stance};

/// A standing piece as the walk needs it.
pub(crate) struct Link<'a> {
    pub(crate) piece: &'a Evidence,
    /// The source, and whom it spoke for, nearest first.
    pub(crate) voices: &'a [SourceId],
    /// The carrier, as what it turned out to be.
    pub(crate) via: Option<SourceId>,
    /// Whom it relays, where that is a source, as what it turned out to be.
    pub(crate) relayed_source: Option<SourceId>,
}

/// Where a chain ends without an origin.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub(crate) enum LooseEnd {
    /// What it relays no longer stands, or takes another stance.
    NotBorneOut,
    /// What that source itself said, or how it knows, is not on record.
    Untraced(SourceId),
}

/// What can be reached from a piece by following whom it relays.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
#[expect(clippy::struct_excessive_bools, reason = "six independent answers, joined one by one")]
pub(crate) struct Reach {
    pub(crate) origin: bool,
    pub(crate) counting: bool,
    pub(crate) in_favour: bool,
    pub(crate) circle: bool,
    pub(crate) not_borne_out: bool,
    pub(crate) untraced: bool,
}

impl Reach {
    fn join(&mut self, other: Self) {
        self.origin |= other.origin;
        self.counting |= other.counting;
        self.in_favour |= other.in_favour;
        self.circle |= other.circle;
        self.not_borne_out |= other.not_borne_out;
        self.untraced |= other.untraced;
    }
}

/// The relay graph. Nodes 0..n are the pieces in the order given; the others stand for a relayed source.
pub(crate) struct Chains {
    graph: DiGraph<(), ()>,
    pieces: usize,
    ends: HashMap<NodeIndex, LooseEnd>,
}

impl Chains {
    /// Builds the graph over standing pieces that affirm or deny; `spoken_of` holds every source that any piece on
    /// the claim, standing or not, is by, speaks for, or was carried by.
    pub(crate) fn of(links: &[Link<'_>], spoken_of: &HashSet<SourceId>) -> Self {
        let mut graph = DiGraph::with_capacity(links.len() * 2, links.len() * 2);
        let nodes: Vec<NodeIndex> = links.iter().map(|_| graph.add_node(())).collect();
        let by_id: HashMap<EvidenceId, usize> =
            links.iter().enumerate().map(|(index, link)| (link.piece.id, index)).collect();
        let mut sources: HashMap<(SourceId, Stance), NodeIndex> = HashMap::new();
        let mut ends = HashMap::new();
        for (index, link) in links.iter().enumerate() {
            match link.piece.footing {
                Footing::Own
                | Footing::Document
                | Footing::NamedSources { .. }
                | Footing::UnnamedSources { .. } => {}
                Footing::Unknown => {
                    ends.insert(nodes[index], LooseEnd::Untraced(link.voices[0]));
                }
                Footing::Relays(Relayed::Source(named)) => {
                    let relayed = link.relayed_source.unwrap_or(named);
                    let key = (relayed, link.piece.stance);
                    let to = *sources.entry(key).or_insert_with(|| graph.add_node(()));
                    graph.add_edge(nodes[index], to, ());
                }
                Footing::Relays(Relayed::Evidence(id)) => match by_id.get(&id) {
                    Some(to) if links[*to].piece.stance == link.piece.stance => {
                        graph.add_edge(nodes[index], nodes[*to], ());
                    }
                    _ => {
                        ends.insert(nodes[index], LooseEnd::NotBorneOut);
                    }
                },
            }
        }
        join_sources(&mut graph, links, &nodes, &sources);
        for ((source, _), node) in sources {
            if graph.edges(node).next().is_none() {
                let said_something = spoken_of.contains(&source);
                let end = if said_something { LooseEnd::NotBorneOut } else { LooseEnd::Untraced(source) };
                ends.insert(node, end);
            }
        }
        Self { graph, pieces: links.len(), ends }
    }

    /// How many nodes and edges the graph has: what one walk visits.
    pub(crate) fn size(&self) -> usize {
        self.graph.node_count() + self.graph.edge_count()
    }

    /// What each node reaches, given what each original piece gives; and the circles that meet no original piece,
    /// each as the indices of its pieces.
    pub(crate) fn reach(&self, given: &[Reach]) -> (Vec<Reach>, Vec<Vec<usize>>) {
        let mut reach = vec![Reach::default(); self.graph.node_count()];
        let mut circles = Vec::new();
        for component in kosaraju_scc(&self.graph) {
            let joint = self.joint(&component, given, &reach);
            if joint.circle && !joint.origin && self.is_circle(&component) {
                circles.push(self.ring(&component));
            }
            for node in component {
                reach[node.index()] = joint;
            }
        }
        reach.truncate(self.pieces);
        (reach, circles)
    }

    fn joint(&self, component: &[NodeIndex], given: &[Reach], reach: &[Reach]) -> Reach {
        let mut joint = Reach { circle: self.is_circle(component), ..Reach::default() };
        for node in component {
            if let Some(own) = given.get(node.index()) {
                joint.join(*own);
            }
            match self.ends.get(node) {
                Some(LooseEnd::NotBorneOut) => joint.not_borne_out = true,
                Some(LooseEnd::Untraced(_)) => joint.untraced = true,
                None => {}
            }
            for next in self.graph.neighbors(*node) {
                joint.join(reach[next.index()]);
            }
        }
        joint
    }

    fn is_circle(&self, component: &[NodeIndex]) -> bool {
        component.len() > 1 || component.iter().any(|node| self.graph.contains_edge(*node, *node))
    }

    /// The pieces of a circle, in the order in which they relay one another as far as they stand in one ring.
    fn ring(&self, component: &[NodeIndex]) -> Vec<usize> {
        let members: HashSet<NodeIndex> = component.iter().copied().collect();
        let mut seen = HashSet::new();
        let mut open: Vec<NodeIndex> =
            component.iter().filter(|node| node.index() < self.pieces).min().copied().into_iter().collect();
        let mut ring = Vec::new();
        while let Some(node) = open.pop() {
            if !seen.insert(node) {
                continue;
            }
            if node.index() < self.pieces {
                ring.push(node.index());
            }
            let mut next: Vec<NodeIndex> =
                self.graph.neighbors(node).filter(|next| members.contains(next)).collect();
            next.sort_unstable_by(|a, b| b.cmp(a));
            open.extend(next);
        }
        ring
    }

    /// The sources at which chains from these pieces end untraced.
    pub(crate) fn untraced(&self, from: impl Iterator<Item = usize>) -> HashSet<SourceId> {
        let mut seen = HashSet::new();
        let mut open: Vec<NodeIndex> = from.map(NodeIndex::new).collect();
        let mut found = HashSet::new();
        while let Some(node) = open.pop() {
            if seen.insert(node) {
                if let Some(LooseEnd::Untraced(source)) = self.ends.get(&node) {
                    found.insert(*source);
                }
                open.extend(self.graph.neighbors(node));
            }
        }
        found
    }

    /// The shortest chain from each piece that rests on one of these original pieces, the piece first.
    pub(crate) fn to_origin(&self, originals: &[usize]) -> Vec<Vec<usize>> {
        let mut toward: HashMap<NodeIndex, NodeIndex> = HashMap::new();
        let mut order = Vec::new();
        let mut open: VecDeque<NodeIndex> = originals.iter().copied().map(NodeIndex::new).collect();
        let roots: HashSet<NodeIndex> = open.iter().copied().collect();
        while let Some(node) = open.pop_front() {
            let mut relaying: Vec<NodeIndex> =
                self.graph.edges_directed(node, Direction::Incoming).map(|edge| edge.source()).collect();
            relaying.sort_unstable();
            for next in relaying {
                if !roots.contains(&next) && !toward.contains_key(&next) {
                    toward.insert(next, node);
                    order.push(next);
                    open.push_back(next);
                }
            }
        }
        let chain = |from: NodeIndex| {
            std::iter::successors(Some(from), |node| toward.get(node).copied())
                .filter(|node| node.index() < self.pieces)
                .map(NodeIndex::index)
                .collect()
        };
        order.into_iter().filter(|node| node.index() < self.pieces).map(chain).collect()
    }
}

/// Leads each relayed source to the standing pieces by it, by whoever spoke for it, or carried by it.
fn join_sources(
    graph: &mut DiGraph<(), ()>,
    links: &[Link<'_>],
    nodes: &[NodeIndex],
    sources: &HashMap<(SourceId, Stance), NodeIndex>,
) {
    for (index, link) in links.iter().enumerate() {
        let carried = link.via.filter(|via| !link.voices.contains(via));
        for spoken in link.voices.iter().copied().chain(carried) {
            if let Some(from) = sources.get(&(spoken, link.piece.stance)) {
                graph.add_edge(*from, nodes[index], ());
            }
        }
    }
}
