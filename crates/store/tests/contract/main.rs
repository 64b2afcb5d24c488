//! The store's contract: every function, races included, on real files.

mod desk;
mod rebuilding;
