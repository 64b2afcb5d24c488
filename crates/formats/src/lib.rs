//! What comes in and goes out as text: feeds, articles, and the page in an evidence bundle.
//!
//! Pure: values come in, values go out. Whatever comes in may be hostile: sizes and depths have their caps.

/// Articles.
pub mod article;
mod bundle_page;
mod charset;
mod date;
/// Feeds.
pub mod feed;
mod html;

pub use askama::Error as PageError;
pub use bundle_page::{BundlePage, PageEvent, PageText};
