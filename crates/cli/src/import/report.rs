//! What an import tells: refusals as they come, rows for programs, counts at the end.

use hearsay_core::{Addressed, ClaimNumber, Command};
use hearsay_store::{Outcome, Receipt, SubmitError};
use serde::Serialize;

use crate::exit::Failure;
use crate::interchange::Fault;
use crate::output::{Rows, Screen, say};
use crate::progress::Progress;
use crate::render::receipt::id_of;

/// The columns of a line in CSV.
const COLUMNS: &[&str] = &["line", "do", "ref", "outcome", "reference", "id", "refusal.field", "refusal.reason"];

/// What is remembered of a line while it is decided on.
#[derive(Debug)]
pub(super) struct Sent {
    /// Its number.
    pub(super) number: u64,
    name: &'static str,
    handle: Option<String>,
}

impl Sent {
    /// Of a line's command.
    pub(super) fn of(number: u64, addressed: &Addressed) -> Self {
        Self { number, name: addressed.command.name(), handle: handle(&addressed.command) }
    }
}

/// The handle that a command brings along.
fn handle(command: &Command) -> Option<String> {
    if let Command::AddSource(line) = command {
        line.handle.clone()
    } else if let Command::ReportClaim(line) = command {
        line.handle.clone()
    } else if let Command::RecordFollowUp(line) = command {
        line.evidence.handle.clone()
    } else {
        None
    }
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
    reference: Option<ClaimNumber>,
    id: Option<String>,
    refusal: Option<&'a Fault>,
}

/// Counts, refusals and rows of one import.
pub(super) struct Report {
    file: String,
    rows: Option<Rows>,
    progress: Progress,
    recorded: u64,
    before: u64,
    unchanged: u64,
    refused: u64,
    refused_before: bool,
    last: u64,
    defect: bool,
    unavailable: Option<String>,
}

impl Report {
    /// Begins; `bytes` is the file's size, where it is known.
    pub(super) fn begin(screen: &Screen, file: String, bytes: Option<u64>) -> Result<Self, Failure> {
        Ok(Self {
            file,
            rows: Rows::begin(screen.format, COLUMNS)?,
            progress: Progress::begin("importing", bytes),
            recorded: 0,
            before: 0,
            unchanged: 0,
            refused: 0,
            refused_before: false,
            last: 0,
            defect: false,
            unavailable: None,
        })
    }

    /// So many bytes have been read.
    pub(super) fn at(&mut self, bytes: u64) {
        self.progress.at(bytes);
    }

    /// Whether the database could not take a line in.
    pub(super) fn must_stop(&self) -> bool {
        self.unavailable.is_some()
    }

    /// Whether any line was refused.
    pub(super) fn any_refused(&self) -> bool {
        self.refused > 0
    }

    /// A line that is no command.
    pub(super) fn unreadable(&mut self, number: u64, fault: &Fault) -> Result<(), Failure> {
        if self.unavailable.is_none() {
            self.last = number;
        }
        self.refuse(number, None, None, fault)
    }

    /// A line that was decided on.
    pub(super) fn decided(&mut self, sent: &Sent, ended: Result<Receipt, SubmitError>) -> Result<(), Failure> {
        let receipt = match ended {
            Ok(receipt) => receipt,
            Err(error) => return self.not_taken(sent, error),
        };
        self.last = sent.number;
        let outcome = match receipt.outcome {
            Outcome::Recorded => {
                self.recorded += 1;
                "recorded"
            }
            Outcome::RecordedBefore => {
                self.before += 1;
                "recorded_before"
            }
            Outcome::Unchanged => {
                self.unchanged += 1;
                "unchanged"
            }
        };
        let Some(rows) = &mut self.rows else { return Ok(()) };
        rows.push(&LineView {
            line: sent.number,
            name: Some(sent.name),
            handle: sent.handle.as_deref(),
            outcome,
            reference: receipt.claim.map(|claim| claim.number),
            id: receipt.subject.as_ref().map(id_of),
            refusal: None,
        })
    }

    fn not_taken(&mut self, sent: &Sent, error: SubmitError) -> Result<(), Failure> {
        let (field, reason) = match error {
            SubmitError::Refused(refusal) => (refusal.field().to_owned(), refusal.to_string()),
            SubmitError::RefusedBefore { field, reason } => {
                self.refused_before = true;
                (field, format!("refused before: {reason}"))
            }
            SubmitError::Defect(_) => {
                self.defect = true;
                ("do".to_owned(), error.to_string())
            }
            SubmitError::Unavailable(why) => {
                self.unavailable.get_or_insert(why);
                return Ok(());
            }
            SubmitError::LeftOut => return self.left_out(sent),
        };
        self.last = sent.number;
        self.refuse(sent.number, Some(sent.name), sent.handle.as_deref(), &Fault { field, reason, column: None })
    }

    /// A good line of a file that was refused as a whole.
    pub(super) fn left_out(&mut self, sent: &Sent) -> Result<(), Failure> {
        self.last = sent.number;
        let Some(rows) = &mut self.rows else { return Ok(()) };
        rows.push(&LineView {
            line: sent.number,
            name: Some(sent.name),
            handle: sent.handle.as_deref(),
            outcome: "left_out",
            reference: None,
            id: None,
            refusal: None,
        })
    }

    fn refuse(
        &mut self,
        number: u64,
        name: Option<&str>,
        handle: Option<&str>,
        fault: &Fault,
    ) -> Result<(), Failure> {
        self.refused += 1;
        self.progress.tell(&fault.told(&self.file, number));
        let Some(rows) = &mut self.rows else { return Ok(()) };
        let view = LineView {
            line: number,
            name,
            handle,
            outcome: "refused",
            reference: None,
            id: None,
            refusal: Some(fault),
        };
        rows.push(&view)
    }

    /// Ends it: the rows, then the counts, and how it went.
    pub(super) fn end(self, signal: Option<u8>, atomic: bool) -> Result<(), Failure> {
        let counts = self.counts(atomic && self.refused > 0);
        let Self { file, rows, progress, last, defect, unavailable, refused, refused_before, .. } = self;
        progress.end();
        let for_people = rows.is_none();
        if let Some(rows) = rows {
            rows.end()?;
        }
        if for_people && refused == 0 {
            say(&counts)?;
        } else {
            eprintln!("{counts}");
        }
        if refused_before {
            eprintln!("`--retry-refused` decides anew on lines that an earlier run refused");
        }
        if let Some(code) = signal {
            eprintln!("stopped after line {last} of {file}; run it again and it goes on from there");
            return Err(Failure::Interrupted(code));
        }
        if let Some(why) = unavailable {
            return Err(Failure::Stopped(format!(
                "{why} (stopped after line {last} of {file}: what was acknowledged is kept; run it again to go on)"
            )));
        }
        if defect {
            return Err(Failure::LineDefect);
        }
        if refused > 0 { Err(Failure::LinesRefused) } else { Ok(()) }
    }

    fn counts(&self, nothing_taken: bool) -> String {
        if nothing_taken {
            return format!("{}: {} refused, so nothing was taken in.", self.file, self.refused);
        }
        format!(
            "{}: {} recorded, {} recorded before, {} unchanged, {} refused.",
            self.file, self.recorded, self.before, self.unchanged, self.refused
        )
    }
}
