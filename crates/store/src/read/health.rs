//! How the database and the docket fare, in numbers: for whoever asks what is wrong.

use jiff::Timestamp;
use serde::Serialize;
use sqlx::Row;
use sqlx::sqlite::SqliteRow;

use crate::error::Fault;
use crate::open::with_suffix;
use crate::time::{from_micros, to_micros};
use crate::{Store, StoreError};

/// How the database and the docket fare.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct Health {
    /// The version of its schema.
    pub schema: i64,
    /// How many bytes the database's file has.
    pub file_bytes: u64,
    /// How many bytes its write-ahead log has.
    pub wal_bytes: u64,
    /// How many events the log has.
    pub events: u64,
    /// When the last one was recorded.
    pub last_recorded_at: Option<Timestamp>,
    /// How many changes of sources and policies wait until their claims are weighed again.
    pub restands: u64,
    /// After how many erasures the file is still to be written anew.
    pub purges: u64,
    /// When the first of those was recorded.
    pub purges_since: Option<Timestamp>,
    /// How many claims are due to advance.
    pub due_to_advance: u64,
    /// How many are due to reopen.
    pub due_to_reopen: u64,
    /// Of how many the review, or a party's answer, is past its deadline.
    pub overdue: u64,
}

impl Store {
    /// How the database and the docket fare now.
    pub async fn health(&self) -> Result<Health, StoreError> {
        let now = to_micros((self.options.clock.now)());
        let row = sqlx::query(include_str!("../sql/health.sql")).bind(now).fetch_one(self.readers()).await;
        let row = row.map_err(|error| self.fault(error))?;
        let size = |path: &std::path::Path| match std::fs::metadata(path) {
            Ok(file) => Ok(file.len()),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(0),
            Err(source) => Err(StoreError::Io { path: path.to_owned(), source }),
        };
        let health = Health {
            file_bytes: size(self.path())?,
            wal_bytes: size(&with_suffix(self.path(), "-wal"))?,
            ..health(&row).map_err(|fault| self.fault(fault))?
        };
        Ok(health)
    }
}

fn health(row: &SqliteRow) -> Result<Health, Fault> {
    Ok(Health {
        schema: row.try_get(0)?,
        file_bytes: 0,
        wal_bytes: 0,
        events: row.try_get::<i64, _>(1)?.unsigned_abs(),
        last_recorded_at: row.try_get::<Option<i64>, _>(2)?.map(from_micros).transpose()?,
        restands: row.try_get::<i64, _>(3)?.unsigned_abs(),
        purges: row.try_get::<i64, _>(7)?.unsigned_abs(),
        purges_since: row.try_get::<Option<i64>, _>(8)?.map(from_micros).transpose()?,
        due_to_advance: row.try_get::<i64, _>(4)?.unsigned_abs(),
        due_to_reopen: row.try_get::<i64, _>(5)?.unsigned_abs(),
        overdue: row.try_get::<i64, _>(6)?.unsigned_abs(),
    })
}
