//! `audit as-of`: a claim, or the docket, as it was true at one time and known at another.

use clap::Args;
use hearsay_store::{ClaimThen, Moment, RowThen};
use jiff::Timestamp;

use crate::desk::Desk;
use crate::exit::Failure;
use crate::output::{Rows, say, table};
use crate::render::explain::{Drawing, FOLD};
use crate::render::{diamond, mark};
use crate::words::{time, when};

/// Examples for its help.
pub(super) const EXAMPLES: &str = "Two times: `--known-at` cuts off what the log took in later, the first time what \
    had not happened yet.\n`as-of T` tells what we now know of T; `as-of T --known-at T` what we knew then.\n\
    Sources are those known by `--known-at`; of their ratings and of policies count those given by T, and the first.\n\n\
    Examples:\n  hearsay audit as-of 2025-04-23T09:00:00Z C-1\n  \
    hearsay audit as-of 2025-04-23T09:00:00Z C-1 --known-at 2025-04-23T09:00:00Z\n  \
    hearsay audit as-of 2025-04-23T09:00:00Z --format csv";

/// The columns of the docket in CSV.
const COLUMNS: &[&str] = &["reference", "state", "standing", "topic", "text"];

/// Arguments of `audit as-of`.
#[derive(Args, Debug)]
pub(crate) struct AsOfArgs {
    /// What was true then (RFC 3339).
    #[arg(value_name = "TIME", value_parser = time)]
    at: Timestamp,
    /// The claim: C-142, its ref, its UUID, or a unique start of that; without it the whole docket.
    #[arg(value_name = "CLAIM")]
    claim: Option<String>,
    /// As far as the log knew then; without it, all that it knows now.
    #[arg(long, value_name = "TIME", value_parser = time)]
    known_at: Option<Timestamp>,
}

/// Tells how things were.
pub(super) async fn run(args: &AsOfArgs, desk: &Desk) -> Result<(), Failure> {
    let moment = Moment { at: args.at, known_at: args.known_at };
    let Some(name) = &args.claim else { return docket(moment, desk).await };
    let claim = desk.store.find_claim(name).await?;
    let then = desk.store.claim_then(claim, moment).await?;
    desk.screen.object(&then, || file(desk, &then))
}

fn file(desk: &Desk, then: &ClaimThen) -> String {
    let head = format!("As it was on {}, as far as was known on {} (UTC)\n", when(then.at), when(then.known_at));
    let drawing = Drawing::new(&desk.screen, &then.evidence, FOLD);
    let ruling = then.ruling.as_ref().map(|ruling| format!("\nRuled \"{}\"", ruling.rating)).unwrap_or_default();
    format!("{}\n{}{ruling}", desk.screen.paint.faint(&head), drawing.explanation(&then.explanation))
}

/// The docket, page by page.
async fn docket(moment: Moment, desk: &Desk) -> Result<(), Failure> {
    let mut rows = Rows::begin(desk.screen.format, COLUMNS)?;
    let mut then = desk.store.docket_then(moment).await?;
    let mut any = false;
    while let Some(page) = then.next().await? {
        any |= !page.is_empty();
        match &mut rows {
            Some(rows) => page.iter().try_for_each(|row| rows.push(row))?,
            None if page.is_empty() => {}
            None => say(&shown(desk, &page))?,
        }
    }
    if rows.is_none() && !any {
        say(&format!("Nothing was on the docket on {}.", when(moment.at)))?;
    }
    rows.map_or(Ok(()), Rows::end)
}

fn shown(desk: &Desk, page: &[RowThen]) -> String {
    let cells = page.iter().map(|row| {
        vec![
            row.reference.to_string(),
            format!("{} {}", mark(row.state), row.state.as_str()),
            format!("{} {}", diamond(row.standing), row.standing.as_str()),
            row.text.clone().unwrap_or_else(|| "(text erased)".to_owned()),
        ]
    });
    table(&desk.screen, &["claim", "state", "standing", "text"], cells.collect())
}
