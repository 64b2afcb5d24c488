//! `hearsay backup` and `hearsay restore`.

use std::ffi::OsString;
use std::path::{Path, PathBuf};

use clap::Args;

use crate::config::Settings;
use crate::desk::Desk;
use crate::exit::Failure;
use crate::output::say;

/// Arguments of `backup`.
#[derive(Args, Debug)]
pub(crate) struct BackupArgs {
    /// The file to write; it must not be there.
    #[arg(value_name = "FILE")]
    file: PathBuf,
}

/// Arguments of `restore`.
#[derive(Args, Debug)]
pub(crate) struct RestoreArgs {
    /// The backup.
    #[arg(value_name = "BACKUP")]
    backup: PathBuf,
    /// The database to put it in the place of; default: that of `--db`.
    #[arg(long, value_name = "FILE")]
    to: Option<PathBuf>,
    /// If there is a database at that place, move it aside to FILE.before-restore first.
    #[arg(long)]
    force: bool,
}

/// Copies the database while others write.
pub(crate) async fn run(args: &BackupArgs, desk: &Desk) -> Result<(), Failure> {
    desk.store.backup(&args.file).await?;
    say(&format!("Backed up to `{}`.", args.file.display()))
}

/// Puts a backup in the place of a database.
pub(crate) async fn restore(args: &RestoreArgs, settings: &Settings) -> Result<(), Failure> {
    let to = args.to.as_ref().unwrap_or(&settings.db);
    if !args.backup.exists() {
        return Err(Failure::Usage(format!("there is no backup at `{}`", args.backup.display())));
    }
    if to.exists() && !args.force {
        let aside = beside(to, ".before-restore");
        return Err(Failure::Usage(format!(
            "`{}` is there already; with `--force` it is moved aside to `{}` first",
            to.display(),
            aside.display()
        )));
    }
    let moved = if to.exists() { Some(move_aside(to)?) } else { None };
    if let Err(error) = hearsay_store::restore(&args.backup, to).await {
        if let Some(aside) = &moved {
            move_all(aside, to)?;
        }
        return Err(error.into());
    }
    let aside = moved.map(|aside| format!("\nWhat was there is now `{}`.", aside.display())).unwrap_or_default();
    say(&format!("Restored `{}` from `{}`.{aside}", to.display(), args.backup.display()))
}

fn move_aside(db: &Path) -> Result<PathBuf, Failure> {
    let aside = beside(db, ".before-restore");
    if aside.exists() {
        let (db, aside) = (db.display(), aside.display());
        return Err(Failure::Usage(format!(
            "`{aside}` is there from an earlier restore; move it, then `{db}` can be"
        )));
    }
    move_all(db, &aside)?;
    Ok(aside)
}

/// Moves a database with the files that SQLite keeps beside it.
fn move_all(from: &Path, to: &Path) -> Result<(), Failure> {
    for suffix in ["-wal", "-shm", ""] {
        let (from, to) = (beside(from, suffix), beside(to, suffix));
        if from.exists() {
            std::fs::rename(&from, &to).map_err(|source| Failure::File { path: from, source })?;
        }
    }
    Ok(())
}

fn beside(path: &Path, suffix: &str) -> PathBuf {
    let mut name: OsString = path.as_os_str().to_owned();
    name.push(suffix);
    name.into()
}
