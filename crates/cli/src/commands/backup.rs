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
    let aside = beside(to, ".before-restore");
    let moved = to.exists();
    if moved {
        hearsay_store::move_aside(to, &aside).await?;
    }
    if let Err(error) = hearsay_store::restore(&args.backup, to).await {
        if moved {
            hearsay_store::move_aside(&aside, to).await?;
        }
        return Err(error.into());
    }
    let aside = if moved { format!("\nWhat was there is now `{}`.", aside.display()) } else { String::new() };
    say(&format!("Restored `{}` from `{}`.{aside}", to.display(), args.backup.display()))
}

fn beside(path: &Path, suffix: &str) -> PathBuf {
    let mut name: OsString = path.as_os_str().to_owned();
    name.push(suffix);
    name.into()
}
