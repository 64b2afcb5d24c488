//! `hearsay import`: applies the lines of a file in order, each whole or not at all, and goes on after a refusal.
//! Invariant: what was acknowledged stays; the same file run again adds nothing and goes on where it stopped.

mod lines;
mod report;
mod run;
mod signals;

use std::path::PathBuf;

use clap::Args;
use hearsay_store::{Remember, import_namespace};
use uuid::Uuid;

pub(crate) use self::run::run;
use crate::exit::Failure;

/// Examples for its help.
pub(crate) const EXAMPLES: &str = "Examples:\n  hearsay import story.jsonl\n  \
    hearsay import story.jsonl --atomic --format json\n  \
    hearsay import - --namespace wire-2025-04-22\n\n\
    A refused line is reported as FILE:LINE: field: reason; the others are taken in, and the exit code is 2.\n\
    Interrupted? Run it again: it goes on where it stopped.";

/// Arguments of `import`.
#[derive(Args, Debug)]
pub(crate) struct ImportArgs {
    /// The file, one command a line (docs/interchange.md); `-` reads standard input.
    #[arg(value_name = "FILE")]
    file: PathBuf,
    /// All lines or none: if any is refused, nothing is taken in.
    #[arg(long)]
    atomic: bool,
    /// What makes this import the same as an earlier one; default: the file's name. Needed for standard input.
    #[arg(long, value_name = "NAME")]
    namespace: Option<String>,
    /// Decide anew on lines that an earlier run refused.
    #[arg(long)]
    retry_refused: bool,
}

impl ImportArgs {
    fn is_stdin(&self) -> bool {
        self.file.as_os_str() == "-"
    }

    /// Whether there is something to read: only then is a missing database made for it.
    pub(crate) fn is_there(&self) -> bool {
        self.is_stdin() || self.file.is_file()
    }

    /// What refusals call the file.
    fn shown(&self) -> String {
        if self.is_stdin() { "<stdin>".to_owned() } else { self.file.display().to_string() }
    }

    fn namespace(&self) -> Result<Uuid, Failure> {
        if let Some(name) = &self.namespace {
            return Ok(import_namespace(name));
        }
        let name = if self.is_stdin() { None } else { self.file.file_name() };
        match name {
            Some(name) => Ok(import_namespace(&name.to_string_lossy())),
            None if self.is_stdin() => Err(Failure::Usage(
                "standard input needs `--namespace NAME`, so that a second run is known as the same import"
                    .to_owned(),
            )),
            None => Err(Failure::Usage(format!("`{}` is no file; `-` reads standard input", self.file.display()))),
        }
    }

    fn remember(&self) -> Remember {
        if self.retry_refused { Remember::Retry } else { Remember::Yes }
    }
}
