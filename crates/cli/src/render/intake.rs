//! Feeds, items and leads, for people and for programs.

use hearsay_core::{
    Because, ClaimNumber, EvidenceId, FeedNumber, FootingWord, FromLead, ItemNumber, LeadNumber, Manner, Permille,
    Stance, Taken, Text,
};
use hearsay_store::{Feed, FoldedItem, Item, LeadRow, Store};
use jiff::Timestamp;
use serde::Serialize;

use super::plain;
use crate::exit::Failure;
use crate::output::{Screen, table};
use crate::words::when;

/// The columns of a feed in CSV.
pub(crate) const FEED_COLUMNS: &[&str] = &[
    "reference",
    "url",
    "title",
    "source",
    "every_seconds",
    "state",
    "next_poll",
    "polled_at",
    "failures",
    "error",
    "items",
];

/// The columns of a lead in CSV.
pub(crate) const LEAD_COLUMNS: &[&str] = &[
    "reference",
    "claim",
    "state",
    "automatic",
    "confidence",
    "speaker",
    "source",
    "stance",
    "manner",
    "footing",
    "count",
    "relays",
    "via",
    "framed_as",
    "said_at",
    "quote",
    "title",
    "url",
    "item",
    "feed",
    "laid_at",
    "settled_at",
    "settled_by",
    "reason",
    "evidence",
    "folded",
];

/// A feed for programs.
#[derive(Serialize)]
pub(crate) struct FeedView {
    reference: FeedNumber,
    url: String,
    title: Option<String>,
    source: Option<String>,
    every_seconds: u32,
    state: &'static str,
    next_poll: Timestamp,
    polled_at: Option<Timestamp>,
    failures: u32,
    error: Option<String>,
    paused_by: Option<String>,
    items: u64,
}

impl FeedView {
    /// A feed, with the name of its outlet.
    pub(crate) async fn of(feed: Feed, store: &Store) -> Result<Self, Failure> {
        let source = match feed.source {
            Some(id) => Some(store.source(&id.to_string()).await?.name),
            None => None,
        };
        let state = match (&feed.paused, feed.gone_at) {
            (Some(_), _) => "paused",
            (None, Some(_)) => "gone",
            (None, None) if feed.failures > 0 => "failing",
            (None, None) => "polled",
        };
        Ok(Self {
            reference: feed.number,
            url: feed.url,
            title: feed.title,
            source,
            every_seconds: feed.interval,
            state,
            next_poll: feed.next_poll,
            polled_at: feed.polled_at,
            failures: feed.failures,
            error: feed.error,
            paused_by: feed.paused.map(|(_, by)| by),
            items: feed.items,
        })
    }
}

/// Feeds as a table.
pub(crate) fn feeds(screen: &Screen, views: &[FeedView]) -> String {
    if views.is_empty() {
        return "There are no feeds; `hearsay feed add URL` adds one.".to_owned();
    }
    let cells = |view: &FeedView| {
        vec![
            view.reference.to_string(),
            view.title.clone().unwrap_or_else(|| view.url.clone()),
            view.source.clone().unwrap_or_default(),
            view.error.as_ref().map_or_else(|| view.state.to_owned(), |error| format!("{}: {error}", view.state)),
            if view.state == "polled" || view.state == "failing" { when(view.next_poll) } else { String::new() },
            view.items.to_string(),
        ]
    };
    table(screen, &["feed", "title", "source", "state", "next poll", "items"], views.iter().map(cells).collect())
}

/// An item for programs.
#[derive(Serialize)]
pub(crate) struct ItemView {
    reference: ItemNumber,
    feed: Option<FeedNumber>,
    url: Option<String>,
    title: Option<String>,
    language: Option<String>,
    published_at: Option<Timestamp>,
    arrived_at: Timestamp,
    /// How far it has come.
    pub(crate) state: &'static str,
    error: Option<String>,
    document: Option<ItemNumber>,
    edited_at: Option<Timestamp>,
    gone_at: Option<Timestamp>,
    snapshot: Option<String>,
}

impl ItemView {
    pub(crate) fn of(item: Item) -> Self {
        Self {
            reference: item.number,
            feed: item.feed,
            url: item.url,
            title: item.title,
            language: item.language,
            published_at: item.published,
            arrived_at: item.arrived_at,
            state: item.state.as_str(),
            error: item.error,
            document: item.document,
            edited_at: item.edited_at,
            gone_at: item.gone_at,
            snapshot: item.snapshot.map(|id| id.to_string()),
        }
    }
}

/// One item.
pub(crate) fn item(screen: &Screen, view: &ItemView) -> String {
    let title = view.title.as_deref().or(view.url.as_deref()).unwrap_or("without a title");
    let mut lines = vec![screen.paint.strong(&format!("{} {title}", view.reference))];
    let mut add = |label: &str, value: Option<String>| {
        lines.extend(value.map(|value| format!("  {label} {value}")));
    };
    add("at", view.url.clone());
    add("from", Some(view.feed.map_or_else(|| "somebody who submitted it".to_owned(), |feed| feed.to_string())));
    add("published", view.published_at.map(when));
    add("arrived", Some(when(view.arrived_at)));
    add(
        "state",
        Some(view.error.as_ref().map_or_else(|| view.state.to_owned(), |error| format!("failed: {error}"))),
    );
    add(
        "nearly the same text as",
        view.document.filter(|first| *first != view.reference).map(|first| first.to_string()),
    );
    add("edited", view.edited_at.map(when));
    add("gone since", view.gone_at.map(when));
    add("snapshot", view.snapshot.clone());
    lines.join("\n")
}

/// A lead for programs.
#[derive(Serialize)]
pub(crate) struct LeadView {
    reference: LeadNumber,
    claim: ClaimNumber,
    state: &'static str,
    automatic: bool,
    confidence: Permille,
    speaker: String,
    source: Option<String>,
    stance: Stance,
    manner: Option<Manner>,
    footing: Option<FootingWord>,
    count: Option<u32>,
    described_as: Option<String>,
    relays: Option<String>,
    via: Option<String>,
    framed_as: Option<Stance>,
    said_at: Timestamp,
    quote: Option<String>,
    prefix: Option<String>,
    suffix: Option<String>,
    title: Option<String>,
    url: Option<String>,
    snapshot: Option<String>,
    item: ItemNumber,
    document: ItemNumber,
    feed: Option<FeedNumber>,
    because: Vec<Because>,
    laid_at: Timestamp,
    settled_at: Option<Timestamp>,
    settled_by: Option<String>,
    reason: Option<String>,
    evidence: Option<EvidenceId>,
    folded: u32,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    folded_items: Vec<ItemNumber>,
}

impl LeadView {
    pub(crate) fn of(row: LeadRow) -> Self {
        let body = |text: &Option<Text>| text.as_ref().and_then(Text::body).map(str::to_owned);
        let (suggested, words) = (row.suggested, row.words);
        let (settled_at, settled_by) = row.settled.map_or((None, None), |(at, by)| (Some(at), by));
        Self {
            reference: row.number,
            claim: row.claim,
            state: row.stage.as_str(),
            automatic: row.automatic,
            confidence: row.confidence,
            speaker: suggested.speaker.body().unwrap_or("(erased)").to_owned(),
            source: row.source,
            stance: suggested.stance,
            manner: suggested.manner,
            footing: suggested.footing,
            count: suggested.count,
            described_as: body(&words.described_as),
            relays: row.relays.or_else(|| body(&suggested.relayed)),
            via: row.via,
            framed_as: suggested.framed_as,
            said_at: suggested.said_at,
            quote: body(&words.quote),
            prefix: body(&words.prefix),
            suffix: body(&words.suffix),
            title: body(&words.title),
            url: body(&words.url),
            snapshot: body(&words.snapshot),
            item: row.item,
            document: row.document,
            feed: row.feed,
            because: row.because,
            laid_at: row.laid_at,
            settled_at,
            settled_by,
            reason: row.reason,
            evidence: row.evidence,
            folded: row.folded,
            folded_items: Vec::new(),
        }
    }

    /// With the items that brought the same word again.
    pub(crate) fn with(self, folded: &[FoldedItem]) -> Self {
        Self { folded_items: folded.iter().map(|folded| folded.item).collect(), ..self }
    }

    /// Who does what with the claim, in a few words.
    fn suggestion(&self) -> String {
        let who = self.source.as_deref().unwrap_or(&self.speaker);
        let via = self.via.as_ref().map(|via| format!(", via {via}")).unwrap_or_default();
        let relays = self.relays.as_ref().map(|name| format!(", relaying {name}")).unwrap_or_default();
        let how = self.manner.map_or(self.stance.as_str(), Manner::as_str);
        let framed = self.framed_as.map(|stance| format!(", framed as {}", stance.as_str())).unwrap_or_default();
        format!("{who} {how}{relays}{via}{framed}")
    }
}

fn percent(confidence: Permille) -> String {
    format!("{} %", u16::from(confidence) / 10)
}

/// From which lead a piece of evidence was recorded, and how.
pub(crate) fn from_lead(from: &FromLead) -> String {
    match &from.taken {
        Taken::Accepted => format!("from {}", from.lead),
        Taken::Corrected(fields) => format!("from {}, corrected: {}", from.lead, fields.join(", ")),
        Taken::Automatic => format!("from {}, by the worker alone", from.lead),
    }
}

/// Leads as a table.
pub(crate) fn leads(screen: &Screen, views: &[LeadView]) -> String {
    if views.is_empty() {
        return "No leads; `hearsay feed add URL` and `hearsay item submit` bring what they are read out of."
            .to_owned();
    }
    let cells = |view: &LeadView| {
        vec![
            view.reference.to_string(),
            view.claim.to_string(),
            if view.automatic { format!("{}, by the worker", view.state) } else { view.state.to_owned() },
            percent(view.confidence),
            view.suggestion(),
            view.quote.clone().or_else(|| view.title.clone()).unwrap_or_default(),
        ]
    };
    table(screen, &["lead", "claim", "state", "sure", "suggested", "words"], views.iter().map(cells).collect())
}

/// One lead.
pub(crate) fn lead(screen: &Screen, view: &LeadView) -> String {
    let mut lines =
        vec![screen.paint.strong(&format!("{} on {}: {}", view.reference, view.claim, view.suggestion()))];
    let mut add = |label: &str, value: Option<String>| {
        lines.extend(value.map(|value| format!("  {label} {value}")));
    };
    let state =
        if view.automatic { format!("{}, recorded by the worker", view.state) } else { view.state.to_owned() };
    add("state", Some(state));
    add("sure to", Some(percent(view.confidence)));
    add("named as", view.source.is_some().then(|| view.speaker.clone()));
    add("footing", view.footing.and_then(|footing| serde_json::to_value(footing).ok()?.as_str().map(plain)));
    add("sources", view.count.map(|number| number.to_string()));
    add("described as", view.described_as.clone());
    add("said", Some(when(view.said_at)));
    add("quote", view.quote.as_ref().map(|quote| format!("\"{quote}\"")));
    add("title", view.title.clone());
    add("at", view.url.clone());
    add("item", Some(view.item.to_string()));
    add("snapshot", view.snapshot.clone());
    for reason in &view.because {
        add("because", Some(format!("{} ({}–{})", reason.rule, reason.start, reason.end)));
    }
    let again: Vec<String> = view.folded_items.iter().map(ToString::to_string).collect();
    add("again in", (!again.is_empty()).then(|| again.join(", ")));
    let by = view.settled_by.as_ref().map(|by| format!(" by {by}")).unwrap_or_default();
    add("settled", view.settled_at.map(|at| format!("{}{by}", when(at))));
    add("reason", view.reason.clone());
    add("evidence", view.evidence.map(|id| id.to_string()));
    if view.state == "waiting" {
        let next = format!("hearsay lead accept {0}, correct {0} or dismiss {0}", view.reference);
        lines.push(format!("  next: {next}"));
    }
    lines.join("\n")
}
