//! An event's envelope: canonical JSON (RFC 8785) in which every text is replaced by a commitment, and its leaf hash
//! (RFC 6962: SHA-256 over 0x00 and the envelope).
//! A commitment is SHA-256 over salt (16 bytes), field, 0x00 and body, in lower-case hexadecimal.

use hearsay_core::{Event, Text};
use hearsay_ledger::leaf_hash;
use serde_json::{Map, Value};
use sha2::{Digest, Sha256};

use crate::jsonb::to_hex;

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
    let mut sealing = Sealing { out: Vec::with_capacity(2_048), path: String::new(), salt, texts: Vec::new() };
    sealing.write(serde_json::to_value(event)?)?;
    let Sealing { out, texts, .. } = sealing;
    let envelope = String::from_utf8(out).map_err(<serde_json::Error as serde::ser::Error>::custom)?;
    let leaf = leaf_hash(envelope.as_bytes());
    Ok(Sealed { envelope, leaf, texts })
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

/// Writes canonical JSON in one walk, and takes the texts out on the way. Envelopes hold whole numbers only, and
/// `serde_json` escapes strings as RFC 8785 wants it, so that the order of keys is all that is left to see to.
struct Sealing<'a> {
    out: Vec<u8>,
    path: String,
    salt: &'a dyn Fn() -> [u8; 16],
    texts: Vec<SealedText>,
}

impl Sealing<'_> {
    fn write(&mut self, value: Value) -> Result<(), EnvelopeError> {
        match value {
            Value::Object(map) => self.object(map),
            Value::Array(items) => self.array(items),
            Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {
                Ok(serde_json::to_writer(&mut self.out, &value)?)
            }
        }
    }

    fn array(&mut self, items: Vec<Value>) -> Result<(), EnvelopeError> {
        self.out.push(b'[');
        for (index, item) in items.into_iter().enumerate() {
            if index > 0 {
                self.out.push(b',');
            }
            self.within(&index.to_string(), item)?;
        }
        self.out.push(b']');
        Ok(())
    }

    fn object(&mut self, mut map: Map<String, Value>) -> Result<(), EnvelopeError> {
        if let Some(Value::String(body)) = map.get_mut(Text::BODY_KEY) {
            self.text(std::mem::take(body));
            return Ok(());
        }
        let mut entries: Vec<(String, Value)> = map.into_iter().collect();
        if !entries.is_sorted_by(|(a, _), (b, _)| a.is_ascii() && a <= b) {
            entries.sort_by(|(a, _), (b, _)| a.encode_utf16().cmp(b.encode_utf16()));
        }
        self.out.push(b'{');
        for (index, (key, inner)) in entries.into_iter().enumerate() {
            if index > 0 {
                self.out.push(b',');
            }
            serde_json::to_writer(&mut self.out, &key)?;
            self.out.push(b':');
            self.within(&key, inner)?;
        }
        self.out.push(b'}');
        Ok(())
    }

    fn text(&mut self, body: String) {
        let field = self.path.strip_prefix(DATA).unwrap_or(&self.path).to_owned();
        let text = SealedText { field, salt: (self.salt)(), body };
        let hash = commitment(&text.salt, &text.field, &text.body);
        for part in ["{\"", COMMITMENT, "\":\"", &hash, "\"}"] {
            self.out.extend_from_slice(part.as_bytes());
        }
        self.texts.push(text);
    }

    /// Goes one step down the path, and back up.
    fn within(&mut self, step: &str, inner: Value) -> Result<(), EnvelopeError> {
        let length = self.path.len();
        if length > 0 {
            self.path.push('.');
        }
        self.path.push_str(step);
        self.write(inner)?;
        self.path.truncate(length);
        Ok(())
    }
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
