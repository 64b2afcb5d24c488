//! Opens a database: recognises what the file is, brings an old one up to date after a copy, refuses a newer one.
//! Invariant: a file that is refused is left as it was.

use std::fs::{File, TryLockError};
use std::io::Read;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;
use sqlx::migrate::Migrator;
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous};
use sqlx::{ConnectOptions, Connection, SqliteConnection, SqlitePool};
use uuid::Uuid;

use crate::error::Fault;
use crate::{StoreError, backup, rebuild, tree};

static MIGRATIONS: Migrator = sqlx::migrate!("../../migrations/sqlite");

/// `PRAGMA application_id` of our databases: "HRSY".
const APPLICATION_ID: i64 = 0x4852_5359;

/// How many bytes SQLite's header has.
const HEADER: u64 = 100;

/// Why a database that is not ours is refused.
const ANOTHER_PROGRAM: &str = "it is an SQLite database of another program";

/// How long to wait for another process that writes.
pub(crate) const BUSY: Duration = Duration::from_secs(5);

/// How long to pause between two tries at the lock of a migration.
pub(crate) const LOCK_PAUSE: Duration = Duration::from_millis(20);

/// Whether a missing database is made.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Create {
    /// Make it.
    IfMissing,
    /// It must be there.
    Never,
}

/// What an acknowledgement promises.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Durability {
    /// It is on disk: `synchronous=FULL`.
    Full,
    /// It survives a crash of this process, not of the machine.
    Relaxed,
}

/// Where the time comes from.
#[derive(Clone)]
pub struct ClockSource {
    /// What the log calls it.
    pub kind: hearsay_core::Clock,
    /// The time now.
    pub now: Arc<dyn Fn() -> Timestamp + Send + Sync>,
}

/// Where fresh ids and salts come from.
#[derive(Clone)]
pub struct Fresh {
    /// A UUIDv7 at each call.
    pub ids: Arc<dyn Fn() -> Uuid + Send + Sync>,
    /// 16 bytes from a cryptographic generator.
    pub salts: Arc<dyn Fn() -> [u8; 16] + Send + Sync>,
}

/// How a database is opened.
#[derive(Clone)]
pub struct OpenOptions {
    /// Whether a missing database is made.
    pub create: Create,
    /// What an acknowledgement promises.
    pub durability: Durability,
    /// Where the time comes from.
    pub clock: ClockSource,
    /// Where ids and salts come from.
    pub fresh: Fresh,
}

/// The two ways into one database.
pub(crate) struct Opened {
    pub(crate) writer: SqliteConnection,
    pub(crate) readers: SqlitePool,
}

/// Opens the database, with its schema up to date.
pub(crate) async fn open(path: &Path, options: &OpenOptions) -> Result<Opened, StoreError> {
    recognise(path, options.create)?;
    let fault = |fault: Fault| fault.of(path);
    let connect = connect_options(path, options.create);
    let mut writer = connect.clone().connect().await.map_err(|error| fault(error.into()))?;
    if let Err(error) = bring_up_to_date(&mut writer, path, &MIGRATIONS).await {
        close(writer, path).await?;
        return Err(error);
    }
    if let Err(error) = refill_what_is_new(&mut writer, path).await {
        close(writer, path).await?;
        return Err(error);
    }
    if let Err(error) = tree::fill_if_lacking(&mut writer).await {
        close(writer, path).await?;
        return Err(fault(error));
    }
    set_durability(&mut writer, options.durability).await.map_err(fault)?;
    crate::writer::prepare(&mut writer).await.map_err(|error| fault(error.into()))?;
    let readers = SqlitePoolOptions::new()
        .max_connections(4)
        .connect_with(read_options(path))
        .await
        .map_err(|error| fault(error.into()))?;
    Ok(Opened { writer, readers })
}

/// Options of every connection; the writer's own are set once its schema is known.
pub(crate) fn connect_options(path: &Path, create: Create) -> SqliteConnectOptions {
    SqliteConnectOptions::new()
        .filename(path)
        .create_if_missing(create == Create::IfMissing)
        .journal_mode(SqliteJournalMode::Wal)
        .synchronous(SqliteSynchronous::Full)
        .foreign_keys(true)
        .busy_timeout(BUSY)
        .row_buffer_size(1_024)
        // 16 MiB. A commit may look at every page in memory (a page that is split passes through the number of the lock
        // page, and SQLite then clears what lies behind), so more of them cost more than they spare.
        .pragma("cache_size", "-16384")
        // As a last resort: the writer has checkpoints made while it writes (writer/checkpoint.rs).
        .pragma("wal_autocheckpoint", "50000")
        // A statement of many rows may keep what it changes until it ends; past 64 KiB that would go to a file.
        .pragma("temp_store", "MEMORY")
        .disable_statement_logging()
}

/// Options of a connection that only reads.
pub(crate) fn read_options(path: &Path) -> SqliteConnectOptions {
    connect_options(path, Create::Never).pragma("query_only", "ON")
}

async fn set_durability(connection: &mut SqliteConnection, durability: Durability) -> Result<(), Fault> {
    let pragma = match durability {
        Durability::Full => "PRAGMA synchronous = FULL",
        Durability::Relaxed => "PRAGMA synchronous = NORMAL",
    };
    sqlx::query(pragma).execute(connection).await?;
    Ok(())
}

/// Tells what the file is before SQLite touches it.
pub(crate) fn recognise(path: &Path, create: Create) -> Result<(), StoreError> {
    let io = |source| StoreError::Io { path: path.to_owned(), source };
    let not = |why: &str| Err(StoreError::NotADatabase { path: path.to_owned(), why: why.to_owned() });
    if path.is_dir() {
        return not("it is a directory");
    }
    let mut file = match File::open(path) {
        Ok(file) => file,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
            return match create {
                Create::Never => Err(StoreError::Missing { path: path.to_owned() }),
                Create::IfMissing => check_directory(path),
            };
        }
        Err(error) => return Err(io(error)),
    };
    let mut header = Vec::new();
    file.by_ref().take(HEADER).read_to_end(&mut header).map_err(io)?;
    match (header.as_slice(), create) {
        ([], Create::IfMissing) => Ok(()),
        ([], Create::Never) => not("it is empty"),
        (header, _) if !header.starts_with(b"SQLite format 3\0") => not("it is a file of another kind"),
        (header, _) if is_of_another_program(header) => not(ANOTHER_PROGRAM),
        _ => Ok(()),
    }
}

/// Whether the header of an SQLite file (<https://sqlite.org/fileformat2.html>, section 1.3) rules out that it is ours.
/// Connecting turns its write-ahead log on, which would change a file that is not ours.
fn is_of_another_program(header: &[u8]) -> bool {
    let number =
        |at: usize| header.get(at..at + 4).and_then(|bytes| bytes.try_into().ok()).map(u32::from_be_bytes);
    let without_wal = header.get(18..20) == Some(&[1, 1]);
    let has_schema = number(40).is_some_and(|cookie| cookie != 0);
    let application = number(68).map(i64::from);
    without_wal && has_schema && application != Some(APPLICATION_ID)
}

/// A database that is to be made needs a directory.
fn check_directory(path: &Path) -> Result<(), StoreError> {
    let directory = path.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."));
    if directory.is_dir() {
        Ok(())
    } else {
        let source = std::io::Error::new(std::io::ErrorKind::NotFound, "there is no such directory");
        Err(StoreError::Io { path: directory.to_owned(), source })
    }
}

/// Runs the migrations that the database lacks; one process at a time, after a copy of what was there.
async fn bring_up_to_date(
    connection: &mut SqliteConnection,
    path: &Path,
    migrations: &Migrator,
) -> Result<(), StoreError> {
    let fault = |fault: Fault| fault.of(path);
    let known = migrations.iter().map(|migration| migration.version).max().unwrap_or(0);
    match version(connection, path).await? {
        Some(found) if found == known => return Ok(()),
        Some(found) if found > known => return Err(StoreError::Newer { path: path.to_owned(), found, known }),
        Some(_) | None => {}
    }
    let _lock = MigrationLock::take(path).await?;
    match version(connection, path).await? {
        Some(found) if found > known => {
            return Err(StoreError::Newer { path: path.to_owned(), found, known });
        }
        Some(found) if found == known => return Ok(()),
        Some(found) => copy_aside(connection, path, found).await?,
        None => {}
    }
    run(connection, migrations).await.map_err(fault)
}

/// Brings a new database up to today's schema.
pub(crate) async fn migrate(connection: &mut SqliteConnection) -> Result<(), Fault> {
    run(connection, &MIGRATIONS).await
}

async fn run(connection: &mut SqliteConnection, migrations: &Migrator) -> Result<(), Fault> {
    migrations.run(connection).await.map_err(|error| {
        if let sqlx::migrate::MigrateError::Execute(error) = error {
            error.into()
        } else {
            Fault::Other(error.to_string())
        }
    })
}

/// Whether there are sources and no mention of any: the tables of audit queries came after the log's events.
const LACKS_AUDIT: &str = "SELECT EXISTS (SELECT 1 FROM sources) AND NOT EXISTS (SELECT 1 FROM mentions)";

/// Refills derived tables that a migration brought, for the events that were there before; a process that dies meanwhile
/// leaves that to the next.
async fn refill_what_is_new(connection: &mut SqliteConnection, path: &Path) -> Result<(), StoreError> {
    let fault = |fault: Fault| fault.of(path);
    let lacking = sqlx::query_scalar::<_, bool>(LACKS_AUDIT);
    if !lacking.fetch_one(&mut *connection).await.map_err(|error| fault(error.into()))? {
        return Ok(());
    }
    let _lock = MigrationLock::take(path).await?;
    let lacking = sqlx::query_scalar::<_, bool>(LACKS_AUDIT);
    if !lacking.fetch_one(&mut *connection).await.map_err(|error| fault(error.into()))? {
        return Ok(());
    }
    tracing::info!("filling the tables of audit queries from the log, once");
    let refilled = rebuild::rebuild(connection, &mut |_, _| {}).await;
    if refilled.is_err()
        && let Err(error) = sqlx::Executor::execute(&mut *connection, "ROLLBACK").await
    {
        tracing::debug!(%error, "nothing to roll back");
    }
    refilled.map(drop).map_err(fault)
}

/// The schema's version; none where the file is a new database.
pub(crate) async fn version(connection: &mut SqliteConnection, path: &Path) -> Result<Option<i64>, StoreError> {
    let fault = |error: sqlx::Error| Fault::from(error).of(path);
    let (application, tables, versions): (i64, i64, i64) =
        sqlx::query_as(include_str!("sql/recognise.sql")).fetch_one(&mut *connection).await.map_err(fault)?;
    if tables > 0 && application != APPLICATION_ID {
        let why = ANOTHER_PROGRAM.to_owned();
        return Err(StoreError::NotADatabase { path: path.to_owned(), why });
    }
    if versions == 0 {
        return Ok(None);
    }
    sqlx::query_scalar("SELECT max(version) FROM _sqlx_migrations").fetch_one(connection).await.map_err(fault)
}

/// Copies the database beside itself before its schema is changed.
async fn copy_aside(connection: &mut SqliteConnection, path: &Path, found: i64) -> Result<(), StoreError> {
    let copy = with_suffix(path, &format!(".schema-{found}.backup"));
    backup::copy(connection, &copy).await?;
    tracing::info!(copy = %copy.display(), "copied the database before bringing it up to date");
    Ok(())
}

/// The path with something added to its file name.
pub(crate) fn with_suffix(path: &Path, suffix: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(suffix);
    PathBuf::from(name)
}

/// Held while migrations run, so that two processes that start together don't both run them.
struct MigrationLock {
    _file: File,
    path: PathBuf,
}

impl MigrationLock {
    async fn take(database: &Path) -> Result<Self, StoreError> {
        let path = with_suffix(database, ".migrating");
        let refused =
            |error: std::io::Error| StoreError::ReadOnly { path: database.to_owned(), why: error.to_string() };
        let file = File::options().create(true).truncate(false).write(true).open(&path).map_err(refused)?;
        let mut waited = Duration::ZERO;
        while let Err(error) = file.try_lock() {
            match error {
                TryLockError::WouldBlock if waited < BUSY => tokio::time::sleep(LOCK_PAUSE).await,
                TryLockError::WouldBlock => return Err(StoreError::Busy { path: database.to_owned() }),
                TryLockError::Error(error) => return Err(refused(error)),
            }
            waited += LOCK_PAUSE;
        }
        Ok(Self { _file: file, path })
    }
}

impl Drop for MigrationLock {
    fn drop(&mut self) {
        if let Err(error) = std::fs::remove_file(&self.path) {
            tracing::debug!(%error, "the lock file was gone already");
        }
    }
}

/// Closes a connection that was used for one piece of work.
pub(crate) async fn close(connection: SqliteConnection, path: &Path) -> Result<(), StoreError> {
    connection.close().await.map_err(|error| Fault::from(error).of(path))
}

/// A new database with its schema up to date, for tests.
#[cfg(test)]
pub(crate) async fn migrated(path: &Path) {
    let mut connection = connect_options(path, Create::IfMissing).connect().await.unwrap();
    bring_up_to_date(&mut connection, path, &MIGRATIONS).await.unwrap();
    close(connection, path).await.unwrap();
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Our migrations, and one more that a later program brings.
    async fn later(directory: &Path, last: &str) -> Migrator {
        let ours = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../migrations/sqlite");
        for file in std::fs::read_dir(ours).unwrap() {
            let file = file.unwrap();
            std::fs::copy(file.path(), directory.join(file.file_name())).unwrap();
        }
        std::fs::write(directory.join("9000_later.sql"), last).unwrap();
        Migrator::new(directory.to_owned()).await.unwrap()
    }

    async fn count(connection: &mut SqliteConnection, sql: &'static str) -> Result<i64, sqlx::Error> {
        sqlx::query_scalar(sql).fetch_one(connection).await
    }

    const NOTE: &str = "INSERT INTO restands (policy) VALUES ('default')";
    const NOTES: &str = "SELECT count(*) FROM restands";

    #[tokio::test]
    async fn an_old_database_is_opened_by_a_new_program() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("desk.db");
        let mut old = connect_options(&path, Create::IfMissing).connect().await.unwrap();
        bring_up_to_date(&mut old, &path, &MIGRATIONS).await.unwrap();
        sqlx::query(NOTE).execute(&mut old).await.unwrap();
        close(old, &path).await.unwrap();

        let migrations = tempfile::tempdir().unwrap();
        let later = later(migrations.path(), "ALTER TABLE restands ADD COLUMN why TEXT;").await;
        let mut new = connect_options(&path, Create::Never).connect().await.unwrap();
        bring_up_to_date(&mut new, &path, &later).await.unwrap();
        assert_eq!(count(&mut new, "SELECT count(*) - count(why) FROM restands").await.unwrap(), 1);
        bring_up_to_date(&mut new, &path, &later).await.unwrap();

        let ours = MIGRATIONS.iter().map(|migration| migration.version).max().unwrap();
        let copy = with_suffix(&path, &format!(".schema-{ours}.backup"));
        let mut kept = connect_options(&copy, Create::Never).connect().await.unwrap();
        assert_eq!(count(&mut kept, NOTES).await.unwrap(), 1);
        assert!(count(&mut kept, "SELECT count(why) FROM restands").await.is_err(), "the copy has the old schema");

        let refused = bring_up_to_date(&mut new, &path, &MIGRATIONS).await.unwrap_err();
        assert!(matches!(refused, StoreError::Newer { found: 9000, known, .. } if known == ours), "{refused}");
    }

    #[tokio::test]
    async fn a_migration_that_fails_leaves_the_database_as_it_was() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("desk.db");
        let mut connection = connect_options(&path, Create::IfMissing).connect().await.unwrap();
        bring_up_to_date(&mut connection, &path, &MIGRATIONS).await.unwrap();
        sqlx::query(NOTE).execute(&mut connection).await.unwrap();
        let migrations = tempfile::tempdir().unwrap();
        let broken = later(migrations.path(), "DELETE FROM restands; SELECT no_such_function();").await;
        bring_up_to_date(&mut connection, &path, &broken).await.unwrap_err();
        assert_eq!(count(&mut connection, NOTES).await.unwrap(), 1);
        bring_up_to_date(&mut connection, &path, &MIGRATIONS).await.unwrap();
    }
}
