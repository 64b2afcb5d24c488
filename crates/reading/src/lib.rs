//! Reads an item: its language, sentences, and who says what in it; and, for a claim, who speaks, what the words do,
//! and on whose word.
//!
//! Pure: no I/O, no clock, no randomness. The same item and names give the same reading, with the same confidence.

mod attribution;
mod bearing;
mod bearings;
mod claim_words;
mod dates;
mod footing;
mod framing;
pub mod index;
mod inflection;
mod item;
mod language;
mod lexicon;
mod linear;
mod marked;
mod names;
mod open_claim;
mod pairing;
mod part;
mod quotes;
mod reading;
mod scan;
mod sentences;
pub mod shingles;
mod speakers;
mod stance;
mod tagger;
mod voice;
mod wording;
pub mod words;

pub use attribution::{Attribution, CueManner, Unnamed};
pub use bearing::{Bearing, Because, Quote, ReadFooting, Speaker};
pub use bearings::bearings;
pub use item::{Item, Part, Span};
pub use marked::{AttributionModel, MarkedText, Role};
pub use names::{NamedSource, Names};
pub use open_claim::{Awaited, OpenClaim};
pub use pairing::{PairKind, PairModel, Pairing, Prepared};
pub use reading::{Mention, Reading, read};
