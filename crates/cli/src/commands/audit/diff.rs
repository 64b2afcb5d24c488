//! `audit diff`: what changed between two times, claim by claim.

use clap::{Args, ValueEnum};
use hearsay_core::{Standing, State};
use hearsay_store::{Along, Difference};
use jiff::Timestamp;

use crate::desk::Desk;
use crate::exit::Failure;
use crate::output::table;
use crate::words::{count, time, when};

/// Examples for its help.
pub(super) const EXAMPLES: &str = "What was recorded at the second time itself counts, what was at the first doesn't.\n\n\
    Examples:\n  hearsay audit diff 2025-04-22T00:00:00Z 2025-04-23T00:00:00Z\n  \
    hearsay audit diff 2025-04-22T00:00:00Z 2025-04-23T00:00:00Z --along occurred --format json\n  \
    hearsay audit diff 2025-04-22T00:00:00Z 2025-04-23T00:00:00Z --along occurred --known-at 2025-04-24T00:00:00Z";

/// The columns of CSV.
const COLUMNS: &[&str] = &[
    "reference",
    "state_before",
    "state",
    "standing_before",
    "standing",
    "evidence_added",
    "evidence_withdrawn",
    "evidence_struck",
    "parties_set",
    "rulings",
    "events",
];

/// Along which time.
#[derive(Clone, Copy, PartialEq, Eq, Debug, ValueEnum)]
pub(super) enum Axis {
    /// When the log took it in.
    Recorded,
    /// When it was true in the world.
    Occurred,
}

impl From<Axis> for Along {
    fn from(axis: Axis) -> Self {
        match axis {
            Axis::Recorded => Self::Recorded,
            Axis::Occurred => Self::Occurred,
        }
    }
}

/// Arguments of `audit diff`.
#[derive(Args, Debug)]
pub(crate) struct DiffArgs {
    /// The earlier time (RFC 3339).
    #[arg(value_name = "TIME", value_parser = time)]
    first: Timestamp,
    /// The later time.
    #[arg(value_name = "TIME", value_parser = time)]
    second: Timestamp,
    /// Along when it was recorded, or when it happened; then each claim is weighed at both times.
    #[arg(long, value_enum, default_value_t = Axis::Recorded)]
    along: Axis,
    /// With `--along occurred`: as far as the log knew then.
    #[arg(long, value_name = "TIME", value_parser = time)]
    known_at: Option<Timestamp>,
}

/// Tells what changed.
pub(super) async fn run(args: &DiffArgs, desk: &Desk) -> Result<(), Failure> {
    let changed = match (args.along, args.known_at) {
        (Axis::Recorded, None) => desk.store.diff_recorded(args.first, args.second).await?,
        (Axis::Recorded, Some(_)) => {
            let why = "`--known-at` goes with `--along occurred`: what was recorded by a time was known by then";
            return Err(Failure::Usage(why.to_owned()));
        }
        (Axis::Occurred, known_at) => desk.store.diff_occurred(args.first, args.second, known_at).await?,
    };
    desk.screen.list(&changed, COLUMNS, || shown(args, desk, &changed))
}

fn shown(args: &DiffArgs, desk: &Desk, changed: &[Difference]) -> String {
    if changed.is_empty() {
        return format!("Nothing changed between {} and {}.", when(args.first), when(args.second));
    }
    let rows = changed.iter().map(|row| {
        vec![
            row.reference.to_string(),
            moved(row.state_before.map(State::as_str), row.state.map(State::as_str)),
            moved(row.standing_before.map(Standing::as_str), row.standing.map(Standing::as_str)),
            happened(row),
            row.events.to_string(),
        ]
    });
    table(&desk.screen, &["claim", "state", "standing", "what came", "events"], rows.collect())
}

/// `reported → denied`, or the one word where nothing moved.
fn moved(before: Option<&str>, after: Option<&str>) -> String {
    match (before, after) {
        (Some(before), Some(after)) if before == after => before.to_owned(),
        (Some(before), Some(after)) => format!("{before} → {after}"),
        (None, Some(after)) => format!("new: {after}"),
        (Some(_) | None, None) => "–".to_owned(),
    }
}

fn happened(row: &Difference) -> String {
    let told = [
        (row.evidence_added, "piece of evidence", "pieces of evidence"),
        (row.evidence_withdrawn, "withdrawal", "withdrawals"),
        (row.evidence_struck, "strike", "strikes"),
        (row.parties_set, "party set", "parties set"),
        (row.rulings, "ruling", "rulings"),
    ];
    let told = told.into_iter().filter(|(number, ..)| *number > 0);
    told.map(|(number, one, several)| count(number, one, several)).collect::<Vec<_>>().join(", ")
}
