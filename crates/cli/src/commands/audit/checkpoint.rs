//! `hearsay audit checkpoint`: what the log is now, signed.

use clap::Args;
use hearsay_ledger::to_base64;
use hearsay_store::{KeptCheckpoint, LogKey};
use jiff::Timestamp;
use serde::Serialize;

use super::key::KeyFile;
use crate::desk::Desk;
use crate::exit::Failure;
use crate::output::say;

/// Examples of `audit checkpoint`.
pub(crate) const EXAMPLES: &str = "Examples:\n  hearsay audit checkpoint > monday.checkpoint\n  \
    hearsay audit checkpoint --show --format json\n\n\
    A checkpoint says: the log has so many events, and this root. Give it away: whoever holds it will notice if what it\n\
    covers is ever rewritten. Without a key, `hearsay audit key --make` comes first.";

/// Arguments of `audit checkpoint`.
#[derive(Args, Debug)]
pub(crate) struct CheckpointArgs {
    #[command(flatten)]
    file: KeyFile,
    /// Shows the newest that was signed, and signs nothing.
    #[arg(long)]
    show: bool,
}

/// A checkpoint for programs.
#[derive(Serialize)]
pub(crate) struct Shown {
    origin: String,
    size: u64,
    root: String,
    signed_at: Timestamp,
    signers: Vec<String>,
    note: String,
}

impl Shown {
    /// What a checkpoint says.
    pub(crate) fn of(kept: &KeptCheckpoint) -> Result<Self, Failure> {
        let said = kept.signed.checkpoint();
        Ok(Self {
            origin: said.origin().to_owned(),
            size: said.size(),
            root: to_base64(&said.root()),
            signed_at: kept.signed_at,
            signers: kept.signed.signers().map_err(Failure::Ledger)?,
            note: kept.signed.to_text().to_owned(),
        })
    }
}

/// Signs a checkpoint, or shows the newest.
pub(crate) async fn run(args: &CheckpointArgs, desk: &Desk) -> Result<(), Failure> {
    let kept = if args.show {
        newest(desk).await?
    } else {
        desk.store.sign_checkpoint(&LogKey::open(&args.file.path(desk))?).await?
    };
    if desk.screen.for_people() {
        return say(kept.signed.to_text());
    }
    desk.screen.object(&Shown::of(&kept)?, String::new)
}

/// The newest checkpoint that is kept.
pub(crate) async fn newest(desk: &Desk) -> Result<KeptCheckpoint, Failure> {
    let newest = desk.store.newest_checkpoint(None).await?;
    newest.ok_or_else(|| {
        Failure::Missing("no checkpoint was signed yet; `hearsay audit checkpoint` signs one".to_owned())
    })
}
