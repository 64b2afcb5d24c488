//! The picture as SVG: what `lay_out` placed, with words, marks and links.
//! Invariant: whatever colour says is said by a line, a shape or a word as well; and no id, so that a page may have several.

use askama::Template;
use hearsay_core::{Attribution, Explanation, Stance, Why};

use super::arrows::{Arrow, whole};
use super::layout::{Area, Layout};
use super::plan::{Frame, Node, Plan};
use super::sentence::origins_sentence;
use super::words::{INSET, NAME, SMALL, fitted, spoken};
use super::{Setting, layout};
use crate::label::{cut, lines, told, width};

/// What a page's stylesheet needs for pictures: light and dark by the reader's setting.
pub const PICTURE_STYLE: &str = include_str!("style.css");

/// Around everything.
const MARGIN: f64 = 20.0;

/// The narrowest picture: the sentence above it needs room.
const NARROWEST: f64 = 440.0;

/// Lines of the sentence, and of the legend.
const SENTENCE: f64 = 15.0;
const SENTENCE_LINE: f64 = 21.0;
const LEGEND: f64 = 44.0;

/// Words at a place.
struct Words {
    class: &'static str,
    x: f64,
    y: f64,
    text: String,
}

struct DrawnNode {
    class: String,
    href: Option<String>,
    spoken: String,
    area: Area,
    round: f64,
    words: Vec<Words>,
    mark: Mark,
}

/// What stands at the left of a node.
enum Mark {
    /// A diamond, by the way around it and around its filled half.
    Diamond { outline: String, half: Option<String>, class: &'static str },
    /// An open dot.
    Dot { x: f64, y: f64 },
    /// Nothing.
    None,
}

struct DrawnFrame {
    class: &'static str,
    area: Area,
    words: Words,
}

/// One sample of the legend.
struct Sample {
    class: &'static str,
    x: f64,
    round: f64,
    words: Words,
}

/// The whole picture.
#[derive(Template)]
#[template(path = "attribution.svg", escape = "html")]
pub(crate) struct Drawing {
    setting: Setting,
    title: String,
    description: String,
    width: f64,
    height: f64,
    top: f64,
    legend: f64,
    sentence: Vec<Words>,
    frames: Vec<DrawnFrame>,
    arrows: Vec<Arrow>,
    nodes: Vec<DrawnNode>,
    answers: Option<f64>,
    samples: Vec<Sample>,
}

impl Drawing {
    pub(crate) fn of(
        explanation: &Explanation,
        attribution: &Attribution,
        plan: &Plan,
        layout: &Layout,
        setting: Setting,
    ) -> Self {
        let inner = layout.width.max(NARROWEST);
        let sentence = origins_sentence(explanation, attribution);
        let told_lines = match setting {
            Setting::Page => Vec::new(),
            Setting::File => lines(&sentence, SENTENCE * 1.05, inner),
        };
        let words = |(row, text): (usize, String)| Words {
            class: "hs-sentence",
            x: 0.0,
            y: SENTENCE + layout::number(row) * SENTENCE_LINE,
            text,
        };
        let top =
            if told_lines.is_empty() { 0.0 } else { layout::number(told_lines.len()) * SENTENCE_LINE + 16.0 };
        let samples = samples(attribution);
        let legend = if samples.is_empty() { 0.0 } else { LEGEND };
        Self {
            setting,
            title: format!("Attribution of {}", explanation.reference),
            description: description(&sentence, attribution),
            width: whole(inner + 2.0 * MARGIN),
            height: whole(top + layout.height + legend + 2.0 * MARGIN),
            top: whole(MARGIN + top),
            legend: whole(top + layout.height + MARGIN + legend - 8.0),
            sentence: told_lines.into_iter().enumerate().map(words).collect(),
            frames: layout.frames.iter().map(|(block, area)| frame(attribution, plan, *block, *area)).collect(),
            arrows: layout.arrows.clone(),
            nodes: plan
                .nodes
                .iter()
                .zip(&layout.nodes)
                .map(|(node, area)| drawn(attribution, node, *area))
                .collect(),
            answers: layout.answers.map(|y| whole(y + 40.0)),
            samples,
        }
    }

    pub(crate) fn to_svg(&self) -> Result<String, askama::Error> {
        self.render()
    }

    fn is_file(&self) -> bool {
        self.setting == Setting::File
    }

    fn style() -> &'static str {
        PICTURE_STYLE
    }
}

/// What the picture shows, in words.
fn description(sentence: &str, attribution: &Attribution) -> String {
    let mut told_of = vec![sentence.to_owned()];
    let pieces = |places: &[usize]| {
        places.iter().map(|place| told(&attribution.pieces[*place].source)).collect::<Vec<_>>().join(" → ")
    };
    told_of.extend(
        attribution.circular.iter().map(|ring| format!("In a circle: {}", pieces(&ring[..ring.len().min(6)]))),
    );
    let untraced = attribution.relayed.iter().filter(|relayed| relayed.pieces.is_empty()).take(6);
    told_of.extend(untraced.map(|relayed| format!("Nothing on record of {}", told(&relayed.name))));
    format!("{}.", told_of.join(". "))
}

fn drawn(attribution: &Attribution, node: &Node, area: Area) -> DrawnNode {
    let label = fitted(attribution, node, area.width);
    let x = match node {
        Node::Folded(_) | Node::Silence(_) => area.x + 12.0,
        Node::Piece(_) => area.x + INSET,
        Node::Untraced(_) => area.right() - 22.0,
    };
    let height = NAME + 4.0 + layout::number(label.lines.len()) * (SMALL + 3.0);
    let first = area.y + (area.height - height) / 2.0 + NAME - 1.0;
    let mut words = vec![Words { class: "hs-name", x: whole(x), y: whole(first), text: label.name }];
    for (row, text) in label.lines.into_iter().enumerate() {
        let y = first + (layout::number(row) + 1.0) * (SMALL + 3.0);
        words.push(Words { class: "hs-small", x: whole(x), y: whole(y), text });
    }
    let original = matches!(node, Node::Piece(place) if attribution.pieces[*place].group.is_some());
    DrawnNode {
        class: class(attribution, node),
        href: href(attribution, node),
        spoken: spoken(attribution, node),
        round: if original { area.height / 2.0 } else { 4.0 },
        mark: mark(attribution, node, area),
        words,
        area: Area { x: whole(area.x), y: whole(area.y), ..area },
    }
}

/// Where a node leads.
fn href(attribution: &Attribution, node: &Node) -> Option<String> {
    match node {
        Node::Piece(place) => Some(format!("#evidence-{}", attribution.pieces[*place].id)),
        Node::Folded(_) => Some("#evidence".to_owned()),
        Node::Untraced(_) | Node::Silence(_) => None,
    }
}

fn class(attribution: &Attribution, node: &Node) -> String {
    let Node::Piece(place) = node else {
        return match node {
            Node::Silence(_) => "hs-node hs-silence".to_owned(),
            Node::Folded(_) => "hs-node hs-folded".to_owned(),
            Node::Untraced(_) | Node::Piece(_) => "hs-node hs-untraced".to_owned(),
        };
    };
    let piece = &attribution.pieces[*place];
    let mut classes = vec!["hs-node", if piece.group.is_some() { "hs-original" } else { "hs-relayed" }];
    classes.push(match piece.stance {
        Stance::Affirms => "hs-affirms",
        Stance::Denies => "hs-denies",
        Stance::Neutral => "hs-neutral",
    });
    if piece.group.is_some() && piece.why.is_some() && piece.stance != Stance::Neutral {
        classes.push("hs-uncounted");
    }
    if piece.why.is_some_and(|why| matches!(why, Why::Withdrawn | Why::Struck)) {
        classes.push("hs-struck");
    }
    classes.join(" ")
}

/// The diamond: its left half filled for what affirms, its right half for what denies.
fn mark(attribution: &Attribution, node: &Node, area: Area) -> Mark {
    let (x, y, size) = (whole(area.x + 15.0), whole(area.middle()), 6.0);
    match node {
        Node::Piece(place) => {
            let piece = &attribution.pieces[*place];
            let outline = format!("M{} {y}L{x} {}L{} {y}L{x} {}Z", x - size, y - size, x + size, y + size);
            let half = |side: f64| Some(format!("M{x} {}L{} {y}L{x} {}Z", y - size, x + side, y + size));
            let (half, class) = match piece.stance {
                Stance::Affirms => (half(-size), "hs-affirms"),
                Stance::Denies => (half(size), "hs-denies"),
                Stance::Neutral => (None, "hs-neutral"),
            };
            Mark::Diamond { outline, half, class }
        }
        Node::Untraced(_) => Mark::Dot { x: whole(area.right() - 9.0), y },
        Node::Folded(_) | Node::Silence(_) => Mark::None,
    }
}

fn frame(attribution: &Attribution, plan: &Plan, block: usize, area: Area) -> DrawnFrame {
    let (class, text) = match &plan.blocks[block].frame {
        Frame::Circle => ("hs-frame hs-circle", "↻ in a circle".to_owned()),
        Frame::Group(group) => ("hs-frame hs-group", {
            let answers = plan.blocks[block].nodes.iter().any(|node| plan.answers[*node]);
            let name = told(&attribution.groups[*group]);
            if answers { name } else { format!("one origin: {name}") }
        }),
        Frame::None => ("hs-frame", String::new()),
    };
    let text = cut(&text, SMALL, area.width - 20.0);
    let words = Words { class: "hs-caption", x: whole(area.x + 12.0), y: whole(area.y + 17.0), text };
    DrawnFrame {
        class,
        area: Area { x: whole(area.x), y: whole(area.y), width: area.width, height: whole(area.height) },
        words,
    }
}

/// What the lines mean, as far as they occur.
fn samples(attribution: &Attribution) -> Vec<Sample> {
    let pieces = &attribution.pieces;
    let original = |counts: bool| {
        pieces
            .iter()
            .any(|piece| piece.group.is_some() && piece.stance != Stance::Neutral && piece.why.is_none() == counts)
    };
    let is = [
        ("hs-original hs-neutral", 9.0, "origin", original(true)),
        ("hs-original hs-neutral hs-uncounted", 9.0, "does not count", original(false)),
        ("hs-relayed hs-neutral", 3.0, "relays", pieces.iter().any(|piece| piece.relays.is_some())),
        ("hs-silence", 3.0, "no answer", !attribution.silences.is_empty()),
    ];
    let mut x = 0.0;
    let mut samples = Vec::new();
    for (class, round, text, _) in is.into_iter().filter(|(.., occurs)| *occurs) {
        let words = Words { class: "hs-small", x: x + 38.0, y: 0.0, text: text.to_owned() };
        samples.push(Sample { class, x, round, words });
        x = whole(x + 38.0 + width(text, SMALL) + 18.0);
    }
    for (stance, text) in [(Stance::Affirms, "⬖ affirms"), (Stance::Denies, "⬗ denies")] {
        if !pieces.iter().any(|piece| piece.stance == stance) {
            continue;
        }
        let words = Words { class: "hs-small", x, y: 0.0, text: text.to_owned() };
        samples.push(Sample { class: "", x, round: 0.0, words });
        x = whole(x + width(text, SMALL) + 18.0);
    }
    samples
}
