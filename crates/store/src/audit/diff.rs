//! What changed between two instants, claim by claim.

use std::collections::BTreeMap;

use hearsay_core::{ClaimNumber, Standing, State};
use jiff::Timestamp;
use serde::Serialize;
use sqlx::Row;
use sqlx::sqlite::SqliteRow;

use super::as_of::Moment;
use super::fold::Horizon;
use crate::error::Fault;
use crate::load::as_word;
use crate::time::to_micros;
use crate::wanted::json;
use crate::{Period, Store, StoreError};

/// Along which of the two times is asked.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Along {
    /// When the log took it in.
    Recorded,
    /// When it was true in the world.
    Occurred,
}

impl Along {
    /// The word for it in files and on screen.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Recorded => "recorded",
            Self::Occurred => "occurred",
        }
    }
}

/// How a claim differs between two instants.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct Difference {
    /// The claim.
    pub reference: ClaimNumber,
    /// Its state at the first; none where it was not there yet.
    pub state_before: Option<State>,
    /// Its state at the second.
    pub state: Option<State>,
    /// Its standing at the first.
    pub standing_before: Option<Standing>,
    /// Its standing at the second.
    pub standing: Option<Standing>,
    /// Pieces of evidence that came.
    pub evidence_added: u64,
    /// Pieces that their sources took back.
    pub evidence_withdrawn: u64,
    /// Pieces that the desk took back.
    pub evidence_struck: u64,
    /// Times that a party was named or changed.
    pub parties_set: u64,
    /// Rulings and corrections.
    pub rulings: u64,
    /// All of its events between the two.
    pub events: u64,
}

/// State and standing, where a claim was there.
type Stood = Option<(State, Standing)>;

impl Store {
    /// What the log took in after one instant, up to another, per claim.
    pub async fn diff_recorded(&self, first: Timestamp, second: Timestamp) -> Result<Vec<Difference>, StoreError> {
        self.check_instants(first, second)?;
        let (from, to) = (self.last_at(first).await?, self.last_at(second).await?);
        let rows = sqlx::query(include_str!("../sql/audit/changed_recorded.sql"))
            .bind(from)
            .bind(to)
            .fetch_all(self.readers())
            .await
            .map_err(|error| self.fault(error))?;
        let mut changed = changed(&rows).map_err(|fault| self.fault(fault))?;
        let rows = sqlx::query(include_str!("../sql/audit/stood.sql"))
            .bind(json(changed.keys()))
            .bind(from)
            .bind(to)
            .fetch_all(self.readers())
            .await
            .map_err(|error| self.fault(error))?;
        for row in &rows {
            let (number, before, after) = stood(row).map_err(|fault| self.fault(fault))?;
            if let Some(difference) = changed.get_mut(&number) {
                difference.set(before, after);
            }
        }
        Ok(changed.into_values().collect())
    }

    /// What happened after one instant, up to another, as far as the log knew at a third, per claim: each claim is folded
    /// at both. One without events of its own is among them where a source's or a policy's moved it.
    pub async fn diff_occurred(
        &self,
        first: Timestamp,
        second: Timestamp,
        known_at: Option<Timestamp>,
    ) -> Result<Vec<Difference>, StoreError> {
        self.check_instants(first, second)?;
        let (horizon, _) = self.horizon(Moment { at: second, known_at }).await?;
        let rows = sqlx::query(include_str!("../sql/audit/changed_occurred.sql"))
            .bind(to_micros(first))
            .bind(to_micros(second))
            .bind(horizon.seq)
            .fetch_all(self.readers())
            .await
            .map_err(|error| self.fault(error))?;
        let mut changed = changed(&rows).map_err(|fault| self.fault(fault))?;
        let touched: Vec<u32> = sqlx::query_scalar(include_str!("../sql/audit/touched_occurred.sql"))
            .bind(to_micros(first))
            .bind(to_micros(second))
            .bind(horizon.seq)
            .fetch_all(self.readers())
            .await
            .map_err(|error| self.fault(error))?;
        for number in touched {
            changed.entry(number).or_insert_with(|| Difference::of(number));
        }
        for (number, difference) in &mut changed {
            let before = self.stood(ClaimNumber(*number), Horizon { at: first, ..horizon }).await?;
            let after = self.stood(ClaimNumber(*number), horizon).await?;
            difference.set(before, after);
        }
        changed.retain(|_, difference| difference.events > 0 || difference.differs());
        Ok(changed.into_values().collect())
    }

    fn check_instants(&self, first: Timestamp, second: Timestamp) -> Result<(), StoreError> {
        self.check_period(Period { since: Some(first), until: Some(second) })?;
        self.check_not_ahead(second)
    }
}

impl Difference {
    fn of(number: u32) -> Self {
        Self {
            reference: ClaimNumber(number),
            state_before: None,
            state: None,
            standing_before: None,
            standing: None,
            evidence_added: 0,
            evidence_withdrawn: 0,
            evidence_struck: 0,
            parties_set: 0,
            rulings: 0,
            events: 0,
        }
    }

    fn differs(&self) -> bool {
        (self.state_before, self.standing_before) != (self.state, self.standing)
    }

    fn set(&mut self, before: Stood, after: Stood) {
        (self.state_before, self.standing_before) = before.unzip();
        (self.state, self.standing) = after.unzip();
    }
}

fn changed(rows: &[SqliteRow]) -> Result<BTreeMap<u32, Difference>, Fault> {
    let mut changed = BTreeMap::new();
    for row in rows {
        let (number, kind, times): (u32, String, i64) = (row.try_get(0)?, row.try_get(1)?, row.try_get(2)?);
        let times = times.unsigned_abs();
        let difference = changed.entry(number).or_insert_with(|| Difference::of(number));
        difference.events += times;
        match kind.as_str() {
            "claim_reported" | "follow_up_recorded" => difference.evidence_added += times,
            "evidence_withdrawn" => difference.evidence_withdrawn += times,
            "evidence_struck" => difference.evidence_struck += times,
            "party_set" => difference.parties_set += times,
            "ruling_published" | "ruling_corrected" => difference.rulings += times,
            _ => {}
        }
    }
    Ok(changed)
}

fn stood(row: &SqliteRow) -> Result<(u32, Stood, Stood), Fault> {
    let at = |column: usize| -> Result<Stood, Fault> {
        let state: Option<String> = row.try_get(column)?;
        let standing: Option<String> = row.try_get(column + 1)?;
        state.zip(standing).map(|(state, standing)| Ok((as_word(&state)?, as_word(&standing)?))).transpose()
    };
    Ok((row.try_get(0)?, at(1)?, at(3)?))
}
