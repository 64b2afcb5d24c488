//! What is read in an item. All texts are our own.

#[path = "reading/attributions.rs"]
mod attributions;
#[path = "reading/claims.rs"]
mod claims;
#[path = "reading/desk.rs"]
mod desk;
#[path = "reading/fuzzing.rs"]
mod fuzzing;
#[path = "reading/languages.rs"]
mod languages;
#[path = "reading/matching.rs"]
mod matching;
#[path = "reading/shingles.rs"]
mod shingles;
#[path = "reading/words.rs"]
mod words;
