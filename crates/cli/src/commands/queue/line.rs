//! A submitted line that failed, mended: spread out for an editor, read back, and taken only if it is a command.
//! Invariant: what is put back on the queue parses, and is of the kind of its task.

use std::fs;
use std::io::Write;
use std::process::Command;

use hearsay_core::parse_line;
use hearsay_store::DeadTask;
use serde_json::Value;

use crate::exit::Failure;

/// The letter's payload with that line in the place of its own.
pub(super) fn mended(letter: &DeadTask, line: &str) -> Result<Value, Failure> {
    let line = joined(line);
    let wrong = |field: &str, reason: &str| {
        let field = if field.is_empty() { String::new() } else { format!("{field}: ") };
        Failure::Usage(format!("the mended line of {} is not taken: {field}{reason}", letter.id))
    };
    let addressed = parse_line(&line).map_err(|error| wrong(&error.field, &error.reason))?;
    let (name, kind) = (addressed.command.name(), letter.kind);
    if name != kind.as_str() {
        let reason = format!("the task is to {kind}, and the line says `{name}`; submit it as a line of its own");
        return Err(wrong("do", &reason));
    }
    let mut payload = letter.payload.clone();
    if own_line(letter).is_none() {
        return Err(no_line(letter));
    }
    payload["text"] = Value::String(line);
    Ok(payload)
}

/// The line that a letter is about, as it was submitted.
fn own_line(letter: &DeadTask) -> Option<&str> {
    letter.payload.get("text").and_then(Value::as_str)
}

fn no_line(letter: &DeadTask) -> Failure {
    let (id, kind) = (letter.id, letter.kind);
    Failure::Usage(format!(
        "{id} ({kind}) comes from no submitted line, so there is none to mend; `hearsay queue retry {id}` tries it as it is"
    ))
}

/// Has the letter's line edited by a person; none where they emptied the file to leave it.
pub(super) fn edited(letter: &DeadTask) -> Result<Option<Value>, Failure> {
    let line = own_line(letter).ok_or_else(|| no_line(letter))?;
    if line == "[confidential]" {
        return Err(Failure::Usage(format!(
            "the line of {} is confidential: its submitter, an editor, an admin or an auditor may read it",
            letter.id
        )));
    }
    let failed = |source| Failure::File { path: std::env::temp_dir(), source };
    let mut file = tempfile::Builder::new().prefix("hearsay-line-").suffix(".json").tempfile().map_err(failed)?;
    file.write_all(with_heading(letter, line).as_bytes()).map_err(failed)?;
    edit(file.path())?;
    let text = fs::read_to_string(file.path())
        .map_err(|source| Failure::File { path: file.path().to_owned(), source })?;
    let line = without_heading(&text);
    if line.trim().is_empty() {
        return Ok(None);
    }
    match mended(letter, &line) {
        Ok(payload) => Ok(Some(payload)),
        Err(failure) => {
            let (_, path) = file.keep().map_err(|error| failed(error.error))?;
            Err(Failure::Usage(format!("{failure} (what you wrote is kept in `{}`)", path.display())))
        }
    }
}

fn edit(path: &std::path::Path) -> Result<(), Failure> {
    let named = |name: &str| std::env::var(name).ok().filter(|value| !value.trim().is_empty());
    let Some(editor) = named("VISUAL").or_else(|| named("EDITOR")) else {
        return Err(Failure::Usage(
            "`--edit` needs an editor: set VISUAL or EDITOR, or give the line itself with `--line JSON`"
                .to_owned(),
        ));
    };
    let mut words = editor.split_whitespace();
    let program = words.next().unwrap_or_default();
    let ended = Command::new(program).args(words).arg(path).status();
    match ended {
        Ok(status) if status.success() => Ok(()),
        Ok(status) => {
            Err(Failure::Usage(format!("the editor `{editor}` ended with {status}; nothing was changed")))
        }
        Err(error) => Err(Failure::Usage(format!("the editor `{editor}` could not be started: {error}"))),
    }
}

fn with_heading(letter: &DeadTask, line: &str) -> String {
    let field = letter.field.as_ref().map(|field| format!("{field}: ")).unwrap_or_default();
    let error = letter.error.replace('\n', " ");
    format!(
        "# {field}{error}\n# Mend the line; it may have several lines here. An empty file leaves it as it is.\n{}\n",
        spread(line)
    )
}

fn without_heading(text: &str) -> String {
    let lines = text.lines().filter(|line| !line.trim_start().starts_with('#'));
    lines.collect::<Vec<_>>().join("\n")
}

/// JSON over several lines made one. No string of JSON has a line's end in it.
fn joined(text: &str) -> String {
    text.lines().map(str::trim).filter(|line| !line.is_empty()).collect::<Vec<_>>().join(" ")
}

/// A line of JSON spread over several, a field each, and otherwise as it was.
fn spread(line: &str) -> String {
    let mut text = String::with_capacity(line.len() * 2);
    let (mut depth, mut quoted, mut escaped) = (0_usize, false, false);
    for letter in line.trim().chars() {
        let structural = !quoted;
        if quoted {
            quoted = escaped || letter != '"';
            escaped = !escaped && letter == '\\';
        } else {
            quoted = letter == '"';
        }
        match letter {
            '{' | ',' if structural => {
                depth += usize::from(letter == '{');
                text.push(letter);
                new_line(&mut text, depth);
            }
            '}' if structural => {
                depth = depth.saturating_sub(1);
                new_line(&mut text, depth);
                text.push(letter);
            }
            ' ' | '\t' if structural && text.ends_with([' ', '\n']) => {}
            _ => text.push(letter),
        }
    }
    text
}

fn new_line(text: &mut String, depth: usize) {
    text.push('\n');
    text.push_str(&"  ".repeat(depth));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_spread_for_an_editor_and_joined_again() {
        let line = r#"{"do":"withdraw_evidence", "evidence":"e1","reason":"a {\"b\"}, c\\"}"#;
        let wide = spread(line);
        assert_eq!(
            wide,
            "{\n  \"do\":\"withdraw_evidence\",\n  \"evidence\":\"e1\",\n  \"reason\":\"a {\\\"b\\\"}, c\\\\\"\n}"
        );
        let value = |text: &str| serde_json::from_str::<Value>(text).unwrap();
        assert_eq!(value(&joined(&wide)), value(line));
        assert!(!joined(&wide).contains('\n'));
    }

    #[test]
    fn what_is_no_json_is_spread_without_harm() {
        for line in ["", "}}}", "\"open", "{\"a\":", "# no"] {
            assert_eq!(joined(&spread(line)).replace(' ', ""), line.replace(' ', ""), "{line}");
        }
    }
}
