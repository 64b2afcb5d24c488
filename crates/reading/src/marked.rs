//! Attributions by learned marks: every source, cue and content of an English text, those that the rules for leads
//! have no use for as well.

use crate::attribution::{Attribution, CueManner};
use crate::lexicon::lexicon;
use crate::part::PartRead;
use crate::sentences::Stretch;
use crate::tagger::{Mark, Tagger, features};
use crate::{Names, Part, Span};

/// A role in an attribution.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Role {
    /// Whoever says it.
    Source,
    /// The word for saying it.
    Cue,
    /// What is said.
    Content,
}

/// A text whose attributions people have marked: each role with its first byte and the byte after its last.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct MarkedText {
    /// The text.
    pub text: String,
    /// What is marked in it.
    pub roles: Vec<(Role, usize, usize)>,
}

/// A model that marks attributions.
#[derive(Clone, Debug)]
pub struct AttributionModel(Option<Tagger>);

/// A run of tokens of one role.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
struct Run {
    role: Role,
    from: usize,
    to: usize,
}

impl AttributionModel {
    /// The model that this crate ships.
    pub fn shipped() -> Self {
        Self(Tagger::shipped().cloned())
    }

    /// Learns from marked texts.
    pub fn learn(texts: &[MarkedText], epochs: usize, seed: u64) -> Self {
        let mut sentences = Vec::new();
        for marked in texts {
            let part = scanned(&marked.text);
            for stretch in &part.stretches {
                let marks = truth(&part, *stretch, &marked.roles);
                sentences.push((features(&part, *stretch), marks));
            }
        }
        Self(Some(Tagger::learn(&sentences, epochs, seed)))
    }

    /// The roles that it finds in a text, in order.
    pub fn roles(&self, text: &str) -> Vec<(Role, usize, usize)> {
        let Some(tagger) = &self.0 else { return Vec::new() };
        let part = scanned(text);
        let runs = part.stretches.iter().flat_map(|stretch| runs(&part, *stretch, tagger));
        let bytes = |run: Run| {
            let span = part.span(run.from, run.to);
            (run.role, span.start, span.end)
        };
        runs.map(bytes).collect()
    }

    /// The weights file, saying from what it was learned.
    pub fn to_file(&self, learned_from: &str) -> String {
        self.0.as_ref().map(|tagger| tagger.to_file(learned_from)).unwrap_or_default()
    }
}

fn scanned(text: &str) -> PartRead {
    PartRead::of(Part::Text, PartRead::tokens(text), &Names::default(), lexicon(Some("en")))
}

/// The marks that people gave: where roles overlap, the source and the cue win, and of contents the outer.
fn truth(part: &PartRead, stretch: Stretch, roles: &[(Role, usize, usize)]) -> Vec<Mark> {
    let mut marks = vec![Mark::Outside; stretch.to - stretch.from];
    for wanted in [Role::Content, Role::Source, Role::Cue] {
        for (_, start, end) in roles.iter().filter(|(role, ..)| *role == wanted) {
            let mut begun = false;
            for at in stretch.from..stretch.to {
                let token = &part.tokens[at];
                if token.start < *start || token.end > *end {
                    continue;
                }
                let mark = &mut marks[at - stretch.from];
                match wanted {
                    Role::Source if *mark == Mark::Outside => *mark = Mark::Source,
                    Role::Cue if *mark == Mark::Outside => *mark = Mark::Cue,
                    Role::Content if *mark == Mark::Outside => {
                        *mark = if begun { Mark::Goes } else { Mark::Begins };
                        begun = true;
                    }
                    Role::Source | Role::Cue | Role::Content => {}
                }
            }
        }
    }
    marks
}

fn runs(part: &PartRead, stretch: Stretch, tagger: &Tagger) -> Vec<Run> {
    let mut found: Vec<Run> = Vec::new();
    for (mark, at) in tagger.marks(part, stretch).into_iter().zip(stretch.from..) {
        let (role, begins) = match mark {
            Mark::Outside => continue,
            Mark::Source => (Role::Source, false),
            Mark::Cue => (Role::Cue, false),
            Mark::Begins => (Role::Content, true),
            Mark::Goes => (Role::Content, false),
        };
        match found.last_mut() {
            Some(last) if last.role == role && last.to == at && !begins => last.to = at + 1,
            _ => found.push(Run { role, from: at, to: at + 1 }),
        }
    }
    found
}

/// The attributions of a part: each cue with the nearest source and the contents that are nearest to it; a content
/// without any cue in its sentence stands by itself.
pub(crate) fn marked(
    part: &PartRead,
    names: &Names,
    by_rules: &[Attribution],
    tagger: &Tagger,
) -> Vec<Attribution> {
    let mut found = Vec::new();
    for stretch in &part.stretches {
        let runs = runs(part, *stretch, tagger);
        let of = |role: Role| runs.iter().copied().filter(move |run| run.role == role);
        let cues: Vec<Run> = of(Role::Cue).collect();
        let heads: Vec<Option<Run>> =
            if cues.is_empty() { vec![None] } else { cues.iter().copied().map(Some).collect() };
        for head in heads {
            let here = |run: &Run| nearest(&cues, *run) == head;
            let content: Vec<Run> = of(Role::Content).filter(here).collect();
            let near = |run: &Run| head.or(content.first().copied()).map_or(0, |other| apart(*run, other));
            let source =
                of(Role::Source).filter(here).min_by_key(near).or_else(|| of(Role::Source).min_by_key(near));
            if head.is_some() || !content.is_empty() {
                found.push(attribution(part, names, by_rules, (source, head, &content)));
            }
        }
    }
    found
}

fn nearest(cues: &[Run], run: Run) -> Option<Run> {
    cues.iter().copied().min_by_key(|cue| apart(*cue, run))
}

fn apart(one: Run, other: Run) -> usize {
    if one.to <= other.from { other.from - one.to } else { one.from.saturating_sub(other.to) }
}

type Found<'a> = (Option<Run>, Option<Run>, &'a [Run]);

/// What the rules know of the same cue or source is kept.
fn attribution(part: &PartRead, names: &Names, by_rules: &[Attribution], found: Found<'_>) -> Attribution {
    let (source, cue, content) = found;
    let span = |run: Run| part.span(run.from, run.to);
    let same = |one: Option<Span>, other: Option<Span>| match (one, other) {
        (Some(one), Some(other)) => one.overlaps(other),
        _ => false,
    };
    let (source_span, cue_span) = (source.map(span), cue.map(span));
    let known = by_rules.iter().find(|one| same(one.cue, cue_span));
    let known_source = by_rules.iter().find(|one| same(one.source, source_span));
    let id = source.and_then(|run| part.named_in(run.from, run.to).map(|named| named.source).last());
    let id = id.or(known_source.and_then(|one| one.named));
    Attribution {
        source: source_span,
        cue: cue_span,
        content: content.iter().map(|run| span(*run)).collect(),
        quoted: content.iter().any(|run| part.is_quoted(run.from) || part.is_quoted(run.from + 1)),
        manner: known.map_or(CueManner::Says, |one| one.manner),
        negated: known.is_some_and(|one| one.negated),
        named: id,
        name: id
            .and_then(|id| names.get(id))
            .map(|source| source.name.clone())
            .or_else(|| known_source.and_then(|one| one.name.clone())),
        unnamed: known_source.filter(|_| id.is_none()).and_then(|one| one.unnamed.clone()),
        told: known.and_then(|one| one.told),
    }
}
