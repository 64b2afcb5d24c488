//! Erasures that wait for a second person, and those after which the file is still to be written anew.

use hearsay_core::{ClaimNumber, Fact};
use serde::Serialize;
use sqlx::Row;
use sqlx::sqlite::SqliteRow;

use crate::error::Fault;
use crate::{Store, StoreError, envelope};

/// An erasure that waits for a second person.
#[derive(Clone, PartialEq, Debug, Serialize)]
pub struct ErasureRow {
    /// Its id, by which it is approved or declined.
    pub proposal: hearsay_core::ProposalId,
    /// The claim whose texts it is about.
    pub claim: Option<ClaimNumber>,
    /// Who proposed it; none where that name was erased.
    pub by: Option<String>,
    /// When.
    pub at: jiff::Timestamp,
    /// The legal basis.
    pub basis: Option<String>,
    /// Why.
    pub reason: Option<String>,
    /// What it would erase.
    pub texts: Vec<hearsay_core::ErasedTexts>,
}

/// An erasure, and how far the file has been written anew since.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize)]
pub struct Purge {
    /// The event that erased.
    pub event: u64,
    /// On how many tasks, waiting or dead, the same words stood.
    pub tasks: u64,
    /// Whether no word is left in the file.
    pub done: bool,
}

impl Store {
    /// The erasures that wait for a second person, in the order in which they were proposed.
    pub async fn erasures(&self) -> Result<Vec<ErasureRow>, StoreError> {
        let rows = sqlx::query(include_str!("../sql/waiting_erasures.sql")).fetch_all(self.readers()).await;
        let rows = rows.map_err(|error| self.fault(error))?;
        rows.iter().map(|row| erasure(row).map_err(|fault| self.fault(fault))).collect()
    }

    /// What became of the words of an erasure: of that event, else of all that are not done with.
    pub async fn purges(&self, event: Option<u64>) -> Result<Vec<Purge>, StoreError> {
        let event = event.and_then(|event| i64::try_from(event).ok());
        let rows = sqlx::query(
            "SELECT event, tasks, done_at IS NOT NULL FROM purges
              WHERE event = $1 OR ($1 IS NULL AND done_at IS NULL) ORDER BY event",
        )
        .bind(event)
        .fetch_all(self.readers())
        .await
        .map_err(|error| self.fault(error))?;
        let purge = |row: &SqliteRow| -> Result<Purge, Fault> {
            let count =
                |column: usize| -> Result<u64, Fault> { Ok(row.try_get::<i64, _>(column)?.unsigned_abs()) };
            Ok(Purge { event: count(0)?, tasks: count(1)?, done: row.try_get(2)? })
        };
        rows.iter().map(|row| purge(row).map_err(|fault| self.fault(fault))).collect()
    }
}

fn erasure(row: &SqliteRow) -> Result<ErasureRow, Fault> {
    let (body, texts): (String, String) = (row.try_get(0)?, row.try_get(1)?);
    let texts: Vec<(String, String)> = serde_json::from_str(&texts).map_err(Fault::damaged)?;
    let event = envelope::open(&body, &texts).map_err(Fault::damaged)?;
    let Fact::ErasureProposed { erasure } = event.fact else {
        return Err(Fault::damaged(format!("event {} proposes no erasure", event.seq)));
    };
    let words = |text: &hearsay_core::Text| text.body().map(str::to_owned);
    Ok(ErasureRow {
        proposal: erasure.id,
        claim: row.try_get::<Option<u32>, _>(2)?.map(ClaimNumber),
        by: words(&erasure.by),
        at: event.recorded_at,
        basis: words(&erasure.basis),
        reason: erasure.reason.as_ref().and_then(words),
        texts: erasure.texts,
    })
}
