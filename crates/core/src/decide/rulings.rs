//! Decides on rulings, and on what waits for a second person.

use super::declarations::check_advances;
use super::wording::{long, maybe};
use super::{Decision, Desk, Subject};
use crate::look_alike::look_alike;
use crate::policy::FourEyes;
use crate::{
    Claim, CorrectRuling, Fact, Policy, Proposal, ProposalAnswer, ProposalId, ProposeRuling, Proposed, Refusal,
    Ruling, Text,
};

impl<'a> Desk<'a, '_, '_> {
    pub(super) fn propose_ruling(&mut self, line: &ProposeRuling) -> Result<Decision, Refusal> {
        let claim = self.claim("claim", &line.claim)?;
        let policy = self.policy(claim);
        let ruling = ruling(policy, &line.rating, &line.summary)?;
        if claim.ruling.is_some() {
            return Err(Refusal::HasRuling { claim: claim.number });
        }
        if policy.needs_two(FourEyes::Ruling) {
            return self.propose(claim, Proposed::Ruling { ruling }, None);
        }
        self.record(claim, Fact::RulingPublished { ruling: Box::new(ruling), proposal: None })
    }

    pub(super) fn correct_ruling(&mut self, line: &CorrectRuling) -> Result<Decision, Refusal> {
        let claim = self.claim("claim", &line.claim)?;
        let policy = self.policy(claim);
        let ruling = ruling(policy, &line.rating, &line.summary)?;
        let reason = long("reason", &line.reason)?;
        let Some(was) = &claim.ruling else { return Err(Refusal::NoRuling { claim: claim.number }) };
        if *was == ruling {
            return super::unchanged(Subject::Claim(claim.id));
        }
        if policy.needs_two(FourEyes::Ruling) {
            return self.propose(claim, Proposed::Correction { ruling }, Some(reason));
        }
        let was = Box::new(was.clone());
        self.record(claim, Fact::RulingCorrected { ruling: Box::new(ruling), was, reason, proposal: None })
    }

    #[expect(clippy::unnecessary_wraps, reason = "it ends decisions, which are results")]
    pub(super) fn propose(
        &mut self,
        claim: &Claim,
        proposed: Proposed,
        reason: Option<Text>,
    ) -> Result<Decision, Refusal> {
        if let Some(waiting) = claim.proposals.iter().find(|waiting| waiting.proposed == proposed) {
            return Ok(Decision { events: Vec::new(), subject: Subject::Proposal(claim.id, waiting.id) });
        }
        let id = ProposalId((self.stamp.fresh)());
        let proposal = Box::new(Proposal { id, proposed, by: self.stamp.actor.name.clone(), reason });
        let event = self.claim_event(claim, Fact::ProposalMade { proposal });
        Ok(Decision { events: vec![event], subject: Subject::Proposal(claim.id, id) })
    }

    pub(super) fn approve(&mut self, line: &ProposalAnswer) -> Result<Decision, Refusal> {
        maybe("reason", line.reason.as_ref())?;
        if let Some(erasure) = self.waiting_erasure(line)? {
            return self.approve_erasure(erasure);
        }
        let claim = self.claim_answered(line)?;
        let proposal = waiting(claim, line)?;
        self.check_second_person(&proposal.by, proposal.proposed.as_str())?;
        let fact = approved(claim, proposal)?;
        self.record(claim, fact)
    }

    /// The claim that an answer names.
    fn claim_answered(&self, line: &ProposalAnswer) -> Result<&'a Claim, Refusal> {
        match &line.claim {
            Some(claim) => self.claim("claim", claim),
            None => Err(Refusal::NothingGiven { fields: "claim, proposal" }),
        }
    }

    pub(super) fn check_second_person(&self, by: &Text, what: &'static str) -> Result<(), Refusal> {
        let Some(proposer) = by.body() else { return Err(Refusal::ProposerErased { what }) };
        match self.stamp.actor.name.body() {
            Some(approver) if !look_alike(proposer, approver) => Ok(()),
            Some(_) | None => Err(Refusal::SecondPersonNeeded { what, by: proposer.to_owned() }),
        }
    }

    pub(super) fn decline(&mut self, line: &ProposalAnswer) -> Result<Decision, Refusal> {
        let reason = maybe("reason", line.reason.as_ref())?.ok_or(Refusal::ReasonMissing)?;
        if let Some(erasure) = self.waiting_erasure(line)? {
            return self.decline_erasure(erasure, reason);
        }
        let claim = self.claim_answered(line)?;
        let proposal = waiting(claim, line)?.id;
        self.record(claim, Fact::ProposalDeclined { proposal, reason })
    }
}

/// What an approved proposal does: the same as if one person had been enough.
fn approved(claim: &Claim, proposal: &Proposal) -> Result<Fact, Refusal> {
    let id = Some(proposal.id);
    let reason = || proposal.reason.clone().unwrap_or(Text::Sealed);
    match &proposal.proposed {
        Proposed::Override { to } => {
            if !claim.state.is_open() {
                return Err(Refusal::Closed { claim: claim.number, state: claim.state });
            }
            check_advances(claim, *to)?;
            Ok(Fact::ClaimOverridden { from: claim.state, to: *to, reason: reason(), proposal: id })
        }
        Proposed::Ruling { ruling } => match claim.ruling {
            Some(_) => Err(Refusal::HasRuling { claim: claim.number }),
            None => Ok(Fact::RulingPublished { ruling: Box::new(ruling.clone()), proposal: id }),
        },
        Proposed::Correction { ruling } => match &claim.ruling {
            Some(was) => Ok(Fact::RulingCorrected {
                ruling: Box::new(ruling.clone()),
                was: Box::new(was.clone()),
                reason: reason(),
                proposal: id,
            }),
            None => Err(Refusal::NoRuling { claim: claim.number }),
        },
    }
}

/// The proposal that the line answers: the one it names, or the only one that waits.
fn waiting<'a>(claim: &'a Claim, line: &ProposalAnswer) -> Result<&'a Proposal, Refusal> {
    if let Some(named) = &line.proposal {
        let found = claim.proposals.iter().find(|proposal| proposal.id.to_string() == named.as_str());
        let unknown = || Refusal::ProposalUnknown { claim: claim.number, proposal: named.to_string() };
        return found.ok_or_else(unknown);
    }
    match claim.proposals.as_slice() {
        [] => Err(Refusal::NothingProposed { claim: claim.number }),
        [one] => Ok(one),
        several => {
            let ids: Vec<String> = several.iter().map(|proposal| proposal.id.to_string()).collect();
            Err(Refusal::SeveralProposed { claim: claim.number, ids: ids.join(", ") })
        }
    }
}

fn ruling(policy: &Policy, rating: &str, summary: &str) -> Result<Ruling, Refusal> {
    let summary = long("summary", summary)?;
    match policy.ratings.get(rating) {
        Some(value) => Ok(Ruling { rating: rating.to_owned(), value: *value, summary }),
        None => Err(Refusal::RatingUnknown {
            rating: rating.to_owned(),
            policy: policy.name.clone(),
            scale: policy.ratings.keys().map(|known| format!("`{known}`")).collect::<Vec<_>>().join(", "),
        }),
    }
}
