//! Reads lines, each of bounded size, in a thread of its own.
//! Invariant: a line over [`MAX_LINE_BYTES`] is skipped to its end without being held.

use std::io::{self, BufRead};

use hearsay_core::{Addressed, parse_line};
use serde::Serialize;
use tokio::sync::mpsc;

/// The most that a line may hold, in bytes.
pub(crate) const MAX_LINE_BYTES: usize = 16 << 20;

/// How many lines may wait to be decided on.
const WAITING: usize = 256;

/// Why a line was refused.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub(crate) struct Fault {
    /// The field; empty where the line as a whole is wrong.
    pub(crate) field: String,
    /// What is wrong.
    pub(crate) reason: String,
    /// Where in the line, from 1, if that can be said.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) column: Option<usize>,
}

impl Fault {
    /// That a field is wrong.
    pub(crate) fn of_field(field: &str, reason: String) -> Self {
        Self { field: field.to_owned(), reason, column: None }
    }

    /// One line for people: file, line and column, field, reason.
    pub(crate) fn told(&self, file: &str, number: u64) -> String {
        let column = self.column.map(|column| format!(":{column}")).unwrap_or_default();
        let field = if self.field.is_empty() { String::new() } else { format!("{}: ", self.field) };
        format!("{file}:{number}{column}: {field}{}", self.reason)
    }

    fn of_line(reason: String, column: Option<usize>) -> Self {
        Self { field: String::new(), reason, column }
    }
}

/// A line that isn't empty.
#[derive(Debug)]
pub(crate) struct Line {
    /// Its number, from 1.
    pub(crate) number: u64,
    /// How many bytes of the file lie before its end.
    pub(crate) end: u64,
    /// Its text without its end, and the command in it.
    pub(crate) read: Result<(String, Addressed), Fault>,
}

/// What the reading thread sends: lines, or why the file could not be read on.
pub(crate) type Read = io::Result<Line>;

/// Reads in a thread of its own, which ends with the file or once nobody listens.
pub(crate) fn read(source: Box<dyn BufRead + Send>) -> mpsc::Receiver<Read> {
    let (sender, receiver) = mpsc::channel(WAITING);
    std::thread::spawn(move || {
        for line in Lines::of(source) {
            let failed = line.is_err();
            if sender.blocking_send(line).is_err() || failed {
                break;
            }
        }
    });
    receiver
}

/// The lines of a source.
struct Lines<R> {
    source: R,
    number: u64,
    end: u64,
}

impl<R: BufRead> Lines<R> {
    fn of(source: R) -> Self {
        Self { source, number: 0, end: 0 }
    }

    /// Reads one line into `text`, up to the most that is taken; `None` at the end.
    fn raw(&mut self, text: &mut Vec<u8>) -> io::Result<Option<usize>> {
        let mut length = 0;
        loop {
            let buffer = match self.source.fill_buf() {
                Ok(buffer) => buffer,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
                Err(error) => return Err(error),
            };
            if buffer.is_empty() {
                return Ok((length > 0).then_some(length));
            }
            let found = buffer.iter().position(|byte| *byte == b'\n');
            let taken = found.map_or(buffer.len(), |at| at + 1);
            let room = (MAX_LINE_BYTES + 2).saturating_sub(text.len()).min(taken);
            text.extend_from_slice(&buffer[..room]);
            self.source.consume(taken);
            length += taken;
            if found.is_some() {
                return Ok(Some(length));
            }
        }
    }
}

impl<R: BufRead> Iterator for Lines<R> {
    type Item = Read;

    fn next(&mut self) -> Option<Read> {
        loop {
            let mut text = Vec::new();
            let length = match self.raw(&mut text) {
                Ok(length) => length?,
                Err(error) => return Some(Err(error)),
            };
            self.number += 1;
            self.end += u64::try_from(length).unwrap_or(u64::MAX);
            if let Some(read) = parsed(&text, self.number == 1) {
                return Some(Ok(Line { number: self.number, end: self.end, read }));
            }
        }
    }
}

/// The command of a line; none if the line is empty.
fn parsed(bytes: &[u8], first: bool) -> Option<Result<(String, Addressed), Fault>> {
    let bytes = bytes.strip_suffix(b"\n").unwrap_or(bytes);
    let bytes = bytes.strip_suffix(b"\r").unwrap_or(bytes);
    let bytes = if first { bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes) } else { bytes };
    if bytes.len() > MAX_LINE_BYTES {
        return Some(Err(Fault::of_line(format!("the line is longer than {MAX_LINE_BYTES} bytes"), None)));
    }
    let text = match std::str::from_utf8(bytes) {
        Ok(text) => text,
        Err(error) => {
            let valid = error.valid_up_to();
            let column = String::from_utf8_lossy(&bytes[..valid]).chars().count() + 1;
            return Some(Err(Fault::of_line(format!("not UTF-8 at byte {}", valid + 1), Some(column))));
        }
    };
    if text.trim().is_empty() {
        return None;
    }
    let command = parse_line(text);
    Some(command.map(|command| (text.to_owned(), command)).map_err(|error| Fault {
        field: error.field,
        reason: error.reason,
        column: error.column,
    }))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn faults(bytes: &[u8]) -> Vec<(u64, String)> {
        let told = |line: Read| {
            let line = line.unwrap();
            (line.number, line.read.map_or_else(|fault| fault.reason, |(text, _)| text))
        };
        Lines::of(bytes).map(told).collect()
    }

    const NOTE: &str = r#"{"do":"note","claim":"C-1","text":"x"}"#;

    #[test]
    fn marks_line_ends_and_empty_lines_are_passed_over() {
        let file = format!("\u{feff}{NOTE}\r\n\r\n  \n{NOTE}");
        assert_eq!(faults(file.as_bytes()), [(1, NOTE.to_owned()), (4, NOTE.to_owned())]);
    }

    #[test]
    fn what_is_no_utf8_is_named_by_its_byte() {
        let found = Lines::of(&b"\n{\"a\":\"\xc3\xa9\xff\"}\n"[..]).next().unwrap().unwrap();
        let fault = found.read.unwrap_err();
        assert_eq!((found.number, fault.reason.as_str(), fault.column), (2, "not UTF-8 at byte 9", Some(8)));
    }

    #[test]
    fn a_line_too_long_is_skipped_to_its_end() {
        let mut file = vec![b'x'; MAX_LINE_BYTES + 10];
        file.extend_from_slice(format!("\n{NOTE}\n").as_bytes());
        let found = faults(&file);
        assert_eq!(found[0], (1, "the line is longer than 16777216 bytes".to_owned()));
        assert_eq!(found[1], (2, NOTE.to_owned()));
    }

    #[test]
    fn an_empty_file_has_no_lines() {
        assert_eq!(faults(b""), []);
        assert_eq!(faults(b"\n\n"), []);
    }
}
