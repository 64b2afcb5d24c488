//! Decides on reports and follow-ups, and on what takes evidence back or ties it.

use jiff::{SignedDuration, Timestamp};

use super::wording::{MAX_CLAIM, long, maybe, maybe_short, short, snapshot};
use super::{Decision, Desk, Subject, unchanged};
use crate::{
    Claim, ClaimId, ClaimKind, Confidence, Evidence, EvidenceId, EvidenceLine, Fact, Footing, FootingWord,
    LinkOrigins, Party, PartyLine, Policy, RecordFollowUp, Reference, Referent, Refusal, Relayed, ReportClaim,
    SourceId, Stance, StrikeEvidence, Text, WithdrawEvidence, Words,
};

/// How far ahead of the clock anything may have been said.
const AHEAD: SignedDuration = SignedDuration::from_hours(24);

impl<'a> Desk<'a, '_, '_> {
    pub(super) fn report_claim(&mut self, line: &ReportClaim) -> Result<Decision, Refusal> {
        self.no_version()?;
        let text = short("text", &line.text, MAX_CLAIM)?;
        let topic = maybe_short("topic", line.topic.as_ref())?;
        let language = maybe_short("language", line.language.as_ref())?;
        let mut tags = Vec::new();
        for tag in &line.tags {
            tags.push(short("tags", tag, super::wording::MAX_NAME)?);
        }
        let policy = self.policy_named(line.policy.as_deref())?;
        let parties = self.parties(&line.parties)?;
        if line.evidence.stance != Stance::Affirms {
            return Err(Refusal::OpeningMustAffirm { stance: line.evidence.stance.as_str() });
        }
        let handle = self.new_handle(line.handle.as_ref())?;
        let (evidence, words) = self.evidence(&line.evidence, &parties, None)?;
        if line.handle.is_some() && line.handle == line.evidence.handle {
            let handle = line.handle.clone().unwrap_or_default();
            return Err(Refusal::HandleTaken { handle, taken_by: "claim" });
        }
        let asked = line.kind != ClaimKind::NotCheckable && !parties.is_empty();
        let id = ClaimId((self.stamp.fresh)());
        let fact = Fact::ClaimReported {
            number: self.next_number(),
            handle,
            text: Text::from(text),
            claim_kind: line.kind,
            topic,
            language,
            priority: line.priority.unwrap_or_default(),
            tags,
            answer_by: if asked { self.after(policy.answer_within) } else { None },
            review_by: self.after(policy.review_within),
            policy: policy.name.clone(),
            parties,
            evidence: Box::new(evidence),
            words: Box::new(words),
        };
        let event = self.opening_event(id, fact);
        Ok(Decision { events: vec![event], subject: Subject::Claim(id) })
    }

    /// The time so long from now; none where no calendar reaches.
    pub(super) fn after(&self, within: SignedDuration) -> Option<Timestamp> {
        self.stamp.now.checked_add(within).ok()
    }

    fn policy_named(&self, name: Option<&str>) -> Result<&'a Policy, Refusal> {
        let name = name.unwrap_or(Policy::DEFAULT_NAME);
        self.docket.policies.get(name).ok_or_else(|| Refusal::PolicyUnknown { name: name.to_owned() })
    }

    fn parties(&self, lines: &[PartyLine]) -> Result<Vec<Party>, Refusal> {
        let mut parties: Vec<Party> = Vec::new();
        for line in lines {
            let source = self.source("parties", &line.source)?;
            match parties.iter_mut().find(|party| party.source == source) {
                Some(party) => party.interest = line.interest,
                None => parties.push(Party { source, interest: line.interest }),
            }
        }
        Ok(parties)
    }

    pub(super) fn record_follow_up(&mut self, line: &RecordFollowUp) -> Result<Decision, Refusal> {
        let claim = self.claim("claim", &line.claim)?;
        let (evidence, words) = self.evidence(&line.evidence, &claim.parties, Some(claim))?;
        let id = evidence.id;
        let fact = Fact::FollowUpRecorded { evidence: Box::new(evidence), words: Box::new(words), lead: None };
        let event = self.claim_event(claim, fact);
        Ok(Decision { events: vec![event], subject: Subject::Evidence(claim.id, id) })
    }

    /// The piece that a line describes; on a claim that is only being reported, there is nothing to relay yet.
    pub(super) fn evidence(
        &mut self,
        line: &EvidenceLine,
        parties: &[Party],
        claim: Option<&Claim>,
    ) -> Result<(Evidence, Words), Refusal> {
        let source = self.source("evidence.source", &line.source)?;
        let via = line.via.as_ref().map(|via| self.source("evidence.via", via)).transpose()?;
        self.check_ahead("evidence.said_at", line.said_at)?;
        if line.manner.is_some() && line.stance != Stance::Neutral {
            return Err(Refusal::MannerUnexpected);
        }
        let footing = self.footing(line, source, parties, claim)?;
        let handle = self.new_handle(line.handle.as_ref())?;
        let words = Words {
            url: maybe("evidence.url", line.url.as_ref())?,
            title: maybe("evidence.title", line.title.as_ref())?,
            quote: maybe("evidence.quote", line.quote.as_ref())?,
            prefix: maybe("evidence.prefix", line.prefix.as_ref())?,
            suffix: maybe("evidence.suffix", line.suffix.as_ref())?,
            snapshot: snapshot("evidence.snapshot", line.snapshot.as_ref())?,
            described_as: maybe("evidence.described_as", line.described_as.as_ref())?,
            confidence: Confidence::told(line.confidential),
        };
        let evidence = Evidence {
            id: EvidenceId((self.stamp.fresh)()),
            handle,
            source,
            via,
            stance: line.stance,
            manner: line.manner,
            footing,
            credibility: line.credibility.unwrap_or_default(),
            framed_as: line.framed_as,
            said_at: line.said_at,
            withdrawn_at: None,
            struck: false,
        };
        Ok((evidence, words))
    }

    fn check_ahead(&self, field: &'static str, at: Timestamp) -> Result<(), Refusal> {
        let now = self.stamp.now;
        match now.checked_add(AHEAD) {
            Ok(latest) if at > latest => Err(Refusal::TooFarAhead { field, at, now }),
            Ok(_) | Err(_) => Ok(()),
        }
    }

    fn footing(
        &self,
        line: &EvidenceLine,
        source: SourceId,
        parties: &[Party],
        claim: Option<&Claim>,
    ) -> Result<Footing, Refusal> {
        let word = match line.footing {
            Some(word) => word,
            None if self.is_party(source, line.said_at, parties) => FootingWord::Own,
            None => return Err(Refusal::FootingMissing),
        };
        let counted = matches!(word, FootingWord::NamedSources | FootingWord::UnnamedSources);
        if line.count == Some(0) || (line.count.is_some() && !counted) {
            return Err(Refusal::CountUnexpected);
        }
        if line.relays.is_some() && word != FootingWord::Relays {
            return Err(Refusal::RelaysUnexpected);
        }
        Ok(match word {
            FootingWord::Own => Footing::Own,
            FootingWord::Document => Footing::Document,
            FootingWord::NamedSources => Footing::NamedSources { count: line.count },
            FootingWord::UnnamedSources => Footing::UnnamedSources { count: line.count },
            FootingWord::Unknown => Footing::Unknown,
            FootingWord::Relays => {
                Footing::Relays(self.relayed(line.relays.as_ref().ok_or(Refusal::RelaysMissing)?, claim)?)
            }
        })
    }

    /// Whether the source is, or then spoke for, one of the parties.
    fn is_party(&self, source: SourceId, at: Timestamp, parties: &[Party]) -> bool {
        let registry = &self.docket.registry;
        let voices = registry.voices(source, at);
        parties.iter().any(|party| voices.contains(&registry.canonical(party.source)))
    }

    fn relayed(&self, reference: &Reference, claim: Option<&Claim>) -> Result<Relayed, Refusal> {
        const FIELD: &str = "evidence.relays";
        let referent = self.docket.referents(reference).into_iter().find(|referent| match referent {
            Referent::Source(_) | Referent::Evidence(_) => true,
            Referent::Claim(_) | Referent::Lead(_) => false,
        });
        match referent {
            Some(Referent::Source(source)) => Ok(Relayed::Source(self.docket.registry.canonical(source))),
            Some(Referent::Evidence(_)) => {
                let (id, of) = self.piece(FIELD, reference)?;
                if claim.is_some_and(|claim| claim.id == of.id) {
                    Ok(Relayed::Evidence(id))
                } else {
                    let reference = reference.to_string();
                    Err(Refusal::EvidenceOfAnotherClaim { field: FIELD, reference, claim: of.number })
                }
            }
            Some(Referent::Claim(_) | Referent::Lead(_)) | None => {
                Err(self.unknown(FIELD, "source or evidence of this claim", reference))
            }
        }
    }

    pub(super) fn withdraw_evidence(&mut self, line: &WithdrawEvidence) -> Result<Decision, Refusal> {
        let (id, claim) = self.piece("evidence", &line.evidence)?;
        self.check_version(claim)?;
        let reason = maybe("reason", line.reason.as_ref())?;
        let said_at = line.said_at.unwrap_or(self.stamp.now);
        self.check_ahead("said_at", said_at)?;
        if claim.piece(id).is_some_and(|piece| piece.withdrawn_at.is_some()) {
            return unchanged(Subject::Evidence(claim.id, id));
        }
        let event = self.claim_event(claim, Fact::EvidenceWithdrawn { evidence: id, said_at, reason });
        Ok(Decision { events: vec![event], subject: Subject::Evidence(claim.id, id) })
    }

    pub(super) fn strike_evidence(&mut self, line: &StrikeEvidence) -> Result<Decision, Refusal> {
        let (id, claim) = self.piece("evidence", &line.evidence)?;
        self.check_version(claim)?;
        let reason = long("reason", &line.reason)?;
        if claim.piece(id).is_some_and(|piece| piece.struck) {
            return unchanged(Subject::Evidence(claim.id, id));
        }
        let event = self.claim_event(claim, Fact::EvidenceStruck { evidence: id, reason });
        Ok(Decision { events: vec![event], subject: Subject::Evidence(claim.id, id) })
    }

    pub(super) fn link_origins(&mut self, line: &LinkOrigins) -> Result<Decision, Refusal> {
        let claim = self.claim("claim", &line.claim)?;
        let reason = long("reason", &line.reason)?;
        let mut evidence = Vec::new();
        for reference in &line.evidence {
            let id = self.original_on(claim, reference)?;
            if !evidence.contains(&id) {
                evidence.push(id);
            }
        }
        if evidence.len() < 2 {
            return Err(Refusal::LinkTooFew { have: evidence.len() });
        }
        let tied = |link: &crate::OriginLink| evidence.iter().all(|id| link.evidence.contains(id));
        if claim.origin_links.iter().any(tied) {
            return unchanged(Subject::Claim(claim.id));
        }
        self.record(claim, Fact::OriginsLinked { evidence, reason })
    }

    fn original_on(&self, claim: &Claim, reference: &Reference) -> Result<EvidenceId, Refusal> {
        let (id, of) = self.piece("evidence", reference)?;
        if of.id != claim.id {
            let reference = reference.to_string();
            return Err(Refusal::EvidenceOfAnotherClaim { field: "evidence", reference, claim: of.number });
        }
        if claim.piece(id).is_some_and(|piece| piece.footing.is_original()) {
            Ok(id)
        } else {
            Err(Refusal::LinkNotOriginal { reference: reference.to_string() })
        }
    }
}
