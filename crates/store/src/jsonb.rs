//! Rows as SQLite's JSONB, so that one bound value carries many rows and SQLite parses nothing.
//! Format: <https://sqlite.org/jsonb.html>: a header of type and size, then the payload.

const NULL: u8 = 0x00;
const INTEGER: u8 = 3;
const TEXTRAW: u8 = 10;
const ARRAY: u8 = 11;

/// An array of rows, each an array of cells.
#[derive(Default)]
pub(crate) struct Rows {
    bytes: Vec<u8>,
    rows: usize,
}

/// What a cell holds.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Cell<'a> {
    Null,
    Int(i64),
    /// A text, or bytes as hexadecimal text.
    Text(&'a str),
}

/// One row that is being written.
pub(crate) struct Row<'a>(&'a mut Vec<u8>);

impl Rows {
    pub(crate) fn len(&self) -> usize {
        self.rows
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.rows == 0
    }

    /// Adds one row.
    pub(crate) fn push(&mut self, cells: impl FnOnce(&mut Row<'_>)) {
        let start = open_array(&mut self.bytes);
        cells(&mut Row(&mut self.bytes));
        close_array(&mut self.bytes, start);
        self.rows += 1;
    }

    /// Adds a number that stands by itself, in place of a row.
    pub(crate) fn push_int(&mut self, number: i64) {
        Row(&mut self.bytes).int(number);
        self.rows += 1;
    }

    /// Adds a text that stands by itself, in place of a row.
    pub(crate) fn push_text(&mut self, text: &str) {
        Row(&mut self.bytes).text(text);
        self.rows += 1;
    }

    /// The cells of all rows, one after the other; what is no cell reads as null.
    pub(crate) fn cells(&self) -> impl Iterator<Item = Cell<'_>> {
        let mut rest = self.bytes.as_slice();
        std::iter::from_fn(move || {
            loop {
                let (kind, size, payload) = take_header(rest)?;
                if kind == ARRAY {
                    rest = payload;
                    continue;
                }
                let (cell, after) = payload.split_at_checked(size)?;
                rest = after;
                return Some(Cell::read(kind, cell));
            }
        })
    }

    /// The rows as one JSONB array.
    pub(crate) fn into_jsonb(self) -> Vec<u8> {
        let mut out = Vec::with_capacity(self.bytes.len() + 5);
        let start = open_array(&mut out);
        out.extend_from_slice(&self.bytes);
        close_array(&mut out, start);
        out
    }

    /// As [`Self::into_jsonb`]; null where there are no rows.
    pub(crate) fn into_jsonb_or_null(self) -> Option<Vec<u8>> {
        (!self.is_empty()).then(|| self.into_jsonb())
    }
}

impl<'a> Cell<'a> {
    fn read(kind: u8, payload: &'a [u8]) -> Self {
        match (kind, std::str::from_utf8(payload)) {
            (INTEGER, Ok(digits)) => digits.parse().map_or(Self::Null, Self::Int),
            (TEXTRAW, Ok(text)) => Self::Text(text),
            (_, Ok(_) | Err(_)) => Self::Null,
        }
    }
}

impl Row<'_> {
    /// A text, as it is.
    pub(crate) fn text(&mut self, text: &str) -> &mut Self {
        header(self.0, TEXTRAW, text.len());
        self.0.extend_from_slice(text.as_bytes());
        self
    }

    /// A text, or null.
    pub(crate) fn maybe_text(&mut self, text: Option<&str>) -> &mut Self {
        match text {
            Some(text) => self.text(text),
            None => self.null(),
        }
    }

    /// A whole number.
    pub(crate) fn int(&mut self, number: i64) -> &mut Self {
        let digits = number.to_string();
        header(self.0, INTEGER, digits.len());
        self.0.extend_from_slice(digits.as_bytes());
        self
    }

    /// A whole number, or null.
    pub(crate) fn maybe_int(&mut self, number: Option<i64>) -> &mut Self {
        match number {
            Some(number) => self.int(number),
            None => self.null(),
        }
    }

    /// Bytes, as hexadecimal text: the statement unhexes them.
    pub(crate) fn hex(&mut self, bytes: &[u8]) -> &mut Self {
        header(self.0, TEXTRAW, bytes.len() * 2);
        push_hex(self.0, bytes);
        self
    }

    /// Bytes, as hexadecimal text, or null.
    pub(crate) fn maybe_hex(&mut self, bytes: Option<&[u8]>) -> &mut Self {
        match bytes {
            Some(bytes) => self.hex(bytes),
            None => self.null(),
        }
    }

    fn null(&mut self) -> &mut Self {
        self.0.push(NULL);
        self
    }
}

fn push_hex(out: &mut Vec<u8>, bytes: &[u8]) {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    for byte in bytes {
        out.push(DIGITS[usize::from(byte >> 4)]);
        out.push(DIGITS[usize::from(byte & 15)]);
    }
}

/// The kind and the size that a header tells, and what follows it.
fn take_header(bytes: &[u8]) -> Option<(u8, usize, &[u8])> {
    let (first, rest) = bytes.split_first()?;
    let (size, width) = match first >> 4 {
        0xc => (0, 1),
        0xd => (0, 2),
        0xe => (0, 4),
        size => (usize::from(size), 0),
    };
    let (told, rest) = rest.split_at_checked(width)?;
    let size = told.iter().fold(size, |size, byte| size << 8 | usize::from(*byte));
    Some((first & 0x0f, size, rest))
}

/// Bytes as lower-case hexadecimal.
pub(crate) fn to_hex(bytes: &[u8]) -> String {
    let mut out = Vec::with_capacity(bytes.len() * 2);
    push_hex(&mut out, bytes);
    String::from_utf8_lossy(&out).into_owned()
}

/// Writes an array's header with room for its size.
fn open_array(out: &mut Vec<u8>) -> usize {
    out.extend([0xe0 | ARRAY, 0, 0, 0, 0]);
    out.len()
}

#[expect(clippy::cast_possible_truncation, reason = "a batch is far smaller than SQLite's largest value of 1 GB")]
fn close_array(out: &mut [u8], start: usize) {
    let size = (out.len() - start) as u32;
    out[start - 4..start].copy_from_slice(&size.to_be_bytes());
}

#[expect(clippy::cast_possible_truncation, reason = "each arm's range fits the cast")]
fn header(out: &mut Vec<u8>, kind: u8, size: usize) {
    match size {
        0..=11 => out.push((size as u8) << 4 | kind),
        12..=0xff => out.extend([0xc0 | kind, size as u8]),
        0x100..=0xffff => {
            out.push(0xd0 | kind);
            out.extend((size as u16).to_be_bytes());
        }
        _ => {
            out.push(0xe0 | kind);
            out.extend((size as u32).to_be_bytes());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_are_read_as_they_were_written() {
        let long = "é".repeat(70_000);
        let mut rows = Rows::default();
        rows.push(|row| {
            row.int(i64::MIN).text("").maybe_int(None).text("twelve bytes").hex(&[0, 0xab]);
        });
        rows.push(|row| {
            row.text(&long).int(0).maybe_text(None).text(&long[..400]).int(i64::MAX);
        });
        let cells: Vec<Cell<'_>> = rows.cells().collect();
        let first =
            [Cell::Int(i64::MIN), Cell::Text(""), Cell::Null, Cell::Text("twelve bytes"), Cell::Text("00ab")];
        let second = [Cell::Text(&long), Cell::Int(0), Cell::Null, Cell::Text(&long[..400]), Cell::Int(i64::MAX)];
        assert_eq!(cells, [first, second].concat());
    }
}
