//! What `hearsay follow-up submit` tells: unfit lines as they come, rows for programs, counts at the end.

use hearsay_core::ClaimNumber;
use hearsay_store::{TaskId, WorkerNow};
use serde::Serialize;

use crate::exit::Failure;
use crate::interchange::Fault;
use crate::output::{Rows, Screen, say};
use crate::progress::Progress;
use crate::words::count;

/// The columns of a line in CSV.
const COLUMNS: &[&str] = &["line", "do", "ref", "outcome", "task", "claim", "refusal.field", "refusal.reason"];

/// What is told of a line.
pub(super) struct Told {
    /// Its number.
    pub(super) number: u64,
    /// Its command's name.
    pub(super) name: &'static str,
    /// The handle that it brings along.
    pub(super) handle: Option<String>,
}

/// What became of a line that may go on the queue.
pub(super) enum Became {
    /// It is on the queue now.
    Queued { task: TaskId, claim: Option<ClaimNumber> },
    /// It was on the queue before.
    WaitsAlready,
    /// The log has it.
    RecordedBefore,
    /// It is a dead letter.
    Dead { task: TaskId },
}

/// A line for programs.
#[derive(Serialize)]
struct LineView<'a> {
    line: u64,
    #[serde(rename = "do")]
    name: Option<&'a str>,
    #[serde(rename = "ref")]
    handle: Option<&'a str>,
    outcome: &'static str,
    task: Option<TaskId>,
    claim: Option<ClaimNumber>,
    refusal: Option<&'a Fault>,
}

/// Counts, refusals and rows of one file.
pub(super) struct Report {
    file: String,
    rows: Option<Rows>,
    progress: Progress,
    queued: u64,
    waits: u64,
    recorded: u64,
    dead: u64,
    unfit: u64,
    last: u64,
}

impl Report {
    /// Begins; `bytes` is the file's size, where it is known.
    pub(super) fn begin(screen: &Screen, file: String, bytes: Option<u64>) -> Result<Self, Failure> {
        let rows = Rows::begin(screen.format, COLUMNS)?;
        let progress = Progress::begin("submitting", bytes);
        Ok(Self { file, rows, progress, queued: 0, waits: 0, recorded: 0, dead: 0, unfit: 0, last: 0 })
    }

    /// So many bytes have been read.
    pub(super) fn at(&mut self, bytes: u64) {
        self.progress.at(bytes);
    }

    /// A line that may not go on the queue.
    pub(super) fn unfit(&mut self, number: u64, name: Option<&str>, fault: &Fault) -> Result<(), Failure> {
        self.unfit += 1;
        self.last = number;
        self.progress.tell(&fault.told(&self.file, number));
        let Some(rows) = &mut self.rows else { return Ok(()) };
        rows.push(&LineView {
            line: number,
            name,
            handle: None,
            outcome: "refused",
            task: None,
            claim: None,
            refusal: Some(fault),
        })
    }

    /// A line that may.
    pub(super) fn fit(&mut self, told: &Told, became: &Became) -> Result<(), Failure> {
        self.last = told.number;
        let (tally, outcome, task, claim) = match became {
            Became::Queued { task, claim } => (&mut self.queued, "queued", Some(*task), *claim),
            Became::WaitsAlready => (&mut self.waits, "queued_before", None, None),
            Became::RecordedBefore => (&mut self.recorded, "recorded_before", None, None),
            Became::Dead { task } => (&mut self.dead, "dead", Some(*task), None),
        };
        *tally += 1;
        let Some(rows) = &mut self.rows else { return Ok(()) };
        let (line, name, handle) = (told.number, Some(told.name), told.handle.as_deref());
        rows.push(&LineView { line, name, handle, outcome, task, claim, refusal: None })
    }

    /// Ends it: the rows, then the counts, and how it went.
    pub(super) fn end(self, signal: Option<u8>, worker: Option<&WorkerNow>) -> Result<(), Failure> {
        let counts = self.counts();
        let Self { file, rows, progress, unfit, dead, queued, last, .. } = self;
        progress.end();
        let for_people = rows.is_none();
        if let Some(rows) = rows {
            rows.end()?;
        }
        if for_people && unfit == 0 {
            say(&counts)?;
        } else {
            eprintln!("{counts}");
        }
        if dead > 0 {
            eprintln!("`hearsay queue dead` says why; `hearsay queue retry` tries them again");
        }
        if queued > 0 && worker.is_none() {
            eprintln!("no worker is running: `hearsay work` records them, `hearsay work --until-idle` once");
        }
        if let Some(code) = signal {
            eprintln!("stopped after line {last} of {file}; submit it again and it goes on from there");
            return Err(Failure::Interrupted(code));
        }
        if unfit > 0 { Err(Failure::LinesRefused) } else { Ok(()) }
    }

    fn counts(&self) -> String {
        let mut told = vec![format!("{} put on the queue", count(self.queued, "line", "lines"))];
        let more = [
            (self.waits, "on it before"),
            (self.recorded, "recorded before"),
            (self.dead, "dead before"),
            (self.unfit, "refused"),
        ];
        told.extend(
            more.into_iter().filter(|(number, _)| *number > 0).map(|(number, how)| format!("{number} {how}")),
        );
        format!("{}: {}.", self.file, told.join(", "))
    }
}
