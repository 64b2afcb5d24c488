//! What stands in and behind each node of the picture.

use hearsay_core::{AttributedPiece, Attribution, FollowUpKind, Footing, OnWordOf, Stance, Why};

use super::plan::Node;
use crate::label::{cut, full_time, time, told, width};

/// Sizes of letters, in pixels: names; what stands beneath them.
pub(crate) const NAME: f64 = 13.0;
pub(crate) const SMALL: f64 = 11.0;

/// What a bold name is wider than a plain one.
const BOLD: f64 = 1.1;

/// Room at the left, for the diamond, and at the right of the words.
pub(crate) const INSET: f64 = 28.0;
const OUTSET: f64 = 10.0;

/// The narrowest and the widest node.
const NARROW: f64 = 120.0;
const WIDE: f64 = 224.0;

/// Heights of a node of one, two and three lines.
const HEIGHTS: [f64; 3] = [28.0, 40.0, 54.0];

/// How many names of pieces that are folded away are told.
const NAMED: usize = 12;

/// The words of a node.
#[derive(Debug)]
pub(crate) struct Label {
    /// The first line.
    pub(crate) name: String,
    /// Those beneath.
    pub(crate) lines: Vec<String>,
}

/// The words of a node, cut to that width.
pub(crate) fn fitted(attribution: &Attribution, node: &Node, room: f64) -> Label {
    let label = label(attribution, node);
    let room = room - INSET - OUTSET;
    Label {
        name: cut(&label.name, NAME * BOLD, room),
        lines: label.lines.iter().map(|line| cut(line, SMALL, room)).collect(),
    }
}

/// How wide every node is: as the widest needs it, within bounds.
pub(crate) fn node_width(attribution: &Attribution, nodes: &[Node]) -> f64 {
    let wanted = |node: &Node| {
        let label = label(attribution, node);
        let lines = label.lines.iter().map(|line| width(&told(line), SMALL));
        lines.fold(width(&told(&label.name), NAME * BOLD), f64::max)
    };
    let widest = nodes.iter().map(wanted).fold(0.0, f64::max);
    (widest + INSET + OUTSET).clamp(NARROW, WIDE).ceil()
}

/// How high a node is.
pub(crate) fn node_height(attribution: &Attribution, node: &Node) -> f64 {
    HEIGHTS[label(attribution, node).lines.len().min(2)]
}

fn label(attribution: &Attribution, node: &Node) -> Label {
    match node {
        Node::Piece(place) => piece(&attribution.pieces[*place]),
        Node::Untraced(source) => {
            let name = attribution.relayed[*source].name.clone();
            Label { name, lines: vec!["nothing on record".to_owned()] }
        }
        Node::Folded(places) => Label { name: format!("and {} more", places.len()), lines: Vec::new() },
        Node::Silence(place) => {
            let silence = &attribution.silences[*place];
            let lines = vec!["no answer".to_owned(), format!("by {}", time(silence.at))];
            Label { name: silence.party.clone(), lines }
        }
    }
}

fn piece(piece: &AttributedPiece) -> Label {
    let mut how: Vec<String> = Vec::new();
    how.extend(answer(piece.kind).map(str::to_owned));
    if how.is_empty() && piece.group.is_some() {
        how.push(people(piece.footing).unwrap_or_else(|| "speaks for itself".to_owned()));
    }
    how.extend(piece.via.as_ref().map(|via| format!("via {via}")));
    let when = match (piece.withdrawn_at, status(piece)) {
        (Some(at), _) => format!("withdrawn {}", time(at)),
        (None, Some(status)) => format!("{} · {status}", time(piece.said_at)),
        (None, None) => time(piece.said_at),
    };
    let mut lines = Vec::new();
    if !how.is_empty() {
        lines.push(how.join(", "));
    }
    lines.push(when);
    Label { name: piece.source.clone(), lines }
}

/// What a party's answer is, in a word or two.
fn answer(kind: FollowUpKind) -> Option<&'static str> {
    match kind {
        FollowUpKind::Acknowledgement => Some("acknowledges it"),
        FollowUpKind::Denial => Some("denies it"),
        FollowUpKind::Deflection => Some("deflects"),
        FollowUpKind::NoComment => Some("declines to comment"),
        FollowUpKind::Mention
        | FollowUpKind::Corroboration
        | FollowUpKind::Contradiction
        | FollowUpKind::Repetition
        | FollowUpKind::Silence
        | FollowUpKind::Withdrawal
        | FollowUpKind::Strike => None,
    }
}

/// `three unnamed people`, `a document`; none where somebody speaks for itself, or passes on.
pub(crate) fn people(footing: Footing) -> Option<String> {
    match footing {
        Footing::Document => Some("a document".to_owned()),
        Footing::NamedSources { count } => Some(so_many(count, "named")),
        Footing::UnnamedSources { count } => Some(so_many(count, "unnamed")),
        Footing::Own | Footing::Relays(_) | Footing::Unknown => None,
    }
}

fn so_many(count: Option<u32>, sort: &str) -> String {
    const WORDS: [&str; 13] =
        ["no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"];
    match count {
        None => format!("{sort} people"),
        Some(1) => format!("one {sort} person"),
        Some(count) => {
            let word = usize::try_from(count).ok().and_then(|count| WORDS.get(count));
            let number = word.map_or_else(|| count.to_string(), |word| (*word).to_owned());
            format!("{number} {sort} people")
        }
    }
}

/// Why a piece isn't counted, where the picture does not show it anyhow.
fn status(piece: &AttributedPiece) -> Option<&'static str> {
    match piece.why? {
        Why::Withdrawn => Some("withdrawn"),
        Why::Struck => Some("struck"),
        Why::BelowFloor => Some("below the floor"),
        Why::Superseded => Some("superseded"),
        Why::Neutral => (!piece.kind.is_answer()).then_some("takes no side"),
        Why::UnknownFooting => Some("unknown footing"),
        Why::InFavour => Some("serves a party"),
        Why::Unrated => Some("unrated"),
        Why::HearsayOnly => None,
        Why::Circular => Some("circular"),
        Why::NotBorneOut => Some("not borne out"),
        Why::Untraced => Some("untraced"),
    }
}

/// What is told of a node to who points at it, or has it read aloud.
pub(crate) fn spoken(attribution: &Attribution, node: &Node) -> String {
    match node {
        Node::Piece(place) => spoken_piece(attribution, &attribution.pieces[*place]),
        Node::Untraced(source) => {
            let name = told(&attribution.relayed[*source].name);
            format!("{name}: what it itself said is not on record")
        }
        Node::Folded(places) => {
            let names = places.iter().take(NAMED).map(|place| told(&attribution.pieces[*place].source));
            let more = if places.len() > NAMED { " …" } else { "" };
            format!("and {} more: {}{more}", places.len(), names.collect::<Vec<_>>().join(", "))
        }
        Node::Silence(place) => {
            let silence = &attribution.silences[*place];
            format!("{} did not answer by {}", told(&silence.party), full_time(silence.at))
        }
    }
}

fn spoken_piece(attribution: &Attribution, piece: &AttributedPiece) -> String {
    let via = piece.via.as_ref().map(|via| format!(", via {}", told(via))).unwrap_or_default();
    let verb = match piece.stance {
        Stance::Affirms => "affirms",
        Stance::Denies => "denies",
        Stance::Neutral => answer(piece.kind).unwrap_or("takes no side"),
    };
    let how = match (piece.relays, people(piece.footing)) {
        (Some(OnWordOf::Piece(place)), _) => format!(", relaying {}", told(&attribution.pieces[place].source)),
        (Some(OnWordOf::Source(source)), _) => format!(", relaying {}", told(&attribution.relayed[source].name)),
        (None, Some(people)) => format!(", on the word of {people}"),
        (None, None) => String::new(),
    };
    let counts = match piece.why {
        None => "an origin that counts",
        Some(why) => why.sentence(),
    };
    format!("{}{via} {verb}{how}, {}: {counts}", told(&piece.source), full_time(piece.said_at))
}
