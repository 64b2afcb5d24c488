//! The pictures of a claim, drawn of evidence that the rules themselves took in.
#![expect(clippy::unwrap_used, reason = "clippy knows tests only by their attribute, and these share functions")]

mod attribution;
mod desk;
mod properties;
mod read;
mod stories;
mod timeline;
mod wording;
