//! Dead letters, those of one cause in one line.

use hearsay_store::{DeadTask, KindOverview, TaskKind};

use super::finding::{About, Care, Finding, NAMED};
use crate::words::count;

/// A line for each kind and cause; `kinds` knows how many there are of those that were not looked at.
pub(super) fn findings(letters: &[DeadTask], kinds: &[KindOverview]) -> Vec<Finding> {
    let mut groups: Vec<Vec<&DeadTask>> = Vec::new();
    for letter in letters {
        let alike = |group: &&mut Vec<&DeadTask>| group.first().is_some_and(|first| cause(first) == cause(letter));
        match groups.iter_mut().find(alike) {
            Some(group) => group.push(letter),
            None => groups.push(vec![letter]),
        }
    }
    let mut all: Vec<Finding> = groups.iter().filter_map(|group| told(group)).collect();
    let dead: u64 = kinds.iter().map(|kind| kind.dead).sum();
    let more = dead.saturating_sub(letters.len() as u64);
    if more > 0 {
        let says = format!("{} of older date", count(more, "more dead letter is", "more dead letters are"));
        let finding = Finding::new(About::Queue, "dead", Care::Person, says).of(more);
        all.push(finding.then("`hearsay queue dead` lists all"));
    }
    all
}

/// What went wrong, but for the values that it names.
fn cause(letter: &DeadTask) -> (TaskKind, Option<&str>, String) {
    let quoted = letter.error.split('`').enumerate();
    let shape = quoted.filter(|(index, _)| index % 2 == 0).map(|(_, part)| part);
    let shape: String = shape.flat_map(str::chars).filter(|letter| !letter.is_ascii_digit()).collect();
    (letter.kind, letter.field.as_deref(), shape)
}

fn told(group: &[&DeadTask]) -> Option<Finding> {
    let first = group.first()?;
    let (id, kind, number) = (first.id, first.kind, group.len() as u64);
    let field = first.field.as_ref().map(|field| format!("{field}: ")).unwrap_or_default();
    let which = match number {
        1 => format!("task {id} ({kind}) is dead"),
        number => format!("{number} {kind} are dead, such as task {id}"),
    };
    let edit = if first.line.is_some() { " --edit" } else { "" };
    let next = match number {
        1 => format!(
            "`hearsay queue retry {id}{edit}` tries it again; `hearsay queue drop {id} --reason …` throws it away"
        ),
        _ => format!(
            "`hearsay queue dead --kind {kind}` lists them; `hearsay queue retry ID{edit}` tries one again"
        ),
    };
    let says = format!("{which}: {field}{}", first.error);
    let finding = Finding::new(About::Queue, "dead", Care::Person, says).of(number).then(next);
    Some(Finding {
        kind: Some(kind),
        tasks: group.iter().take(NAMED).map(|letter| letter.id).collect(),
        ..finding
    })
}

#[cfg(test)]
mod tests {
    use hearsay_core::Priority;
    use hearsay_store::TaskId;
    use jiff::Timestamp;

    use super::*;

    fn letter(id: u64, field: &str, error: &str) -> DeadTask {
        DeadTask {
            id: TaskId(id),
            kind: TaskKind::RecordFollowUp,
            key: None,
            claim: None,
            payload: serde_json::Value::Null,
            priority: Priority::Normal,
            enqueued_at: Timestamp::UNIX_EPOCH,
            died_at: Timestamp::UNIX_EPOCH,
            attempts: 1,
            line: Some(4),
            source: Some("evening.jsonl".to_owned()),
            field: Some(field.to_owned()),
            error: error.to_owned(),
        }
    }

    #[test]
    fn letters_that_differ_in_what_they_name_are_one_line() {
        let letters = [
            letter(3, "claim", "no claim is known as `x`"),
            letter(2, "evidence.said_at", "lies ahead: 2199-01-01"),
            letter(1, "claim", "no claim is known as `y`"),
        ];
        let told: Vec<(Option<u64>, String)> =
            findings(&letters, &[]).into_iter().map(|found| (found.count, found.says)).collect();
        assert_eq!(
            told,
            [
                (
                    Some(2),
                    "2 record_follow_up are dead, such as task 3: claim: no claim is known as `x`".to_owned()
                ),
                (
                    Some(1),
                    "task 2 (record_follow_up) is dead: evidence.said_at: lies ahead: 2199-01-01".to_owned()
                ),
            ]
        );
    }
}
