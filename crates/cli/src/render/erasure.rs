//! Erasures that wait for a second person, for people.

use hearsay_core::ErasedTexts;
use hearsay_store::ErasureRow;

use crate::output::{Screen, wrapped};
use crate::words::when;

/// The columns of a waiting erasure in CSV.
pub(crate) const COLUMNS: &[&str] = &["proposal", "claim", "by", "at", "basis", "reason", "texts"];

/// What an erasure takes: the texts of which events.
pub(crate) fn described(row: &ErasureRow) -> String {
    let claim = row.claim.map(|claim| format!(" of {claim}")).unwrap_or_default();
    let texts: Vec<String> = row.texts.iter().map(texts).collect();
    format!("{}{claim}", texts.join("; "))
}

/// Texts by their fields and the event.
pub(crate) fn texts(texts: &ErasedTexts) -> String {
    let fields: Vec<String> = texts.fields.iter().map(|field| format!("`{field}`")).collect();
    format!("{} of event {}", fields.join(", "), texts.event)
}

/// One that waits, in a sentence.
pub(crate) fn sentence(row: &ErasureRow) -> String {
    let by = row.by.as_deref().unwrap_or("(erased)");
    let basis = row.basis.as_deref().unwrap_or("(erased)");
    let reason = row.reason.as_ref().map(|why| format!(", {why}")).unwrap_or_default();
    format!("erasure of {} by {by} ({basis}{reason}): {}", described(row), row.proposal)
}

/// All that wait, with the next step.
pub(crate) fn listed(screen: &Screen, rows: &[ErasureRow]) -> String {
    if rows.is_empty() {
        return "No erasure waits for a second person.".to_owned();
    }
    let mut lines = Vec::new();
    for row in rows {
        lines.extend(wrapped(&format!("{}  {}", when(row.at), sentence(row)), screen.width, ""));
    }
    lines.push(String::new());
    lines.push(
        "A second person: `hearsay erase approve ID --yes` or `hearsay erase decline ID --reason …`".to_owned(),
    );
    lines.join("\n")
}
