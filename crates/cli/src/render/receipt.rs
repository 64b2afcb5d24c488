//! What a command came to, as its sender is told.

use hearsay_core::{ClaimNumber, Standing, State, Subject};
use hearsay_store::{ClaimNow, Outcome, Receipt};
use serde::Serialize;

use super::docket::weighed;
use super::{diamond, mark};
use crate::exit::Failure;
use crate::output::{Screen, say};
use crate::words::count;

/// The columns of a receipt in CSV.
pub(crate) const COLUMNS: &[&str] = &[
    "outcome",
    "reference",
    "id",
    "proposal",
    "seq",
    "version",
    "state",
    "standing",
    "due_to_advance",
    "due_to_reopen",
];

/// A receipt for programs.
#[derive(Serialize)]
pub(crate) struct ReceiptView {
    outcome: Outcome,
    reference: Option<ClaimNumber>,
    id: Option<String>,
    proposal: Option<String>,
    seq: Option<u64>,
    version: Option<u64>,
    state: Option<State>,
    standing: Option<Standing>,
    due_to_advance: Option<bool>,
    due_to_reopen: Option<bool>,
}

impl ReceiptView {
    fn of(receipt: &Receipt) -> Self {
        let claim = receipt.claim;
        Self {
            outcome: receipt.outcome,
            reference: claim.map(|claim| claim.number),
            id: receipt.subject.as_ref().map(id_of),
            proposal: receipt.subject.as_ref().and_then(proposal_of),
            seq: receipt.seq,
            version: claim.map(|claim| claim.version),
            state: claim.map(|claim| claim.state),
            standing: claim.map(|claim| claim.weighed.standing),
            due_to_advance: claim.map(|claim| claim.due_to_advance),
            due_to_reopen: claim.map(|claim| claim.due_to_reopen),
        }
    }
}

/// The id that a command's subject got: the piece of evidence, else the claim or the source.
pub(crate) fn id_of(subject: &Subject) -> String {
    match subject {
        Subject::Source(id) => id.to_string(),
        Subject::Claim(id) | Subject::Proposal(id, _) => id.to_string(),
        Subject::Evidence(_, id) => id.to_string(),
        Subject::Lead(_, number) => number.to_string(),
        Subject::Erasure(_, id) => id.to_string(),
        Subject::Policy(name) => name.clone(),
        Subject::Log => "log".to_owned(),
    }
}

fn proposal_of(subject: &Subject) -> Option<String> {
    match subject {
        Subject::Proposal(_, id) | Subject::Erasure(_, id) => Some(id.to_string()),
        Subject::Source(_)
        | Subject::Claim(_)
        | Subject::Evidence(..)
        | Subject::Lead(..)
        | Subject::Policy(_)
        | Subject::Log => None,
    }
}

/// Tells what commands came to.
pub(crate) fn show(screen: &Screen, receipts: &[Receipt]) -> Result<(), Failure> {
    let views: Vec<ReceiptView> = receipts.iter().map(ReceiptView::of).collect();
    let for_people = || receipts.last().map(|last| sentence(screen, last)).unwrap_or_default();
    match (screen.format, views.as_slice()) {
        (crate::output::Format::Json | crate::output::Format::Jsonl, [one]) => screen.object(one, for_people),
        _ => screen.list(&views, COLUMNS, for_people),
    }
}

/// Tells people how many claims changed their standing with it.
pub(crate) fn show_restood(screen: &Screen, changed: u64) -> Result<(), Failure> {
    if changed == 0 || !screen.for_people() {
        return Ok(());
    }
    let claims = count(changed, "claim", "claims");
    say(&format!("With it {claims} came to be weighed anew; `hearsay claim list` shows what is due."))
}

/// A receipt in words, with the next step where there is one.
pub(crate) fn sentence(screen: &Screen, receipt: &Receipt) -> String {
    let outcome = match receipt.outcome {
        Outcome::Recorded => "Recorded",
        Outcome::RecordedBefore => "Recorded before",
        Outcome::Unchanged => "Nothing changed, it was so already",
    };
    let about = match &receipt.subject {
        Some(Subject::Policy(name)) => format!(": policy {name}."),
        Some(Subject::Source(id)) => format!(": source {id}."),
        Some(Subject::Evidence(_, id)) => format!(": evidence {id}."),
        Some(Subject::Lead(_, number)) => format!(": lead {number}."),
        Some(Subject::Claim(_) | Subject::Log) | None => ".".to_owned(),
        Some(Subject::Erasure(_, id)) => {
            format!(": it waits for a second person, who may `hearsay erase approve {id} --yes`.")
        }
        Some(Subject::Proposal(_, id)) => match receipt.claim {
            Some(claim) => format!(
                ": it waits for a second person, who may `hearsay claim approve {} --proposal {id}`.",
                claim.number
            ),
            None => format!(": proposal {id}."),
        },
    };
    match receipt.claim {
        Some(claim) => format!("{outcome}{about}\n{}", claim_now(screen, &claim)),
        None => format!("{outcome}{about}"),
    }
}

/// Where a claim now stands, in a line or two.
pub(crate) fn claim_now(screen: &Screen, claim: &ClaimNow) -> String {
    let paint = screen.paint;
    let weighed = weighed(claim.weighed.outlets, claim.weighed.affirming, claim.weighed.denying);
    let head = format!(
        "{} {} · {} · {weighed}",
        paint.state(claim.state, mark(claim.state)),
        claim.number,
        paint.state(claim.state, claim.state.as_str())
    );
    let standing = claim.weighed.standing;
    let now = format!("{} {}", diamond(standing), standing.as_str());
    if claim.due_to_advance {
        let step = format!("hearsay claim advance {} {}", claim.number, standing.as_str());
        format!("{head}\n  due to advance: the evidence makes it {}; `{step}`", paint.standing(standing, &now))
    } else if claim.due_to_reopen {
        let step = format!("hearsay claim reopen {} --reason …", claim.number);
        format!("{head}\n  due to reopen: the evidence now makes it {}; `{step}`", paint.standing(standing, &now))
    } else {
        head
    }
}
