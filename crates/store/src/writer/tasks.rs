//! The tasks that follow from events; put on the queue in the transaction of the events, and never by a rebuild.

use hearsay_core::{Claim, Docket, Event, Fact, SourceId};
use jiff::Timestamp;
use serde_json::json;

use crate::jsonb::Rows;
use crate::queue::{NewTask, push};
use crate::time::to_micros;
use crate::{TaskKind, writer::Stage};

impl Stage {
    /// Adds the tasks that follow from an event that has been applied and derived.
    pub(super) fn follow(&mut self, event: &Event, docket: &Docket) {
        let mut tasks = Following { rows: &mut self.tasks, at: event.recorded_at };
        if let Some(claim) = event.claim.and_then(|id| docket.claims.get(&id)) {
            tasks.of_claim(event, claim, docket);
        } else if touches_claims(&event.fact) {
            tasks.restand();
        }
    }
}

/// Whether claims have to be weighed again after it.
#[expect(clippy::wildcard_enum_match_arm, reason = "facts that change nobody's standing")]
fn touches_claims(fact: &Fact) -> bool {
    match fact {
        Fact::SourceRated { .. } | Fact::SourceRelated { .. } | Fact::SourcesMerged { .. } => true,
        Fact::PolicySet { policy, .. } => policy.version > 1,
        _ => false,
    }
}

struct Following<'a> {
    rows: &'a mut Rows,
    at: Timestamp,
}

impl Following<'_> {
    #[expect(clippy::wildcard_enum_match_arm, reason = "most facts set no deadline")]
    fn of_claim(&mut self, event: &Event, claim: &Claim, docket: &Docket) {
        match &event.fact {
            Fact::ClaimReported { parties, answer_by, review_by, .. } => {
                for party in parties {
                    self.answer_due(claim, party.source, *answer_by);
                }
                self.review_due(claim, *review_by);
            }
            Fact::PartySet { source, answer_by, .. } => self.answer_due(claim, *source, *answer_by),
            Fact::AnswerRequested { of, until } => self.answer_due(claim, *of, Some(*until)),
            Fact::ReviewSet { until } => self.review_due(claim, Some(*until)),
            _ => {}
        }
        let standing = claim.weighed.standing;
        if claim.is_due_to_advance(standing) && docket.policies.of(claim).auto_advance.contains(&standing) {
            let key = format!("auto_advance:{}", claim.number);
            self.push(claim, TaskKind::AutoAdvance, key, json!({ "claim": claim.number }), None);
        }
    }

    fn answer_due(&mut self, claim: &Claim, party: SourceId, until: Option<Timestamp>) {
        let Some(until) = until else { return };
        let key = format!("answer_due:{}:{party}:{}", claim.number, to_micros(until));
        let payload = json!({ "claim": claim.number, "party": party });
        self.push(claim, TaskKind::AnswerDue, key, payload, Some(until));
    }

    fn review_due(&mut self, claim: &Claim, until: Option<Timestamp>) {
        let Some(until) = until else { return };
        let key = format!("review_due:{}:{}", claim.number, to_micros(until));
        self.push(claim, TaskKind::ReviewDue, key, json!({ "claim": claim.number }), Some(until));
    }

    fn restand(&mut self) {
        let task = NewTask { key: Some("restand".to_owned()), ..NewTask::now(TaskKind::Restand, json!({})) };
        push(self.rows, &task, to_micros(self.at));
    }

    fn push(
        &mut self,
        claim: &Claim,
        kind: TaskKind,
        key: String,
        payload: serde_json::Value,
        run_at: Option<Timestamp>,
    ) {
        let (priority, claim) = (claim.priority, Some(claim.number));
        let task = NewTask { kind, key: Some(key), claim, payload, priority, run_at };
        push(self.rows, &task, to_micros(self.at));
    }
}
