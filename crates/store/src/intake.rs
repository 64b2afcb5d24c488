//! Intake: feeds and what they bring, documents as they were fetched, leads, and the open claims that items are matched to.
//! Invariant: what arrived is on disk with the poll that brought it; nothing of it changes the docket but by a command.

mod feeds;
mod items;
mod leads;
mod open_claims;
mod snapshots;
mod tasks;

pub use feeds::{Feed, FeedPause, NewFeed, Polled};
pub use items::{Arrived, Document, Item, ItemState, NewItem, ReadItem, SameText};
pub use leads::{FoldedItem, LeadDetail, LeadFilter, LeadRow, LeadStage};
pub use open_claims::{OpenClaim, OpenClaims, Waiting};
pub use snapshots::{DocumentChange, Kept, NewSnapshot, Snapshot, SnapshotId};
