//! The files of an evidence bundle, each as text.
//! Invariant: all but events, checkpoint, key and proofs follow from these, so that whoever checks a bundle writes the
//! same text anew.

use hearsay_core::{Actor, Event, Fact, Text};
use hearsay_formats::{
    BundlePage, Detail, PageError, PageEvent, PageText, Setting, attribution_svg, origins_sentence,
};
use hearsay_ledger::{SignedCheckpoint, VerifyingKey};
use hearsay_store::Bundle;
use serde::Serialize;
use serde_json::Value;

/// The events.
pub const CLAIM: &str = "claim.json";
/// Why the standing is what it is.
pub const EXPLANATION: &str = "explanation.json";
/// The signed checkpoint.
pub const CHECKPOINT: &str = "checkpoint.txt";
/// The public key.
pub const KEY: &str = "key.txt";
/// The page to look at.
pub const PAGE: &str = "index.html";

/// The folder of the proofs.
pub(crate) const PROOFS: &str = "proofs/";

/// The file of the proof of one event.
pub fn proof_name(seq: u64) -> String {
    format!("{PROOFS}{seq}.tlog-proof")
}

/// The text of [`CLAIM`].
pub fn claim_json(bundle: &Bundle) -> Result<String, serde_json::Error> {
    json(bundle)
}

/// The text of [`EXPLANATION`]; none where no event of the bundle reports its claim. What other claims became is not in
/// it: that does not follow from this claim's events.
pub fn explanation_json(bundle: &Bundle) -> Result<Option<String>, serde_json::Error> {
    let Some(explanation) = bundle.explanation() else { return Ok(None) };
    let mut value = serde_json::to_value(explanation)?;
    if let Value::Object(map) = &mut value {
        map.remove("links");
    }
    json(&value).map(Some)
}

/// The text of [`KEY`].
pub fn key_text(key: &VerifyingKey) -> String {
    format!("{}\n", key.to_text())
}

fn json<T: Serialize>(value: &T) -> Result<String, serde_json::Error> {
    serde_json::to_string_pretty(value)
}

/// The text of [`PAGE`]; none where no event of the bundle reports its claim.
pub fn page(
    bundle: &Bundle,
    checkpoint: &SignedCheckpoint,
    key: &VerifyingKey,
) -> Result<Option<String>, PageError> {
    let Some((explanation, attribution)) = bundle.attribution() else { return Ok(None) };
    let sentence = origins_sentence(&explanation, &attribution);
    let picture = attribution_svg(&explanation, &attribution, Setting::Page, Detail::Whole)?;
    let mut events = Vec::new();
    for bundled in &bundle.events {
        let Some(event) = bundled.opened() else { continue };
        events.push(PageEvent {
            seq: event.seq,
            recorded_at: event.recorded_at.to_string(),
            occurred_at: event.occurred_at.to_string(),
            actor: actor(&event.actor),
            kind: event.fact.kind().to_owned(),
            evidence: evidence(&event.fact),
            texts: texts(&event, &bundled.erased, &bundled.withheld),
        });
    }
    let page = BundlePage {
        reference: explanation.reference.to_string(),
        text: explanation.text.unwrap_or_else(|| "[erased]".to_owned()),
        state: explanation.state.as_str().to_owned(),
        standing: explanation.standing.as_str().to_owned(),
        missing: explanation.missing,
        sentence,
        picture,
        events,
        checkpoint: checkpoint.to_text().to_owned(),
        key: key.to_text(),
    };
    page.to_html().map(Some)
}

/// The id of the piece of evidence that a fact brings.
#[expect(clippy::wildcard_enum_match_arm, reason = "only two facts bring evidence")]
fn evidence(fact: &Fact) -> Option<String> {
    match fact {
        Fact::ClaimReported { evidence, .. } | Fact::FollowUpRecorded { evidence, .. } => {
            Some(evidence.id.to_string())
        }
        _ => None,
    }
}

fn actor(actor: &Actor) -> String {
    format!("{} ({})", actor.name.body().unwrap_or("[erased]"), actor.role.as_str())
}

/// An event's texts by their fields, and what stands in the place of those that are not there.
fn texts(event: &Event, erased: &[(String, u64)], withheld: &[String]) -> Vec<PageText> {
    let mut texts = Vec::new();
    if let Ok(value) = serde_json::to_value(&event.fact) {
        gather(&value["data"], "", &mut texts);
    }
    let instead = erased.iter().map(|(field, by)| (field.clone(), format!("[erased by event {by}]")));
    let kept_back = withheld.iter().map(|field| (field.clone(), "[confidential]".to_owned()));
    texts.extend(instead.chain(kept_back).map(|(field, words)| PageText { field, words }));
    texts
}

fn gather(value: &Value, path: &str, texts: &mut Vec<PageText>) {
    let deeper = |step: &str| if path.is_empty() { step.to_owned() } else { format!("{path}.{step}") };
    match value {
        Value::Object(map) => match map.get(Text::BODY_KEY) {
            Some(Value::String(words)) => texts.push(PageText { field: path.to_owned(), words: words.clone() }),
            Some(_) => {}
            None => map.iter().for_each(|(key, inner)| gather(inner, &deeper(key), texts)),
        },
        Value::Array(items) => {
            for (index, inner) in items.iter().enumerate() {
                gather(inner, &deeper(&index.to_string()), texts);
            }
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}
