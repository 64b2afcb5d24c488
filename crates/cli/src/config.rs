//! What holds for every verb: `hearsay.toml`, then `HEARSAY_…` variables, then flags.
//! Invariant: a key or value that is not understood is an error, never passed over.

mod fetch;
mod file;
mod ledger;
mod worker;

use std::env;
use std::path::{Path, PathBuf};

use clap::{Args, ValueEnum};
use hearsay_core::{Actor, Role, Text};

pub(crate) use self::fetch::FetchSettings;
pub(crate) use self::file::{FILE, commented};
use self::file::{Given, read};
pub(crate) use self::ledger::{LedgerSettings, witness};
pub(crate) use self::worker::WorkerSettings;
use crate::exit::Failure;
use crate::output::Format;
use crate::words::word;

/// Options that every verb takes.
#[derive(Args, Debug, Default)]
pub(crate) struct Global {
    /// The database file [`HEARSAY_DB`; default: hearsay.db].
    #[arg(long, global = true, value_name = "FILE", help_heading = "Everywhere")]
    pub(crate) db: Option<PathBuf>,
    /// Who acts: the name that the log keeps [`HEARSAY_ACTOR`; default: your user name].
    #[arg(long, global = true, value_name = "NAME", help_heading = "Everywhere")]
    pub(crate) actor: Option<String>,
    /// In which role: auditor, checker, editor, admin or worker [`HEARSAY_ROLE`; default: admin, as the file is yours].
    #[arg(long, global = true, value_name = "ROLE", value_parser = word::<Role>, help_heading = "Everywhere")]
    pub(crate) role: Option<Role>,
    /// How to answer [`HEARSAY_FORMAT`; default: table].
    #[arg(long, global = true, value_enum, value_name = "FORMAT", help_heading = "Everywhere")]
    pub(crate) format: Option<Format>,
}

/// What holds, after file, variables and flags.
#[derive(Debug)]
pub(crate) struct Settings {
    /// The database.
    pub(crate) db: PathBuf,
    /// The database, where the command line itself named one.
    pub(crate) db_flag: Option<PathBuf>,
    /// Who acts.
    pub(crate) actor: Actor,
    /// How to answer.
    pub(crate) format: Format,
    /// How the worker works.
    pub(crate) worker: WorkerSettings,
    /// How the log is signed.
    pub(crate) ledger: LedgerSettings,
    /// How feeds and articles are fetched.
    pub(crate) fetch: FetchSettings,
}

/// Settles what holds for this run.
pub(crate) fn settings(flags: &Global) -> Result<Settings, Failure> {
    let file = read(Path::new(FILE))?;
    let value = |key: &str| variable(key).or_else(|| file.iter().find(|given| given.key == key).cloned());
    let role = match (flags.role, value("role")) {
        (Some(role), _) => role,
        (None, Some(given)) => word(&given.text).map_err(|why| given.wrong(&why))?,
        (None, None) => Role::Admin,
    };
    let format = match (flags.format, value("format")) {
        (Some(format), _) => format,
        (None, Some(given)) => Format::from_str(&given.text, true)
            .map_err(|_| given.wrong(&format!("`{}` is none of table, json, jsonl, csv", given.text)))?,
        (None, None) => Format::Table,
    };
    let text = |key: &str| value(key).map(|given| given.text);
    let name = flags.actor.clone().or_else(|| text("actor")).unwrap_or_else(user);
    if name.trim().is_empty() {
        return Err(Failure::Usage("the actor's name is empty; `--actor NAME` says who acts".to_owned()));
    }
    let db = flags.db.clone().or_else(|| text("db").map(PathBuf::from)).unwrap_or_else(|| "hearsay.db".into());
    let actor = Actor { name: Text::from(name), role };
    let worker = WorkerSettings::of(value)?;
    let ledger = LedgerSettings::of(value)?;
    let fetch = FetchSettings::of(value)?;
    Ok(Settings { db, db_flag: flags.db.clone(), actor, format, worker, ledger, fetch })
}

/// A `HEARSAY_…` variable that is set to something.
fn variable(key: &str) -> Option<Given> {
    let name = format!("HEARSAY_{}", key.replace('.', "_").to_uppercase());
    let text = env::var(&name).ok().filter(|value| !value.is_empty())?;
    Some(Given { key: key.to_owned(), text, place: format!("`{name}`") })
}

/// The operating system's name for who runs this.
fn user() -> String {
    let named = ["USER", "LOGNAME", "USERNAME"].into_iter().find_map(|key| env::var(key).ok());
    named.filter(|name| !name.trim().is_empty()).unwrap_or_else(|| "desk".to_owned())
}
