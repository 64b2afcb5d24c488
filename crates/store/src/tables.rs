//! The class of every table. Record: the log, never changed. Derived: rebuilt from the record, byte for byte.
//! Operational: what the program needs to run. A test fails on a table that no class names.

/// The log, its texts, what was signed of it by the desk and by witnesses, and the documents that it rests on.
pub const RECORD: &[&str] = &["events", "texts", "checkpoints", "cosignatures", "snapshots"];

/// Emptied and refilled by a rebuild.
pub const DERIVED: &[&str] = &[
    "handles",
    "sources",
    "source_names",
    "relations",
    "policies",
    "claim_heads",
    "claims",
    "claim_parties",
    "claim_tags",
    "claim_links",
    "evidence",
    "claim_search",
    "erased_texts",
    "erasures",
    "tree_hashes",
    "mentions",
    "transitions",
    "claim_spans",
    "counts",
    "party_counts",
    "state_changes",
    "leads",
    "folded_leads",
    "snapshot_uses",
];

/// Kept as they are by a rebuild.
pub const OPERATIONAL: &[&str] = &[
    "settled_commands",
    "restands",
    "secrets",
    "tasks",
    "dead_tasks",
    "task_kinds",
    "task_counts",
    "workers",
    "schedules",
    "purges",
    "feeds",
    "items",
    "item_bands",
    "item_snapshots",
];
