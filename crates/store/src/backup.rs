//! Copies a database while others write, and puts a copy back in place.
//! Invariant: a copy is complete before it bears its name.

use std::path::Path;

use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{ConnectOptions, SqliteConnection};

use crate::error::Fault;
use crate::open::{self, Create, connect_options, with_suffix};
use crate::{Store, StoreError};

impl Store {
    /// Copies the database, as of one instant, to a new file; others go on writing meanwhile.
    pub async fn backup(&self, to: &Path) -> Result<(), StoreError> {
        if to.exists() {
            return Err(StoreError::Exists { path: to.to_owned() });
        }
        let options = connect_options(self.path(), Create::Never);
        let mut connection = options.connect().await.map_err(|error| self.fault(error))?;
        let copied = copy(&mut connection, to).await;
        open::close(connection, self.path()).await?;
        copied
    }
}

/// What SQLite keeps beside a database: left over, it would be taken for a part of another one.
const BESIDE: [&str; 3] = ["-wal", "-shm", "-journal"];

/// Puts a copy in place as the database `to`, which must not be there yet, nor anything that SQLite keeps beside it.
pub async fn restore(backup: &Path, to: &Path) -> Result<(), StoreError> {
    let beside = BESIDE.iter().map(|suffix| with_suffix(to, suffix));
    if let Some(path) = std::iter::once(to.to_owned()).chain(beside).find(|path| path.exists()) {
        return Err(StoreError::Exists { path });
    }
    open::recognise(backup, Create::Never)?;
    let fault = |error: sqlx::Error| Fault::from(error).of(backup);
    let options = SqliteConnectOptions::new().filename(backup).read_only(true);
    let mut connection = options.connect().await.map_err(fault)?;
    let sound = check_copy(&mut connection, backup).await;
    let copied = match sound {
        Ok(()) => copy(&mut connection, to).await,
        Err(error) => Err(error),
    };
    open::close(connection, backup).await?;
    copied
}

/// Moves a database aside, whole, to a file that must not be there yet; refused while another process has it open.
pub async fn move_aside(database: &Path, aside: &Path) -> Result<(), StoreError> {
    if aside.exists() {
        return Err(StoreError::Exists { path: aside.to_owned() });
    }
    if open::recognise(database, Create::Never).is_ok() {
        fold_in(database).await?;
    }
    let io = |source| StoreError::Io { path: database.to_owned(), source };
    for suffix in BESIDE.iter().chain(&[""]) {
        let from = with_suffix(database, suffix);
        if from.exists() {
            std::fs::rename(&from, with_suffix(aside, suffix)).map_err(io)?;
        }
    }
    Ok(())
}

/// Brings everything into the one file. That takes the database for oneself: SQLite refuses it while others have it open.
async fn fold_in(database: &Path) -> Result<(), StoreError> {
    let fault = |error: sqlx::Error| Fault::from(error).of(database);
    let options = SqliteConnectOptions::new().filename(database).busy_timeout(open::BUSY);
    let mut connection = options.connect().await.map_err(fault)?;
    let mode: Result<String, sqlx::Error> =
        sqlx::query_scalar("PRAGMA journal_mode = DELETE").fetch_one(&mut connection).await;
    open::close(connection, database).await?;
    match mode.map_err(fault)?.as_str() {
        "delete" => Ok(()),
        _ => Err(StoreError::Busy { path: database.to_owned() }),
    }
}

async fn check_copy(connection: &mut SqliteConnection, backup: &Path) -> Result<(), StoreError> {
    let fault = |error: sqlx::Error| Fault::from(error).of(backup);
    if open::version(connection, backup).await?.is_none() {
        let why = "it holds no tables".to_owned();
        return Err(StoreError::NotADatabase { path: backup.to_owned(), why });
    }
    let found: String =
        sqlx::query_scalar("PRAGMA integrity_check(1)").fetch_one(connection).await.map_err(fault)?;
    if found == "ok" { Ok(()) } else { Err(StoreError::Damaged { path: backup.to_owned(), what: found }) }
}

/// Copies to a file of another name first, syncs it, and renames it.
pub(crate) async fn copy(connection: &mut SqliteConnection, to: &Path) -> Result<(), StoreError> {
    let part = with_suffix(to, ".part");
    let io = |source| StoreError::Io { path: to.to_owned(), source };
    if part.exists() {
        std::fs::remove_file(&part).map_err(io)?;
    }
    let copied = sqlx::query("VACUUM INTO $1").bind(part.to_string_lossy().into_owned()).execute(connection).await;
    if let Err(error) = copied {
        if part.exists() {
            std::fs::remove_file(&part).map_err(io)?;
        }
        return Err(Fault::from(error).of(to));
    }
    std::fs::File::open(&part).and_then(|file| file.sync_all()).map_err(io)?;
    std::fs::rename(&part, to).map_err(io)?;
    if let Some(directory) = to.parent().filter(|parent| !parent.as_os_str().is_empty()) {
        std::fs::File::open(directory).and_then(|directory| directory.sync_all()).map_err(io)?;
    }
    Ok(())
}
