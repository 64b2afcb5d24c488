//! `claim show` and `claim explain`: one claim, read.

use std::path::{Path, PathBuf};

use clap::Args;
use hearsay_core::ClaimNumber;
use hearsay_formats::{Detail, Setting, attribution_svg};

use crate::desk::Desk;
use crate::exit::Failure;
use crate::output::{put_picture, say};
use crate::render;
use crate::render::explain::{Drawing, FOLD};

/// Arguments of `claim show`.
#[derive(Args, Debug)]
pub(crate) struct ShowArgs {
    /// The claim: C-142, its ref, its UUID, or a unique start of that.
    #[arg(value_name = "CLAIM")]
    name: String,
}

/// Arguments of `claim explain`.
#[derive(Args, Debug)]
pub(crate) struct ExplainArgs {
    /// The claim: C-142, its ref, its UUID, or a unique start of that.
    #[arg(value_name = "CLAIM")]
    name: String,
    /// Draw every relay, also of an origin that has more than forty.
    #[arg(long)]
    all: bool,
    /// Draw the attribution picture to this new file, as SVG, instead; `-` for standard output.
    #[arg(long, value_name = "FILE")]
    svg: Option<PathBuf>,
}

/// Shows a claim's file.
pub(super) async fn show(args: &ShowArgs, desk: &Desk) -> Result<(), Failure> {
    let claim = desk.store.find_claim(&args.name).await?;
    let file = desk.store.claim_file(claim).await?;
    desk.screen.object(&file, || render::claim::file(&desk.screen, &file))
}

/// Explains a claim's standing; of a merged claim, that of the one it leads to.
pub(super) async fn explain(args: &ExplainArgs, desk: &Desk) -> Result<(), Failure> {
    let claim = desk.store.find_claim(&args.name).await?;
    if let Some(path) = &args.svg {
        return draw(args, claim, path, desk).await;
    }
    let explanation = desk.store.explanation(claim).await?;
    if !desk.screen.for_people() {
        return desk.screen.object(&explanation, String::new);
    }
    let file = desk.store.claim_file(explanation.reference).await?;
    let fold = if args.all { usize::MAX / 2 } else { FOLD };
    let drawing = Drawing::new(&desk.screen, &file.evidence, fold);
    if explanation.reference != claim {
        say(&format!("{claim} was merged into {}:\n", explanation.reference))?;
    }
    say(&drawing.explanation(&explanation))
}

/// Draws the attribution picture.
async fn draw(args: &ExplainArgs, claim: ClaimNumber, path: &Path, desk: &Desk) -> Result<(), Failure> {
    let (explanation, attribution) = desk.store.attribution(claim).await?;
    let detail = if args.all { Detail::Whole } else { Detail::Folded };
    let svg = attribution_svg(&explanation, &attribution, Setting::File, detail);
    let svg = svg.map_err(|error| Failure::Usage(error.to_string()))?;
    let what = format!("the attribution picture of {}", explanation.reference);
    put_picture(&desk.screen, &svg, path, &what)
}
