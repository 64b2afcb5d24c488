//! What went past the usual course: overrides, rulings, and approvals that were refused to the proposer.

use hearsay_core::{ClaimNumber, CommandId};
use jiff::Timestamp;
use serde::Serialize;
use sqlx::Row;
use sqlx::sqlite::SqliteRow;

use crate::error::Fault;
use crate::load::uuid;
use crate::time::{from_micros, to_micros};
use crate::{Period, Store, StoreError};

/// An approval that was refused because its approver was the proposer. It is no event: the log holds what was done.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct RefusedApproval {
    /// The command's id.
    pub command: CommandId,
    /// When it was refused.
    pub at: Timestamp,
    /// Who would have approved.
    pub actor: String,
    /// In which role.
    pub role: String,
    /// On which claim.
    pub claim: ClaimNumber,
    /// What was proposed: `ruling`, `override` …
    pub what: String,
}

impl Store {
    /// Approvals that were refused to their proposer in a period, the first first.
    pub async fn refused_approvals(&self, period: Period) -> Result<Vec<RefusedApproval>, StoreError> {
        self.check_period(period)?;
        let rows = sqlx::query(include_str!("../sql/audit/refused_approvals.sql"))
            .bind(period.since.map_or(i64::MIN, to_micros))
            .bind(period.until.map_or(i64::MAX, to_micros))
            .fetch_all(self.readers())
            .await
            .map_err(|error| self.fault(error))?;
        rows.iter().map(|row| refused(row).map_err(|fault| self.fault(fault))).collect()
    }
}

fn refused(row: &SqliteRow) -> Result<RefusedApproval, Fault> {
    Ok(RefusedApproval {
        command: CommandId(uuid(row, 0)?),
        at: from_micros(row.try_get(1)?)?,
        actor: row.try_get(2)?,
        role: row.try_get(3)?,
        claim: ClaimNumber(row.try_get(4)?),
        what: row.try_get(5)?,
    })
}
