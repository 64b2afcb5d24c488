//! Sums by actor, once names of actors were erased: only the rows that stand for such a name are touched.
//! Invariant: what is left is what a rebuild gives once the texts are gone.

use std::collections::BTreeMap;

use hearsay_core::{ClaimNumber, Docket, Event};
use jiff::Timestamp;
use sqlx::{Row, SqliteConnection};

use super::audit::{Counted, counted};
use crate::audit::{Horizon, Tale};
use crate::error::Fault;
use crate::jsonb::Rows;
use crate::load::without_erasing;
use crate::read::Reader;
use crate::time::hour_of;

/// A row of the sums: which of the two times, the hour, what is counted, and the first event of its actor.
type Sum = (&'static str, i64, Counted, i64);

/// Names of actors that are erased, as far as something is counted under them.
#[derive(Default)]
pub(super) struct Renamed {
    /// By how much each row shrinks; what it loses is counted under no name from then on.
    moved: BTreeMap<Sum, i64>,
    /// First events whose names are gone, and the first events by the same names that are left.
    next: BTreeMap<i64, i64>,
}

impl Renamed {
    /// Finds them among texts ($1 of the statements: rows of event and field), while those are still there.
    pub(super) async fn find(connection: &mut SqliteConnection, texts: Rows) -> Result<Self, Fault> {
        let rows = sqlx::query(include_str!("../sql/erased_actors.sql"))
            .bind(texts.into_jsonb())
            .fetch_all(&mut *connection)
            .await?;
        let mut renamed = Self::default();
        let mut by_claim: BTreeMap<u32, BTreeMap<u64, i64>> = BTreeMap::new();
        for row in &rows {
            let (seq, claim, first): (i64, Option<u32>, i64) = (row.try_get(0)?, row.try_get(1)?, row.try_get(2)?);
            if let (true, Some(next)) = (seq == first, row.try_get::<Option<i64>, _>(3)?) {
                renamed.next.insert(first, next);
            }
            if let Some(claim) = claim {
                by_claim.entry(claim).or_default().insert(seq.unsigned_abs(), first);
            }
        }
        for (claim, firsts) in by_claim {
            renamed.add(connection, ClaimNumber(claim), &firsts).await?;
        }
        Ok(renamed)
    }

    /// Adds what is counted of a claim's events, given the first events of their actors: the kind of a follow-up depends
    /// on the docket of its time.
    async fn add(
        &mut self,
        connection: &mut SqliteConnection,
        claim: ClaimNumber,
        firsts: &BTreeMap<u64, i64>,
    ) -> Result<(), Fault> {
        let last = firsts.keys().next_back().and_then(|last| i64::try_from(*last).ok()).unwrap_or_default();
        let horizon = Horizon { seq: last, at: Timestamp::MAX };
        let tale = Tale::of(connection, &[claim], horizon, &Reader::default()).await?;
        let mut docket = Docket::default();
        for event in tale.events() {
            docket.apply(&without_erasing(event));
            if let Some(first) = firsts.get(&event.seq) {
                self.count(event, &docket, *first);
            }
        }
        Ok(())
    }

    fn count(&mut self, event: &Event, docket: &Docket, first: i64) {
        let claim = event.claim.and_then(|id| docket.claims.get(&id));
        let Some(counted) = claim.and_then(|claim| counted(event, claim, docket)) else { return };
        for (axis, at) in [("recorded", event.recorded_at), ("occurred", event.occurred_at)] {
            *self.moved.entry((axis, hour_of(at), counted, first)).or_default() += 1;
        }
    }

    /// Takes the names out of the sums.
    pub(super) async fn write(self, connection: &mut SqliteConnection) -> Result<(), Fault> {
        let (mut moved, mut next) = (Rows::default(), Rows::default());
        for ((axis, hour, counted, first), number) in self.moved {
            moved.push(|row| {
                row.text(axis).int(hour).text(counted.measure).text(counted.kind).int(first).int(number);
            });
        }
        for (first, then) in self.next {
            next.push(|row| {
                row.int(first).int(then);
            });
        }
        if moved.is_empty() && next.is_empty() {
            return Ok(());
        }
        sqlx::query(include_str!("../sql/move_counts.sql"))
            .bind(moved.into_jsonb())
            .bind(next.into_jsonb())
            .execute(connection)
            .await?;
        Ok(())
    }
}
