//! The ledger's tests: trees of every size against a second calculation, notes, proofs, bad input, others' vectors.
//! Invariant: everything goes through the crate's public interface.
#![expect(clippy::unwrap_used, reason = "clippy knows tests only by their attribute, and these share functions")]

mod bad_input;
mod fuzzing;
mod naive;
mod notes;
mod trees;
mod vectors;
mod witnessing;
