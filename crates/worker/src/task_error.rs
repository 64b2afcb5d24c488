//! How a task fails, and which failure of a command is which.
//! Invariant: nothing is tried again that cannot end otherwise; nothing is given up that still may.

use std::fmt::Display;

use hearsay_core::{LineError, Refusal, RefusalClass};
use hearsay_store::{StoreError, SubmitError};
use jiff::Timestamp;

/// How often a command is tried that names something unknown: it may be on its way.
const TRIES_AT_THE_UNKNOWN: u32 = 5;

/// Why a task is not done.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) enum TaskError {
    /// It may yet succeed.
    Retry {
        /// Not before then; none: after a wait that grows with every attempt.
        at: Option<Timestamp>,
        error: String,
    },
    /// It cannot succeed as it is: a person has to look at it.
    GiveUp {
        /// The field of the payload, or of the submitted line, that is wrong.
        field: Option<String>,
        reason: String,
    },
    /// It is not its turn, which is no failed attempt.
    NotYet {
        /// Not before then.
        at: Timestamp,
    },
    /// It gave way to a worker that stops, and goes on from there the next time.
    Interrupted,
}

impl TaskError {
    pub(crate) fn retry(error: &dyn Display) -> Self {
        Self::Retry { at: None, error: error.to_string() }
    }

    pub(crate) fn give_up(field: &str, reason: &dyn Display) -> Self {
        let field = (!field.is_empty()).then(|| field.to_owned());
        Self::GiveUp { field, reason: reason.to_string() }
    }

    /// Why a command was not taken in, at that attempt.
    pub(crate) fn of_command(error: SubmitError, attempts: u32) -> Self {
        match error {
            SubmitError::Refused(refusal) => Self::of_refusal(&refusal, attempts),
            SubmitError::RefusedBefore { field, reason } => Self::give_up(&field, &reason),
            SubmitError::LeftOut | SubmitError::Defect(_) | SubmitError::Unavailable(_) => Self::retry(&error),
        }
    }

    /// What was refused, at that attempt: what is unknown may be on its way; all else stays refused.
    pub(crate) fn of_refusal(refusal: &Refusal, attempts: u32) -> Self {
        match refusal.class() {
            RefusalClass::NotFound if attempts < TRIES_AT_THE_UNKNOWN => Self::retry(refusal),
            RefusalClass::NotFound | RefusalClass::Rules | RefusalClass::Input | RefusalClass::Conflict => {
                Self::give_up(refusal.field(), refusal)
            }
        }
    }
}

impl From<LineError> for TaskError {
    fn from(error: LineError) -> Self {
        Self::give_up(&error.field, &error.reason)
    }
}

impl From<StoreError> for TaskError {
    fn from(error: StoreError) -> Self {
        Self::retry(&error)
    }
}

#[cfg(test)]
mod tests {
    use hearsay_core::ClaimNumber;

    use super::*;

    fn dead(field: &str, reason: &str) -> TaskError {
        TaskError::give_up(field, &reason)
    }

    #[test]
    fn what_may_yet_succeed_is_tried_again() {
        let unknown = || Refusal::Unknown { field: "claim", expected: "claim", reference: "x".to_owned() };
        let conflict = Refusal::VersionConflict { claim: ClaimNumber(1), seen: 2, now: 3 };
        let before = SubmitError::RefusedBefore { field: "of".to_owned(), reason: "no".to_owned() };
        for (error, attempts, expected) in [
            (SubmitError::Refused(unknown()), 1, TaskError::retry(&"no claim is known as `x`")),
            (SubmitError::Refused(unknown()), 4, TaskError::retry(&"no claim is known as `x`")),
            (SubmitError::Refused(unknown()), 5, dead("claim", "no claim is known as `x`")),
            (SubmitError::Refused(Refusal::ReasonMissing), 1, dead("reason", "a reason is needed")),
            (
                SubmitError::Refused(Refusal::FootingMissing),
                1,
                dead("evidence.footing", &Refusal::FootingMissing.to_string()),
            ),
            (SubmitError::Refused(conflict.clone()), 1, dead("version", &conflict.to_string())),
            (before, 1, dead("of", "no")),
            (SubmitError::Unavailable("full".to_owned()), 7, TaskError::retry(&"full")),
        ] {
            assert_eq!(TaskError::of_command(error, attempts), expected);
        }
        let defect = TaskError::of_command(SubmitError::Defect("index".to_owned()), 1);
        assert!(matches!(defect, TaskError::Retry { error, .. } if error.contains("index")));
    }
}
