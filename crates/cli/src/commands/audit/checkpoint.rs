//! `hearsay audit checkpoint`: what the log is now, signed; and what witnesses have said of it.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use clap::Args;
use hearsay_ledger::{SignedCheckpoint, VerifyingKey, to_base64};
use hearsay_store::{KeptCheckpoint, LogKey, Taken};
use jiff::Timestamp;
use serde::Serialize;

use super::key::KeyFile;
use super::verify_proof::read;
use crate::config::witness;
use crate::desk::Desk;
use crate::exit::Failure;
use crate::output::say;
use crate::words::count;

/// Examples of `audit checkpoint`.
pub(crate) const EXAMPLES: &str = "Examples:\n  hearsay audit checkpoint > monday.checkpoint\n  \
    hearsay audit checkpoint --show --format json\n  hearsay audit checkpoint --list\n  \
    hearsay audit checkpoint --cosigned monday.cosigned\n\n\
    A checkpoint says: the log has so many events, and this root. Give it away: whoever holds it will notice if what it\n\
    covers is ever rewritten. Without a key, `hearsay audit key --make` comes first.\n\n\
    With `--cosigned` it takes back what `hearsay witness check` wrote, and keeps its cosignatures: from then on the\n\
    checkpoint is shown, proved with and bundled with them. The witnesses' keys are those of `--witness` and of\n\
    `witnesses` under [ledger] in hearsay.toml; a note that anybody else has signed is refused.";

/// Arguments of `audit checkpoint`.
#[derive(Args, Debug)]
pub(crate) struct CheckpointArgs {
    #[command(flatten)]
    file: KeyFile,
    /// Shows the newest that was signed, and signs nothing.
    #[arg(long)]
    show: bool,
    /// Lists all that were signed, the oldest first, with their cosignatures, and signs nothing.
    #[arg(long, conflicts_with = "show")]
    list: bool,
    /// Takes back this note, which witnesses have cosigned; `-`: standard input.
    #[arg(long, value_name = "FILE", conflicts_with_all = ["show", "list"])]
    cosigned: Option<PathBuf>,
    /// The key of a witness, as `hearsay witness key` shows it; may be given again.
    #[arg(long, value_name = "KEY", value_parser = witness, requires = "cosigned", conflicts_with_all = ["show", "list"])]
    witness: Vec<VerifyingKey>,
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

/// Signs a checkpoint, shows the newest or all, or takes cosignatures back.
pub(crate) async fn run(args: &CheckpointArgs, desk: &Desk) -> Result<(), Failure> {
    if let Some(file) = &args.cosigned {
        return take_back(file, args, desk).await;
    }
    if args.list {
        return list(desk).await;
    }
    let kept = if args.show {
        newest(desk).await?
    } else {
        let kept = desk.store.sign_checkpoint(&LogKey::open(&args.file.path(desk))?).await?;
        desk.store.with_cosignatures(kept).await?
    };
    if desk.screen.for_people() {
        return say(kept.signed.to_text());
    }
    desk.screen.object(&Shown::of(&kept)?, String::new)
}

/// The newest checkpoint that is kept, with its cosignatures.
pub(crate) async fn newest(desk: &Desk) -> Result<KeptCheckpoint, Failure> {
    let newest = desk.store.newest_checkpoint(None).await?;
    let newest = newest.ok_or_else(|| {
        Failure::Missing("no checkpoint was signed yet; `hearsay audit checkpoint` signs one".to_owned())
    })?;
    Ok(desk.store.with_cosignatures(newest).await?)
}

/// What was taken back, for programs.
#[derive(Serialize)]
struct TakenBack {
    origin: String,
    size: u64,
    taken: Vec<Cosigned>,
    known: usize,
}

/// A cosignature, for programs.
#[derive(Serialize)]
struct Cosigned {
    witness: String,
    at: Option<Timestamp>,
}

async fn take_back(file: &Path, args: &CheckpointArgs, desk: &Desk) -> Result<(), Failure> {
    let note = SignedCheckpoint::parse(&read(file)?).map_err(Failure::Ledger)?;
    let witnesses = [args.witness.as_slice(), desk.ledger.witnesses.as_slice()].concat();
    if witnesses.is_empty() {
        return Err(Failure::Usage(
            "no witness is known: give its key with `--witness`, or under [ledger] in hearsay.toml, as `witnesses`"
                .to_owned(),
        ));
    }
    let key = LogKey::open(&args.file.path(desk))?.verifying();
    let Taken { taken, known } = desk.store.take_cosigned(&note, &key, &witnesses).await?;
    let said = note.checkpoint();
    let shown = TakenBack {
        origin: said.origin().to_owned(),
        size: said.size(),
        taken: taken.iter().map(|one| Cosigned { witness: one.witness.label(), at: moment(one.at) }).collect(),
        known,
    };
    desk.screen.object(&shown, || shown.sentence())
}

impl TakenBack {
    fn sentence(&self) -> String {
        let of = format!("the checkpoint of {}", count(self.size, "event", "events"));
        if self.taken.is_empty() {
            return format!("Nothing is new: {of} was cosigned by the same before.");
        }
        let by: Vec<&str> = self.taken.iter().map(|one| one.witness.as_str()).collect();
        format!("Kept: {of} is cosigned by {}.", by.join(", "))
    }
}

/// Seconds since 1970; none where no calendar goes so far.
fn moment(seconds: u64) -> Option<Timestamp> {
    i64::try_from(seconds).ok().and_then(|seconds| Timestamp::from_second(seconds).ok())
}

/// A checkpoint of a list, for programs.
#[derive(Serialize)]
struct Listed {
    #[serde(flatten)]
    shown: Shown,
    number: Option<u64>,
    cosigned_by: Vec<String>,
}

async fn list(desk: &Desk) -> Result<(), Failure> {
    let mut by: BTreeMap<(String, u64), Vec<String>> = BTreeMap::new();
    for one in desk.store.cosignatures().await? {
        let name = one.name();
        by.entry((one.origin, one.size)).or_default().push(name);
    }
    let mut listed = Vec::new();
    for kept in desk.store.checkpoints().await? {
        let said = kept.signed.checkpoint();
        let cosigned_by = by.remove(&(said.origin().to_owned(), said.size())).unwrap_or_default();
        listed.push(Listed { number: said.number(), cosigned_by, shown: Shown::of(&kept)? });
    }
    let for_people = || {
        if listed.is_empty() {
            return "No checkpoint was signed yet; `hearsay audit checkpoint` signs one.".to_owned();
        }
        listed.iter().map(Listed::line).collect::<Vec<_>>().join("\n")
    };
    desk.screen.list(&listed, &["origin", "number", "size", "root", "signed_at", "cosigned_by"], for_people)
}

impl Listed {
    fn line(&self) -> String {
        let Shown { origin, size, signed_at, .. } = &self.shown;
        let by = match self.cosigned_by.as_slice() {
            [] => "not cosigned".to_owned(),
            some => format!("cosigned by {}", some.join(", ")),
        };
        format!("{origin}: {}, signed {signed_at:.0}, {by}", count(*size, "event", "events"))
    }
}
