//! What auditors ask of the record: what was known, when, by whom it was decided, and on which evidence.
//! Invariant: every answer comes from the log or from rows that a rebuild makes again from it.

mod as_of;
mod count;
mod decided;
mod diff;
mod export;
mod fold;
mod instant;
mod log;
mod packed;
mod positions;
mod sources;

pub use as_of::{ClaimThen, DocketThen, Moment, RowThen};
pub use count::{Count, CountBy, StateCount};
pub use decided::{Bearing, Decision, Ground, Rest};
pub use diff::{Along, Difference};
pub use export::{ExportError, Sink};
pub(crate) use fold::{Horizon, Tale, sources_named, subject_of};
pub use sources::{Rating, SourceRecord};
