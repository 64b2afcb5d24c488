//! `hearsay audit key`: the key that signs the log.

use std::path::{Path, PathBuf};

use clap::Args;
use hearsay_store::{LogKey, retire_key};
use serde::Serialize;

use crate::clock;
use crate::desk::Desk;
use crate::exit::Failure;

/// Examples of `audit key`.
pub(crate) const EXAMPLES: &str = "Examples:\n  hearsay audit key --make\n  \
    hearsay audit key --make --origin desk.example/log\n  hearsay audit key\n  hearsay audit key --renew\n\n\
    What it shows is for everybody: whoever has it can check what was signed. The file itself is for nobody else; it is in\n\
    no backup, so keep a copy of it, and of FILE.state, in a safe place.";

/// Which key, and for which log.
#[derive(Args, Debug)]
pub(crate) struct KeyFile {
    /// The key's file [`ledger.key` in hearsay.toml; default: beside the database, as DB.key].
    #[arg(long, value_name = "FILE")]
    pub(crate) key: Option<PathBuf>,
}

impl KeyFile {
    /// The file that is meant.
    pub(crate) fn path(&self, desk: &Desk) -> PathBuf {
        desk.ledger.key_file(self.key.as_deref(), desk.store.path())
    }
}

/// Arguments of `audit key`.
#[derive(Args, Debug)]
pub(crate) struct KeyArgs {
    #[command(flatten)]
    file: KeyFile,
    /// Makes a key; there must be none yet.
    #[arg(long, conflicts_with = "renew")]
    make: bool,
    /// Moves the key aside for good and makes another, under a new origin: for a log that was restored to an older state.
    #[arg(long)]
    renew: bool,
    /// What the log is called, in its checkpoints and everywhere [default: hearsay.local/ and eight random digits].
    #[arg(long, value_name = "NAME")]
    origin: Option<String>,
}

/// A key, as everybody may see it.
#[derive(Serialize)]
struct Shown {
    origin: String,
    key: String,
    file: String,
}

/// Makes, renews or shows the key.
pub(crate) async fn run(args: &KeyArgs, desk: &Desk) -> Result<(), Failure> {
    let path = args.file.path(desk);
    let key = if args.renew {
        let origin = args.origin.clone().unwrap_or_else(drawn);
        if LogKey::open(&path)?.origin() == origin {
            return Err(Failure::Usage("a renewed key needs another `--origin`".to_owned()));
        }
        check_new(&origin, desk).await?;
        let aside = retire_key(&path).await?;
        eprintln!("moved the old key aside to `{}`", aside.display());
        make(&path, &origin)?
    } else if args.make {
        let origin = args.origin.clone().or_else(|| desk.ledger.origin.clone()).unwrap_or_else(drawn);
        check_new(&origin, desk).await?;
        make(&path, &origin)?
    } else {
        LogKey::open(&path)?
    };
    let shown = Shown {
        origin: key.origin().to_owned(),
        key: key.verifying().to_text(),
        file: key.path().display().to_string(),
    };
    let for_people = || {
        format!(
            "The log `{}` is signed with the key in `{}`.\nEverybody may check it with:\n{}",
            shown.origin, shown.file, shown.key
        )
    };
    desk.screen.object(&shown, for_people)
}

/// Refuses an origin under which the log was signed before: no two keys sign for one.
async fn check_new(origin: &str, desk: &Desk) -> Result<(), Failure> {
    match desk.store.newest_checkpoint(Some(origin)).await? {
        None => Ok(()),
        Some(_) => Err(Failure::Usage(format!(
            "the log was signed as `{origin}` before, with another key; give another name with `--origin`"
        ))),
    }
}

fn make(path: &Path, origin: &str) -> Result<LogKey, Failure> {
    Ok(LogKey::make(path, origin, &clock::seed())?)
}

/// A name that no other log has.
fn drawn() -> String {
    let [a, b, c, d, ..] = clock::seed();
    format!("hearsay.local/{a:02x}{b:02x}{c:02x}{d:02x}")
}
