//! Which pieces are drawn, which are folded away, and whom each one points at.
//! Invariant: a piece is drawn, or counted in exactly one fold; and the work is linear in the evidence.

use std::collections::{BTreeMap, HashMap, HashSet};

use hearsay_core::{Attribution, OnWordOf, Stance, Why};

use super::Detail;

/// From how many like relays of one piece on they are folded, and how many of them are drawn all the same.
const FOLD_FROM: usize = 40;
const KEPT: usize = 3;

/// The most pieces that are drawn, and the most of one circle.
const MOST: usize = 120;
const MOST_IN_A_CIRCLE: usize = 12;

/// The most arrows from one piece: who relays a source relays all that it said.
const MOST_ARROWS: usize = 4;

/// What an arrow points at, or a fold hangs on.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub(crate) enum Aim {
    /// A piece, by its place.
    Piece(usize),
    /// A source of which nothing is on record, by its place among those relayed.
    Untraced(usize),
}

/// What is drawn.
#[derive(Debug)]
pub(crate) struct Choice {
    /// For each piece, whom it points at, the first being the one that it is folded under.
    pub(crate) aims: Vec<Vec<Aim>>,
    /// For each piece, whether it is drawn.
    pub(crate) drawn: Vec<bool>,
    /// What is folded away, by what it hangs on.
    pub(crate) folds: BTreeMap<Option<Aim>, Vec<usize>>,
}

/// Chooses what is drawn.
pub(crate) fn choose(attribution: &Attribution, detail: Detail) -> Choice {
    let aims = aims(attribution);
    let relayed: HashSet<usize> = aims.iter().flatten().filter_map(piece).collect();
    let mut drawn = vec![true; attribution.pieces.len()];
    let ringed: HashSet<usize> = attribution.circular.iter().flatten().copied().collect();
    for ring in &attribution.circular {
        for place in ring.iter().skip(MOST_IN_A_CIRCLE) {
            drawn[*place] = false;
        }
    }
    if detail == Detail::Folded {
        for alike in like_relays(attribution, &aims, &relayed, &ringed) {
            for place in alike.iter().skip(KEPT) {
                drawn[*place] = false;
            }
        }
    }
    let depths = depths(&aims);
    let mut order: Vec<(usize, u8, usize)> = (0..drawn.len())
        .filter(|place| drawn[*place])
        .map(|place| (depths[place], rank(attribution, &relayed, place), place))
        .collect();
    order.sort_unstable();
    for (.., place) in order.iter().skip(MOST) {
        drawn[*place] = false;
    }
    let folds = folds(&aims, &drawn);
    Choice { aims, drawn, folds }
}

fn piece(aim: &Aim) -> Option<usize> {
    match aim {
        Aim::Piece(place) => Some(*place),
        Aim::Untraced(_) => None,
    }
}

/// What is drawn first where there is too much.
fn rank(attribution: &Attribution, relayed: &HashSet<usize>, place: usize) -> u8 {
    let piece = &attribution.pieces[place];
    match (piece.group.is_some() || piece.kind.is_answer(), relayed.contains(&place)) {
        (true, _) => 0,
        (false, true) => 1,
        (false, false) => 2,
    }
}

/// How many relays lie between each piece and the end of its chain: what is nearer to it is drawn first, so that what is
/// drawn points at what is drawn.
fn depths(aims: &[Vec<Aim>]) -> Vec<usize> {
    let mut depths: Vec<Option<usize>> = vec![None; aims.len()];
    let mut on_the_way = vec![false; aims.len()];
    for place in 0..aims.len() {
        let (mut way, mut at) = (Vec::new(), place);
        let end = loop {
            if let Some(known) = depths[at] {
                break known + 1;
            }
            if on_the_way[at] {
                break 0;
            }
            on_the_way[at] = true;
            way.push(at);
            match aims[at].first().and_then(piece) {
                Some(next) => at = next,
                None => break 0,
            }
        };
        for (steps, place) in way.into_iter().rev().enumerate() {
            depths[place] = Some(end + steps);
        }
    }
    depths.into_iter().map(Option::unwrap_or_default).collect()
}

fn aims(attribution: &Attribution) -> Vec<Vec<Aim>> {
    let mut ring_of: HashMap<usize, usize> = HashMap::new();
    for (ring, places) in attribution.circular.iter().enumerate() {
        ring_of.extend(places.iter().map(|place| (*place, ring)));
    }
    let mut of_source: HashMap<(usize, Stance, Option<usize>), Vec<Aim>> = HashMap::new();
    let pieces = attribution.pieces.iter().enumerate();
    pieces
        .map(|(place, piece)| match piece.relays {
            None => Vec::new(),
            Some(OnWordOf::Piece(other)) => vec![Aim::Piece(other)],
            Some(OnWordOf::Source(source)) => {
                let key = (source, piece.stance, ring_of.get(&place).copied());
                let aims = of_source.entry(key);
                aims.or_insert_with(|| said_by(attribution, source, piece.stance, key.2, &ring_of)).clone()
            }
        })
        .collect()
}

/// Of what a source said, what those who relay it on one side point at: what stands on that side, else what stood on it,
/// else all; the circle that they are in first, then original pieces, then the earliest.
fn said_by(
    attribution: &Attribution,
    source: usize,
    stance: Stance,
    ring: Option<usize>,
    ring_of: &HashMap<usize, usize>,
) -> Vec<Aim> {
    let said = &attribution.relayed[source].pieces;
    if said.is_empty() {
        return vec![Aim::Untraced(source)];
    }
    let fit = |place: usize| {
        let piece = &attribution.pieces[place];
        (piece.stance == stance, piece.stands)
    };
    let best = said.iter().map(|place| fit(*place)).max();
    let mut fitting: Vec<(bool, bool, usize)> = said
        .iter()
        .filter(|place| Some(fit(**place)) == best)
        .map(|place| {
            let elsewhere = ring.is_some() && ring_of.get(place).copied() != ring;
            (elsewhere, attribution.pieces[*place].group.is_none(), *place)
        })
        .collect();
    fitting.sort_unstable();
    fitting.into_iter().take(MOST_ARROWS).map(|(_, _, place)| Aim::Piece(place)).collect()
}

/// Relays that nobody relays in turn, alike in whom they relay, which side they take and why they aren't counted; where
/// there are enough of them to fold.
fn like_relays(
    attribution: &Attribution,
    aims: &[Vec<Aim>],
    relayed: &HashSet<usize>,
    ringed: &HashSet<usize>,
) -> impl Iterator<Item = Vec<usize>> {
    let mut alike: BTreeMap<(Aim, Stance, Option<Why>), Vec<usize>> = BTreeMap::new();
    for (place, piece) in attribution.pieces.iter().enumerate() {
        let leaf = !relayed.contains(&place) && !ringed.contains(&place);
        if let (true, Some(aim)) = (leaf, aims[place].first()) {
            alike.entry((*aim, piece.stance, piece.why)).or_default().push(place);
        }
    }
    alike.into_values().filter(|places| places.len() >= FOLD_FROM)
}

/// Hangs what isn't drawn on the nearest that is, along the chain.
fn folds(aims: &[Vec<Aim>], drawn: &[bool]) -> BTreeMap<Option<Aim>, Vec<usize>> {
    let untraced: HashSet<Aim> = aims
        .iter()
        .zip(drawn)
        .filter(|(_, drawn)| **drawn)
        .flat_map(|(aims, _)| aims)
        .filter(|aim| piece(aim).is_none())
        .copied()
        .collect();
    let mut anchors: HashMap<usize, Option<Aim>> = HashMap::new();
    let mut folds: BTreeMap<Option<Aim>, Vec<usize>> = BTreeMap::new();
    for place in (0..drawn.len()).filter(|place| !drawn[*place]) {
        let mut way = Vec::new();
        let mut at = place;
        let anchor = loop {
            if let Some(known) = anchors.get(&at) {
                break *known;
            }
            // Until more is known, a chain that comes back here hangs on nothing.
            anchors.insert(at, None);
            way.push(at);
            match aims[at].first() {
                Some(Aim::Piece(next)) if !drawn[*next] => at = *next,
                Some(aim @ Aim::Piece(_)) => break Some(*aim),
                Some(aim @ Aim::Untraced(_)) => break untraced.contains(aim).then_some(*aim),
                None => break None,
            }
        };
        anchors.extend(way.into_iter().map(|place| (place, anchor)));
        folds.entry(anchor).or_default().push(place);
    }
    folds
}
