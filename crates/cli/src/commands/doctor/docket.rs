//! What the docket waits for: standings to be declared, deadlines that passed, claims to be weighed again.

use hearsay_store::Health;

use super::finding::{About, Care, Finding};
use crate::words::count;

/// What waits; nothing where nothing does.
pub(super) fn findings(health: &Health) -> Vec<Finding> {
    let claims = |number| count(number, "claim is", "claims are");
    let rows = [
        (health.due_to_advance, "due_to_advance", "due to advance", "hearsay claim list --due advance"),
        (health.due_to_reopen, "due_to_reopen", "due to reopen", "hearsay claim list --due reopen"),
        (health.overdue, "overdue", "overdue: a review or an answer", "hearsay claim list --overdue"),
    ];
    let mut all: Vec<Finding> = rows
        .into_iter()
        .filter(|(number, ..)| *number > 0)
        .map(|(number, reason, what, next)| {
            let says = format!("{} {what}", claims(number));
            Finding::new(About::Docket, reason, Care::Patience, says).of(number).then(format!("`{next}`"))
        })
        .collect();
    if health.restands > 0 {
        let changes =
            count(health.restands, "change of a source or a policy waits", "changes of sources or policies wait");
        let says = format!("{changes} until the claims that it touches are weighed again");
        let finding = Finding::new(About::Docket, "restands", Care::Patience, says);
        all.push(finding.of(health.restands).then("`hearsay work` weighs them"));
    }
    all
}
