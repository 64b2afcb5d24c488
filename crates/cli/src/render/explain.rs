//! The explanation of a standing, for people: the sentence, the attribution trees, what isn't counted and why, and what
//! would change it.

mod piece;
mod verdict;

use std::collections::HashMap;

use hearsay_core::{AnswerView, EvidenceId, EvidenceRef, Explanation, LinkView, NotCounted, OriginView, Why};
use hearsay_store::EvidenceView;

pub(crate) use self::piece::described;
use self::piece::short;
use self::verdict::verdict;
use super::tree::tree;
use super::{diamond, mark, plain};
use crate::output::{Screen, wrapped};
use crate::words::when;

/// How many relays of one origin are drawn before the rest is folded.
pub(crate) const FOLD: usize = 40;

/// How much of an explanation is drawn.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Extent {
    /// All of it.
    Whole,
    /// For somebody who has seen it before: without text and links, and with the trees folded.
    Again,
}

/// How many relays of one origin are drawn for somebody who has seen them before.
const SEEN: usize = 2;

/// How many pieces of one reason are listed for somebody who has seen them before.
const LISTED: usize = 4;

/// What an explanation is drawn with.
pub(crate) struct Drawing<'a> {
    screen: &'a Screen,
    pieces: HashMap<EvidenceId, &'a EvidenceView>,
    fold: usize,
    listed: usize,
    extent: Extent,
}

impl<'a> Drawing<'a> {
    /// With these pieces' words, and at most `fold` relays of one origin.
    pub(crate) fn new(screen: &'a Screen, evidence: &'a [EvidenceView], fold: usize) -> Self {
        let pieces = evidence.iter().map(|piece| (piece.id, piece)).collect();
        Self { screen, pieces, fold, listed: fold, extent: Extent::Whole }
    }

    /// To that extent.
    pub(crate) fn drawn(self, extent: Extent) -> Self {
        match extent {
            Extent::Whole => self,
            Extent::Again => Self { fold: SEEN, listed: LISTED, extent, ..self },
        }
    }

    /// The whole explanation.
    pub(crate) fn explanation(&self, why: &Explanation) -> String {
        let mut lines = self.head(why);
        lines.push(String::new());
        lines.extend(self.origins("Affirming", &why.origins.affirming));
        lines.extend(self.origins("Denying", &why.origins.denying));
        lines.extend(self.not_counted(&why.not_counted));
        lines.extend(self.loose_ends(why));
        lines.extend(self.answers(&why.answers));
        if self.extent == Extent::Whole {
            lines.extend(self.links(&why.links));
        }
        lines.extend(self.missing(&why.missing));
        lines.join("\n")
    }

    fn head(&self, why: &Explanation) -> Vec<String> {
        let paint = self.screen.paint;
        let state =
            paint.state(why.state, &format!("{} {}  {}", mark(why.state), why.reference, why.state.as_str()));
        let standing =
            paint.standing(why.standing, &format!("{} {}", diamond(why.standing), why.standing.as_str()));
        let mut head = state;
        if why.state.declared() != Some(why.standing) {
            head = format!("{head}, standing {standing}");
        }
        if why.due_to_advance {
            head.push_str(" · due to advance");
        }
        if why.due_to_reopen {
            head.push_str(" · due to reopen");
        }
        let policy = format!(" · policy {} {} · version {}", why.policy.name, why.policy.version, why.version);
        head += &paint.faint(&policy);
        let mut lines = vec![head];
        if self.extent == Extent::Whole {
            lines.extend(self.text(why.text.as_deref().unwrap_or("(text erased)"), "  "));
            lines.push(String::new());
        }
        lines.extend(self.text(&verdict(why), "  ").iter().map(|line| paint.strong(line)));
        lines
    }

    fn origins(&self, heading: &str, origins: &[OriginView]) -> Vec<String> {
        if origins.is_empty() {
            return Vec::new();
        }
        let mut lines = vec![self.screen.paint.strong(heading)];
        for origin in origins {
            lines.push(format!("  ◉ {}", self.screen.paint.strong(&origin.group)));
            let (branches, folded) = tree(origin, self.fold);
            for (index, branch) in branches.iter().enumerate() {
                match branch.piece {
                    Some(id) if branch.prefix.is_empty() => {
                        let relayed = branches.get(index + 1).is_some_and(|next| !next.prefix.is_empty());
                        lines.extend(self.original(&self.piece(id, origin), relayed));
                    }
                    Some(id) => lines.push(self.branch(&branch.prefix, &self.piece(id, origin))),
                    None => {
                        lines.push(self.branch(&branch.prefix, &format!("and {folded} more; `--all` shows them")));
                    }
                }
            }
        }
        lines.push(String::new());
        lines
    }

    fn branch(&self, prefix: &str, words: &str) -> String {
        format!("    {}{words}", self.screen.paint.faint(prefix))
    }

    /// An original piece over its relays; what doesn't fit into its line goes on beside the trunk.
    fn original(&self, words: &str, relayed: bool) -> Vec<String> {
        let trunk = if relayed { "│  " } else { "   " };
        let lines = wrapped(words, self.screen.width.saturating_sub(7), "");
        let placed = lines.iter().enumerate();
        placed.map(|(row, line)| if row == 0 { format!("    {line}") } else { self.branch(trunk, line) }).collect()
    }

    /// A piece in a tree; a relay in few words, an original one with how its source knows.
    fn piece(&self, id: EvidenceId, origin: &OriginView) -> String {
        match self.pieces.get(&id) {
            Some(piece) if piece.relays.is_some() => short(piece),
            Some(piece) => described(piece),
            None => origin.chains.iter().flatten().find(|piece| piece.id == id).map_or_else(String::new, named),
        }
    }

    /// What isn't counted, by reason; but hearsay, which hangs in the trees above.
    fn not_counted(&self, not_counted: &[NotCounted]) -> Vec<String> {
        let mut lines = Vec::new();
        for why in Why::ALL.into_iter().filter(|why| *why != Why::HearsayOnly) {
            let mine: Vec<&NotCounted> = not_counted.iter().filter(|piece| piece.why == why).collect();
            if mine.is_empty() {
                continue;
            }
            if lines.is_empty() {
                lines.push(self.screen.paint.strong("Not counted"));
            }
            lines.push(format!("  {}: {}", plain(why.as_str()), self.screen.paint.faint(why.sentence())));
            let words = mine.iter().take(self.listed).map(|piece| self.uncounted(&piece.evidence, why));
            lines.extend(words.flatten());
            if mine.len() > self.listed {
                lines.push(format!("    and {} more; `--all` shows them", mine.len() - self.listed));
            }
        }
        if !lines.is_empty() {
            lines.push(String::new());
        }
        lines
    }

    fn uncounted(&self, piece: &EvidenceRef, why: Why) -> Vec<String> {
        let words = self.pieces.get(&piece.id).map_or_else(|| named(piece), |piece| described(piece));
        let lines = self.text(&words, "    ");
        match why {
            Why::Withdrawn | Why::Struck => lines.iter().map(|line| self.struck(line)).collect(),
            Why::BelowFloor
            | Why::Superseded
            | Why::Neutral
            | Why::UnknownFooting
            | Why::InFavour
            | Why::Unrated
            | Why::HearsayOnly
            | Why::Circular
            | Why::NotBorneOut
            | Why::Untraced => lines,
        }
    }

    fn struck(&self, line: &str) -> String {
        let text = line.trim_start();
        format!("{}{}", &line[..line.len() - text.len()], self.screen.paint.struck(text))
    }

    fn loose_ends(&self, why: &Explanation) -> Vec<String> {
        let names = |ring: &[EvidenceRef]| ring.iter().map(|piece| piece.source.clone()).collect::<Vec<_>>();
        let mut lines = Vec::new();
        for ring in &why.circular {
            let mut way = names(ring);
            way.extend(way.first().cloned());
            lines.extend(self.text(&format!("↻ in a circle: {}", way.join(" → ")), "  "));
        }
        for source in &why.untraced {
            lines.push(format!("  ○ untraced: what {source} itself said is not on record"));
        }
        for link in &why.linked_origins {
            lines.extend(self.text(&format!("= linked as one origin: {}", names(link).join(", ")), "  "));
        }
        if !lines.is_empty() {
            lines.insert(0, self.screen.paint.strong("Chains"));
            lines.push(String::new());
        }
        lines
    }

    fn answers(&self, answers: &[AnswerView]) -> Vec<String> {
        if answers.is_empty() {
            return Vec::new();
        }
        let mut lines = vec![self.screen.paint.strong("Answers")];
        for same in answers.chunk_by(|a, b| a == b) {
            let times = if same.len() > 1 { format!(" (carried {} times)", same.len()) } else { String::new() };
            lines.extend(same.first().map(|answer| {
                format!("  {}: {}, {}{times}", answer.party, plain(answer.kind.as_str()), when(answer.at))
            }));
        }
        lines.push(String::new());
        lines
    }

    fn links(&self, links: &[LinkView]) -> Vec<String> {
        let mut told = Vec::new();
        for link in links {
            let text = link.text.as_deref().unwrap_or("(text erased)");
            let words = format!(
                "{} {} {} ({}): {text}",
                plain(&link.relation),
                mark(link.state),
                link.reference,
                link.state.as_str()
            );
            told.extend(hanging(&words, self.screen.width, "  "));
        }
        if !told.is_empty() {
            told.insert(0, self.screen.paint.strong("Other claims"));
            told.push(String::new());
        }
        told
    }

    fn missing(&self, missing: &[String]) -> Vec<String> {
        if missing.is_empty() {
            return Vec::new();
        }
        let mut lines = vec![self.screen.paint.strong("What would change it")];
        lines.extend(
            missing.iter().flat_map(|sentence| hanging(&format!("· {sentence}"), self.screen.width, "  ")),
        );
        lines
    }

    fn text(&self, text: &str, indent: &str) -> Vec<String> {
        wrapped(text, self.screen.width, indent)
    }
}

/// Wrapped, with what follows the first line two columns further in.
fn hanging(text: &str, width: usize, indent: &str) -> Vec<String> {
    let mut lines = wrapped(text, width.saturating_sub(2), indent);
    for line in lines.iter_mut().skip(1) {
        line.insert_str(0, "  ");
    }
    lines
}

fn named(piece: &EvidenceRef) -> String {
    match &piece.handle {
        Some(handle) => format!("{} ({handle})", piece.source),
        None => piece.source.clone(),
    }
}
