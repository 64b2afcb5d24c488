//! Decides on parties, and on the answers that are waited for.

use super::wording::long;
use super::{Decision, Desk, Subject, unchanged};
use crate::explain::answered_by;
use crate::{Claim, ClaimKind, Fact, RecordSilence, Reference, Refusal, RequestAnswer, SetParty, SourceId, weigh};

impl Desk<'_, '_, '_> {
    pub(super) fn set_party(&mut self, line: &SetParty) -> Result<Decision, Refusal> {
        let claim = self.claim("claim", &line.claim)?;
        let source = self.source("source", &line.source)?;
        let reason = long("reason", &line.reason)?;
        let source = self.as_party(claim, source).unwrap_or(source);
        let known = claim.interest_of(source);
        if known == Some(line.interest) {
            return unchanged(Subject::Claim(claim.id));
        }
        let asked = known.is_none() && claim.state.is_open() && claim.kind != ClaimKind::NotCheckable;
        let answer_by = if asked { self.after(self.policy(claim).answer_within) } else { None };
        self.record(claim, Fact::PartySet { source, interest: line.interest, reason, answer_by })
    }

    /// The party that is this source, under the id by which the claim knows it.
    fn as_party(&self, claim: &Claim, source: SourceId) -> Option<SourceId> {
        let registry = &self.docket.registry;
        let same = |party: &&crate::Party| registry.canonical(party.source) == registry.canonical(source);
        claim.parties.iter().find(same).map(|party| party.source)
    }

    pub(super) fn request_answer(&mut self, line: &RequestAnswer) -> Result<Decision, Refusal> {
        let claim = self.claim("claim", &line.claim)?;
        let party = self.party("of", &line.of, claim)?;
        check_open(claim)?;
        let until = line.until.or_else(|| self.after(self.policy(claim).answer_within)).unwrap_or(self.stamp.now);
        if claim.answers.get(&party).is_some_and(|answer| answer.until == until) {
            return unchanged(Subject::Claim(claim.id));
        }
        self.record(claim, Fact::AnswerRequested { of: party, until })
    }

    /// The party that the named source is, or now speaks for.
    fn party(&self, field: &'static str, reference: &Reference, claim: &Claim) -> Result<SourceId, Refusal> {
        let source = self.source(field, reference)?;
        let voices = self.docket.registry.voices(source, self.stamp.now);
        voices.into_iter().find_map(|voice| self.as_party(claim, voice)).ok_or_else(|| Refusal::NotAParty {
            claim: claim.number,
            source_name: self.docket.registry.name(source),
        })
    }

    pub(super) fn record_silence(&mut self, line: &RecordSilence) -> Result<Decision, Refusal> {
        let claim = self.claim("claim", &line.claim)?;
        let party = self.party("of", &line.of, claim)?;
        let source_name = self.docket.registry.name(party);
        let Some(answer) = claim.answers.get(&party) else { return Err(Refusal::NotAsked { source_name }) };
        if answer.silent {
            return unchanged(Subject::Claim(claim.id));
        }
        check_open(claim)?;
        if answer.until > self.stamp.now {
            return Err(Refusal::DeadlineAhead { source_name, until: answer.until });
        }
        let registry = &self.docket.registry;
        let weighing = weigh(claim, registry, self.policy(claim));
        if let Some(at) = answered_by(claim, registry, &weighing, party, answer.until) {
            return Err(Refusal::Answered { source_name, at });
        }
        self.record(claim, Fact::SilenceRecorded { of: party, until: answer.until })
    }
}

/// Refuses a closed claim.
pub(super) fn check_open(claim: &Claim) -> Result<(), Refusal> {
    if claim.state.is_open() { Ok(()) } else { Err(Refusal::Closed { claim: claim.number, state: claim.state }) }
}
