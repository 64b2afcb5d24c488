//! Reads one line of the interchange file. Every error names the field.

mod unique;

use serde::Serialize;
use serde_json::{Map, Value};

use crate::{Addressed, Command};
use unique::UniqueKeys;

/// The most that one field of a line may hold, in bytes.
pub const MAX_FIELD_BYTES: usize = 1 << 20;

/// Why a line is no command.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, thiserror::Error)]
#[error("{reason}")]
pub struct LineError {
    /// The field, as a path: `evidence.said_at`; empty where the line as a whole is wrong.
    pub field: String,
    /// What is wrong with it.
    pub reason: String,
    /// The column at which the line stops being JSON, from 1.
    pub column: Option<usize>,
}

impl LineError {
    fn at(field: impl Into<String>, reason: impl Into<String>) -> Self {
        Self { field: field.into(), reason: reason.into(), column: None }
    }
}

/// Reads one line: a command, and the version that its sender saw.
pub fn parse_line(line: &str) -> Result<Addressed, LineError> {
    let UniqueKeys(value) = serde_json::from_str(line).map_err(|error| LineError {
        field: String::new(),
        reason: format!("{}{}", if error.is_data() { "" } else { "not JSON: " }, without_place(&error)),
        column: Some(error.column()),
    })?;
    parse_value(value)
}

fn parse_value(value: Value) -> Result<Addressed, LineError> {
    let Value::Object(mut fields) = value else {
        return Err(LineError::at("", "a line is one JSON object, `{\"do\": …}`"));
    };
    check_sizes("", &fields)?;
    let name = match fields.remove("do") {
        Some(Value::String(name)) => name,
        Some(_) => return Err(LineError::at("do", "`do` is the name of a command, as a string")),
        None => return Err(LineError::at("do", "`do` is missing: it names the command")),
    };
    let version = version(&mut fields)?;
    match Command::read(&name, Value::Object(fields)) {
        None => Err(LineError::at("do", unknown_command(&name))),
        Some(Ok(command)) => Ok(Addressed { command, version }),
        Some(Err(error)) => Err(field_error(&error)),
    }
}

fn version(fields: &mut Map<String, Value>) -> Result<Option<u64>, LineError> {
    match fields.remove("version") {
        None => Ok(None),
        Some(value) => match value.as_u64() {
            Some(version) => Ok(Some(version)),
            None => Err(LineError::at("version", "`version` is a whole number: the claim's version that you saw")),
        },
    }
}

/// Refuses a field of more than [`MAX_FIELD_BYTES`].
fn check_sizes(path: &str, fields: &Map<String, Value>) -> Result<(), LineError> {
    for (key, value) in fields {
        let shown: String = key.chars().take(80).collect();
        let path = if path.is_empty() { shown } else { format!("{path}.{shown}") };
        match value {
            Value::String(text) if text.len() > MAX_FIELD_BYTES => {
                let reason = format!("`{path}` has {} bytes; at most {MAX_FIELD_BYTES} are taken", text.len());
                return Err(LineError::at(path, reason));
            }
            Value::Object(inner) => check_sizes(&path, inner)?,
            Value::Array(items) => check_items(&path, items)?,
            Value::String(_) | Value::Null | Value::Bool(_) | Value::Number(_) => {}
        }
    }
    Ok(())
}

fn check_items(path: &str, items: &[Value]) -> Result<(), LineError> {
    for (index, item) in items.iter().enumerate() {
        match item {
            Value::String(text) if text.len() > MAX_FIELD_BYTES => {
                let reason =
                    format!("`{path}[{index}]` has {} bytes; at most {MAX_FIELD_BYTES} are taken", text.len());
                return Err(LineError::at(format!("{path}[{index}]"), reason));
            }
            Value::Object(inner) => check_sizes(&format!("{path}[{index}]"), inner)?,
            Value::String(_) | Value::Null | Value::Bool(_) | Value::Number(_) | Value::Array(_) => {}
        }
    }
    Ok(())
}

fn unknown_command(name: &str) -> String {
    let shown: String = name.chars().take(80).collect();
    match nearest(name, Command::NAMES) {
        Some(near) => format!("no command is named `{shown}`; did you mean `{near}`?"),
        None => format!("no command is named `{shown}`; docs/interchange.md lists them"),
    }
}

/// The known word that differs in the fewest letters, if it differs in few.
fn nearest<'a>(word: &str, known: &[&'a str]) -> Option<&'a str> {
    known
        .iter()
        .map(|candidate| (strsim::levenshtein(word, candidate), *candidate))
        .filter(|(apart, candidate)| *apart * 3 <= candidate.len())
        .min()
        .map(|(_, candidate)| candidate)
}

/// The field and the reason of a payload's error; serde names an unknown or missing field in its message.
fn field_error(error: &serde_path_to_error::Error<serde_json::Error>) -> LineError {
    let reason = without_place(error.inner());
    let path = error.path().to_string();
    let path = if path == "." { String::new() } else { path };
    let named = ["unknown field `", "missing field `"]
        .iter()
        .find_map(|start| reason.strip_prefix(start))
        .and_then(|rest| rest.split('`').next());
    match named {
        Some(named) if path.is_empty() => LineError::at(named, reason.clone()),
        Some(named) if path.ends_with(named) => LineError::at(path, reason.clone()),
        Some(named) => LineError::at(format!("{path}.{named}"), reason.clone()),
        None if ["said_at", "since", "until"].iter().any(|time| path.ends_with(time)) => {
            LineError::at(path, "not a time with its offset, such as `2025-04-22T16:00:00Z`")
        }
        None if path.ends_with("_within") => LineError::at(path, "not a duration such as `24h`"),
        None => LineError::at(path, reason),
    }
}

fn without_place(error: &serde_json::Error) -> String {
    let text = error.to_string();
    match text.rfind(" at line ") {
        Some(place) => text[..place].to_owned(),
        None => text,
    }
}
