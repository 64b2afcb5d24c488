//! What stands in the picture, before anything has a place: nodes, the blocks that keep some of them together, arrows.
//! Invariant: every node is in exactly one block.

use std::collections::{BTreeMap, HashMap};

use hearsay_core::Attribution;

use super::choice::{Aim, Choice};
use super::words::{node_height, node_width};

/// One thing in the picture.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) enum Node {
    /// A piece of evidence, by its place.
    Piece(usize),
    /// A relayed source of which nothing is on record, by its place.
    Untraced(usize),
    /// Pieces folded away, by their places.
    Folded(Vec<usize>),
    /// A party's silence, by its place.
    Silence(usize),
}

/// What keeps nodes together.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) enum Frame {
    /// Nothing: it is one node.
    None,
    /// They relay one another in a circle.
    Circle,
    /// Original pieces of one independence group, by its place.
    Group(usize),
}

/// Nodes that stand together, one beneath the other.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Block {
    pub(crate) frame: Frame,
    pub(crate) nodes: Vec<usize>,
}

/// The picture, before it is laid out.
#[derive(Debug)]
pub(crate) struct Plan {
    pub(crate) nodes: Vec<Node>,
    pub(crate) blocks: Vec<Block>,
    /// From who relays to whom they relay, by their places among the nodes.
    pub(crate) arrows: Vec<(usize, usize)>,
    /// Width of every node, and the height of each.
    pub(crate) width: f64,
    pub(crate) heights: Vec<f64>,
    /// Whether a node is a party's answer, or the lack of one.
    pub(crate) answers: Vec<bool>,
    /// What comes first where nothing else decides: what affirms, what denies, what takes no side; then the time.
    pub(crate) order: Vec<(u8, usize)>,
}

impl Plan {
    /// Plans what was chosen.
    pub(crate) fn of(attribution: &Attribution, choice: &Choice) -> Self {
        let mut nodes: Vec<Node> =
            (0..choice.drawn.len()).filter(|place| choice.drawn[*place]).map(Node::Piece).collect();
        let (mut at, mut folded): (HashMap<Aim, usize>, HashMap<Aim, usize>) = (HashMap::new(), HashMap::new());
        for (node, place) in nodes.iter().enumerate() {
            if let Node::Piece(place) = place {
                at.insert(Aim::Piece(*place), node);
            }
        }
        let pieces: Vec<usize> = nodes.iter().filter_map(piece).collect();
        for aim in pieces.iter().flat_map(|place| &choice.aims[*place]) {
            if let (Aim::Untraced(source), false) = (aim, at.contains_key(aim)) {
                at.insert(*aim, nodes.len());
                nodes.push(Node::Untraced(*source));
            }
        }
        let mut arrows = Vec::new();
        for (anchor, places) in &choice.folds {
            arrows.extend(anchor.and_then(|anchor| at.get(&anchor)).map(|to| (nodes.len(), *to)));
            folded.extend(places.iter().map(|place| (Aim::Piece(*place), nodes.len())));
            nodes.push(Node::Folded(places.clone()));
        }
        for (from, place) in pieces.into_iter().enumerate() {
            let to = choice.aims[place].iter().filter_map(|aim| at.get(aim).or_else(|| folded.get(aim)));
            let mut to: Vec<usize> = to.copied().collect();
            to.dedup();
            arrows.extend(to.into_iter().map(|to| (from, to)));
        }
        nodes.extend((0..attribution.silences.len()).map(Node::Silence));
        let blocks = blocks(attribution, &nodes, &at);
        Self {
            width: node_width(attribution, &nodes),
            heights: nodes.iter().map(|node| node_height(attribution, node)).collect(),
            answers: nodes.iter().map(|node| is_answer(attribution, node)).collect(),
            order: nodes.iter().map(|node| order(attribution, node)).collect(),
            nodes,
            blocks,
            arrows,
        }
    }
}

/// The place of the piece that a node is.
fn piece(node: &Node) -> Option<usize> {
    match node {
        Node::Piece(place) => Some(*place),
        Node::Untraced(_) | Node::Folded(_) | Node::Silence(_) => None,
    }
}

fn is_answer(attribution: &Attribution, node: &Node) -> bool {
    match node {
        Node::Piece(place) => attribution.pieces[*place].kind.is_answer(),
        Node::Silence(_) => true,
        Node::Untraced(_) | Node::Folded(_) => false,
    }
}

fn order(attribution: &Attribution, node: &Node) -> (u8, usize) {
    match node {
        Node::Piece(place) => {
            let piece = &attribution.pieces[*place];
            let side = match (piece.stance, piece.group.is_some()) {
                (hearsay_core::Stance::Affirms, true) => 0,
                (hearsay_core::Stance::Denies, true) => 1,
                (hearsay_core::Stance::Affirms | hearsay_core::Stance::Denies, false) => 2,
                (hearsay_core::Stance::Neutral, _) => 3,
            };
            (side, *place)
        }
        Node::Untraced(_) => (2, 0),
        Node::Silence(place) => (4, *place),
        Node::Folded(places) => (5, places.first().copied().unwrap_or_default()),
    }
}

/// Circles, then original pieces of one group, then each that is left by itself.
fn blocks(attribution: &Attribution, nodes: &[Node], at: &HashMap<Aim, usize>) -> Vec<Block> {
    let mut blocks = Vec::new();
    let mut taken = vec![false; nodes.len()];
    for ring in &attribution.circular {
        let nodes: Vec<usize> = ring.iter().filter_map(|place| at.get(&Aim::Piece(*place)).copied()).collect();
        for node in &nodes {
            taken[*node] = true;
        }
        if !nodes.is_empty() {
            blocks.push(Block { frame: Frame::Circle, nodes });
        }
    }
    let mut groups: BTreeMap<(bool, usize), Vec<usize>> = BTreeMap::new();
    for (index, node) in nodes.iter().enumerate() {
        let Node::Piece(place) = node else { continue };
        if let (Some(group), false) = (attribution.pieces[*place].group, taken[index]) {
            groups.entry((is_answer(attribution, node), group)).or_default().push(index);
        }
    }
    for ((_, group), nodes) in groups.into_iter().filter(|(_, nodes)| nodes.len() > 1) {
        for node in &nodes {
            taken[*node] = true;
        }
        blocks.push(Block { frame: Frame::Group(group), nodes });
    }
    let alone = (0..nodes.len()).filter(|node| !taken[*node]);
    blocks.extend(alone.map(|node| Block { frame: Frame::None, nodes: vec![node] }));
    blocks
}
