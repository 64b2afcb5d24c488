//! Decides on one command: what it needs of the docket and a stamp go in, events or a refusal come out.
//! Invariant: deciding changes nothing; a refusal leaves no trace.

mod care;
mod declarations;
mod erasures;
mod evidence;
mod exports;
mod leads;
mod parties;
mod permission;
mod policies;
mod rulings;
mod sources;
mod wording;

use serde::{Deserialize, Serialize};

pub use permission::check_permission;

use crate::apply::opened;
use crate::{
    Addressed, Claim, ClaimId, ClaimNumber, Command, Docket, Event, EventId, EvidenceId, Fact, LeadNumber, Policy,
    ProposalId, Reference, Refusal, SourceId, Stamp, Standing, Weighed, missing_for, weigh,
};

/// What a command was about: what its caller is told.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Subject {
    /// A source.
    Source(SourceId),
    /// A claim.
    Claim(ClaimId),
    /// A piece of evidence on a claim.
    Evidence(ClaimId, EvidenceId),
    /// A lead on a claim.
    Lead(ClaimId, LeadNumber),
    /// A proposal on a claim.
    Proposal(ClaimId, ProposalId),
    /// A policy.
    Policy(String),
    /// An erasure that waits for a second person, and the claim whose texts it is about, if any.
    Erasure(Option<ClaimId>, ProposalId),
    /// The log itself.
    Log,
}

/// What was decided. No events: the command changes nothing, and succeeds.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Decision {
    /// The events, with their positions.
    pub events: Vec<Event>,
    /// What it was about.
    pub subject: Subject,
}

/// Decides on one command.
pub fn decide(docket: &Docket, addressed: &Addressed, stamp: &mut Stamp<'_>) -> Result<Decision, Refusal> {
    check_permission(&addressed.command, stamp.actor.role)?;
    let mut desk = Desk { docket, stamp, seen: addressed.version };
    match &addressed.command {
        Command::AddSource(line) => desk.add_source(line),
        Command::AliasSource(line) => desk.alias_source(line),
        Command::RateSource(line) => desk.rate_source(line),
        Command::RelateSource(line) => desk.relate_source(line),
        Command::MergeSources(line) => desk.merge_sources(line),
        Command::SetPolicy(line) => desk.set_policy(line),
        Command::ReportClaim(line) => desk.report_claim(line),
        Command::RecordFollowUp(line) => desk.record_follow_up(line),
        Command::LayLead(line) => desk.lay_lead(line),
        Command::AcceptLead(line) => desk.accept_lead(line),
        Command::DismissLead(line) => desk.dismiss_lead(line),
        Command::UndoRecord(line) => desk.undo_record(line),
        Command::WithdrawEvidence(line) => desk.withdraw_evidence(line),
        Command::StrikeEvidence(line) => desk.strike_evidence(line),
        Command::LinkOrigins(line) => desk.link_origins(line),
        Command::SetParty(line) => desk.set_party(line),
        Command::RequestAnswer(line) => desk.request_answer(line),
        Command::RecordSilence(line) => desk.record_silence(line),
        Command::RecordStanding(line) => desk.record_standing(line),
        Command::MarkOverdue(line) => desk.mark_overdue(line),
        Command::Advance(line) => desk.advance(line),
        Command::Override(line) => desk.override_standing(line),
        Command::ProposeRuling(line) => desk.propose_ruling(line),
        Command::Approve(line) => desk.approve(line),
        Command::Decline(line) => desk.decline(line),
        Command::CorrectRuling(line) => desk.correct_ruling(line),
        Command::Assign(line) => desk.assign(line),
        Command::SetPriority(line) => desk.set_priority(line),
        Command::SetReview(line) => desk.set_review(line),
        Command::Tag(line) => desk.tag(line),
        Command::Untag(line) => desk.untag(line),
        Command::Note(line) => desk.note(line),
        Command::LinkClaims(line) => desk.link_claims(line),
        Command::Close(line) => desk.close(line),
        Command::Reopen(line) => desk.reopen(line),
        Command::Merge(line) => desk.merge(line),
        Command::Erase(line) => desk.erase(line),
        Command::Hold(line) => desk.hold(line),
        Command::Release(line) => desk.release(line),
        Command::RecordExport(line) => desk.record_export(line),
    }
}

/// One command on the desk: the docket it is decided on, and its stamp.
struct Desk<'a, 's, 'f> {
    docket: &'a Docket,
    stamp: &'s mut Stamp<'f>,
    seen: Option<u64>,
}

impl<'a> Desk<'a, '_, '_> {
    /// The claim so named, or what it was merged into, at the version that the sender saw.
    fn claim(&self, field: &'static str, reference: &Reference) -> Result<&'a Claim, Refusal> {
        let claim = self.docket.leads_to(self.named_claim(field, reference)?);
        self.check_version(claim)?;
        Ok(claim)
    }

    /// The claim so named, itself.
    fn named_claim(&self, field: &'static str, reference: &Reference) -> Result<&'a Claim, Refusal> {
        self.docket.claim(reference).ok_or_else(|| self.unknown(field, "claim", reference))
    }

    /// The claim so named, itself, for a transition: a merged claim has none.
    fn unmerged_claim(&self, reference: &Reference) -> Result<&'a Claim, Refusal> {
        let claim = self.named_claim("claim", reference)?;
        if claim.merged_into.is_some() {
            return Err(Refusal::Merged { claim: claim.number, into: self.docket.leads_to(claim).number });
        }
        self.check_version(claim)?;
        Ok(claim)
    }

    fn check_version(&self, claim: &Claim) -> Result<(), Refusal> {
        match self.seen {
            Some(seen) if seen != claim.version => {
                Err(Refusal::VersionConflict { claim: claim.number, seen, now: claim.version })
            }
            Some(_) | None => Ok(()),
        }
    }

    fn no_version(&self) -> Result<(), Refusal> {
        if self.seen.is_some() { Err(Refusal::VersionUnexpected) } else { Ok(()) }
    }

    fn source(&self, field: &'static str, reference: &Reference) -> Result<SourceId, Refusal> {
        self.docket.source(reference).ok_or_else(|| self.unknown(field, "source", reference))
    }

    fn piece(&self, field: &'static str, reference: &Reference) -> Result<(EvidenceId, &'a Claim), Refusal> {
        self.docket.piece(reference).ok_or_else(|| self.unknown(field, "piece of evidence", reference))
    }

    fn unknown(&self, field: &'static str, expected: &'static str, reference: &Reference) -> Refusal {
        let reference_text = reference.to_string();
        match self.docket.referents(reference).first() {
            Some(referent) => {
                Refusal::WrongKind { field, expected, actual: referent.noun(), reference: reference_text }
            }
            None => Refusal::Unknown { field, expected, reference: reference_text },
        }
    }

    fn policy(&self, claim: &Claim) -> &'a Policy {
        self.docket.policies.of(claim)
    }

    fn weighed(&self, claim: &Claim) -> Weighed {
        weigh(claim, &self.docket.registry, self.policy(claim)).weighed
    }

    fn standing(&self, claim: &Claim) -> Standing {
        self.weighed(claim).standing
    }

    fn missing(&self, claim: &Claim, target: Standing) -> Vec<String> {
        missing_for(target, claim, &self.docket.registry, self.policy(claim))
    }

    /// An event that belongs to no claim.
    fn registry_event(&mut self, fact: Fact) -> Event {
        self.event(None, fact)
    }

    /// An event of a claim, with what its evidence comes to afterwards.
    fn claim_event(&mut self, claim: &Claim, fact: Fact) -> Event {
        let mut event = self.event(Some(claim.id), fact);
        let mut after = claim.clone();
        after.apply(&event);
        event.weighed = Some(self.weighed(&after));
        event
    }

    /// The first event of a claim.
    fn opening_event(&mut self, id: ClaimId, fact: Fact) -> Event {
        let mut event = self.event(Some(id), fact);
        if let Some(mut claim) = opened(id, &event) {
            claim.apply(&event);
            event.weighed = Some(self.weighed(&claim));
        }
        event
    }

    fn event(&mut self, claim: Option<ClaimId>, fact: Fact) -> Event {
        let seq = self.stamp.next_seq;
        self.stamp.next_seq += 1;
        Event {
            seq,
            id: EventId((self.stamp.fresh)()),
            command: self.stamp.command,
            actor: self.stamp.actor.clone(),
            occurred_at: fact.occurred_at().unwrap_or(self.stamp.now),
            recorded_at: self.stamp.now,
            clock: self.stamp.clock,
            claim,
            weighed: None,
            fact,
        }
    }

    /// One event on a claim, about that claim.
    #[expect(clippy::unnecessary_wraps, reason = "it ends decisions, which are results")]
    fn record(&mut self, claim: &Claim, fact: Fact) -> Result<Decision, Refusal> {
        let event = self.claim_event(claim, fact);
        Ok(Decision { events: vec![event], subject: Subject::Claim(claim.id) })
    }

    fn next_number(&self) -> ClaimNumber {
        ClaimNumber(self.docket.last_number + 1)
    }
}

/// The command changes nothing, and succeeds.
#[expect(clippy::unnecessary_wraps, reason = "it ends decisions, which are results")]
fn unchanged(subject: Subject) -> Result<Decision, Refusal> {
    Ok(Decision { events: Vec::new(), subject })
}
