//! Lists for programs, written row by row: a JSON array, JSON Lines or CSV.

use std::io::{self, BufWriter, Stdout, Write};

use serde::Serialize;

use super::Format;
use super::csv::cells;
use crate::exit::Failure;

/// A list on its way out.
pub(crate) struct Rows {
    sink: Sink,
    columns: &'static [&'static str],
}

enum Sink {
    Json { out: BufWriter<Stdout>, before: &'static str },
    Jsonl { out: BufWriter<Stdout> },
    Csv { out: Box<csv::Writer<Stdout>> },
}

impl Rows {
    /// Begins a list; none where answers are for people.
    pub(crate) fn begin(format: Format, columns: &'static [&'static str]) -> Result<Option<Self>, Failure> {
        let out = || BufWriter::new(io::stdout());
        let sink = match format {
            Format::Table => return Ok(None),
            Format::Json => Sink::Json { out: out(), before: "[\n" },
            Format::Jsonl => Sink::Jsonl { out: out() },
            Format::Csv => {
                let mut out = Box::new(csv::Writer::from_writer(io::stdout()));
                out.write_record(columns).map_err(gone)?;
                Sink::Csv { out }
            }
        };
        Ok(Some(Self { sink, columns }))
    }

    /// Adds a row.
    pub(crate) fn push<T: Serialize>(&mut self, item: &T) -> Result<(), Failure> {
        match &mut self.sink {
            Sink::Json { out, before } => {
                out.write_all(before.as_bytes()).map_err(Failure::Output)?;
                *before = ",\n";
                serde_json::to_writer(out, item).map_err(broken)
            }
            Sink::Jsonl { out } => {
                serde_json::to_writer(&mut *out, item).map_err(broken)?;
                out.write_all(b"\n").map_err(Failure::Output)
            }
            Sink::Csv { out } => {
                let value = serde_json::to_value(item).map_err(broken)?;
                out.write_record(cells(&value, self.columns)).map_err(gone)
            }
        }
    }

    /// Sends on what was written so far.
    pub(crate) fn flush(&mut self) -> Result<(), Failure> {
        let flushed = match &mut self.sink {
            Sink::Json { out, .. } | Sink::Jsonl { out } => out.flush(),
            Sink::Csv { out } => out.flush(),
        };
        flushed.map_err(Failure::Output)
    }

    /// Ends the list.
    pub(crate) fn end(self) -> Result<(), Failure> {
        let ended = match self.sink {
            Sink::Json { mut out, before } => {
                let tail: &[u8] = if before == "[\n" { b"[]\n" } else { b"\n]\n" };
                out.write_all(tail).and_then(|()| out.flush())
            }
            Sink::Jsonl { mut out } => out.flush(),
            Sink::Csv { mut out } => out.flush(),
        };
        ended.map_err(Failure::Output)
    }
}

/// An answer that could not be written as JSON: the writer's fault, or ours.
pub(super) fn broken(error: serde_json::Error) -> Failure {
    Failure::Output(error.into())
}

fn gone(error: csv::Error) -> Failure {
    Failure::Output(error.into())
}
