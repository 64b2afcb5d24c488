//! The log on its way out: canonical JSON Lines, made within SQLite, chunks read on several connections at once.
//! Invariant: a line is canonical JSON (RFC 8785): the envelope as it was hashed, its leaf hash, and its texts with the
//! salts of their commitments, so that whoever gets the file can check each of them.

use futures_util::{StreamExt, TryStreamExt, stream};
use sqlx::Row;

use crate::wanted::json;
use crate::{EventFilter, Store, StoreError};

/// Lines of the events after a position ($2), up to another ($3).
const BETWEEN: &str = concat!(
    include_str!("../sql/audit/lines.sql"),
    "FROM events e WHERE e.seq > $2 AND e.seq <= $3 ORDER BY e.seq)"
);

/// Lines of the events at positions ($2), in their order.
const AT: &str = concat!(
    include_str!("../sql/audit/lines.sql"),
    "FROM json_each($2) j CROSS JOIN events e ON e.seq = j.value ORDER BY j.key)"
);

/// How many events a chunk has.
const CHUNK: i64 = 2_000;

/// How many chunks are read at once.
const AT_ONCE: usize = 3;

/// Is given chunks of lines, in the order of the log, and how many lines they are.
pub type Sink<'a> = &'a mut (dyn FnMut(&[u8], u64) -> std::io::Result<()> + Send);

/// Why an export ended early.
#[derive(Debug, thiserror::Error)]
pub enum ExportError {
    /// The store's fault.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// What takes the lines did not.
    #[error(transparent)]
    Sink(#[from] std::io::Error),
}

impl Store {
    /// Gives the events that fit as canonical JSON Lines, oldest first: all that the log held when it began. Confidential
    /// texts are left out, unless the reader's role may read them all.
    pub async fn export(&self, filter: &EventFilter, sink: Sink<'_>) -> Result<u64, ExportError> {
        if *filter == (EventFilter { limit: filter.limit, after: filter.after, ..EventFilter::default() })
            && filter.limit.is_none()
        {
            return self.export_whole(filter.after.unwrap_or(0), sink).await;
        }
        let head = self.head().await?.unwrap_or(0);
        let mut page = EventFilter { limit: Some(u32::try_from(CHUNK).unwrap_or(u32::MAX)), ..filter.clone() };
        let mut lines = 0;
        loop {
            let left = filter.limit.map(|limit| u64::from(limit) - lines);
            page.limit = page.limit.min(left.and_then(|left| u32::try_from(left).ok()).or(page.limit));
            let mut positions = self.positions(&page).await?;
            positions.retain(|seq| seq.unsigned_abs() <= head);
            let Some(last) = positions.last() else { return Ok(lines) };
            page.after = u64::try_from(*last).ok();
            let (bytes, number) = self.lines_at(&positions).await?;
            sink(&bytes, number)?;
            lines += number;
        }
    }

    async fn export_whole(&self, after: u64, sink: Sink<'_>) -> Result<u64, ExportError> {
        let head = self.head().await?.and_then(|head| i64::try_from(head).ok()).unwrap_or(0);
        let after = i64::try_from(after).unwrap_or(i64::MAX);
        let begins = (after..head).step_by(usize::try_from(CHUNK).unwrap_or(usize::MAX));
        let chunks = begins.map(|begin| self.lines_between(begin, head.min(begin.saturating_add(CHUNK))));
        let mut chunks = stream::iter(chunks).buffered(AT_ONCE);
        let mut lines = 0;
        while let Some((bytes, number)) = chunks.try_next().await? {
            sink(&bytes, number)?;
            lines += number;
        }
        Ok(lines)
    }

    async fn lines_between(&self, after: i64, last: i64) -> Result<(Vec<u8>, u64), StoreError> {
        let row = sqlx::query(BETWEEN)
            .bind(i64::from(self.reader.may_read_all()))
            .bind(after)
            .bind(last)
            .fetch_one(self.readers())
            .await
            .map_err(|error| self.fault(error))?;
        self.lines(&row)
    }

    async fn lines_at(&self, positions: &[i64]) -> Result<(Vec<u8>, u64), StoreError> {
        let row = sqlx::query(AT)
            .bind(i64::from(self.reader.may_read_all()))
            .bind(json(positions.iter()))
            .fetch_one(self.readers())
            .await
            .map_err(|error| self.fault(error))?;
        self.lines(&row)
    }

    fn lines(&self, row: &sqlx::sqlite::SqliteRow) -> Result<(Vec<u8>, u64), StoreError> {
        let read = || -> Result<_, sqlx::Error> {
            Ok((row.try_get::<Option<String>, _>(0)?.unwrap_or_default(), row.try_get::<i64, _>(1)?))
        };
        let (lines, number) = read().map_err(|error| self.fault(error))?;
        Ok((lines.into_bytes(), number.unsigned_abs()))
    }
}
