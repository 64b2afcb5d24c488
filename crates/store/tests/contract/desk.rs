//! A database in a temporary directory, and lines given to it.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use hearsay_core::{Actor, Clock, CommandId, Role, Text, parse_line};
use hearsay_store::{
    ClockSource, Create, Durability, Fresh, OpenOptions, Receipt, Remember, Store, StoreError, Submission,
    SubmitError,
};
use jiff::Timestamp;
use uuid::Uuid;

/// 2025-04-22T16:00:00Z.
const START: i64 = 1_745_337_600_000_000;

/// A desk with one store and a clock of its own.
pub(crate) struct Desk {
    _directory: tempfile::TempDir,
    pub(crate) path: PathBuf,
    pub(crate) clock: Arc<AtomicI64>,
    pub(crate) store: Store,
}

#[expect(clippy::disallowed_methods, reason = "a test's ids need not be given")]
pub(crate) fn fresh_id() -> Uuid {
    Uuid::now_v7()
}

pub(crate) fn options(clock: &Arc<AtomicI64>, create: Create) -> OpenOptions {
    let clock = Arc::clone(clock);
    let now = move || Timestamp::from_microsecond(clock.fetch_add(1_000, Ordering::SeqCst)).unwrap();
    OpenOptions {
        create,
        durability: Durability::Full,
        clock: ClockSource { kind: Clock::Story, now: Arc::new(now) },
        fresh: Fresh { ids: Arc::new(fresh_id), salts: Arc::new(rand::random) },
    }
}

impl Desk {
    pub(crate) async fn new() -> Self {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("desk.db");
        let clock = Arc::new(AtomicI64::new(START));
        let store = Store::open(&path, options(&clock, Create::IfMissing)).await.unwrap();
        Self { _directory: directory, path, clock, store }
    }

    /// Another store on the same file.
    pub(crate) async fn again(&self) -> Result<Store, StoreError> {
        Store::open(&self.path, options(&self.clock, Create::Never)).await
    }

    /// Submits lines one after the other; none may be refused.
    pub(crate) async fn tell(&self, lines: &str) -> Vec<Receipt> {
        let mut receipts = Vec::new();
        for line in lines.lines().filter(|line| !line.trim().is_empty()) {
            match self.store.submit(submission(line)).await {
                Ok(receipt) => receipts.push(receipt),
                Err(error) => panic!("{line}\n{error}"),
            }
        }
        receipts
    }

    pub(crate) async fn refuse(&self, line: &str) -> SubmitError {
        self.store.submit(submission(line)).await.unwrap_err()
    }
}

pub(crate) fn submission(line: &str) -> Submission {
    Submission {
        addressed: parse_line(line).unwrap_or_else(|error| panic!("{line}\n{}: {error}", error.field)),
        id: CommandId(fresh_id()),
        actor: Actor { name: Text::from("ana"), role: Role::Admin },
        remember: Remember::No,
    }
}

/// Every row of a table, as text, in the table's own order.
pub(crate) async fn dump(path: &Path, table: &str) -> Vec<String> {
    use sqlx::{Connection, Row};
    let url = format!("sqlite://{}?mode=ro", path.display());
    let mut connection = sqlx::SqliteConnection::connect(&url).await.unwrap();
    let columns: Vec<String> =
        sqlx::query(sqlx::AssertSqlSafe(format!("SELECT name FROM pragma_table_info('{table}')")))
            .fetch_all(&mut connection)
            .await
            .unwrap()
            .iter()
            .map(|row| format!("quote(\"{}\")", row.get::<String, _>(0)))
            .collect();
    let order = if table == "claim_search" { "rowid" } else { "1, 2" };
    let sql = format!("SELECT {} FROM {table} ORDER BY {order}", columns.join(" || '|' || "));
    sqlx::query_scalar(sqlx::AssertSqlSafe(sql.replace("ORDER BY 1, 2", "ORDER BY 1")))
        .fetch_all(&mut connection)
        .await
        .unwrap()
}
