//! Decides on commands, on the part of the docket that the writer keeps in memory.
//! Invariant: what is in memory is the log's end as far as `head` goes, or is dropped: on a fault, and when another
//! process has written. It may be ahead of the disk by the batch that is being written.

use std::collections::{HashMap, HashSet};
use std::path::PathBuf;

use hearsay_core::{ClaimId, Docket};
use hearsay_ledger::Edge;
use jiff::Timestamp;
use sqlx::{ConnectOptions, SqliteConnection};

use super::read::Known;
use crate::error::Fault;
use crate::open::read_options;
use crate::{ClockSource, Fresh, Sequence};

/// How many pieces of evidence and leads are kept in memory with their claims, roughly.
const KEPT_PIECES: usize = 600_000;

/// How many sources and handles are kept in memory, roughly.
const KEPT_NAMES: usize = 1_000_000;

/// The end of the log that the docket in memory goes up to.
#[derive(Clone, Copy)]
pub(super) struct Head {
    /// The last event's position.
    pub(super) seq: u64,
    /// When it was recorded.
    pub(super) recorded_at: Option<Timestamp>,
    /// `PRAGMA data_version` of the writing connection: another one means that another process has written.
    pub(super) data_version: i64,
}

/// What decisions are taken on, and with.
pub(super) struct Decider {
    path: PathBuf,
    /// Reads while another connection writes; none until that is first wanted.
    reader: Option<SqliteConnection>,
    pub(super) clock: ClockSource,
    pub(super) fresh: Fresh,
    pub(super) docket: Docket,
    /// The right edge of the tree over the events up to `head`.
    pub(super) edge: Edge,
    /// None while nothing is kept.
    pub(super) head: Option<Head>,
    /// How the commands of the batch before ended, which may not be on disk yet.
    pub(super) earlier: Known,
    /// Sequences that a panic in the rules broke off, in a batch that may yet be decided again.
    pub(super) broken_off: Vec<Sequence>,
    /// For each kept claim, the batch that last used it.
    pub(super) used: HashMap<ClaimId, u64>,
    pub(super) batches: u64,
    /// References whose every form has been looked up since memory was empty.
    pub(super) looked_up: HashSet<String>,
}

impl Decider {
    pub(super) fn new(path: PathBuf, clock: ClockSource, fresh: Fresh) -> Self {
        Self {
            path,
            reader: None,
            clock,
            fresh,
            docket: Docket::default(),
            edge: Edge::default(),
            head: None,
            earlier: Known::default(),
            broken_off: Vec::new(),
            used: HashMap::new(),
            batches: 0,
            looked_up: HashSet::new(),
        }
    }

    pub(super) fn into_connection(self) -> Option<SqliteConnection> {
        self.reader
    }

    /// The connection that only reads, taken out; to be put back unless it failed.
    pub(super) async fn take_reader(&mut self) -> Result<SqliteConnection, Fault> {
        match self.reader.take() {
            Some(reader) => Ok(reader),
            None => Ok(read_options(&self.path).connect().await?),
        }
    }

    pub(super) fn put_back(&mut self, reader: SqliteConnection) {
        self.reader = Some(reader);
    }

    /// Whether the docket in memory goes up to the log's end.
    pub(super) fn is_warm(&self) -> bool {
        self.head.is_some()
    }

    /// Forgets everything that was kept in memory.
    pub(super) fn forget(&mut self) {
        self.docket = Docket::default();
        self.edge = Edge::default();
        self.used.clear();
        self.looked_up.clear();
        self.earlier = Known::default();
        self.broken_off.clear();
        self.head = None;
    }

    /// Whether more is kept than should be.
    pub(super) fn is_full(&self) -> bool {
        self.has_too_many_names() || self.has_too_many_pieces()
    }

    fn has_too_many_names(&self) -> bool {
        let docket = &self.docket;
        docket.registry.len() + docket.handles.len() + docket.names.len() + self.looked_up.len() > KEPT_NAMES
    }

    fn has_too_many_pieces(&self) -> bool {
        self.docket.evidence.len() + self.docket.claims.len() + self.docket.leads.len() > KEPT_PIECES
    }

    /// Drops the claims that were used longest ago once there are too many; everything, if names alone are too many.
    /// Never while a batch is being written: what it changed is nowhere else yet.
    pub(super) fn keep_bounded(&mut self) {
        if self.has_too_many_names() {
            self.forget();
        } else if self.has_too_many_pieces() {
            self.forget_older_half();
        }
    }

    fn forget_older_half(&mut self) {
        let mut last_used: Vec<u64> = self.used.values().copied().collect();
        if last_used.is_empty() {
            self.forget();
            return;
        }
        let middle = last_used.len() / 2;
        let median = *last_used.select_nth_unstable(middle).1;
        let old: HashSet<_> = self.used.iter().filter(|(_, used)| **used <= median).map(|(id, _)| *id).collect();
        self.used.retain(|id, _| !old.contains(id));
        self.looked_up.clear();
        self.docket.forget_claims(&old);
    }
}
