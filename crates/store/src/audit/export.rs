//! The log on its way out: canonical JSON Lines, put together of what SQLite packs, chunks read on several connections at once.
//! Invariant: a line is canonical JSON (RFC 8785): the envelope as it was hashed, its leaf hash, and its texts with the
//! salts of their commitments, so that whoever gets the file can check each of them.

use futures_util::{StreamExt, TryStreamExt, stream};
use sqlx::sqlite::SqliteRow;

use super::packed::Packed;
use crate::error::Fault;
use crate::wanted::json;
use crate::{EventFilter, Store, StoreError};

/// Events after a position ($1), up to another ($2), and their texts.
const BETWEEN: &str = concat!(
    include_str!("../sql/audit/lines.sql"),
    "SELECT seq, envelope, leaf FROM events WHERE seq > $1 AND seq <= $2 ORDER BY seq);",
    include_str!("../sql/audit/line_texts.sql"),
    "SELECT event, field, body, salt FROM texts WHERE event > $1 AND event <= $2 ORDER BY event, field)"
);

/// Events at positions ($1), in their order, and their texts.
const AT: &str = concat!(
    include_str!("../sql/audit/lines.sql"),
    "SELECT e.seq, e.envelope, e.leaf FROM json_each($1) j CROSS JOIN events e ON e.seq = j.value ORDER BY j.key);",
    include_str!("../sql/audit/line_texts.sql"),
    "SELECT t.event, t.field, t.body, t.salt FROM json_each($1) j CROSS JOIN texts t ON t.event = j.value \
      ORDER BY j.key, t.field)"
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
        let query = sqlx::query(BETWEEN).bind(after).bind(last);
        self.lines(&query.fetch_all(self.readers()).await.map_err(|error| self.fault(error))?)
    }

    async fn lines_at(&self, positions: &[i64]) -> Result<(Vec<u8>, u64), StoreError> {
        let query = sqlx::query(AT).bind(json(positions.iter()));
        self.lines(&query.fetch_all(self.readers()).await.map_err(|error| self.fault(error))?)
    }

    fn lines(&self, rows: &[SqliteRow]) -> Result<(Vec<u8>, u64), StoreError> {
        let packed = Packed::read(rows).map_err(|error| self.fault(error))?;
        packed.lines(self.reader.may_read_all()).ok_or_else(|| {
            Fault::damaged("some event's envelope, or a field of its texts, is broken: see `hearsay audit verify`")
                .of(self.path())
        })
    }
}
