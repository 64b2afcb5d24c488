//! What is read in an item. All texts are our own.

#[path = "reading/matching.rs"]
mod matching;
#[path = "reading/shingles.rs"]
mod shingles;
#[path = "reading/words.rs"]
mod words;
