//! Dead letters, those of one cause in one line.

use hearsay_store::{DeadTask, KindOverview};

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

fn cause(letter: &DeadTask) -> (hearsay_store::TaskKind, Option<&str>, &str) {
    (letter.kind, letter.field.as_deref(), &letter.error)
}

fn told(group: &[&DeadTask]) -> Option<Finding> {
    let first = group.first()?;
    let number = group.len() as u64;
    let field = first.field.as_ref().map(|field| format!("{field}: ")).unwrap_or_default();
    let ids: Vec<_> = group.iter().take(NAMED).map(|letter| letter.id).collect();
    let which = if number == 1 {
        format!("task {} ({}) is dead", first.id, first.kind)
    } else {
        format!("{number} {} are dead", first.kind)
    };
    let next = if number == 1 {
        format!(
            "`hearsay queue retry {} --edit` mends its line; `hearsay queue drop {} --reason …` throws it away",
            first.id, first.id
        )
    } else {
        format!("`hearsay queue dead --kind {}` lists them; `hearsay queue retry` tries them again", first.kind)
    };
    let mut finding = Finding::new(About::Queue, "dead", Care::Person, format!("{which}: {field}{}", first.error));
    finding.kind = Some(first.kind);
    finding.tasks = ids;
    Some(finding.of(number).then(next))
}
