//! How much happened: follow-ups and transitions by the hour, and how many claims were in which state.

use std::collections::BTreeMap;

use hearsay_core::State;
use jiff::Timestamp;
use serde::Serialize;
use sqlx::Row;
use sqlx::sqlite::SqliteRow;

use super::diff::Along;
use crate::error::Fault;
use crate::load::word;
use crate::time::{HOUR, from_micros, hour_of, to_micros};
use crate::{Period, Store, StoreError};

/// By what follow-ups and transitions are counted.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum CountBy {
    /// Each day, UTC.
    Day,
    /// Each hour, UTC.
    Hour,
    /// Each kind of follow-up and of transition.
    Kind,
    /// Each actor.
    Actor,
    /// Each party of the claims that they are on.
    Party,
}

/// How many of one key.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct Count {
    /// A day, an hour, a kind, an actor's or a party's name; none where the name was erased.
    pub key: Option<String>,
    /// Evidence after the first, silences, withdrawals and strikes.
    pub follow_ups: u64,
    /// Changes of declared states.
    pub transitions: u64,
}

/// How many claims were in a state.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct StateCount {
    /// The state.
    pub state: State,
    /// How many claims.
    pub claims: u64,
}

impl Store {
    /// How many follow-ups and transitions there were, along one of the two times; days and hours in their order, other
    /// keys from the most frequent. Counts are kept by the hour: a period that begins or ends within one is refused.
    pub async fn counts(&self, by: CountBy, along: Along, period: Period) -> Result<Vec<Count>, StoreError> {
        self.check_period(period)?;
        let statement = match by {
            CountBy::Day | CountBy::Hour => include_str!("../sql/audit/counts_by_hour.sql"),
            CountBy::Kind => include_str!("../sql/audit/counts_by_kind.sql"),
            CountBy::Actor => include_str!("../sql/audit/counts_by_actor.sql"),
            CountBy::Party => include_str!("../sql/audit/counts_by_party.sql"),
        };
        let rows = sqlx::query(statement)
            .bind(period.since.map_or(Ok(i64::MIN), whole_hour)?)
            .bind(period.until.map_or(Ok(i64::MAX), whole_hour)?)
            .bind(along.as_str())
            .fetch_all(self.readers())
            .await
            .map_err(|error| self.fault(error))?;
        gathered(&rows, by).map_err(|fault| self.fault(fault))
    }

    /// How many claims were in each state at an instant, as the log had it then.
    pub async fn states_at(&self, at: Timestamp) -> Result<Vec<StateCount>, StoreError> {
        self.check_not_ahead(at)?;
        let hour = hour_of(at);
        let begins = from_micros(hour * HOUR).map_err(|fault| self.fault(fault))?;
        let rows = sqlx::query(include_str!("../sql/audit/states_at.sql"))
            .bind(hour)
            .bind(self.first_at(begins).await?)
            .bind(self.last_at(at).await?)
            .fetch_all(self.readers())
            .await
            .map_err(|error| self.fault(error))?;
        let count = |row: &SqliteRow| -> Result<StateCount, Fault> {
            Ok(StateCount { state: word(row, 0)?, claims: row.try_get::<i64, _>(1)?.unsigned_abs() })
        };
        let mut counts: Vec<StateCount> =
            rows.iter().map(|row| count(row).map_err(|fault| self.fault(fault))).collect::<Result<_, _>>()?;
        for state in State::ALL {
            if !counts.iter().any(|count| count.state == state) {
                counts.push(StateCount { state, claims: 0 });
            }
        }
        counts.sort_by_key(|count| State::ALL.iter().position(|state| *state == count.state));
        Ok(counts)
    }
}

fn whole_hour(at: Timestamp) -> Result<i64, StoreError> {
    let hour = hour_of(at);
    if to_micros(at) != hour * HOUR {
        let why = format!("counts are kept by the hour, and {at} lies within one: begin and end on the hour");
        return Err(StoreError::Question { why });
    }
    Ok(hour)
}

/// Rows of key, measure and number as counts by key.
fn gathered(rows: &[SqliteRow], by: CountBy) -> Result<Vec<Count>, Fault> {
    let mut counts: BTreeMap<Option<String>, (u64, u64)> = BTreeMap::new();
    for row in rows {
        let key = match by {
            CountBy::Hour => Some(from_micros(row.try_get::<i64, _>(0)? * HOUR)?.to_string()),
            CountBy::Day => {
                let at = from_micros(row.try_get::<i64, _>(0)? * HOUR)?;
                Some(at.strftime("%Y-%m-%d").to_string())
            }
            CountBy::Kind | CountBy::Actor | CountBy::Party => row.try_get(0)?,
        };
        let (measure, number): (String, i64) = (row.try_get(1)?, row.try_get(2)?);
        let count = counts.entry(key).or_default();
        if measure == "follow_up" {
            count.0 += number.unsigned_abs();
        } else {
            count.1 += number.unsigned_abs();
        }
    }
    let count = |(key, (follow_ups, transitions))| Count { key, follow_ups, transitions };
    let mut counts: Vec<Count> = counts.into_iter().map(count).collect();
    match by {
        CountBy::Day | CountBy::Hour => {}
        CountBy::Kind | CountBy::Actor | CountBy::Party => {
            counts.sort_by_key(|count| std::cmp::Reverse(count.follow_ups + count.transitions));
        }
    }
    Ok(counts)
}
