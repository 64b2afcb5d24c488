//! What a check found, each in one sentence that names the table and the event.

use hearsay_ledger::Node;

/// One thing that is wrong.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct Finding {
    /// The table; none where it is the file as a whole.
    pub table: Option<&'static str>,
    /// The event, where it is one.
    pub event: Option<u64>,
    /// The sentence.
    pub wrong: String,
}

impl Finding {
    /// Of an event.
    pub(crate) fn of_event(table: &'static str, seq: u64, wrong: String) -> Self {
        Self { table: Some(table), event: Some(seq), wrong }
    }

    /// Of a table.
    pub(crate) fn of_table(table: &'static str, wrong: String) -> Self {
        Self { table: Some(table), event: None, wrong }
    }

    /// Of the file.
    pub(crate) fn of_file(wrong: String) -> Self {
        Self { table: None, event: None, wrong }
    }

    /// An event that is not there.
    pub(crate) fn gone(seq: u64) -> Self {
        Self::of_event("events", seq, format!("the log has no event {seq}"))
    }

    /// An event with another hash than it was recorded with.
    pub(crate) fn rehashed(seq: u64) -> Self {
        Self::of_event("events", seq, format!("event {seq} does not have the hash that it was recorded with"))
    }

    /// Kept hashes that are not those of the events below them.
    pub(crate) fn of_tree(wrong: &[Node]) -> Option<Self> {
        let first = wrong.iter().min_by_key(|node| (node.level, node.position))?;
        let (from, to) = (first.first_leaf() + 1, first.first_leaf() + first.width());
        let rest = match wrong.len() - 1 {
            0 => String::new(),
            more => format!(" (and {more} more)"),
        };
        Some(Self::of_table(
            "tree_hashes",
            format!(
                "the kept hash of the events {from} to {to} is not theirs{rest}; `hearsay db rebuild` makes it anew"
            ),
        ))
    }
}
