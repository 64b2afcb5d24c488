//! Reads: on the pool of readers, each from one snapshot of the database.

mod claims;
mod events;
mod files;
mod lines;
mod sources;
