//! What an item does with open claims, laid as leads.
//! Invariant: the same word of the same item is laid under the same command id, however often the item is read.

use hearsay_core::{
    Because, ClaimId, Command, FootingWord, ItemNumber, LayLead, Permille, Reference, SuggestedLine, fold_name,
};
use hearsay_reading::index::{Candidate, Shared};
use hearsay_reading::{Bearing, Item, Part, Reading, Span, bearings};
use hearsay_store::{SnapshotId, SubmitError, import_namespace};
use jiff::Timestamp;

use super::Known;
use crate::context::Context;
use crate::task_error::TaskError;
use crate::tasks::FetchItem;

/// The namespace of the ids of the commands that lay leads.
const LEADS: &str = "leads of the worker";

/// How many claims one item is held against.
const CANDIDATES: usize = 8;

/// A claim whose score is so far behind the best is left: last year's twin of the claim that an item bears on. Scores are
/// logarithms of odds; one that waits for an answer is never left.
const FAR_BEHIND: f64 = 4.0;

/// The most reasons that a lead gives.
const REASONS: usize = 32;

/// The most characters of a speaker's name.
const NAME: usize = 500;

/// One source's word on one claim, with all that its lead says.
pub(crate) struct Word {
    claim: ClaimId,
    bearing: Bearing,
    because: Vec<Because>,
}

/// Where words were read.
pub(crate) struct Origin {
    pub(crate) item: hearsay_store::Item,
    pub(crate) document: ItemNumber,
    pub(crate) snapshot: SnapshotId,
    pub(crate) title: String,
    /// When it was published, or arrived.
    pub(crate) at: Timestamp,
}

/// What an item does with the open claims.
pub(crate) fn words(item: &Item, reading: &Reading, known: &Known) -> Vec<Word> {
    let mut words = Vec::new();
    let candidates = known.index.candidates(item, &known.names, CANDIDATES);
    let best = candidates.first().map_or(0.0, |first| first.score);
    let near = |one: &Candidate| one.awaited.is_some() || one.score > best - FAR_BEHIND;
    for candidate in candidates.into_iter().filter(near) {
        let Some(claim) = known.claims.get(&candidate.claim) else { continue };
        for bearing in bearings(reading, item, claim, &known.names) {
            let because = because(&bearing, &candidate, item);
            words.push(Word { claim: claim.id, bearing, because });
        }
    }
    words
}

/// Why: first the rules that read it, then what led to the claim.
fn because(bearing: &Bearing, candidate: &Candidate, item: &Item) -> Vec<Because> {
    let read = bearing.because.iter().map(|one| reason(one.rule, one.span, item));
    let matched = candidate.because.iter().map(|(shared, span)| reason(word_of(*shared), Some(*span), item));
    let mut all: Vec<Because> = Vec::new();
    for one in read.chain(matched) {
        if all.len() < REASONS && !all.contains(&one) {
            all.push(one);
        }
    }
    all
}

fn word_of(shared: Shared) -> &'static str {
    match shared {
        Shared::Word => "shares_word",
        Shared::Name => "shares_name",
        Shared::Number => "shares_number",
        Shared::Party => "names_party",
        Shared::Awaited => "awaited_party",
        Shared::AboutReport => "speaks_of_report",
        Shared::Origin => "names_origin",
    }
}

/// A reason, its words counted from the item's beginning: its title, a blank line, its text.
fn reason(rule: &str, span: Option<Span>, item: &Item) -> Because {
    let before = match span.map(|span| span.part) {
        Some(Part::Text) if !item.title.is_empty() => item.title.len() + 2,
        Some(Part::Text | Part::Title) | None => 0,
    };
    let place = |at: usize| u32::try_from(before + at).unwrap_or(u32::MAX);
    let (start, end) = span.map_or((0, 0), |span| (place(span.start), place(span.end)));
    Because { rule: rule.to_owned(), start, end }
}

/// Lays a lead for each word. What the rules refuse is told and left: it will be refused the next time, too.
pub(crate) async fn lay_leads(words: Vec<Word>, origin: &Origin, context: &Context) -> Result<(), TaskError> {
    for word in words {
        let id = context.store.command_id(import_namespace(LEADS), &identity(&word, origin.item.number), 0);
        let Some(lead) = lead(&word, origin, context.store.now()) else { continue };
        match context.command_as(FetchItem::NAME, Command::LayLead(lead), id).await {
            Ok(_) => {}
            Err(SubmitError::Refused(refusal)) => {
                tracing::warn!(item = %origin.item.number, claim = %word.claim, %refusal, "a lead was refused");
            }
            Err(error) => return Err(TaskError::of_command(error, context.attempts)),
        }
    }
    Ok(())
}

/// What makes it this word and no other: item, claim, speaker, and to which effect.
fn identity(word: &Word, item: ItemNumber) -> String {
    let speaker = &word.bearing.speaker;
    let who = speaker.id.map_or_else(|| fold_name(&speaker.name), |id| id.to_string());
    format!("{item}:{}:{who}:{}", word.claim, word.bearing.stance.as_str())
}

/// The lead; none where nobody is named as the speaker.
fn lead(word: &Word, origin: &Origin, now: Timestamp) -> Option<Box<LayLead>> {
    let bearing = &word.bearing;
    let footing = &bearing.footing;
    let counted = matches!(footing.kind, FootingWord::NamedSources | FootingWord::UnnamedSources);
    let relayed = footing.relays.as_ref().filter(|_| footing.kind == FootingWord::Relays);
    let quote = bearing.quote.as_ref().filter(|quote| !quote.exact.trim().is_empty());
    let by_id = |id: hearsay_core::SourceId| Reference(id.to_string());
    let evidence = SuggestedLine {
        speaker: printed(&bearing.speaker.name.chars().take(NAME).collect::<String>())?,
        source: bearing.speaker.id.map(by_id),
        stance: bearing.stance,
        manner: bearing.manner,
        footing: Some(footing.kind),
        count: footing.count.filter(|count| counted && *count > 0),
        described_as: footing.described_as.as_deref().filter(|_| counted).and_then(printed),
        relayed: relayed.and_then(|speaker| printed(&speaker.name)),
        relays: relayed.and_then(|speaker| speaker.id).map(by_id),
        via: bearing.via.as_ref().and_then(|via| via.id).filter(|id| Some(*id) != bearing.speaker.id).map(by_id),
        framed_as: bearing.framed_as,
        url: origin.item.url.as_deref().and_then(printed),
        title: printed(&origin.title),
        quote: quote.and_then(|quote| printed(&quote.exact)),
        prefix: quote.and_then(|quote| printed(&quote.prefix)),
        suffix: quote.and_then(|quote| printed(&quote.suffix)),
        snapshot: Some(origin.snapshot.to_string()),
        said_at: bearing.said_at.unwrap_or(origin.at).min(now),
    };
    Some(Box::new(LayLead {
        claim: Reference(word.claim.to_string()),
        item: origin.item.number,
        document: Some(origin.document),
        feed: origin.item.feed,
        confidence: permille(bearing.confidence),
        evidence,
        because: word.because.clone(),
    }))
}

/// Words without control characters, which a terminal would obey; none where nothing is left.
fn printed(words: &str) -> Option<String> {
    let spaced = |letter: char| if letter.is_control() && !matches!(letter, '\n' | '\t') { ' ' } else { letter };
    let words: String = words.chars().map(spaced).collect();
    (!words.trim().is_empty()).then_some(words)
}

fn permille(confidence: f64) -> Permille {
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "it is clamped to 0 to 1000")]
    let thousandths = (confidence * 1_000.0).round().clamp(0.0, 1_000.0) as u16;
    Permille::try_from(thousandths).unwrap_or(Permille::FULL)
}
