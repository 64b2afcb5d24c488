//! The attribution picture: who said what, who relays whom, and where it comes from, as SVG.
//! Invariant: the same evidence gives the same bytes, and each piece is drawn once or counted once among those folded away.

mod arrows;
mod choice;
mod drawing;
mod layout;
mod plan;
mod sentence;
mod words;

use hearsay_core::{Attribution, Explanation};

pub(crate) use self::arrows::whole;
use self::choice::choose;
use self::drawing::Drawing;
pub use self::drawing::PICTURE_STYLE;
use self::layout::lay_out;
use self::plan::Plan;
pub use self::sentence::origins_sentence;

/// Where a picture is going to stand.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Setting {
    /// In a page whose stylesheet has [`PICTURE_STYLE`], and that has the sentence itself.
    Page,
    /// In a file of its own, with its style, its ground and the sentence that it proves.
    File,
}

/// How much of a picture is drawn.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Detail {
    /// Forty relays of one piece or more are folded into one line.
    Folded,
    /// All of them, up to what anybody can look at.
    Whole,
}

/// The picture.
pub fn attribution_svg(
    explanation: &Explanation,
    attribution: &Attribution,
    setting: Setting,
    detail: Detail,
) -> Result<String, askama::Error> {
    let choice = choose(attribution, detail);
    let plan = Plan::of(attribution, &choice);
    let layout = lay_out(&plan);
    Drawing::of(explanation, attribution, &plan, &layout, setting).to_svg()
}
