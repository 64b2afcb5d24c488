//! Checks the words of a command: none empty, none too long, handles that can be told from numbers and ids.

use uuid::Uuid;

use super::Desk;
use crate::{ClaimNumber, MAX_FIELD_BYTES, Refusal, Text};

/// The most characters of a claim's sentence.
pub(super) const MAX_CLAIM: usize = 2_000;
/// The most characters of a name, a topic, a tag or a language.
pub(super) const MAX_NAME: usize = 500;
/// How many digits a SHA-256 has in hexadecimal.
const DIGITS: usize = 64;
/// The most characters of a handle.
const MAX_HANDLE: usize = 200;

/// Words that must not be empty, trimmed, of at most `max` characters.
pub(super) fn short(field: &str, words: &str, max: usize) -> Result<String, Refusal> {
    let trimmed = words.trim();
    if trimmed.is_empty() {
        return Err(Refusal::Empty { field: field.to_owned() });
    }
    let have = trimmed.chars().count();
    if have > max {
        return Err(Refusal::TooLong { field: field.to_owned(), have, max });
    }
    printable(field, trimmed, |_| false)?;
    Ok(trimmed.to_owned())
}

/// Words of any length up to [`MAX_FIELD_BYTES`] bytes that must not be empty.
pub(super) fn long(field: &str, words: &str) -> Result<Text, Refusal> {
    if words.trim().is_empty() {
        return Err(Refusal::Empty { field: field.to_owned() });
    }
    if words.len() > MAX_FIELD_BYTES {
        let have = words.chars().count();
        return Err(Refusal::TooLong { field: field.to_owned(), have, max: MAX_FIELD_BYTES });
    }
    printable(field, words, |letter| matches!(letter, '\n' | '\r' | '\t'))?;
    Ok(Text::from(words))
}

/// Refuses control characters, but for those that lay out a text: a terminal would obey them.
fn printable(field: &str, words: &str, lays_out: impl Fn(char) -> bool) -> Result<(), Refusal> {
    match words.chars().find(|letter| letter.is_control() && !lays_out(*letter)) {
        Some(letter) => Err(Refusal::Unprintable { field: field.to_owned(), code: u32::from(letter) }),
        None => Ok(()),
    }
}

/// Words that may be left out; given, they must not be empty.
pub(super) fn maybe(field: &str, words: Option<&String>) -> Result<Option<Text>, Refusal> {
    words.map(|words| long(field, words)).transpose()
}

/// A short word that may be left out; given, it must not be empty.
pub(super) fn maybe_short(field: &str, words: Option<&String>) -> Result<Option<String>, Refusal> {
    words.map(|words| short(field, words, MAX_NAME)).transpose()
}

/// A SHA-256 in lower-case hexadecimal.
pub(super) fn sha256(field: &'static str, digits: &str) -> Result<Text, Refusal> {
    let is_digit = |letter: u8| letter.is_ascii_digit() || (b'a'..=b'f').contains(&letter);
    if digits.len() != DIGITS || !digits.bytes().all(is_digit) {
        return Err(Refusal::NotASha256 { field });
    }
    Ok(Text::from(digits))
}

/// The SHA-256 by which a document's bytes are known, where it is given.
pub(super) fn snapshot(field: &'static str, digits: Option<&String>) -> Result<Option<Text>, Refusal> {
    digits.map(|digits| sha256(field, digits)).transpose()
}

impl Desk<'_, '_, '_> {
    /// A handle that is free and can be told from a claim's number and from an id.
    pub(super) fn new_handle(&self, handle: Option<&String>) -> Result<Option<Text>, Refusal> {
        let Some(handle) = handle else { return Ok(None) };
        let unusable = |why| Err(Refusal::HandleUnusable { handle: shown(handle), why });
        if handle.trim().is_empty() || handle.trim() != handle {
            return unusable("it is empty, or begins or ends with a space");
        }
        if handle.chars().count() > MAX_HANDLE || handle.chars().any(char::is_control) {
            return unusable("it has more than 200 characters, or control characters");
        }
        if handle.parse::<ClaimNumber>().is_ok() || Uuid::try_parse(handle).is_ok() {
            return unusable("it reads like a claim's number or an id");
        }
        if let Some(taken) = self.docket.handles.get(handle) {
            return Err(Refusal::HandleTaken { handle: handle.clone(), taken_by: taken.noun() });
        }
        Ok(Some(Text::from(handle.as_str())))
    }
}

fn shown(words: &str) -> String {
    words.chars().take(80).collect()
}
