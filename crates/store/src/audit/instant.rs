//! Where an instant lies in the log, and which periods can be asked for.

use jiff::Timestamp;

use crate::time::to_micros;
use crate::{Period, Store, StoreError};

/// The first position recorded at or after a time ($1): the log is halved, its times never run backwards.
const FIRST_AT: &str = include_str!("../sql/audit/first_at.sql");

impl Store {
    /// The first position that was recorded at or after a time; one past the last where none was.
    pub(crate) async fn first_at(&self, at: Timestamp) -> Result<i64, StoreError> {
        sqlx::query_scalar(FIRST_AT)
            .bind(to_micros(at))
            .fetch_one(self.readers())
            .await
            .map_err(|error| self.fault(error))
    }

    /// The last position that was recorded at or before a time; 0 where none was.
    pub(crate) async fn last_at(&self, at: Timestamp) -> Result<i64, StoreError> {
        let next = Timestamp::from_microsecond(to_micros(at).saturating_add(1)).unwrap_or(Timestamp::MAX);
        Ok(self.first_at(next).await? - 1)
    }

    /// Refuses a period that holds no time, or that has not begun.
    pub(crate) fn check_period(&self, period: Period) -> Result<(), StoreError> {
        let why = match (period.since, period.until) {
            (Some(since), Some(until)) if since == until => {
                format!("the period from {since} to {until} is empty: its end is exclusive")
            }
            (Some(since), Some(until)) if since > until => {
                format!("the period is reversed: it would begin at {since} and end before that, at {until}")
            }
            (Some(since), _) => return self.check_not_ahead(since),
            (None, _) => return Ok(()),
        };
        Err(StoreError::Question { why })
    }

    /// Refuses an instant that is still to come.
    pub(crate) fn check_not_ahead(&self, at: Timestamp) -> Result<(), StoreError> {
        let now = (self.options.clock.now)();
        if at > now {
            let why = format!("{at} is still to come: it is {now}");
            return Err(StoreError::Question { why });
        }
        Ok(())
    }
}
