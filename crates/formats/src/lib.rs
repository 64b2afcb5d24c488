//! What the desk shows and exchanges, as text: for now the page that lies in an evidence bundle.
//!
//! Pure: values come in, text goes out. Everything that comes in is escaped.

mod bundle_page;

pub use bundle_page::{BundlePage, PageEvent, PageText};
