//! How things were: a claim, or the whole docket, as it was true at one instant and known at another.

use std::collections::HashSet;

use hearsay_core::{ClaimNumber, Explanation, Policy, Priority, Ruling, Standing, State, Text, explain, weigh};
use jiff::Timestamp;
use serde::Serialize;
use sqlx::Row;
use sqlx::sqlite::SqliteRow;

use super::fold::Horizon;
use crate::error::Fault;
use crate::load::{Loaded, word};
use crate::read::files::{OneClaim, parties, pieces};
use crate::time::to_micros;
use crate::wanted::json;
use crate::{EvidenceView, PartyView, Store, StoreError};

/// How many claims are read at a time.
const PAGE: i64 = 1_000;

/// A moment along both times.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Moment {
    /// What was true then.
    pub at: Timestamp,
    /// As far as the log knew then; none: all that it knows now.
    pub known_at: Option<Timestamp>,
}

/// A claim as it was.
#[derive(Clone, PartialEq, Debug, Serialize)]
pub struct ClaimThen {
    /// Its short reference.
    pub reference: ClaimNumber,
    /// What was true then.
    pub at: Timestamp,
    /// As far as the log knew then.
    pub known_at: Timestamp,
    /// The proposition; none where it was erased since.
    pub text: Option<String>,
    /// What the desk had declared.
    pub state: State,
    /// What the evidence supported, under the policy and the ratings of that moment.
    pub standing: Standing,
    /// How urgent.
    pub priority: Priority,
    /// Who worked on it.
    pub assignee: Option<String>,
    /// Where its reference led.
    pub merged_into: Option<ClaimNumber>,
    /// Whom it was about.
    pub parties: Vec<PartyView>,
    /// All evidence that was there.
    pub evidence: Vec<EvidenceView>,
    /// The editorial conclusion.
    pub ruling: Option<Ruling>,
    /// Why its standing was what it was.
    pub explanation: Explanation,
}

/// One line of the docket as it was.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct RowThen {
    /// The claim.
    pub reference: ClaimNumber,
    /// What the desk had declared.
    pub state: State,
    /// What the evidence supported.
    pub standing: Standing,
    /// What it is about.
    pub topic: Option<String>,
    /// The proposition; none where it was erased.
    pub text: Option<String>,
}

/// The docket as it was, read page by page.
pub struct DocketThen {
    store: Store,
    horizon: Horizon,
    after: u32,
    /// Claims with events that were known, and had not happened by then: they are folded.
    later: HashSet<u32>,
}

impl Store {
    /// Where a moment lies. What nobody can know yet is refused; what is known now goes up to the log's end.
    pub(crate) async fn horizon(&self, moment: Moment) -> Result<(Horizon, Timestamp), StoreError> {
        self.check_not_ahead(moment.at)?;
        let known_at = match moment.known_at {
            Some(known_at) => {
                self.check_not_ahead(known_at)?;
                known_at
            }
            None => (self.options.clock.now)(),
        };
        let seq = match moment.known_at {
            Some(known_at) => self.last_at(known_at).await?,
            None => self.head().await?.and_then(|head| i64::try_from(head).ok()).unwrap_or(0),
        };
        Ok((Horizon { seq, at: moment.at }, known_at))
    }

    /// A claim as it was at a moment; the claim itself, not what it was merged into.
    pub async fn claim_then(&self, claim: ClaimNumber, moment: Moment) -> Result<ClaimThen, StoreError> {
        let (horizon, known_at) = self.horizon(moment).await?;
        let one = self.one_claim_then(claim, horizon).await?.ok_or_else(|| {
            let why = format!("{claim} was not on the docket on {}, as far as was known on {known_at}", moment.at);
            StoreError::Question { why }
        })?;
        self.view_then(&one, moment.at, known_at).map_err(|fault| self.fault(fault))
    }

    /// The claim within a horizon, with what bears on it; none where it wasn't there.
    pub(crate) async fn one_claim_then(
        &self,
        claim: ClaimNumber,
        horizon: Horizon,
    ) -> Result<Option<OneClaim>, StoreError> {
        let (docket, events) = self.tale(&[claim], horizon).await?.folded();
        let id = docket.numbers.get(&claim).copied();
        Ok(id.map(|id| OneClaim { loaded: Loaded { docket, events }, id }))
    }

    #[expect(clippy::unused_self, reason = "a view is the store's to make")]
    fn view_then(&self, one: &OneClaim, at: Timestamp, known_at: Timestamp) -> Result<ClaimThen, Fault> {
        let docket = &one.loaded.docket;
        let claim = one.claim()?;
        let policy: &Policy = one.policy(claim);
        let explanation = explain(claim, &docket.registry, policy);
        let into = claim.merged_into.and_then(|into| docket.claims.get(&into));
        Ok(ClaimThen {
            reference: claim.number,
            at,
            known_at,
            text: claim.text.body().map(str::to_owned),
            state: claim.state,
            standing: explanation.standing,
            priority: claim.priority,
            assignee: claim.assignee.as_ref().and_then(Text::body).map(str::to_owned),
            merged_into: into.map(|into| into.number),
            parties: parties(claim, docket),
            evidence: pieces(one, claim),
            ruling: claim.ruling.clone(),
            explanation,
        })
    }

    /// The docket as it was at a moment. A claim of which all that was known had happened is told as it was recorded;
    /// another, and one that was weighed later by what was known of sources and policies, is folded and weighed.
    pub async fn docket_then(&self, moment: Moment) -> Result<DocketThen, StoreError> {
        let (horizon, _) = self.horizon(moment).await?;
        let later: Vec<u32> = sqlx::query_scalar(include_str!("../sql/audit/claims_later.sql"))
            .bind(horizon.seq)
            .bind(to_micros(horizon.at))
            .fetch_all(self.readers())
            .await
            .map_err(|error| self.fault(error))?;
        Ok(DocketThen { store: self.clone(), horizon, after: 0, later: later.into_iter().collect() })
    }

    /// Those of some claims that were weighed after the horizon by what was known within it.
    async fn unweighed(&self, rows: &[RowThen], horizon: Horizon) -> Result<HashSet<u32>, StoreError> {
        let numbers: Vec<u32> = sqlx::query_scalar(include_str!("../sql/audit/unweighed.sql"))
            .bind(json(rows.iter().map(|row| row.reference.0)))
            .bind(horizon.seq)
            .fetch_all(self.readers())
            .await
            .map_err(|error| self.fault(error))?;
        Ok(numbers.into_iter().collect())
    }

    /// State and standing of a claim within a horizon.
    pub(crate) async fn stood(
        &self,
        claim: ClaimNumber,
        horizon: Horizon,
    ) -> Result<Option<(State, Standing)>, StoreError> {
        let Some(one) = self.one_claim_then(claim, horizon).await? else { return Ok(None) };
        let found = one.claim().map_err(|fault| self.fault(fault))?;
        let standing = weigh(found, &one.loaded.docket.registry, one.policy(found)).weighed.standing;
        Ok(Some((found.state, standing)))
    }
}

impl DocketThen {
    /// The next claims, in the order of their numbers; none at the end.
    pub async fn next(&mut self) -> Result<Option<Vec<RowThen>>, StoreError> {
        let store = &self.store;
        let rows = sqlx::query(include_str!("../sql/audit/docket_then.sql"))
            .bind(self.horizon.seq)
            .bind(self.after)
            .bind(PAGE)
            .fetch_all(store.readers())
            .await
            .map_err(|error| store.fault(error))?;
        let found: Result<Vec<RowThen>, Fault> = rows.iter().map(row_then).collect();
        let found = found.map_err(|fault| store.fault(fault))?;
        let unweighed = store.unweighed(&found, self.horizon).await?;
        let mut page = Vec::with_capacity(found.len());
        for mut row in found {
            let number = row.reference.0;
            self.after = number;
            if self.later.contains(&number) || unweighed.contains(&number) {
                let Some(stood) = store.stood(row.reference, self.horizon).await? else { continue };
                (row.state, row.standing) = stood;
            }
            page.push(row);
        }
        Ok((!rows.is_empty()).then_some(page))
    }
}

fn row_then(row: &SqliteRow) -> Result<RowThen, Fault> {
    Ok(RowThen {
        reference: ClaimNumber(row.try_get(0)?),
        text: row.try_get(1)?,
        topic: row.try_get(2)?,
        state: word(row, 3)?,
        standing: word(row, 4)?,
    })
}
