//! Times: whole microseconds UTC in the database, `jiff::Timestamp` in code.

use jiff::Timestamp;

use crate::error::Fault;

/// A time as the database keeps it.
pub(crate) fn from_micros(micros: i64) -> Result<Timestamp, Fault> {
    Timestamp::from_microsecond(micros).map_err(Fault::damaged)
}

/// A time for the database; what is finer than a microsecond is cut off.
pub(crate) fn to_micros(at: Timestamp) -> i64 {
    at.as_microsecond()
}

/// How many microseconds an hour has.
pub(crate) const HOUR: i64 = 3_600_000_000;

/// The hour in which a time lies, counted from 1970, UTC.
pub(crate) fn hour_of(at: Timestamp) -> i64 {
    at.as_microsecond().div_euclid(HOUR)
}
