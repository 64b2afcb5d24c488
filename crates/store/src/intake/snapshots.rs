//! Documents as they were fetched, known by the SHA-256 of their bytes.
//! Invariant: bytes are kept as they were received; an erasure takes them, and the row stays.

use std::fmt;
use std::io::{Read, Write};
use std::str::FromStr;

use flate2::Compression;
use flate2::read::DeflateDecoder;
use flate2::write::DeflateEncoder;
use hearsay_core::{ClaimNumber, EvidenceId, ItemNumber};
use jiff::Timestamp;
use sha2::{Digest, Sha256};
use sqlx::{Executor, Row, SqliteConnection};

use super::tasks::enqueue_items;
use crate::error::Fault;
use crate::finding::Finding;
use crate::jsonb::to_hex;
use crate::load::uuid;
use crate::time::{from_micros, to_micros};
use crate::{EvidenceView, Store, StoreError, TaskKind};

/// How many snapshots are checked before the next are read.
const CHUNK: i64 = 100;

/// The SHA-256 of a document's bytes.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct SnapshotId(pub [u8; 32]);

impl SnapshotId {
    /// Of those bytes.
    pub fn of(bytes: &[u8]) -> Self {
        Self(Sha256::digest(bytes).into())
    }
}

impl fmt::Display for SnapshotId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&to_hex(&self.0))
    }
}

/// The text is no SHA-256 in hexadecimal.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a SHA-256: 64 digits of hexadecimal")]
pub struct NotASnapshotId;

impl FromStr for SnapshotId {
    type Err = NotASnapshotId;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let mut id = [0; 32];
        if text.len() != 64 || !text.is_ascii() {
            return Err(NotASnapshotId);
        }
        for (byte, at) in id.iter_mut().zip((0..).step_by(2)) {
            *byte = u8::from_str_radix(&text[at..at + 2], 16).map_err(|_| NotASnapshotId)?;
        }
        Ok(Self(id))
    }
}

/// A document to be kept.
#[derive(Clone, Debug)]
pub struct NewSnapshot {
    /// Its bytes as they were received, after transport decoding.
    pub bytes: Vec<u8>,
    /// What its server called it.
    pub content_type: Option<String>,
    /// Every address on the way to it, the first one first.
    pub urls: Vec<String>,
    /// The headers of the last answer.
    pub headers: Vec<(String, String)>,
    /// When it was fetched.
    pub fetched_at: Timestamp,
}

/// A document as it is kept.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Snapshot {
    /// The SHA-256 of its bytes.
    pub id: SnapshotId,
    /// Its bytes; none once an erasure took them.
    pub bytes: Option<Vec<u8>>,
    /// How many there were.
    pub size: u64,
    /// What its server called it.
    pub content_type: Option<String>,
    /// Every address on the way to it.
    pub urls: Vec<String>,
    /// The headers of the last answer.
    pub headers: Vec<(String, String)>,
    /// When it was first fetched.
    pub fetched_at: Timestamp,
}

/// What keeping an item's document came to.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Kept {
    /// The item had none.
    First,
    /// It is as it was.
    Same,
    /// It was edited: the item has another snapshot.
    Edited,
}

/// What became of the document that a piece of evidence rests on.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct DocumentChange {
    /// The piece.
    pub evidence: EvidenceId,
    /// When it was first seen to have changed since.
    pub edited_at: Option<Timestamp>,
    /// When it was found to be gone.
    pub gone_at: Option<Timestamp>,
}

/// A document ready to be written.
#[derive(Clone)]
pub(super) struct Packed {
    id: SnapshotId,
    size: i64,
    body: Vec<u8>,
    content_type: Option<String>,
    urls: String,
    headers: String,
    fetched_at: i64,
}

impl Packed {
    pub(super) fn of(snapshot: NewSnapshot) -> Result<Self, Fault> {
        let NewSnapshot { bytes, content_type, urls, headers, fetched_at } = snapshot;
        let mut encoder = DeflateEncoder::new(Vec::new(), Compression::default());
        encoder.write_all(&bytes).map_err(Fault::damaged)?;
        Ok(Self {
            id: SnapshotId::of(&bytes),
            size: i64::try_from(bytes.len()).map_err(Fault::damaged)?,
            body: encoder.finish().map_err(Fault::damaged)?,
            content_type,
            urls: serde_json::to_string(&urls).map_err(Fault::damaged)?,
            headers: serde_json::to_string(&headers).map_err(Fault::damaged)?,
            fetched_at: to_micros(fetched_at),
        })
    }

    /// Keeps the document as the item's newest, in a transaction that has begun.
    pub(super) async fn keep(self, connection: &mut SqliteConnection, item: i64) -> Result<Kept, Fault> {
        let last: Option<(i64, Vec<u8>)> = sqlx::query_as(
            "SELECT position, snapshot FROM item_snapshots WHERE item = $1 ORDER BY position DESC LIMIT 1",
        )
        .bind(item)
        .fetch_optional(&mut *connection)
        .await?;
        let (position, kept) = match last {
            Some((_, snapshot)) if snapshot == self.id.0 => (None, Kept::Same),
            Some((position, _)) => (Some(position + 1), Kept::Edited),
            None => (Some(0), Kept::First),
        };
        let edited = (kept == Kept::Edited).then_some(self.fetched_at);
        sqlx::query(
            "UPDATE items SET checked_at = $2, gone_at = NULL, edited_at = coalesce($3, edited_at),
                    state = CASE WHEN $3 IS NULL THEN state ELSE 'waiting' END WHERE number = $1",
        )
        .bind(item)
        .bind(self.fetched_at)
        .bind(edited)
        .execute(&mut *connection)
        .await?;
        let Some(position) = position else { return Ok(kept) };
        let (id, fetched_at) = (self.id.0.to_vec(), self.fetched_at);
        self.insert(connection).await?;
        sqlx::query("INSERT INTO item_snapshots (item, position, snapshot, fetched_at) VALUES ($1, $2, $3, $4)")
            .bind(item)
            .bind(position)
            .bind(id)
            .bind(fetched_at)
            .execute(connection)
            .await?;
        Ok(kept)
    }

    async fn insert(self, connection: &mut SqliteConnection) -> Result<(), Fault> {
        sqlx::query(
            "INSERT INTO snapshots (sha256, size, compression, body, content_type, urls, headers, fetched_at)
             VALUES ($1, $2, 'deflate', $3, $4, $5, $6, $7) ON CONFLICT DO NOTHING",
        )
        .bind(self.id.0.to_vec())
        .bind(self.size)
        .bind(self.body)
        .bind(self.content_type)
        .bind(self.urls)
        .bind(self.headers)
        .bind(self.fetched_at)
        .execute(connection)
        .await?;
        Ok(())
    }
}

/// The bytes again: never more than were put in.
fn unpacked(body: &[u8], size: u64) -> Result<Vec<u8>, Fault> {
    let mut bytes = Vec::new();
    DeflateDecoder::new(body).take(size + 1).read_to_end(&mut bytes).map_err(Fault::damaged)?;
    Ok(bytes)
}

impl Store {
    /// Keeps an item's document; changed content makes a new snapshot of the same item, which is read again.
    pub async fn keep_snapshot(&self, item: ItemNumber, snapshot: NewSnapshot) -> Result<Kept, StoreError> {
        let (packed, now) = (Packed::of(snapshot).map_err(|fault| self.fault(fault))?, self.now_micros());
        let kept = self.write(move |connection| {
            Box::pin(async move {
                connection.execute("BEGIN IMMEDIATE").await?;
                let kept = packed.keep(connection, i64::from(item.0)).await?;
                if kept == Kept::Edited {
                    enqueue_items(connection, &[item], now).await?;
                }
                connection.execute("COMMIT").await?;
                Ok((kept, 4))
            })
        });
        let kept = kept.await?;
        self.woken.wake([TaskKind::FetchItem].into_iter());
        Ok(kept)
    }

    /// A document as it was fetched.
    pub async fn kept_snapshot(&self, id: SnapshotId) -> Result<Snapshot, StoreError> {
        let found = sqlx::query(
            "SELECT body, size, content_type, urls, headers, fetched_at FROM snapshots WHERE sha256 = $1",
        )
        .bind(id.0.to_vec())
        .fetch_optional(self.readers())
        .await
        .map_err(|error| self.fault(error))?;
        let row = found.ok_or_else(|| StoreError::NotFound { what: "snapshot", name: id.to_string() })?;
        let read = || -> Result<Snapshot, Fault> {
            let size = row.try_get::<i64, _>(1)?.unsigned_abs();
            let (urls, headers): (String, String) = (row.try_get(3)?, row.try_get(4)?);
            let body = row.try_get::<Option<Vec<u8>>, _>(0)?;
            Ok(Snapshot {
                id,
                bytes: body.map(|body| unpacked(&body, size)).transpose()?,
                size,
                content_type: row.try_get(2)?,
                urls: serde_json::from_str(&urls).map_err(Fault::damaged)?,
                headers: serde_json::from_str(&headers).map_err(Fault::damaged)?,
                fetched_at: from_micros(row.try_get(5)?)?,
            })
        };
        read().map_err(|fault| self.fault(fault))
    }

    /// What became of the documents that a claim's evidence rests on: those that were edited or are gone.
    pub async fn document_changes(&self, claim: ClaimNumber) -> Result<Vec<DocumentChange>, StoreError> {
        let rows = sqlx::query(include_str!("../sql/document_changes.sql"))
            .bind(i64::from(claim.0))
            .fetch_all(self.readers())
            .await
            .map_err(|error| self.fault(error))?;
        let mut changes = Vec::new();
        for row in &rows {
            let read = || -> Result<DocumentChange, Fault> {
                let time = |column: usize| row.try_get::<Option<i64>, _>(column)?.map(from_micros).transpose();
                Ok(DocumentChange { evidence: EvidenceId(uuid(row, 0)?), edited_at: time(1)?, gone_at: time(2)? })
            };
            let change = read().map_err(|fault| self.fault(fault))?;
            if change.edited_at.is_some() || change.gone_at.is_some() {
                changes.push(change);
            }
        }
        Ok(changes)
    }

    /// Tells of pieces of evidence whose documents were edited or are gone; asks nothing where none has a snapshot.
    pub(crate) async fn tell_document_changes(
        &self,
        claim: ClaimNumber,
        pieces: &mut [EvidenceView],
    ) -> Result<(), StoreError> {
        if pieces.iter().all(|piece| piece.snapshot.is_none()) {
            return Ok(());
        }
        for change in self.document_changes(claim).await? {
            if let Some(piece) = pieces.iter_mut().find(|piece| piece.id == change.evidence) {
                piece.edited_at = piece.edited_at.or(change.edited_at);
                piece.gone_at = piece.gone_at.or(change.gone_at);
            }
        }
        Ok(())
    }

    /// Which documents are not what they were, and which are named and not there.
    pub(crate) async fn check_snapshots(&self) -> Result<Vec<Finding>, Fault> {
        let mut findings = Vec::new();
        let mut after: Vec<u8> = Vec::new();
        loop {
            let rows =
                sqlx::query("SELECT sha256, size, body FROM snapshots WHERE sha256 > $1 ORDER BY sha256 LIMIT $2")
                    .bind(after.clone())
                    .bind(CHUNK)
                    .fetch_all(self.readers())
                    .await?;
            for row in &rows {
                after = row.try_get(0)?;
                if let Some(body) = row.try_get::<Option<Vec<u8>>, _>(2)? {
                    let bytes = unpacked(&body, row.try_get::<i64, _>(1)?.unsigned_abs());
                    if !bytes.is_ok_and(|bytes| SnapshotId::of(&bytes).0 == after.as_slice()) {
                        let wrong =
                            format!("the snapshot {} does not have the bytes of that hash", to_hex(&after));
                        findings.push(Finding::of_table("snapshots", wrong));
                    }
                }
            }
            if rows.is_empty() {
                break;
            }
        }
        let unknown: Vec<i64> =
            sqlx::query_scalar(include_str!("../sql/unknown_snapshots.sql")).fetch_all(self.readers()).await?;
        findings.extend(unknown.into_iter().map(|event| {
            let wrong = format!("event {event} rests on a snapshot that is not there");
            Finding::of_event("snapshots", event.unsigned_abs(), wrong)
        }));
        Ok(findings)
    }
}
