//! Decides on the care of a claim: who, how urgent, by when, tags, notes, links.

use super::parties::check_open;
use super::wording::{MAX_NAME, long, short};
use super::{Decision, Desk, Subject, unchanged};
use crate::{
    Assign, ClaimLink, ClaimRelation, Confidence, Fact, LinkClaims, MarkOverdue, Note, Refusal, SetPriority,
    SetReview, Tagging, Text,
};

impl Desk<'_, '_, '_> {
    pub(super) fn assign(&mut self, line: &Assign) -> Result<Decision, Refusal> {
        let claim = self.claim("claim", &line.claim)?;
        let to = line.to.as_ref().map(|to| short("to", to, MAX_NAME)).transpose()?.map(Text::from);
        if claim.assignee == to {
            return unchanged(Subject::Claim(claim.id));
        }
        self.record(claim, Fact::ClaimAssigned { to })
    }

    pub(super) fn set_priority(&mut self, line: &SetPriority) -> Result<Decision, Refusal> {
        let claim = self.claim("claim", &line.claim)?;
        if claim.priority == line.priority {
            return unchanged(Subject::Claim(claim.id));
        }
        self.record(claim, Fact::PrioritySet { from: claim.priority, to: line.priority })
    }

    pub(super) fn set_review(&mut self, line: &SetReview) -> Result<Decision, Refusal> {
        let claim = self.claim("claim", &line.claim)?;
        if claim.review_by == Some(line.until) {
            return unchanged(Subject::Claim(claim.id));
        }
        self.record(claim, Fact::ReviewSet { until: line.until })
    }

    pub(super) fn mark_overdue(&mut self, line: &MarkOverdue) -> Result<Decision, Refusal> {
        let claim = self.claim("claim", &line.claim)?;
        if claim.overdue {
            return unchanged(Subject::Claim(claim.id));
        }
        check_open(claim)?;
        match claim.review_by {
            None => Err(Refusal::ReviewStopped { claim: claim.number }),
            Some(review_by) if review_by > self.stamp.now => {
                Err(Refusal::ReviewAhead { claim: claim.number, review_by })
            }
            Some(review_by) => self.record(claim, Fact::OverdueMarked { review_by }),
        }
    }

    pub(super) fn tag(&mut self, line: &Tagging) -> Result<Decision, Refusal> {
        let claim = self.claim("claim", &line.claim)?;
        let tag = short("tag", &line.tag, MAX_NAME)?;
        if claim.tags.contains(&tag) {
            return unchanged(Subject::Claim(claim.id));
        }
        self.record(claim, Fact::ClaimTagged { tag })
    }

    pub(super) fn untag(&mut self, line: &Tagging) -> Result<Decision, Refusal> {
        let claim = self.claim("claim", &line.claim)?;
        let tag = short("tag", &line.tag, MAX_NAME)?;
        if !claim.tags.contains(&tag) {
            return unchanged(Subject::Claim(claim.id));
        }
        self.record(claim, Fact::ClaimUntagged { tag })
    }

    pub(super) fn note(&mut self, line: &Note) -> Result<Decision, Refusal> {
        let claim = self.claim("claim", &line.claim)?;
        let text = long("text", &line.text)?;
        let confidence = Confidence::told(line.confidential);
        self.record(claim, Fact::NoteAdded { text, confidence })
    }

    pub(super) fn link_claims(&mut self, line: &LinkClaims) -> Result<Decision, Refusal> {
        let claim = self.claim("claim", &line.claim)?;
        let (relation, field, other) = match (&line.contradicts, &line.follows_from) {
            (Some(other), None) => (ClaimRelation::Contradicts, "contradicts", other),
            (None, Some(other)) => (ClaimRelation::FollowsFrom, "follows_from", other),
            (Some(_), Some(_)) | (None, None) => {
                return Err(Refusal::NothingGiven { fields: "contradicts, follows_from (and not both)" });
            }
        };
        let other = self.docket.leads_to(self.named_claim(field, other)?);
        if other.id == claim.id {
            return Err(Refusal::ClaimLinkedToItself { field });
        }
        if claim.claim_links.contains(&ClaimLink { relation, to: other.id }) {
            return unchanged(Subject::Claim(claim.id));
        }
        self.record(claim, Fact::ClaimsLinked { relation, to: other.id })
    }
}
