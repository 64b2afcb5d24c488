//! The docket: claims in rows of two lines, those that need somebody first.

use hearsay_store::ClaimRow;

use super::{diamond, mark};
use crate::output::{Screen, width_of, wrapped};
use crate::words::{count, when};

/// The columns of a claim in CSV.
pub(crate) const COLUMNS: &[&str] = &[
    "reference",
    "id",
    "ref",
    "text",
    "kind",
    "state",
    "standing",
    "due_to_advance",
    "due_to_reopen",
    "overdue",
    "affirming",
    "denying",
    "documents",
    "outlets",
    "topic",
    "language",
    "priority",
    "tags",
    "assignee",
    "policy",
    "version",
    "opened_at",
    "updated_at",
    "review_by",
    "answer_by",
    "merged_into",
];

/// A group of the docket: its heading, and which claims belong into it.
type Group = (&'static str, fn(&ClaimRow) -> bool);

/// The groups, in the order in which they want attention; a claim is in the first that takes it.
const GROUPS: [Group; 4] = [
    ("Due to advance", |row| row.due_to_advance),
    ("Due to reopen", |row| row.due_to_reopen),
    ("Overdue", |row| row.overdue),
    ("Nothing due", |_| true),
];

/// Where sentences and facts begin.
const INDENT: &str = "           ";

/// The whole docket.
pub(crate) fn docket(screen: &Screen, rows: &[ClaimRow]) -> String {
    if rows.is_empty() {
        return "No claims. `hearsay claim report --help` says how to report one; `hearsay import FILE` brings many."
            .to_owned();
    }
    let mut text = String::new();
    for (index, (heading, _)) in GROUPS.iter().enumerate() {
        let mine: Vec<&ClaimRow> = rows.iter().filter(|row| group_of(row) == index).collect();
        if mine.is_empty() {
            continue;
        }
        text.push_str(&screen.paint.strong(&format!("{heading} · {}", mine.len())));
        text.push('\n');
        for row in mine {
            text.push_str(&claim(screen, row));
        }
        text.push('\n');
    }
    text
}

fn group_of(row: &ClaimRow) -> usize {
    GROUPS.iter().position(|(_, takes)| takes(row)).unwrap_or(GROUPS.len() - 1)
}

fn claim(screen: &Screen, row: &ClaimRow) -> String {
    let paint = screen.paint;
    let sentence = row.text.as_deref().unwrap_or("(text erased)");
    let mut lines = wrapped(sentence, screen.width, INDENT);
    let head = format!("{} {:<6}", paint.state(row.state, mark(row.state)), row.reference.to_string());
    if let Some(first) = lines.first_mut() {
        *first = format!("  {head} {}", first.trim_start());
    }
    let mut facts = packed(facts(row), screen.width);
    if let Some(first) = facts.first_mut() {
        *first = first.replacen(row.state.as_str(), &paint.state(row.state, row.state.as_str()), 1);
    }
    lines.extend(facts);
    lines.join("\n") + "\n"
}

/// Facts in lines, broken between them.
fn packed(facts: Vec<String>, width: usize) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for fact in facts {
        match lines.last_mut() {
            Some(line) if width_of(line) + 3 + width_of(&fact) <= width => {
                line.push_str(" · ");
                line.push_str(&fact);
            }
            Some(_) | None => lines.push(format!("{INDENT}{fact}")),
        }
    }
    lines
}

/// The state, with the standing beside it where they differ.
fn state(row: &ClaimRow) -> String {
    let state = row.state.as_str();
    if let Some(into) = row.merged_into {
        return format!("{state} into {into}");
    }
    if row.state.declared() == Some(row.standing) {
        return state.to_owned();
    }
    format!("{state}, standing {} {}", diamond(row.standing), row.standing.as_str())
}

fn facts(row: &ClaimRow) -> Vec<String> {
    let mut facts = vec![state(row), weighed(row.outlets, row.affirming, row.denying)];
    if let Some(answer_by) = row.answer_by {
        facts.push(format!("answer asked by {}", when(answer_by)));
    }
    if let Some(review_by) = row.review_by.filter(|_| row.overdue) {
        facts.push(format!("review by {}", when(review_by)));
    }
    facts.extend(row.assignee.clone());
    if row.priority != hearsay_core::Priority::Normal {
        facts.push(row.priority.as_str().to_owned());
    }
    if row.kind == hearsay_core::ClaimKind::NotCheckable {
        facts.push("not checkable".to_owned());
    }
    facts.push(format!("changed {}", when(row.updated_at)));
    facts
}

/// `12 outlets · 1 origin`, or with both sides named.
pub(crate) fn weighed(outlets: u32, affirming: u32, denying: u32) -> String {
    let outlets = count(outlets, "outlet", "outlets");
    if denying == 0 {
        return format!("{outlets} · {}", count(affirming, "origin", "origins"));
    }
    format!("{outlets} · {} for, {denying} against", count(affirming, "origin", "origins"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn origins_are_named_by_side_only_where_there_are_two() {
        assert_eq!(weighed(12, 1, 0), "12 outlets · 1 origin");
        assert_eq!(weighed(1, 0, 0), "1 outlet · no origin");
        assert_eq!(weighed(17, 2, 1), "17 outlets · 2 origins for, 1 against");
    }
}
