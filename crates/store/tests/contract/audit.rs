//! Audit queries against a naive oracle: every event folded in memory, every question answered by going through all.

mod exports;
mod log;
mod oracle;
mod times;
