//! Checks the record: SQLite's own checks, the log's positions, leaf hashes, and every text against its commitment.

use std::collections::HashMap;

use hearsay_core::{ClaimId, Event};
use sqlx::sqlite::SqliteRow;
use sqlx::{ConnectOptions, Connection, Row};

use crate::erased::Erased;
use crate::error::Fault;
use crate::load::{bytes_id, uuid};
use crate::open::{Create, connect_options};
use crate::rebuild::Progress;
use crate::time::to_micros;
use crate::{Store, StoreError, envelope};

/// How many events are read at a time.
const CHUNK: i64 = 2_000;

/// How many findings are told at most.
const FINDINGS: usize = 100;

impl Store {
    /// What is wrong with the database, a sentence each; nothing where all is well.
    pub async fn check(&self, progress: Progress<'_>) -> Result<Vec<String>, StoreError> {
        self.checked(progress).await.map_err(|fault| self.fault(fault))
    }

    /// What a short look finds: SQLite's quick check, and so many of the log's newest events.
    pub async fn quick_check(&self, newest: u64) -> Result<Vec<String>, StoreError> {
        self.quickly_checked(newest).await.map_err(|fault| self.fault(fault))
    }

    async fn quickly_checked(&self, newest: u64) -> Result<Vec<String>, Fault> {
        let mut findings = self.integrity("PRAGMA quick_check").await?;
        let last = self.last_event().await?;
        let newest = i64::try_from(newest).unwrap_or(i64::MAX);
        findings.extend(self.check_events(last.saturating_sub(newest).max(0), last, &mut |_, _| {}).await?);
        Ok(findings)
    }

    /// What SQLite finds, on a connection of its own: FTS5's check trusts what a connection remembers of the index from
    /// its last check, and would report what was written since as damage.
    async fn integrity(&self, check: &'static str) -> Result<Vec<String>, Fault> {
        let mut connection = connect_options(self.path(), Create::Never).connect().await?;
        let found: Result<Vec<String>, sqlx::Error> = sqlx::query_scalar(check).fetch_all(&mut connection).await;
        connection.close().await?;
        Ok(found?.into_iter().filter(|line| line != "ok").collect())
    }

    async fn last_event(&self) -> Result<i64, Fault> {
        Ok(sqlx::query_scalar("SELECT coalesce(max(seq), 0) FROM events").fetch_one(self.readers()).await?)
    }

    async fn checked(&self, progress: Progress<'_>) -> Result<Vec<String>, Fault> {
        let mut findings = self.integrity("PRAGMA integrity_check").await?;
        let last = self.last_event().await?;
        findings.extend(self.check_events(0, last, progress).await?);
        Ok(findings)
    }

    /// What is wrong with the events after one position, to another.
    async fn check_events(&self, after: i64, last: i64, progress: Progress<'_>) -> Result<Vec<String>, Fault> {
        let mut findings = Vec::new();
        let mut done = after;
        let erased = Erased::read(self.readers()).await?;
        while done < last && findings.len() < FINDINGS {
            let rows = sqlx::query(include_str!("sql/check_events.sql"))
                .bind(done)
                .bind(CHUNK)
                .fetch_all(self.readers())
                .await?;
            if rows.is_empty() {
                break;
            }
            for row in &rows {
                let seq: i64 = row.try_get(0)?;
                if seq != done + 1 {
                    findings.push(format!("the log has no event {}", done + 1));
                }
                done = seq;
                findings.extend(check_event(seq, row, &erased)?);
            }
            progress(done.unsigned_abs(), last.unsigned_abs());
        }
        Ok(findings)
    }
}

fn check_event(seq: i64, row: &SqliteRow, erased: &Erased) -> Result<Vec<String>, Fault> {
    let (body, leaf): (String, Vec<u8>) = (row.try_get(1)?, row.try_get(2)?);
    let mut findings = Vec::new();
    if hearsay_ledger::leaf_hash(body.as_bytes()) != leaf.as_slice() {
        findings.push(format!("event {seq} does not have the hash that it was recorded with"));
    }
    match envelope::open_sealed(&body) {
        Ok(event) if !is_filed_as(&event, seq, row)? => {
            findings.push(format!("event {seq} is filed under what it does not say of itself"));
        }
        Ok(_) => findings.extend(check_texts(seq, &body, &row.try_get::<String, _>(8)?, erased)?),
        Err(error) => findings.push(format!("event {seq} cannot be read: {error}")),
    }
    Ok(findings)
}

/// Whether the columns beside an envelope say what the envelope says.
fn is_filed_as(event: &Event, seq: i64, row: &SqliteRow) -> Result<bool, Fault> {
    let claim = row.try_get::<Option<Vec<u8>>, _>(7)?.map(|id| bytes_id(&id).map(ClaimId)).transpose()?;
    Ok(i64::try_from(event.seq).ok() == Some(seq)
        && event.fact.kind() == row.try_get::<String, _>(3)?
        && event.command.0 == uuid(row, 4)?
        && to_micros(event.recorded_at) == row.try_get::<i64, _>(5)?
        && to_micros(event.occurred_at) == row.try_get::<i64, _>(6)?
        && event.claim == claim)
}

/// Holds every text against its commitment, and every commitment against its text or the erasure of it.
fn check_texts(seq: i64, body: &str, texts: &str, erased: &Erased) -> Result<Vec<String>, Fault> {
    let mut findings = Vec::new();
    let texts: Vec<(String, String, String)> = serde_json::from_str(texts).map_err(Fault::damaged)?;
    let mut committed: HashMap<String, String> =
        envelope::commitments(body).map_err(Fault::damaged)?.into_iter().collect();
    for (field, salt, words) in texts {
        let hash = committed.remove(&field);
        let recomputed = envelope::from_hex(&salt).map(|salt| envelope::commitment(&salt, &field, &words));
        if hash.is_none() || hash != recomputed {
            findings.push(format!("the text `{field}` of event {seq} is not the one that was recorded"));
        }
        if let Some(by) = erased.by(seq, &field) {
            findings
                .push(format!("the text `{field}` of event {seq} was erased by event {by}, and is there again"));
        }
    }
    let mut gone: Vec<String> = committed.into_keys().filter(|field| erased.by(seq, field).is_none()).collect();
    gone.sort();
    findings.extend(
        gone.into_iter().map(|field| format!("the text `{field}` of event {seq} is gone, and no event erased it")),
    );
    Ok(findings)
}
