//! Sources and policies in listings.

use hearsay_store::{PolicyView, RelationView, SourceRow};

use super::plain;
use crate::output::{Screen, table};
use crate::words::when;

/// The columns of a source in CSV.
pub(crate) const COLUMNS: &[&str] =
    &["id", "ref", "name", "aliases", "kind", "reliability", "relations", "merged_into", "evidence"];

/// The columns of a policy in CSV.
pub(crate) const POLICY_COLUMNS: &[&str] = &[
    "name",
    "version",
    "origins",
    "acknowledgement_settles",
    "party_denial_suffices",
    "count_unrated",
    "reliability_floor",
    "credibility_floor",
    "auto_advance",
    "four_eyes",
    "auto_record",
    "answer_within",
    "review_within",
    "ratings",
    "recorded_at",
];

/// Sources in a table.
pub(crate) fn sources(screen: &Screen, rows: &[SourceRow]) -> String {
    if rows.is_empty() {
        return "No sources. `hearsay source add --help` says how to add one.".to_owned();
    }
    let cells = |row: &SourceRow| {
        vec![
            row.name.clone(),
            plain(row.kind.as_str()),
            row.reliability.as_str().to_owned(),
            row.evidence.to_string(),
            now_related(row),
            row.handle.clone().unwrap_or_default(),
        ]
    };
    let headers = ["name", "kind", "rated", "evidence", "relations", "ref"];
    table(screen, &headers, rows.iter().map(cells).collect())
}

fn now_related(row: &SourceRow) -> String {
    if let Some(into) = &row.merged_into {
        return format!("merged into {into}");
    }
    let current = row.relations.iter().filter(|relation| relation.until.is_none());
    current.map(|relation| format!("{} {}", plain(relation.relation), relation.to)).collect::<Vec<_>>().join(", ")
}

/// One source with everything about it.
pub(crate) fn source(screen: &Screen, row: &SourceRow) -> String {
    let mut lines = vec![screen.paint.strong(&row.name)];
    lines.push(format!("  {}, reliability {}", plain(row.kind.as_str()), row.reliability.as_str()));
    if !row.aliases.is_empty() {
        lines.push(format!("  also known as {}", row.aliases.join(", ")));
    }
    if let Some(handle) = &row.handle {
        lines.push(format!("  ref {handle}"));
    }
    lines.push(format!("  id {}", row.id));
    lines.extend(row.relations.iter().map(|relation| format!("  {}", related(relation))));
    if let Some(into) = &row.merged_into {
        lines.push(format!("  merged into {into}"));
    }
    lines.push(format!("  pieces of evidence: {}", row.evidence));
    lines.join("\n")
}

fn related(relation: &RelationView) -> String {
    let period = match (relation.since, relation.until) {
        (None, None) => String::new(),
        (Some(since), None) => format!(", since {}", when(since)),
        (None, Some(until)) => format!(", until {}", when(until)),
        (Some(since), Some(until)) => format!(", from {} until {}", when(since), when(until)),
    };
    format!("{} {}{period}", plain(relation.relation), relation.to)
}

/// Policies, each with its keys.
pub(crate) fn policies(screen: &Screen, views: &[PolicyView]) -> String {
    views.iter().map(|view| policy(screen, view)).collect::<Vec<_>>().join("\n\n")
}

fn policy(screen: &Screen, view: &PolicyView) -> String {
    let policy = &view.policy;
    let since = view.recorded_at.map_or("built in".to_owned(), |at| format!("recorded {}", when(at)));
    let mut lines = vec![screen.paint.strong(&format!("{}, version {} ({since})", policy.name, policy.version))];
    if let Ok(serde_json::Value::Object(keys)) = serde_json::to_value(policy) {
        for key in POLICY_COLUMNS.iter().filter(|key| !matches!(**key, "name" | "version" | "recorded_at")) {
            let value = match *key {
                "answer_within" => format!("\"{:#}\"", policy.answer_within),
                "review_within" => format!("\"{:#}\"", policy.review_within),
                _ => keys.get(*key).map(ToString::to_string).unwrap_or_default(),
            };
            lines.push(format!("  {key} = {value}"));
        }
    }
    lines.join("\n")
}
