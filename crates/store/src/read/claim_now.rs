//! One claim's declared state and standing, and nothing else of it.

use hearsay_core::{ClaimId, ClaimNumber, Weighed};
use sqlx::Row;
use sqlx::sqlite::SqliteRow;

use crate::error::Fault;
use crate::load::{uuid, word};
use crate::time::from_micros;
use crate::{ClaimNow, Store, StoreError};

impl Store {
    /// How a claim stands; a merged one itself, not what it was merged into.
    pub async fn claim_now(&self, number: ClaimNumber) -> Result<ClaimNow, StoreError> {
        let row = sqlx::query(include_str!("../sql/claim_now.sql"))
            .bind(i64::from(number.0))
            .fetch_optional(self.readers())
            .await
            .map_err(|error| self.fault(error))?;
        let row = row.ok_or_else(|| StoreError::NotFound { what: "claim", name: number.to_string() })?;
        claim_now(&row, number).map_err(|fault| self.fault(fault))
    }
}

fn claim_now(row: &SqliteRow, number: ClaimNumber) -> Result<ClaimNow, Fault> {
    let due: Option<String> = row.try_get(4)?;
    Ok(ClaimNow {
        id: ClaimId(uuid(row, 0)?),
        number,
        version: row.try_get::<i64, _>(1)?.unsigned_abs(),
        state: word(row, 2)?,
        weighed: Weighed {
            standing: word(row, 3)?,
            affirming: row.try_get(5)?,
            denying: row.try_get(6)?,
            documents: row.try_get(7)?,
            outlets: row.try_get(8)?,
            answer_by: row.try_get::<Option<i64>, _>(9)?.map(from_micros).transpose()?,
        },
        due_to_advance: due.as_deref() == Some("advance"),
        due_to_reopen: due.as_deref() == Some("reopen"),
    })
}
