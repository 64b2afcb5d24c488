//! Events as a history: who, when, what, and where it left the claim's standing.

use hearsay_core::{Clock, Standing, State};
use hearsay_store::EventView;
use serde::Serialize;
use serde_json::Value;

use super::diamond;
use super::event::{PieceNames, actor, sentence};
use crate::output::{Screen, wrapped};
use crate::words::when;

/// The columns of an event in CSV.
pub(crate) const COLUMNS: &[&str] = &[
    "seq",
    "id",
    "command",
    "actor",
    "role",
    "kind",
    "claim",
    "occurred_at",
    "recorded_at",
    "clock",
    "state_before",
    "standing_before",
    "standing",
    "summary",
    "rested_on",
    "data",
    "erased",
];

/// An event for programs.
#[derive(Serialize)]
pub(crate) struct EventLine {
    seq: u64,
    id: String,
    command: String,
    actor: Option<String>,
    role: hearsay_core::Role,
    kind: &'static str,
    claim: Option<hearsay_core::ClaimNumber>,
    occurred_at: jiff::Timestamp,
    recorded_at: jiff::Timestamp,
    clock: Clock,
    state_before: Option<State>,
    standing_before: Option<Standing>,
    standing: Option<Standing>,
    summary: String,
    rested_on: Vec<String>,
    data: Value,
    erased: Vec<ErasedField>,
}

/// A text of an event that is there no more.
#[derive(Serialize)]
struct ErasedField {
    field: String,
    by: u64,
}

impl EventLine {
    /// The event with its sentence and its data, texts in the open.
    pub(crate) fn of(view: &EventView, pieces: &PieceNames, grounds: &[String]) -> Self {
        let event = &view.event;
        let data = serde_json::to_value(&event.fact).map(|mut fact| fact["data"].take()).unwrap_or_default();
        Self {
            seq: event.seq,
            id: event.id.to_string(),
            command: event.command.to_string(),
            actor: event.actor.name.body().map(str::to_owned),
            role: event.actor.role,
            kind: event.fact.kind(),
            claim: view.claim,
            occurred_at: event.occurred_at,
            recorded_at: event.recorded_at,
            clock: event.clock,
            state_before: view.before.map(|(state, _)| state),
            standing_before: view.before.map(|(_, standing)| standing),
            standing: event.weighed.map(|weighed| weighed.standing),
            summary: sentence(view, pieces),
            rested_on: grounds.to_vec(),
            data: opened(data),
            erased: view.erased.iter().map(|(field, by)| ErasedField { field: field.clone(), by: *by }).collect(),
        }
    }
}

/// Replaces `{"$text": body}` by the body.
fn opened(value: Value) -> Value {
    match value {
        Value::Object(mut fields) if fields.len() == 1 && fields.contains_key("$text") => {
            fields.remove("$text").unwrap_or_default()
        }
        Value::Object(fields) => fields.into_iter().map(|(key, value)| (key, opened(value))).collect(),
        Value::Array(items) => items.into_iter().map(opened).collect(),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => value,
    }
}

/// One event for people: two columns, and the standing where the event moved it.
pub(crate) fn line(
    screen: &Screen,
    view: &EventView,
    pieces: &PieceNames,
    grounds: &[String],
    of_one_claim: OfOneClaim,
) -> String {
    let event = &view.event;
    let claim = match (of_one_claim, view.claim) {
        (OfOneClaim::No, Some(claim)) => format!("{claim} "),
        (OfOneClaim::No | OfOneClaim::Yes, _) => String::new(),
    };
    let occurred = (event.occurred_at != event.recorded_at).then(|| format!(" ({})", when(event.occurred_at)));
    let told = format!("{claim}{}{}", sentence(view, pieces), occurred.unwrap_or_default());
    let head = format!("{:>5}  {}  {:<8} ", event.seq, when_column(event.recorded_at), actor(event));
    let indent = " ".repeat(crate::output::width_of(&head));
    let mut lines = wrapped(&told, screen.width, &indent);
    if let Some(first) = lines.first_mut() {
        *first = format!("{}{}", screen.paint.faint(&head), first.trim_start());
    }
    for ground in grounds {
        lines.extend(wrapped(ground, screen.width, &indent));
    }
    lines.extend(moved(screen, view).map(|moved| format!("{indent}{moved}")));
    lines.join("\n")
}

/// Whether a history is of one claim, so that its reference goes without saying.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum OfOneClaim {
    /// It is.
    Yes,
    /// It is of everything.
    No,
}

fn when_column(at: jiff::Timestamp) -> String {
    at.strftime("%Y-%m-%d %H:%M").to_string()
}

fn moved(screen: &Screen, view: &EventView) -> Option<String> {
    let (before, after) = (view.before?.1, view.event.weighed?.standing);
    let words = |standing: Standing| {
        screen.paint.standing(standing, &format!("{} {}", diamond(standing), standing.as_str()))
    };
    (before != after).then(|| format!("→ standing {}, was {}", words(after), words(before)))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn texts_come_in_the_open() {
        let data = json!({"text": {"$text": "a"}, "tags": [{"$text": "b"}], "evidence": {"ref": {"$text": null}}});
        assert_eq!(opened(data), json!({"text": "a", "tags": ["b"], "evidence": {"ref": null}}));
    }
}
