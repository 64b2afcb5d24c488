//! Decides on what the desk declares: state transitions, and the standing that the worker records.

use super::parties::check_open;
use super::wording::{long, maybe};
use super::{Decision, Desk, Subject, unchanged};
use crate::policy::FourEyes;
use crate::{
    Advance, Claim, ClaimKind, Close, Closing, Fact, Merge, Override, Proposed, RecordStanding, Refusal, Reopen,
    Role, Stance, Standing, State, Weighed,
};

impl Desk<'_, '_, '_> {
    pub(super) fn advance(&mut self, line: &Advance) -> Result<Decision, Refusal> {
        let claim = self.unmerged_claim(&line.claim)?;
        let reason = maybe("reason", line.reason.as_ref())?;
        check_open(claim)?;
        let target = check_advances(claim, line.to)?;
        let standing = self.standing(claim);
        if claim.state == line.to && standing == target {
            return unchanged(Subject::Claim(claim.id));
        }
        if standing != target {
            let missing = self.missing(claim, target);
            return Err(Refusal::StandingDiffers { claim: claim.number, to: line.to, standing, missing });
        }
        if self.stamp.actor.role == Role::Worker {
            self.check_advances_itself(claim, standing)?;
        }
        self.record(claim, Fact::ClaimAdvanced { from: claim.state, to: line.to, reason })
    }

    /// The worker advances by itself only what is due, and only to a standing that the policy lists.
    fn check_advances_itself(&self, claim: &Claim, standing: Standing) -> Result<(), Refusal> {
        if claim.is_due_to_advance(standing) && self.policy(claim).auto_advance.contains(&standing) {
            return Ok(());
        }
        Err(Refusal::NotPermitted { role: Role::Worker, command: "advance", needs: Some(Role::Checker) })
    }

    pub(super) fn override_standing(&mut self, line: &Override) -> Result<Decision, Refusal> {
        let claim = self.unmerged_claim(&line.claim)?;
        let reason = long("reason", &line.reason)?;
        check_open(claim)?;
        check_advances(claim, line.to)?;
        if claim.state == line.to {
            return unchanged(Subject::Claim(claim.id));
        }
        if self.policy(claim).needs_two(FourEyes::Override) {
            return self.propose(claim, Proposed::Override { to: line.to }, Some(reason));
        }
        self.record(claim, Fact::ClaimOverridden { from: claim.state, to: line.to, reason, proposal: None })
    }

    pub(super) fn close(&mut self, line: &Close) -> Result<Decision, Refusal> {
        let claim = self.unmerged_claim(&line.claim)?;
        let reason = maybe("reason", line.reason.as_ref())?;
        let to = match line.closing {
            Closing::Retracted => State::Retracted,
            Closing::Unresolved => State::Unresolved,
        };
        if claim.state == to {
            return unchanged(Subject::Claim(claim.id));
        }
        check_open(claim)?;
        match line.closing {
            Closing::Retracted => self.check_retracted(claim)?,
            Closing::Unresolved if reason.is_none() => return Err(Refusal::ReasonMissing),
            Closing::Unresolved => {}
        }
        self.record(claim, Fact::ClaimClosed { from: claim.state, to, reason })
    }

    /// Retracted: no affirming origin counts any more, and a source withdrew at least one original affirmation.
    fn check_retracted(&self, claim: &Claim) -> Result<(), Refusal> {
        let have = self.weighed(claim).affirming;
        if have > 0 {
            return Err(Refusal::StillAffirmed { claim: claim.number, have });
        }
        let withdrew = claim.evidence.iter().any(|piece| {
            piece.stance == Stance::Affirms
                && piece.footing.is_original()
                && piece.withdrawn_at.is_some()
                && !piece.struck
        });
        if withdrew { Ok(()) } else { Err(Refusal::NothingWithdrawn { claim: claim.number }) }
    }

    pub(super) fn reopen(&mut self, line: &Reopen) -> Result<Decision, Refusal> {
        let claim = self.unmerged_claim(&line.claim)?;
        let reason = long("reason", &line.reason)?;
        if claim.state.is_open() {
            return Err(Refusal::NotClosed { claim: claim.number });
        }
        self.record(claim, Fact::ClaimReopened { from: claim.state, reason })
    }

    pub(super) fn merge(&mut self, line: &Merge) -> Result<Decision, Refusal> {
        let claim = self.unmerged_claim(&line.claim)?;
        let into = self.named_claim("into", &line.into)?;
        let reason = long("reason", &line.reason)?;
        if into.id == claim.id {
            return Err(Refusal::MergedIntoItself { claim: claim.number });
        }
        if !into.state.is_open() {
            return Err(Refusal::MergedIntoClosed { into: into.number, state: into.state });
        }
        let mut merged =
            self.event(Some(claim.id), Fact::ClaimMerged { from: claim.state, into: into.id, reason });
        merged.weighed = Some(Weighed::default());
        let mut absorbed = self.event(Some(into.id), Fact::ClaimAbsorbed { merged: claim.id });
        let mut after = into.clone();
        after.evidence.extend(claim.evidence.iter().cloned());
        after.origin_links.extend(claim.origin_links.iter().cloned());
        absorbed.weighed = Some(self.weighed(&after));
        Ok(Decision { events: vec![merged, absorbed], subject: Subject::Claim(into.id) })
    }

    pub(super) fn record_standing(&mut self, line: &RecordStanding) -> Result<Decision, Refusal> {
        let claim = self.claim("claim", &line.claim)?;
        if self.weighed(claim) == claim.weighed {
            return unchanged(Subject::Claim(claim.id));
        }
        self.record(claim, Fact::StandingRecorded { from: claim.weighed.standing })
    }
}

/// The standing that an open state declares; refuses closed states, and claims that never advance.
pub(super) fn check_advances(claim: &Claim, to: State) -> Result<Standing, Refusal> {
    if claim.kind == ClaimKind::NotCheckable {
        return Err(Refusal::NotCheckable { claim: claim.number });
    }
    to.declared().ok_or(Refusal::NotAnOpenState { to })
}
