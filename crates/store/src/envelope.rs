//! An event's envelope: canonical JSON (RFC 8785) in which every text is replaced by a commitment, and its leaf hash
//! (RFC 6962: SHA-256 over 0x00 and the envelope).
//! A commitment is SHA-256 over salt (16 bytes), field, 0x00 and body, in lower-case hexadecimal.

mod sealing;

use hearsay_core::{Event, Text};
use serde_json::{Map, Value};
use sha2::{Digest, Sha256};

use crate::jsonb::to_hex;
use sealing::Sealing;

/// The key under which a commitment stands in place of a text.
pub(crate) const COMMITMENT: &str = "$sha256";

/// The part of a field's path that every text but the actor's name shares.
const DATA: &str = "fact.data.";

/// A text that was taken out of an envelope.
pub(crate) struct SealedText {
    /// Where it stood: `words.quote`, `actor.name`.
    pub(crate) field: String,
    /// 16 random bytes.
    pub(crate) salt: [u8; 16],
    /// The words.
    pub(crate) body: String,
}

/// An event as it is stored.
pub(crate) struct Sealed {
    pub(crate) envelope: String,
    pub(crate) leaf: [u8; 32],
    pub(crate) texts: Vec<SealedText>,
}

/// Why an envelope could not be written or read.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub(crate) struct EnvelopeError(#[from] serde_json::Error);

/// Seals an event: its texts apart, commitments in their place.
pub(crate) fn seal(event: &Event, salt: &dyn Fn() -> [u8; 16]) -> Result<Sealed, EnvelopeError> {
    Ok(Sealing::seal(event, salt)?)
}

/// The commitment to a text.
pub(crate) fn commitment(salt: &[u8], field: &str, body: &str) -> String {
    let mut hasher = Sha256::new();
    hasher.update(salt);
    hasher.update(field.as_bytes());
    hasher.update([0]);
    hasher.update(body.as_bytes());
    to_hex(&hasher.finalize())
}

/// Goes one step down the path, and back up.
fn within(path: &mut String, step: &str, inner: impl FnOnce(&mut String)) {
    let length = path.len();
    if length > 0 {
        path.push('.');
    }
    path.push_str(step);
    inner(path);
    path.truncate(length);
}

/// Reads an envelope without its words.
pub(crate) fn open_sealed(envelope: &str) -> Result<Event, EnvelopeError> {
    Ok(serde_json::from_str(envelope)?)
}

/// Reads an envelope with the words that are at hand; those that aren't stay sealed.
pub(crate) fn open(envelope: &str, texts: &[(String, String)]) -> Result<Event, EnvelopeError> {
    let mut value: Value = serde_json::from_str(envelope)?;
    for (field, body) in texts {
        if let Some(place) = at(&mut value, field) {
            *place = Value::Object(Map::from_iter([(Text::BODY_KEY.to_owned(), Value::String(body.clone()))]));
        }
    }
    Ok(serde_json::from_value(value)?)
}

/// The commitments in an envelope: field and hash.
pub(crate) fn commitments(envelope: &str) -> Result<Vec<(String, String)>, EnvelopeError> {
    let value: Value = serde_json::from_str(envelope)?;
    let mut found = Vec::new();
    collect_commitments(&value, &mut String::new(), &mut found);
    Ok(found)
}

fn collect_commitments(value: &Value, path: &mut String, found: &mut Vec<(String, String)>) {
    match value {
        Value::Object(map) => {
            if let Some(Value::String(hash)) = map.get(COMMITMENT) {
                found.push((path.strip_prefix(DATA).unwrap_or(path).to_owned(), hash.clone()));
                return;
            }
            for (key, inner) in map {
                within(path, key, |path| collect_commitments(inner, path, found));
            }
        }
        Value::Array(items) => {
            for (index, inner) in items.iter().enumerate() {
                within(path, &index.to_string(), |path| collect_commitments(inner, path, found));
            }
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

fn at<'a>(value: &'a mut Value, field: &str) -> Option<&'a mut Value> {
    let root = if field == "actor.name" { value } else { value.get_mut("fact")?.get_mut("data")? };
    field.split('.').try_fold(root, |value, step| match value {
        Value::Object(map) => map.get_mut(step),
        Value::Array(items) => step.parse::<usize>().ok().and_then(|index| items.get_mut(index)),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => None,
    })
}

/// Sixteen bytes from hexadecimal.
pub(crate) fn from_hex(text: &str) -> Option<[u8; 16]> {
    uuid::Uuid::try_parse(text).ok().map(uuid::Uuid::into_bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    const GOLDEN: &str = include_str!("../../core/tests/rules/golden/events.jsonl");

    /// A walk of its own over the event's tree, which is then written by a library.
    fn written_by_a_library(event: &Event, salt: [u8; 16]) -> String {
        let mut value = serde_json::to_value(event).unwrap();
        commit(&mut value, &mut String::new(), &salt);
        serde_json_canonicalizer::to_string(&value).unwrap()
    }

    fn commit(value: &mut Value, path: &mut String, salt: &[u8]) {
        match value {
            Value::Object(map) => {
                if let Some(body) = map.get(Text::BODY_KEY).and_then(Value::as_str) {
                    let hash = commitment(salt, path.strip_prefix(DATA).unwrap_or(path), body);
                    *map = Map::from_iter([(COMMITMENT.to_owned(), Value::from(hash))]);
                    return;
                }
                for (key, inner) in map {
                    within(path, key, |path| commit(inner, path, salt));
                }
            }
            Value::Array(items) => {
                for (index, inner) in items.iter_mut().enumerate() {
                    within(path, &index.to_string(), |path| commit(inner, path, salt));
                }
            }
            Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
        }
    }

    fn policy_of(name: &str, ratings: &[(&str, i64)]) -> Event {
        let first = GOLDEN.lines().find(|line| line.contains(r#""kind":"policy_set""#)).unwrap();
        let mut value: Value = serde_json::from_str(first).unwrap();
        let policy = &mut value["fact"]["data"]["policy"];
        policy["name"] = Value::from(name);
        policy["ratings"] =
            ratings.iter().map(|(rating, rank)| ((*rating).to_owned(), Value::from(*rank))).collect();
        serde_json::from_value(value).unwrap()
    }

    #[test]
    fn an_event_of_every_kind_is_sealed_as_a_library_writes_it() {
        let mut events: Vec<Event> = GOLDEN.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
        let odd = [("b", -1), ("ﬀ", 2), ("𝔘", 3), ("\u{7f}", 4), ("a\"\\\n", 5), ("", 0), (COMMITMENT, 7)];
        events.push(policy_of("quote \" tab \t \u{1} \u{2028} é 🕊", &odd));
        events.push(policy_of("a text in name only", &[(Text::BODY_KEY, 1), ("a", 2)]));
        let salt = [7; 16];
        let mut texts = 0;
        for event in &events {
            let sealed = seal(event, &|| salt).unwrap();
            assert_eq!(sealed.envelope, written_by_a_library(event, salt));
            assert_eq!(sealed.leaf, hearsay_ledger::leaf_hash(sealed.envelope.as_bytes()));
            let told: Vec<(String, String)> =
                sealed.texts.into_iter().map(|text| (text.field, text.body)).collect();
            assert_eq!(&open(&sealed.envelope, &told).unwrap(), event);
            texts += told.len();
        }
        assert!(texts > events.len(), "{texts} texts");
    }
}
