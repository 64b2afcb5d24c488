//! The record: the only crate that knows SQL. One writer task per process, group commit, a pool of readers.
//!
//! Nothing is acknowledged before it is on disk. The log is append-only; everything else that this crate shows is
//! derived from it and can be rebuilt.

mod audit;
mod backup;
mod bundle;
mod check;
mod compare;
mod cosigning;
mod envelope;
mod erased;
mod error;
mod filter;
mod finding;
mod given;
mod hash_log;
mod intake;
mod jsonb;
mod load;
mod log_key;
mod missed_deadlines;
mod open;
mod queue;
mod read;
mod rebuild;
mod restand;
mod search_words;
mod signing;
mod store;
mod submission;
pub mod tables;
mod time;
mod tree;
mod verify;
mod view;
mod wanted;
mod writer;

pub use audit::{
    Along, Bearing, ClaimThen, Count, CountBy, Decision, Difference, DocketThen, ExportError, Ground, Moment,
    Rating, Rest, RowThen, Sink, SourceRecord, StateCount,
};
pub use backup::{move_aside, restore};
pub use bundle::{BUNDLE_FORMAT, Bundle, BundledEvent, BundledText, Confidences};
pub use cosigning::{KeptCosignature, Taken};
pub use error::StoreError;
pub use filter::{ClaimFilter, EventFilter, Moved, Need, Order, Period, Term};
pub use finding::Finding;
pub use intake::{
    Arrived, Document, DocumentChange, Feed, FeedPause, FoldedItem, Item, ItemState, Kept, LeadDetail, LeadFilter,
    LeadRow, LeadStage, NewFeed, NewItem, NewSnapshot, OpenClaim, OpenClaims, Polled, ReadItem, SameText,
    Snapshot, SnapshotId, Waiting,
};
pub use log_key::{Lock, LogKey, retire_key};
pub use open::{ClockSource, Create, Durability, Fresh, OpenOptions};
pub use queue::{
    Boot, BootNumber, DeadFilter, DeadSelection, DeadTask, Elsewhere, FoundTask, KindOverview, LeaseRequest,
    LeaseToken, LeasedTask, MAX_ATTEMPTS, MAX_INTERRUPTIONS, MissedRuns, NewTask, Paused, Schedule,
    ScheduleAdvance, ScheduleView, Settle, Settlement, TaskFilter, TaskId, TaskKind, TaskState, TaskView, Turn,
    Turned, UnknownTaskKind, WaitsFor, Wake, WorkerNow,
};
pub use read::{ErasureRow, Health, Purge};
pub use rebuild::{Progress, Rebuilt};
pub use restand::Restood;
pub use signing::KeptCheckpoint;
pub use store::{Pending, Store, import_namespace};
pub use submission::{ClaimNow, Outcome, Receipt, Remember, Sequence, Submission, SubmitError};
pub use verify::{Phase, PhaseProgress, Verified};
pub use view::{
    ClaimFile, ClaimRow, EventView, EvidenceView, HoldView, NoteView, PartyView, PolicyView, RelationView,
    SourceRow,
};
