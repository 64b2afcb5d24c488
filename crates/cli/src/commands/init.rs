//! `hearsay init`: a new database, and a commented configuration file where there is none.

use std::fs::OpenOptions;
use std::io::{ErrorKind, Write};
use std::path::Path;

use hearsay_store::{Create, Store, StoreError};

use crate::config::{FILE, Settings, commented};
use crate::desk::options;
use crate::exit::Failure;
use crate::output::say;

/// Makes both; refuses to touch a file that is there.
pub(crate) async fn run(settings: &Settings) -> Result<(), Failure> {
    let db = &settings.db;
    if db.exists() {
        return Err(StoreError::Exists { path: db.clone() }.into());
    }
    let store = Store::open(db, options(Create::IfMissing)).await?;
    store.close().await;
    let config = match write(Path::new(FILE), &commented(db))? {
        Wrote::New => format!("Wrote `{FILE}`, which names it and explains what else can be set."),
        Wrote::Nothing => format!("`{FILE}` was there already and is as it was."),
    };
    let next = "Next: `hearsay import FILE`, or `hearsay source add --help` and `hearsay claim report --help`.";
    say(&format!("Made the database `{}`.\n{config}\n{next}", db.display()))
}

/// Whether a file was written.
enum Wrote {
    /// It is new.
    New,
    /// There was one.
    Nothing,
}

fn write(path: &Path, text: &str) -> Result<Wrote, Failure> {
    let failed = |source| Failure::File { path: path.to_owned(), source };
    match OpenOptions::new().write(true).create_new(true).open(path) {
        Ok(mut file) => file.write_all(text.as_bytes()).map(|()| Wrote::New).map_err(failed),
        Err(error) if error.kind() == ErrorKind::AlreadyExists => Ok(Wrote::Nothing),
        Err(error) => Err(failed(error)),
    }
}
