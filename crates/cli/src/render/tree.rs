//! The attribution tree of one origin: who relays it, who relays those, and so on.
//! Invariant: each piece is visited once, whatever the chains.

use std::collections::{HashMap, HashSet};

use hearsay_core::{EvidenceId, OriginView};

/// Beyond this depth lines are not indented further.
const DEEPEST: usize = 16;

/// One line of the tree: its branches, and the piece at their end.
pub(crate) struct Branch {
    /// Box-drawing before the name; empty for an original piece.
    pub(crate) prefix: String,
    /// Which piece; none for the line that says how many are folded away.
    pub(crate) piece: Option<EvidenceId>,
}

/// The tree of an origin: original pieces, and beneath each who relays it, at most `fold` relays in all; and how many
/// more there are.
pub(crate) fn tree(origin: &OriginView, fold: usize) -> (Vec<Branch>, usize) {
    let roots = roots(origin);
    let children = children(origin);
    let shown = first_in_order(&roots, &children, fold + roots.len());
    let total = children.values().map(Vec::len).sum::<usize>();
    let folded = (total + roots.len()).saturating_sub(shown.len());
    let mut branches = Vec::new();
    for (index, root) in roots.iter().enumerate() {
        let more = folded > 0 && index + 1 == roots.len();
        draw(*root, &children, &shown, more, &mut branches);
    }
    (branches, folded)
}

/// The pieces that make the origin count, and those of the same origin at which a chain ends.
fn roots(origin: &OriginView) -> Vec<EvidenceId> {
    let mut roots: Vec<EvidenceId> = origin.evidence.iter().map(|piece| piece.id).collect();
    let mut known: HashSet<EvidenceId> = roots.iter().copied().collect();
    let ends = origin.chains.iter().filter_map(|chain| chain.last());
    roots.extend(ends.map(|end| end.id).filter(|end| known.insert(*end)));
    roots
}

/// Who relays each piece. A chain's rest is known once one of its links is.
fn children(origin: &OriginView) -> HashMap<EvidenceId, Vec<EvidenceId>> {
    let mut children: HashMap<EvidenceId, Vec<EvidenceId>> = HashMap::new();
    let mut placed: HashSet<EvidenceId> = HashSet::new();
    for chain in &origin.chains {
        for link in chain.windows(2) {
            if !placed.insert(link[0].id) {
                break;
            }
            children.entry(link[1].id).or_default().push(link[0].id);
        }
    }
    children
}

/// The first so many pieces, parents before children.
fn first_in_order(
    roots: &[EvidenceId],
    children: &HashMap<EvidenceId, Vec<EvidenceId>>,
    most: usize,
) -> HashSet<EvidenceId> {
    let mut shown = HashSet::new();
    let mut waiting: Vec<EvidenceId> = roots.iter().rev().copied().collect();
    while let Some(piece) = waiting.pop() {
        if shown.len() == most {
            break;
        }
        if shown.insert(piece) {
            waiting.extend(children.get(&piece).into_iter().flatten().rev());
        }
    }
    shown.extend(roots);
    shown
}

/// A piece that waits to be drawn.
struct Waiting {
    piece: EvidenceId,
    indent: String,
    last: bool,
    depth: usize,
}

fn draw(
    root: EvidenceId,
    children: &HashMap<EvidenceId, Vec<EvidenceId>>,
    shown: &HashSet<EvidenceId>,
    more: bool,
    branches: &mut Vec<Branch>,
) {
    branches.push(Branch { prefix: String::new(), piece: Some(root) });
    let of = |parent: EvidenceId, indent: &str, depth: usize, more: bool| -> Vec<Waiting> {
        let mine = children.get(&parent).into_iter().flatten().filter(|piece| shown.contains(piece));
        let mut waiting: Vec<Waiting> =
            mine.map(|piece| Waiting { piece: *piece, indent: indent.to_owned(), last: false, depth }).collect();
        if let Some(last) = waiting.last_mut() {
            last.last = !more;
        }
        waiting.reverse();
        waiting
    };
    let mut waiting = of(root, "", 1, more);
    while let Some(Waiting { piece, indent, last, depth }) = waiting.pop() {
        let elbow = if last { "└─ " } else { "├─ " };
        branches.push(Branch { prefix: format!("{indent}{elbow}"), piece: Some(piece) });
        let inner = if last { "   " } else { "│  " };
        let deeper = if depth >= DEEPEST { indent } else { format!("{indent}{inner}") };
        waiting.extend(of(piece, &deeper, depth + 1, false));
    }
    if more {
        branches.push(Branch { prefix: "└─ ".to_owned(), piece: None });
    }
}

#[cfg(test)]
mod tests {
    use hearsay_core::EvidenceRef;
    use uuid::Uuid;

    use super::*;

    fn origin(chains: &[&[u128]]) -> OriginView {
        let piece =
            |id: u128| EvidenceRef { id: EvidenceId(Uuid::from_u128(id)), handle: None, source: id.to_string() };
        OriginView {
            group: "0".to_owned(),
            evidence: vec![piece(0)],
            chains: chains.iter().map(|chain| chain.iter().copied().map(piece).collect()).collect(),
        }
    }

    fn drawn(origin: &OriginView, fold: usize) -> Vec<String> {
        let (branches, more) = tree(origin, fold);
        let name = |piece: EvidenceId| piece.0.as_u128().to_string();
        branches
            .iter()
            .map(|branch| format!("{}{}", branch.prefix, branch.piece.map_or(format!("and {more} more"), name)))
            .collect()
    }

    #[test]
    fn relays_hang_beneath_what_they_relay() {
        let origin = origin(&[&[1, 0], &[2, 0], &[3, 1, 0], &[4, 3, 1, 0]]);
        assert_eq!(drawn(&origin, 40), ["0", "├─ 1", "│  └─ 3", "│     └─ 4", "└─ 2"]);
    }

    #[test]
    fn many_relays_fold() {
        let origin = origin(&[&[1, 0], &[2, 0], &[3, 1, 0], &[4, 0]]);
        assert_eq!(drawn(&origin, 2), ["0", "├─ 1", "│  └─ 3", "└─ and 2 more"]);
    }

    #[test]
    fn a_chain_of_ten_thousand_is_drawn() {
        let long: Vec<u128> = (0..10_000).rev().collect();
        let origin = origin(&[&long]);
        assert_eq!(drawn(&origin, 20_000).len(), 10_000);
    }
}
