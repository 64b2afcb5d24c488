//! The speakers of an item that are heard on a claim, each with all that the item has of their words.

use hearsay_core::SourceId;

use crate::attribution::{Attribution, CueManner};
use crate::claim_words::ClaimWords;
use crate::lexicon::Cue;
use crate::open_claim::OpenClaim;
use crate::part::PartRead;
use crate::reading::Reading;
use crate::stance::Said;
use crate::{Names, Span, Speaker};

/// One speaker.
#[derive(Clone, PartialEq, Debug)]
pub(crate) struct Heard {
    pub(crate) speaker: Speaker,
    /// The party that the speaker is or speaks for.
    pub(crate) party: Option<SourceId>,
    pub(crate) said: Said,
    /// The outlet or agency that it was said to.
    pub(crate) told: Option<SourceId>,
    /// Whether somebody asked, or it was said to a publisher, or quoted at length.
    pub(crate) is_answer: bool,
    /// Whether the item describes the speaker without naming it.
    pub(crate) unnamed: bool,
    pub(crate) first: Option<Span>,
}

/// Everybody whom the item lets speak, in order; outlets only where they are parties.
pub(crate) fn speakers(reading: &Reading, claim: &OpenClaim, names: &Names) -> Vec<Heard> {
    let mut heard: Vec<Heard> = Vec::new();
    for attribution in &reading.spoken {
        let Some((speaker, unnamed)) = speaker(reading, attribution, claim, names) else { continue };
        let party =
            speaker.id.and_then(|id| claim.parties.iter().copied().find(|party| names.speaks_for(id, *party)));
        if party.is_none() && speaker.id.is_some_and(|id| names.publishes(id)) {
            continue;
        }
        let at = heard.iter().position(|one| is_same(&one.speaker, &speaker) && one.unnamed == unnamed);
        let at = at.unwrap_or_else(|| {
            heard.push(Heard {
                speaker,
                party,
                said: Said::default(),
                told: None,
                is_answer: false,
                unnamed,
                first: attribution.source,
            });
            heard.len() - 1
        });
        add(&mut heard[at], attribution, reading);
    }
    drop_houses(heard, names)
}

/// A house whose spokesman speaks in the same item is how the outlet puts his words.
fn drop_houses(heard: Vec<Heard>, names: &Names) -> Vec<Heard> {
    let speaks: Vec<(SourceId, bool)> =
        heard.iter().filter_map(|one| one.speaker.id.map(|id| (id, !one.said.quoted.is_empty()))).collect();
    heard
        .into_iter()
        .filter(|one| {
            let Some(id) = one.speaker.id.filter(|_| !one.unnamed && one.said.quoted.is_empty()) else {
                return true;
            };
            !speaks.iter().any(|(other, _)| *other != id && names.speaks_for(*other, id))
        })
        .collect()
}

fn is_same(one: &Speaker, other: &Speaker) -> bool {
    match (one.id, other.id) {
        (Some(one), Some(other)) => one == other,
        (None, None) => {
            let last = |name: &str| name.split_whitespace().last().map(crate::scan::fold);
            one.name == other.name || last(&one.name) == last(&other.name)
        }
        _ => false,
    }
}

fn speaker(
    reading: &Reading,
    attribution: &Attribution,
    claim: &OpenClaim,
    names: &Names,
) -> Option<(Speaker, bool)> {
    if let Some(id) = attribution.named {
        let name = names.get(id)?.name.clone();
        return Some((Speaker { name, id: Some(id) }, false));
    }
    if let Some(name) = &attribution.name {
        return Some((Speaker { name: name.clone(), id: None }, false));
    }
    let unnamed = attribution.unnamed.as_ref()?;
    let span = attribution.source?;
    let id = house(reading.part(span.part), span, claim);
    Some((Speaker { name: unnamed.described_as.clone(), id }, true))
}

/// The party whose people somebody without a name is: "a Kremlin official", "somebody in the Kremlin".
fn house(part: &PartRead, span: Span, claim: &OpenClaim) -> Option<SourceId> {
    let (from, to) = part.tokens_of(span);
    let near = part.named.iter().find(|named| {
        let before = named.from >= from && named.to <= to || named.to == from;
        let between = |at: usize| matches!(part.word(at), "in" | "of" | "at" | "the" | "from");
        let after = named.from >= to && named.from <= to + 3 && (to..named.from).all(between);
        before || after
    });
    near.map(|named| named.source).filter(|source| claim.parties.contains(source))
}

fn add(heard: &mut Heard, attribution: &Attribution, reading: &Reading) {
    heard.told = heard.told.or(attribution.told);
    let said = &mut heard.said;
    let target = if attribution.quoted { &mut said.quoted } else { &mut said.told };
    for span in &attribution.content {
        if !target.contains(span) {
            target.push(*span);
        }
    }
    said.cues.push((attribution.manner, attribution.cue, attribution.negated));
    let anchor = attribution.source.or(attribution.cue).or(attribution.content.first().copied());
    let Some(anchor) = anchor else { return };
    let part = reading.part(anchor.part);
    if let Some(stretch) = part.stretch_of(part.tokens_of(anchor).0) {
        let around = part.span(stretch.from, stretch.to);
        if !said.around.contains(&around) {
            said.around.push(around);
        }
        let asked = part.cues_in(stretch.from, stretch.to).any(|one| one.cue == Cue::Asked);
        heard.is_answer |= asked || attribution.told.is_some() || attribution.quoted;
    }
}

impl Heard {
    /// Whether what it says is about the claim: its words share enough with it, or point at the report.
    pub(crate) fn is_about(&self, reading: &Reading, claim: &ClaimWords, least: usize) -> bool {
        self.said.around.iter().chain(&self.said.quoted).any(|span| {
            let part = reading.part(span.part);
            let (from, to) = part.tokens_of(*span);
            claim.shared(part, from, to) >= least
        })
    }

    /// Whether it only speaks within what somebody reports: the report's own tale.
    pub(crate) fn is_within_a_report(&self, reading: &Reading, names: &Names) -> bool {
        self.said.quoted.is_empty()
            && self.said.around.iter().all(|span| {
                let part = reading.part(span.part);
                let (from, to) = part.tokens_of(*span);
                part.named_in(from, to)
                    .any(|named| names.publishes(named.source) && self.told != Some(named.source))
            })
    }

    /// Whether any of the writer's words for it takes a side.
    pub(crate) fn takes_a_side(&self) -> bool {
        self.said.cues.iter().any(|(manner, ..)| match manner {
            CueManner::Affirms | CueManner::Denies | CueManner::Declines => true,
            CueManner::Says | CueManner::Tells | CueManner::Reports | CueManner::Doubts => false,
        })
    }
}
