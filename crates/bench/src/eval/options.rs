//! How an evaluation is made: the same for every task.

/// What every task is told.
pub(crate) struct Options {
    /// The shipped rules and weights are scored on all of the data; nothing is learned.
    pub(crate) as_shipped: bool,
    /// How often the data are drawn anew for an interval.
    pub(crate) resamples: usize,
    /// What all drawing begins with.
    pub(crate) seed: u64,
    /// Small sizes where a task makes its own material.
    pub(crate) quick: bool,
}
