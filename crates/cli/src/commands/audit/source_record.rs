//! `audit source-record`: what became of a source's word.

use clap::Args;
use hearsay_store::SourceRecord;

use crate::desk::Desk;
use crate::exit::Failure;
use crate::words::{count, when};

/// Examples for its help.
pub(super) const EXAMPLES: &str = "Counts the claims that opened with evidence by the source; one that was declared \
    both denied and disputed counts\nfor both.\n\nExamples:\n  hearsay audit source-record FT\n  \
    hearsay audit source-record \"Financial Times\" --format json";

/// Arguments of `audit source-record`.
#[derive(Args, Debug)]
pub(crate) struct SourceRecordArgs {
    /// The source, by any of its names.
    #[arg(value_name = "SOURCE")]
    source: String,
}

/// Tells a source's record.
pub(super) async fn run(args: &SourceRecordArgs, desk: &Desk) -> Result<(), Failure> {
    let record = desk.store.source_record(&args.source).await?;
    desk.screen.object(&record, || shown(desk, &record))
}

fn shown(desk: &Desk, record: &SourceRecord) -> String {
    let mut lines = vec![
        desk.screen.paint.strong(&record.source),
        format!("  opened {}", count(record.claims, "claim", "claims")),
    ];
    let became = [
        (record.corroborated, "later declared corroborated"),
        (record.denied, "later declared denied"),
        (record.disputed, "later declared disputed"),
        (record.retracted, "closed as retracted"),
        (record.unresolved, "closed as unresolved"),
        (record.still_reported, "never declared anything but reported"),
    ];
    lines.extend(
        became.iter().filter(|(number, _)| *number > 0).map(|(number, words)| format!("    {number} {words}")),
    );
    lines.push(format!(
        "  {} in all; it withdrew {}, the desk struck {}",
        count(record.evidence, "piece of evidence", "pieces of evidence"),
        record.withdrawn,
        record.struck,
    ));
    for rating in &record.ratings {
        let by = rating.by.as_deref().unwrap_or("(erased)");
        let reason = rating.reason.as_ref().map(|reason| format!(": {reason}")).unwrap_or_default();
        lines.push(format!("  {}  rated {} by {by}{reason}", when(rating.at), rating.reliability.as_str()));
    }
    lines.join("\n")
}
