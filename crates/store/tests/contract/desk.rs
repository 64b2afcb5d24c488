//! A desk: a database in a temporary directory, and lines given to it.
//! A line may begin with who says it: `ben {"do": …}`; else it is `ana`.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};

use hearsay_core::{Actor, Clock, CommandId, Role, Text, parse_line};
use hearsay_store::{
    ClockSource, Create, Durability, Fresh, OpenOptions, Outcome, Receipt, Remember, Store, StoreError,
    Submission, SubmitError, tables,
};
use jiff::Timestamp;
use sqlx::{Connection, Row, SqliteConnection};
use uuid::Uuid;

/// 2025-04-22T16:00:00Z.
pub(crate) const START: i64 = 1_745_337_600_000_000;

/// How a command ended.
pub(crate) type Ended = Result<Receipt, SubmitError>;

/// Every row of some tables, as text.
pub(crate) type Dump = BTreeMap<&'static str, Vec<String>>;

/// A desk with one store and a clock of its own.
pub(crate) struct Desk {
    pub(crate) directory: tempfile::TempDir,
    pub(crate) path: PathBuf,
    pub(crate) options: OpenOptions,
    pub(crate) store: Store,
}

#[expect(clippy::disallowed_methods, reason = "a test's ids need not be given")]
pub(crate) fn fresh_id() -> Uuid {
    Uuid::now_v7()
}

fn story_clock() -> ClockSource {
    let clock = Arc::new(AtomicI64::new(START));
    let now = move || Timestamp::from_microsecond(clock.fetch_add(1_000, Ordering::SeqCst)).unwrap();
    ClockSource { kind: Clock::Story, now: Arc::new(now) }
}

/// Random ids and salts, and a clock that goes on by a millisecond whenever it is read.
pub(crate) fn options(create: Create) -> OpenOptions {
    let fresh = Fresh { ids: Arc::new(fresh_id), salts: Arc::new(rand::random) };
    OpenOptions { create, durability: Durability::Full, clock: story_clock(), fresh }
}

/// Ids, salts and times that are the same at every run, as long as they are asked for in the same order.
pub(crate) fn counted() -> OpenOptions {
    let (ids, salts) = (AtomicU64::new(1), AtomicU64::new(1));
    let counted = |count: &AtomicU64| u128::from(count.fetch_add(1, Ordering::SeqCst));
    let fresh = Fresh {
        ids: Arc::new(move || Uuid::from_u128((0x0196_0000_0000_7000_8000 << 48) | counted(&ids))),
        salts: Arc::new(move || counted(&salts).to_be_bytes()),
    };
    OpenOptions { create: Create::IfMissing, durability: Durability::Full, clock: story_clock(), fresh }
}

/// As [`counted`], with a clock that stands still.
pub(crate) fn counted_at_rest() -> OpenOptions {
    let now = || Timestamp::from_microsecond(START).unwrap();
    OpenOptions { clock: ClockSource { kind: Clock::Story, now: Arc::new(now) }, ..counted() }
}

impl Desk {
    pub(crate) async fn new() -> Self {
        Self::with(options(Create::IfMissing)).await
    }

    pub(crate) async fn with(options: OpenOptions) -> Self {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("desk.db");
        let store = Store::open(&path, options.clone()).await.unwrap();
        Self { directory, path, options, store }
    }

    /// A desk to which the lines were told.
    pub(crate) async fn told(lines: &str) -> Self {
        let desk = Self::new().await;
        desk.tell(lines).await;
        desk
    }

    /// Another store on the same file.
    pub(crate) async fn again(&self) -> Result<Store, StoreError> {
        Store::open(&self.path, self.options.clone()).await
    }

    /// Closes the store and opens another in its place.
    pub(crate) async fn reopened(self) -> Self {
        let Self { directory, path, options, store } = self;
        store.close().await;
        let store = Store::open(&path, options.clone()).await.unwrap();
        Self { directory, path, options, store }
    }

    /// Submits lines one after the other; none may be refused.
    pub(crate) async fn tell(&self, lines: &str) -> Vec<Receipt> {
        tell(&self.store, lines).await
    }

    pub(crate) async fn refuse(&self, line: &str) -> SubmitError {
        self.store.submit(submission(line)).await.unwrap_err()
    }

    /// Fails unless the database checks, a rebuild changes no byte, and a fresh store explains every claim alike.
    pub(crate) async fn assert_sound(&self) {
        let fresh = self.again().await.unwrap();
        let (live, reloaded) = (explained(&self.store).await, explained(&fresh).await);
        assert_eq!(live, reloaded, "the live docket differs from a reload");
        assert_rebuilds(&fresh, &self.path).await;
        assert_eq!(explained(&self.store).await, live, "a rebuild changed what a store says");
        fresh.close().await;
    }
}

/// Submits lines one after the other; none may be refused.
pub(crate) async fn tell(store: &Store, lines: &str) -> Vec<Receipt> {
    let mut receipts = Vec::new();
    if lines.contains("snapshot") {
        crate::intake::keep(store, "https://example.org/briefing", crate::story::DOCUMENT).await;
    }
    for line in lines.lines().filter(|line| !line.trim().is_empty()) {
        match store.submit(submission(line)).await {
            Ok(receipt) => receipts.push(receipt),
            Err(error) => panic!("{line}\n{error}"),
        }
    }
    receipts
}

/// Fails unless the database checks and a rebuild changes no byte of any derived table.
pub(crate) async fn assert_rebuilds(store: &Store, path: &Path) {
    assert_eq!(store.check(&mut |_, _| {}).await.unwrap(), Vec::<String>::new());
    let before = dump_all(path, tables::DERIVED).await;
    store.rebuild(&mut |_, _| {}).await.unwrap();
    assert_same(&before, &dump_all(path, tables::DERIVED).await);
}

/// Fails with the first row that differs.
pub(crate) fn assert_same(left: &Dump, right: &Dump) {
    for (table, rows) in left {
        for (index, row) in rows.iter().enumerate() {
            assert_eq!(Some(row), right[table].get(index), "{table}, row {index}");
        }
        assert_eq!(rows.len(), right[table].len(), "rows of {table}");
    }
}

/// Every claim with its explanation and file, as JSON.
pub(crate) async fn explained(store: &Store) -> Vec<String> {
    let mut all = Vec::new();
    for row in store.claims(&hearsay_store::ClaimFilter::default()).await.unwrap() {
        let explanation = store.explanation(row.reference).await.unwrap();
        let file = store.claim_file(row.reference).await.unwrap();
        all.push(format!(
            "{} {}",
            serde_json::to_string(&explanation).unwrap(),
            serde_json::to_string(&file).unwrap()
        ));
    }
    all
}

/// A line, and who says it.
pub(crate) fn submission(line: &str) -> Submission {
    let at = line.find('{').unwrap_or(0);
    let (who, line) = line.split_at(at);
    let who = if who.trim().is_empty() { "ana" } else { who.trim() };
    Submission {
        addressed: parse_line(line).unwrap_or_else(|error| panic!("{line}\n{}: {error}", error.field)),
        id: CommandId(fresh_id()),
        actor: Actor { name: Text::from(who), role: if who == "bot" { Role::Worker } else { Role::Admin } },
        remember: Remember::No,
        sequence: None,
    }
}

/// The same, under an id of the caller's.
pub(crate) fn submission_with(id: CommandId, remember: Remember, line: &str) -> Submission {
    Submission { id, remember, ..submission(line) }
}

/// How it ended: a word, or the refusal's sentence.
pub(crate) fn ending(ended: &Ended) -> String {
    match ended {
        Ok(receipt) => match receipt.outcome {
            Outcome::Recorded => "recorded".to_owned(),
            Outcome::RecordedBefore => "recorded before".to_owned(),
            Outcome::Unchanged => "unchanged".to_owned(),
        },
        Err(error) => error.to_string(),
    }
}

/// A connection of its own, past the store.
pub(crate) async fn raw(path: &Path) -> SqliteConnection {
    SqliteConnection::connect(&format!("sqlite://{}", path.display())).await.unwrap()
}

/// Runs statements on a connection of its own.
pub(crate) async fn execute(path: &Path, sql: &str) -> Result<(), sqlx::Error> {
    let mut connection = raw(path).await;
    let ended = sqlx::raw_sql(sqlx::AssertSqlSafe(sql.to_owned())).execute(&mut connection).await;
    connection.close().await.unwrap();
    ended.map(drop)
}

/// The first column of every row; the statement makes it text.
pub(crate) async fn column(path: &Path, sql: &str) -> Vec<String> {
    let mut connection = raw(path).await;
    let rows = sqlx::query(sqlx::AssertSqlSafe(sql.to_owned())).fetch_all(&mut connection).await.unwrap();
    connection.close().await.unwrap();
    rows.iter().map(|row| row.get::<Option<String>, _>(0).unwrap_or_default()).collect()
}

/// Every row of some tables.
pub(crate) async fn dump_all(path: &Path, names: &[&'static str]) -> Dump {
    let mut all = Dump::new();
    for table in names {
        all.insert(table, dump(path, table).await);
    }
    all
}

/// Every row of a table, as text, sorted.
pub(crate) async fn dump(path: &Path, table: &str) -> Vec<String> {
    let mut connection = raw(path).await;
    let columns: Vec<String> =
        sqlx::query(sqlx::AssertSqlSafe(format!("SELECT name FROM pragma_table_info('{table}')")))
            .fetch_all(&mut connection)
            .await
            .unwrap()
            .iter()
            .map(|row| format!("quote(\"{}\")", row.get::<String, _>(0)))
            .collect();
    let rowid = if table == "claim_search" { "rowid || '|' || " } else { "" };
    let sql = format!("SELECT {rowid}{} FROM {table} ORDER BY 1", columns.join(" || '|' || "));
    let rows = sqlx::query_scalar(sqlx::AssertSqlSafe(sql)).fetch_all(&mut connection).await.unwrap();
    connection.close().await.unwrap();
    rows
}

/// Numbers that look random and are the same at every run.
pub(crate) struct Dice(pub(crate) u64);

impl Dice {
    /// The next of `SplitMix64`.
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// A number from 0 to below `sides`.
    pub(crate) fn roll(&mut self, sides: usize) -> usize {
        usize::try_from(self.next() % sides as u64).unwrap()
    }

    /// One of some.
    pub(crate) fn pick<'a, T: ?Sized>(&mut self, of: &[&'a T]) -> &'a T {
        of[self.roll(of.len())]
    }
}
