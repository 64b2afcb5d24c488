//! What comes in and goes out as text: feeds, articles, pictures of a claim's evidence, the page in an evidence bundle.
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
mod label;
mod picture;
mod timeline;
mod wording;

pub use askama::Error as PageError;
pub use bundle_page::{BundlePage, PageEvent, PageText};
pub use picture::{Detail, PICTURE_STYLE, Setting, attribution_svg, origins_sentence};
pub use timeline::{Moment, TimelineEvent, timeline_svg};
pub use wording::{LONGEST_DRAFT, Needs, Overstatement, Ruled, check_wording};
