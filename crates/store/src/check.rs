//! Checks the record: SQLite's own checks, the log's positions, leaf hashes, and every text against its commitment.

use std::collections::HashMap;
use std::ops::Range;
use std::sync::Arc;

use futures_util::{StreamExt, stream};
use hearsay_core::{ClaimId, Event};
use sqlx::sqlite::SqliteRow;
use sqlx::{ConnectOptions, Connection, Row};

use crate::erased::Erased;
use crate::error::Fault;
use crate::finding::Finding;
use crate::hash_log::processors;
use crate::load::{bytes_id, uuid};
use crate::open::{Create, connect_options};
use crate::rebuild::Progress;
use crate::time::to_micros;
use crate::tree::signed;
use crate::{Store, StoreError, envelope};

/// How many events are read at a time.
const CHUNK: usize = 2_000;

/// How many findings of one kind are told at most, or a few more.
pub(crate) const FINDINGS: usize = 100;

impl Store {
    /// What is wrong with the file and the record, a sentence each; nothing where all is well.
    pub async fn check(&self, progress: Progress<'_>) -> Result<Vec<String>, StoreError> {
        let checked = async {
            let mut findings = self.integrity("PRAGMA integrity_check").await?;
            let last = self.last_event().await?;
            findings.extend(self.hash_log(last, &[], &mut |_, _| {}).await?.findings);
            findings.extend(self.check_strays().await?);
            findings.extend(self.check_events(0..last, progress).await?);
            findings.extend(self.check_snapshots().await?);
            Ok(findings)
        };
        checked.await.map(sentences).map_err(|fault: Fault| self.fault(fault))
    }

    /// What a short look finds: SQLite's quick check, and so many of the log's newest events.
    pub async fn quick_check(&self, newest: u64) -> Result<Vec<String>, StoreError> {
        let checked = async {
            let mut findings = self.integrity("PRAGMA quick_check").await?;
            let last = self.last_event().await?;
            let newest = last.saturating_sub(newest)..last;
            findings.extend(self.check_leaves(newest.clone()).await?);
            findings.extend(self.check_events(newest, &mut |_, _| {}).await?);
            Ok(findings)
        };
        checked.await.map(sentences).map_err(|fault: Fault| self.fault(fault))
    }

    /// What SQLite finds, on a connection of its own: FTS5's check trusts what a connection remembers of the index from
    /// its last check, and would report what was written since as damage.
    pub(crate) async fn integrity(&self, check: &'static str) -> Result<Vec<Finding>, Fault> {
        let mut connection = connect_options(self.path(), Create::Never).connect().await?;
        let found: Result<Vec<String>, sqlx::Error> = sqlx::query_scalar(check).fetch_all(&mut connection).await;
        connection.close().await?;
        Ok(found?.into_iter().filter(|line| line != "ok").map(Finding::of_file).collect())
    }

    pub(crate) async fn last_event(&self) -> Result<u64, Fault> {
        let last: i64 =
            sqlx::query_scalar("SELECT coalesce(max(seq), 0) FROM events").fetch_one(self.readers()).await?;
        Ok(last.unsigned_abs())
    }

    /// Holds a few events against their leaves.
    async fn check_leaves(&self, range: Range<u64>) -> Result<Vec<Finding>, Fault> {
        let rows = sqlx::query("SELECT seq, envelope, leaf FROM events WHERE seq > $1 AND seq <= $2 ORDER BY seq")
            .bind(signed(range.start))
            .bind(signed(range.end))
            .fetch_all(self.readers())
            .await?;
        let (mut findings, mut next) = (Vec::new(), range.start + 1);
        for row in &rows {
            let seq = row.try_get::<i64, _>(0)?.unsigned_abs();
            findings.extend((next..seq).map(Finding::gone));
            next = seq + 1;
            let (body, leaf): (String, Vec<u8>) = (row.try_get(1)?, row.try_get(2)?);
            if hearsay_ledger::leaf_hash(body.as_bytes()) != leaf.as_slice() {
                findings.push(Finding::rehashed(seq));
            }
        }
        Ok(findings)
    }

    /// What is wrong with what the events after one position, to another, say, beside their hashes: what they are filed
    /// under, and their texts. Chunks are checked beside one another, on all processors.
    pub(crate) async fn check_events(
        &self,
        range: Range<u64>,
        progress: Progress<'_>,
    ) -> Result<Vec<Finding>, Fault> {
        let erased = Arc::new(Erased::read(self.readers()).await?);
        let chunks = range.clone().step_by(CHUNK).map(|from| {
            let (store, erased, to) = (self.clone(), Arc::clone(&erased), (from + CHUNK as u64).min(range.end));
            tokio::spawn(async move { Ok::<_, Fault>((to, store.check_chunk(from..to, &erased).await?)) })
        });
        let mut chunks = stream::iter(chunks).buffered(processors());
        let mut findings = Vec::new();
        while let Some(chunk) = chunks.next().await {
            let (done, found) = chunk.map_err(Fault::damaged)??;
            findings.extend(found);
            progress(done, range.end);
            if findings.len() >= FINDINGS {
                break;
            }
        }
        Ok(findings)
    }

    /// Rows of the record that belong to no event of the log, and events out of their command's order.
    pub(crate) async fn check_strays(&self) -> Result<Vec<Finding>, Fault> {
        let rows = sqlx::query(include_str!("sql/strays.sql")).fetch_all(self.readers()).await?;
        let told = |row: &SqliteRow| -> Result<Finding, Fault> {
            let (table, seq): (String, i64) = (row.try_get(0)?, row.try_get(1)?);
            Ok(match table.as_str() {
                "texts" => Finding::of_table(
                    "texts",
                    format!("there are texts of an event {seq}, which the log does not have"),
                ),
                "part" => Finding::of_table("events", format!("event {seq} is not where its command has it")),
                _ => Finding::of_table("events", format!("there is an event {seq}: the first is 1")),
            })
        };
        rows.iter().map(told).collect()
    }

    /// What is wrong with a chunk. What is wrong at first is looked at again: something may have been erased meanwhile.
    async fn check_chunk(self, range: Range<u64>, erased: &Erased) -> Result<Vec<Finding>, Fault> {
        let findings = self.check_range(range.clone(), erased).await?;
        if findings.is_empty() {
            return Ok(findings);
        }
        let erased = Erased::read(self.readers()).await?;
        self.check_range(range, &erased).await
    }

    async fn check_range(&self, range: Range<u64>, erased: &Erased) -> Result<Vec<Finding>, Fault> {
        let rows = sqlx::query(include_str!("sql/check_events.sql"))
            .bind(signed(range.start))
            .bind(signed(range.end))
            .fetch_all(self.readers())
            .await?;
        let mut findings = Vec::new();
        for row in &rows {
            findings.extend(check_event(row.try_get::<i64, _>(0)?, row, erased)?);
        }
        Ok(findings)
    }
}

fn sentences(findings: Vec<Finding>) -> Vec<String> {
    findings.into_iter().take(FINDINGS).map(|finding| finding.wrong).collect()
}

fn check_event(seq: i64, row: &SqliteRow, erased: &Erased) -> Result<Vec<Finding>, Fault> {
    let body: String = row.try_get(1)?;
    let position = seq.unsigned_abs();
    let wrong = |what: String| vec![Finding::of_event("events", position, what)];
    Ok(match envelope::open_sealed(&body) {
        Ok(event) if !is_filed_as(&event, seq, row)? => {
            wrong(format!("event {seq} is filed under what it does not say of itself"))
        }
        Ok(_) => check_texts(position, &body, &row.try_get::<String, _>(7)?, erased)?,
        Err(error) => wrong(format!("event {seq} cannot be read: {error}")),
    })
}

/// Whether the columns beside an envelope say what the envelope says.
fn is_filed_as(event: &Event, seq: i64, row: &SqliteRow) -> Result<bool, Fault> {
    let claim = row.try_get::<Option<Vec<u8>>, _>(6)?.map(|id| bytes_id(&id).map(ClaimId)).transpose()?;
    Ok(i64::try_from(event.seq).ok() == Some(seq)
        && event.fact.kind() == row.try_get::<String, _>(2)?
        && event.command.0 == uuid(row, 3)?
        && to_micros(event.recorded_at) == row.try_get::<i64, _>(4)?
        && to_micros(event.occurred_at) == row.try_get::<i64, _>(5)?
        && event.claim == claim)
}

/// Holds every text against its commitment, and every commitment against its text or the erasure of it.
fn check_texts(seq: u64, body: &str, texts: &str, erased: &Erased) -> Result<Vec<Finding>, Fault> {
    let mut findings = Vec::new();
    let texts: Vec<(String, String, String)> = serde_json::from_str(texts).map_err(Fault::damaged)?;
    let mut committed: HashMap<String, String> =
        envelope::commitments(body).map_err(Fault::damaged)?.into_iter().collect();
    for (field, salt, words) in texts {
        let hash = committed.remove(&field);
        let recomputed = envelope::from_hex(&salt).map(|salt| envelope::commitment(&salt, &field, &words));
        if hash.is_none() || hash != recomputed {
            let what = format!("the text `{field}` of event {seq} is not the one that was recorded");
            findings.push(Finding::of_event("texts", seq, what));
        }
        if let Some(by) = erased.by(seq, &field) {
            let what = format!("the text `{field}` of event {seq} was erased by event {by}, and is there again");
            findings.push(Finding::of_event("texts", seq, what));
        }
    }
    let mut gone: Vec<String> = committed.into_keys().filter(|field| erased.by(seq, field).is_none()).collect();
    gone.sort();
    findings.extend(gone.iter().map(|field| without_text(seq, field)));
    Ok(findings)
}

/// A text that is not there, though its commitment is, and though no event says that it erased it: always an alarm.
fn without_text(seq: u64, field: &str) -> Finding {
    Finding::of_event("texts", seq, format!("the text `{field}` of event {seq} is gone, and no event erased it"))
}
