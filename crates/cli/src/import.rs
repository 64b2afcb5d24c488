//! `hearsay import`: applies the lines of a file in order, each whole or not at all, and goes on after a refusal.
//! Invariant: what was acknowledged stays; the same file run again adds nothing and goes on where it stopped.

mod report;
mod run;

use clap::Args;
use hearsay_store::Remember;

pub(crate) use self::run::run;
use crate::interchange::FileArgs;

/// Examples for its help.
pub(crate) const EXAMPLES: &str = "Examples:\n  hearsay import story.jsonl\n  \
    hearsay import story.jsonl --atomic --format json\n  \
    hearsay import - --namespace wire-2025-04-22\n\n\
    A refused line is reported as FILE:LINE: field: reason; the others are taken in, and the exit code is 2.\n\
    Interrupted? Run it again: it goes on where it stopped.";

/// Arguments of `import`.
#[derive(Args, Debug)]
pub(crate) struct ImportArgs {
    #[command(flatten)]
    file: FileArgs,
    /// All lines or none: if any is refused, nothing is taken in.
    #[arg(long)]
    atomic: bool,
    /// Decide anew on lines that an earlier run refused.
    #[arg(long)]
    retry_refused: bool,
}

impl ImportArgs {
    /// Whether there is something to read: only then is a missing database made for it.
    pub(crate) fn is_there(&self) -> bool {
        self.file.is_there()
    }

    fn remember(&self) -> Remember {
        if self.retry_refused { Remember::Retry } else { Remember::Yes }
    }
}
