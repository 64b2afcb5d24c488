//! On whose word an item passes a report on: the nearest link that it names, and how the report knows.

use hearsay_core::SourceId;

use crate::lexicon::Cue;
use crate::open_claim::OpenClaim;
use crate::part::PartRead;
use crate::reading::Reading;
use crate::voice::{Voice, Who, voices};
use crate::{Item, Names, Part, Span};

/// Whom a report is passed on from, and where the item says so.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Link {
    pub(crate) source: SourceId,
    pub(crate) rule: &'static str,
    pub(crate) span: Option<Span>,
}

/// How many people a report rests on, and how they are described.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub(crate) struct People {
    pub(crate) count: Option<u32>,
    pub(crate) described_as: Option<String>,
    pub(crate) span: Option<Span>,
}

/// Whose text this is, where a credit, a dateline or a byline says that it isn't the outlet's own.
pub(crate) fn credit(reading: &Reading, item: &Item, names: &Names) -> Option<Link> {
    let credited = item.credited.as_deref().and_then(|name| names.by_name(name));
    if let Some(source) = credited.filter(|source| Some(*source) != item.outlet) {
        return Some(Link { source, rule: "credit", span: None });
    }
    let parts = [&reading.title, &reading.text];
    parts.into_iter().find_map(|part| {
        part.named.iter().find_map(|named| {
            let other = names.publishes(named.source) && Some(named.source) != item.outlet;
            let rule = other.then(|| credited_by(part, named.from, named.to))??;
            Some(Link { source: named.source, rule, span: Some(part.span(named.from, named.to)) })
        })
    })
}

/// What marks a name as a credit: `(Reuters) -`, `By … of …`, `it comes from …`, or the end of a headline after a dash.
fn credited_by(part: &PartRead, from: usize, to: usize) -> Option<&'static str> {
    let before = |back: usize| from.checked_sub(back).map_or("", |at| part.word(at));
    let is_dash = |word: &str| matches!(word, "-" | "–" | "—");
    if before(1) == "(" && part.word(to) == ")" && is_dash(part.word(to + 1)) {
        return Some("dateline");
    }
    if before(1) == ":" && matches!(before(2), "source" | "источник" | "джерело") {
        return Some("source_line");
    }
    let start = from.saturating_sub(8);
    let by = (start..from)
        .any(|at| part.word(at) == "by" && (at == 0 || matches!(part.word(at - 1), "(" | "\n" | ".")));
    if by && before(1) == "of" {
        return Some("byline");
    }
    let comes =
        (start..from).any(|at| matches!(part.word(at), "comes" | "courtesy" | "republished" | "originally"));
    if comes && matches!(before(1), "from" | "of" | "by" | "on" | "in") {
        let own =
            part.word(from.saturating_sub(3)) == "it" || before(2) != "comes" || part.word(from).contains('.');
        return own.then_some("credit_line");
    }
    let article = usize::from(before(1) == "the");
    let dash = from.checked_sub(1 + article).map_or("", |at| part.word(at));
    let ends = part.tokens.get(to).is_none_or(|token| matches!(token.folded.as_str(), "." | "\n"));
    let first = part.stretch_of(from).is_some_and(|stretch| stretch.from == 0);
    (is_dash(dash) && ends && first).then_some("headline_credit")
}

/// Whom the item relays on the claim: the nearest link.
pub(crate) fn relayed(reading: &Reading, item: &Item, claim: &OpenClaim, names: &Names) -> Option<Link> {
    let first = claim.first_source();
    let credit = credit(reading, item, names);
    if let Some(credit) = credit.filter(|credit| Some(credit.source) != first) {
        return Some(credit);
    }
    let carrier = first.and_then(|first| carrier(reading, item, first, names));
    if carrier.is_some() || credit.is_some() {
        return carrier.or(credit);
    }
    let parts = [&reading.title, &reading.text];
    let mentions = parts.into_iter().flat_map(|part| part.named.iter().map(move |named| (part, named)));
    let own = |source: SourceId| Some(source) == item.outlet;
    let link = |part: &PartRead, source, from, to, rule| Link { source, rule, span: Some(part.span(from, to)) };
    let by_first = mentions.clone().find(|(_, named)| Some(named.source) == first && !own(named.source));
    if let Some((part, named)) = by_first {
        return Some(link(part, named.source, named.from, named.to, "first_source"));
    }
    let mut reports = mentions.filter(|(part, named)| {
        names.publishes(named.source) && !own(named.source) && is_reporting(part, named.from, named.to)
    });
    reports.next().map(|(part, named)| link(part, named.source, named.from, named.to, "reports"))
}

/// Another outlet that passes the first report on, named in the same sentence: "this is what Reuters reports".
fn carrier(reading: &Reading, item: &Item, first: SourceId, names: &Names) -> Option<Link> {
    let part = &reading.text;
    part.named.iter().find_map(|named| {
        let other = names.publishes(named.source) && named.source != first && Some(named.source) != item.outlet;
        let stretch = part.stretch_of(named.from).filter(|_| other)?;
        let together = part.named_in(stretch.from, stretch.to).any(|one| one.source == first);
        let passes = together && !part.is_quoted(named.from) && is_reporting(part, named.from, named.to);
        let asked = part.cues_in(named.from.saturating_sub(6), named.from).any(|one| one.cue == Cue::Tell);
        (passes && !asked).then(|| Link {
            source: named.source,
            rule: "carrier",
            span: Some(part.span(named.from, named.to)),
        })
    })
}

/// Whether a name stands as one who reports.
fn is_reporting(part: &PartRead, from: usize, to: usize) -> bool {
    let before = part.cues_in(from.saturating_sub(5), from);
    let cited = before.into_iter().any(|one| matches!(one.cue, Cue::According | Cue::Cite));
    let reports = |one: &crate::lexicon::Found| matches!(one.cue, Cue::Report | Cue::Say);
    cited
        || part.cues_in(to, to + 5).any(reports)
        || part.word(to) == ":" && part.stretch_of(from).is_some_and(|s| s.from >= from)
}

/// The people on whose word the report rests, as the item describes them: the first that are numbered, else the first.
pub(crate) fn people(reading: &Reading, item: &Item, names: &Names) -> Option<People> {
    let mut found: Vec<People> = Vec::new();
    for part in [&reading.title, &reading.text] {
        for stretch in &part.stretches {
            let all = voices(part, item.part(part.part), names, *stretch);
            found.extend(all.iter().filter(|voice| rests_on(part, voice, stretch.from, stretch.to)).filter_map(
                |voice| {
                    let Who::Unnamed(unnamed) = &voice.who else { return None };
                    let span = Some(part.span(voice.from, voice.to));
                    Some(People { count: unnamed.count, described_as: Some(unnamed.described_as.clone()), span })
                },
            ));
        }
    }
    let counted = found.iter().find(|people| people.count.is_some()).cloned();
    counted.or_else(|| found.into_iter().next())
}

/// Whether unnamed people stand where sources stand: said to tell, or cited.
fn rests_on(part: &PartRead, voice: &Voice, from: usize, to: usize) -> bool {
    let Who::Unnamed(unnamed) = &voice.who else { return false };
    let near = part.cues_in(voice.from.saturating_sub(6).max(from), (voice.to + 8).min(to));
    let told = near
        .into_iter()
        .any(|one| matches!(one.cue, Cue::Tell | Cue::Cite | Cue::According | Cue::Say | Cue::Knowing));
    told && (unnamed.count.is_some() || part.part == Part::Text)
}
