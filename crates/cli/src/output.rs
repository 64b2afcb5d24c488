//! Where answers go: one screen that knows the format, the width and whether colour is welcome.

mod csv;
mod file;
mod json;
mod paint;
mod table;

use std::io::{self, IsTerminal, Write};

use clap::ValueEnum;
use serde::Serialize;

pub(crate) use self::csv::cells as csv_record;
pub(crate) use self::file::{new_file, put_picture};
pub(crate) use self::json::Rows;
pub(crate) use self::paint::{Paint, width_of, wrapped};
pub(crate) use self::table::table;
use crate::exit::Failure;

/// The width of what isn't a terminal, and the most that a terminal's is used for.
const WIDEST: usize = 100;

/// How a verb answers.
#[derive(Clone, Copy, PartialEq, Eq, Debug, ValueEnum)]
pub(crate) enum Format {
    /// For people.
    Table,
    /// One JSON document.
    Json,
    /// JSON Lines: one object a line.
    Jsonl,
    /// Comma-separated values with a header.
    Csv,
}

/// Where answers go.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Screen {
    /// How to answer.
    pub(crate) format: Format,
    /// Colours, where they are welcome.
    pub(crate) paint: Paint,
    /// How many columns a line has.
    pub(crate) width: usize,
}

/// Writes text for people to standard output, with an end of line.
pub(crate) fn say(text: &str) -> Result<(), Failure> {
    let mut out = io::stdout().lock();
    writeln!(out, "{}", text.trim_end()).and_then(|()| out.flush()).map_err(Failure::Output)
}

impl Screen {
    /// Standard output, as it is.
    pub(crate) fn new(format: Format) -> Self {
        let terminal = io::stdout().is_terminal();
        let quiet = std::env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty());
        let dumb = std::env::var_os("TERM").is_some_and(|value| value == "dumb");
        let width = comfy_table::Table::new().width().filter(|width| *width > 0).map_or(WIDEST, usize::from);
        Self { format, paint: Paint::when(terminal && !quiet && !dumb), width: width.clamp(40, WIDEST) }
    }

    /// Answers with a list; `columns` are the columns of CSV.
    pub(crate) fn list<T: Serialize>(
        &self,
        items: &[T],
        columns: &'static [&'static str],
        for_people: impl FnOnce() -> String,
    ) -> Result<(), Failure> {
        let Some(mut rows) = Rows::begin(self.format, columns)? else { return say(&for_people()) };
        for item in items {
            rows.push(item)?;
        }
        rows.end()
    }

    /// Answers with one object.
    pub(crate) fn object<T: Serialize>(
        &self,
        item: &T,
        for_people: impl FnOnce() -> String,
    ) -> Result<(), Failure> {
        match self.format {
            Format::Table => say(&for_people()),
            Format::Json => say(&serde_json::to_string_pretty(item).map_err(json::broken)?),
            Format::Jsonl => say(&serde_json::to_string(item).map_err(json::broken)?),
            Format::Csv => Err(Failure::Usage(
                "this answer is no list, so it has no CSV; `--format json` has all of it".into(),
            )),
        }
    }

    /// Whether answers are for people.
    pub(crate) fn for_people(&self) -> bool {
        self.format == Format::Table
    }
}
