//! Decides on erasures, which always take two people, and on the holds that keep a claim's texts from being erased.

use super::wording::{long, maybe};
use super::{Decision, Desk, Subject, unchanged};
use crate::erasure::ACTOR;
use crate::{
    Claim, ClaimId, Erase, ErasedTexts, Erasure, Event, Fact, Hold, KeptTexts, ProposalAnswer, ProposalId,
    Reference, Referent, Refusal, Release, SourceId, Text, WaitingErasure,
};

/// An event, and those of its texts that are to be erased.
type Named<'a> = (&'a KeptTexts, Vec<String>);

impl<'a> Desk<'a, '_, '_> {
    pub(super) fn erase(&mut self, line: &Erase) -> Result<Decision, Refusal> {
        self.no_version()?;
        let basis = long("basis", &line.basis)?;
        let reason = maybe("reason", line.reason.as_ref())?;
        let named = self.named_texts(line)?;
        check_names_not_held(&named)?;
        let claim = self.claim_of_texts(&named)?;
        let texts = self.with_copies(&named);
        if texts.is_empty() {
            return unchanged(subject(claim));
        }
        let about = claim.map(|claim| claim.id);
        let mut waiting = self.docket.erasures.values();
        if let Some(waiting) = waiting.find(|waiting| waiting.erasure.texts == texts) {
            return unchanged(Subject::Erasure(about, waiting.erasure.id));
        }
        let id = ProposalId((self.stamp.fresh)());
        let erasure = Box::new(Erasure { id, texts, basis, by: self.stamp.actor.name.clone(), reason });
        let event = self.event_about(claim, Fact::ErasureProposed { erasure });
        Ok(Decision { events: vec![event], subject: Subject::Erasure(about, id) })
    }

    /// The events that the line names, each with those of its texts that are still there.
    fn named_texts(&self, line: &Erase) -> Result<Vec<Named<'a>>, Refusal> {
        if !line.fields.is_empty() && line.event.is_none() {
            return Err(Refusal::FieldsUnexpected);
        }
        match (line.event, &line.evidence, &line.source) {
            (Some(event), None, None) => {
                let kept = self.docket.texts.get(&event).ok_or(Refusal::EventUnknown { event })?;
                check_fields(kept, &line.fields)?;
                Ok(vec![(kept, kept.there(&line.fields))])
            }
            (None, Some(evidence), None) => {
                let (piece, _) = self.piece("evidence", evidence)?;
                let named = self.texts_of(|texts| texts.evidence == Some(piece), "evidence", evidence)?;
                Ok(named.into_iter().map(|(kept, there)| (kept, words_alone(there))).collect())
            }
            (None, None, Some(reference)) => {
                let source = self.exact_source(reference)?;
                self.texts_of(|texts| texts.source == Some(source), "source", reference)
            }
            (_, _, _) => Err(Refusal::NothingGiven { fields: "event, evidence, source (and only one)" }),
        }
    }

    /// The source so named itself, not what it was merged into: its names are its own.
    fn exact_source(&self, reference: &Reference) -> Result<SourceId, Refusal> {
        let named = self.docket.referents(reference).into_iter().find_map(|referent| match referent {
            Referent::Source(id) => Some(id),
            Referent::Claim(_) | Referent::Evidence(_) | Referent::Lead(_) => None,
        });
        named.ok_or_else(|| self.unknown("source", "source", reference))
    }

    fn texts_of(
        &self,
        fits: impl Fn(&ErasedTexts) -> bool,
        field: &'static str,
        reference: &Reference,
    ) -> Result<Vec<Named<'a>>, Refusal> {
        let found = self.docket.texts.values().filter(|kept| fits(&kept.of));
        let found: Vec<Named<'a>> = found.map(|kept| (kept, kept.there(&[]))).collect();
        if found.is_empty() {
            return Err(Refusal::TextsNotAtHand { field, reference: reference.to_string() });
        }
        Ok(found)
    }

    /// The texts, and those that have the same words because the rules copied them, or copied copies.
    fn with_copies(&self, named: &[Named<'a>]) -> Vec<ErasedTexts> {
        let mut texts: Vec<ErasedTexts> = Vec::new();
        let mut further = named.to_vec();
        while let Some((kept, there)) = further.pop() {
            let fresh: Vec<String> =
                there.into_iter().filter(|field| !has(&texts, kept.of.event, field)).collect();
            for copy in kept.copies.iter().filter(|copy| fresh.contains(&copy.field)) {
                if let Some(other) = self.docket.texts.get(&copy.event) {
                    further.push((other, vec![copy.as_field.clone()]));
                }
            }
            add(&mut texts, kept, &fresh);
        }
        texts.sort_by_key(|texts| texts.event);
        texts
    }

    /// What was proposed to be erased, and the copies that there are by now.
    fn texts_by_now(&self, waiting: &WaitingErasure) -> Result<Vec<ErasedTexts>, Refusal> {
        let mut named = Vec::new();
        for texts in &waiting.erasure.texts {
            let reference = || format!("event {}", texts.event);
            let not_at_hand = || Refusal::TextsNotAtHand { field: "proposal", reference: reference() };
            let kept = self.docket.texts.get(&texts.event).ok_or_else(not_at_hand)?;
            named.push((kept, texts.fields.clone()));
        }
        check_names_not_held(&named)?;
        Ok(self.with_copies(&named))
    }

    /// The claim whose texts they are, or what it was merged into; refused while that is under a hold.
    fn claim_of_texts(&self, named: &[Named<'a>]) -> Result<Option<&'a Claim>, Refusal> {
        let Some(id) = named.iter().find_map(|(kept, _)| kept.of.claim) else { return Ok(None) };
        let Some(claim) = self.docket.claims.get(&id).map(|claim| self.docket.leads_to(claim)) else {
            return Err(Refusal::TextsNotAtHand { field: "event", reference: id.to_string() });
        };
        check_not_held(claim)?;
        Ok(Some(claim))
    }

    /// An event of the claim, if it is about one.
    fn event_about(&mut self, claim: Option<&Claim>, fact: Fact) -> Event {
        match claim {
            Some(claim) => self.claim_event(claim, fact),
            None => self.registry_event(fact),
        }
    }

    /// The erasure that the line answers; none where it answers something else.
    pub(super) fn waiting_erasure(&self, line: &ProposalAnswer) -> Result<Option<&'a WaitingErasure>, Refusal> {
        let claim = line.claim.as_ref().map(|claim| self.claim("claim", claim)).transpose()?;
        let leads_here = |waiting: &&WaitingErasure| waiting.claim.is_some_and(|id| self.leads(id, claim));
        let mut erasures = self.docket.erasures.values();
        let Some(named) = &line.proposal else {
            let claim = claim.ok_or(Refusal::NothingGiven { fields: "claim, proposal" })?;
            let mine: Vec<&WaitingErasure> = erasures.filter(leads_here).collect();
            return match (claim.proposals.as_slice(), mine.as_slice()) {
                ([], [one]) => Ok(Some(*one)),
                (_, []) => Ok(None),
                (others, mine) => {
                    let ids = others.iter().map(|proposal| proposal.id);
                    let ids: Vec<String> = ids
                        .chain(mine.iter().map(|waiting| waiting.erasure.id))
                        .map(|id| id.to_string())
                        .collect();
                    Err(Refusal::SeveralProposed { claim: claim.number, ids: ids.join(", ") })
                }
            };
        };
        match erasures.find(|waiting| waiting.erasure.id.to_string() == named.as_str()) {
            Some(waiting) if waiting.claim.is_none() || leads_here(&waiting) => Ok(Some(waiting)),
            Some(_) if claim.is_none() => Err(Refusal::ErasureOfAClaim),
            None if claim.is_none() => Err(Refusal::ErasureUnknown { proposal: named.to_string() }),
            Some(_) | None => Ok(None),
        }
    }

    /// Whether a claim, or what it was merged into, is that one.
    fn leads(&self, id: ClaimId, to: Option<&Claim>) -> bool {
        let from = self.docket.claims.get(&id).map(|claim| self.docket.leads_to(claim).id);
        from.is_some() && from == to.map(|claim| claim.id)
    }

    pub(super) fn approve_erasure(&mut self, waiting: &WaitingErasure) -> Result<Decision, Refusal> {
        self.check_second_person(&waiting.erasure.by, "erasure")?;
        let claim = self.claim_of_erasure(waiting);
        if let Some(claim) = claim {
            check_not_held(claim)?;
        }
        let texts = self.texts_by_now(waiting)?;
        let Erasure { id, basis, reason, .. } = waiting.erasure.clone();
        let event = self.event_about(claim, Fact::TextErased { texts, basis, reason, proposal: id });
        Ok(Decision { events: vec![event], subject: subject(claim) })
    }

    #[expect(clippy::unnecessary_wraps, reason = "it ends decisions, which are results")]
    pub(super) fn decline_erasure(&mut self, waiting: &WaitingErasure, reason: Text) -> Result<Decision, Refusal> {
        let claim = self.claim_of_erasure(waiting);
        let event = self.event_about(claim, Fact::ErasureDeclined { proposal: waiting.erasure.id, reason });
        Ok(Decision { events: vec![event], subject: subject(claim) })
    }

    fn claim_of_erasure(&self, waiting: &WaitingErasure) -> Option<&'a Claim> {
        let claim = waiting.claim.and_then(|id| self.docket.claims.get(&id));
        claim.map(|claim| self.docket.leads_to(claim))
    }

    pub(super) fn hold(&mut self, line: &Hold) -> Result<Decision, Refusal> {
        let claim = self.claim("claim", &line.claim)?;
        let reason = long("reason", &line.reason)?;
        self.record(claim, Fact::ClaimHeld { reason })
    }

    pub(super) fn release(&mut self, line: &Release) -> Result<Decision, Refusal> {
        let claim = self.claim("claim", &line.claim)?;
        let reason = long("reason", &line.reason)?;
        let mut holds = claim.holds.iter().copied();
        let hold = match (line.hold, holds.next(), holds.next()) {
            (_, None, _) => return Err(Refusal::NotHeld { claim: claim.number }),
            (Some(hold), Some(_), _) if claim.holds.contains(&hold) => hold,
            (Some(hold), Some(_), _) => return Err(Refusal::HoldUnknown { claim: claim.number, hold }),
            (None, Some(only), None) => only,
            (None, Some(_), Some(_)) => {
                let holds: Vec<String> = claim.holds.iter().map(u64::to_string).collect();
                return Err(Refusal::SeveralHolds { claim: claim.number, holds: holds.join(", ") });
            }
        };
        self.record(claim, Fact::ClaimReleased { hold, reason })
    }
}

fn subject(claim: Option<&Claim>) -> Subject {
    claim.map_or(Subject::Log, |claim| Subject::Claim(claim.id))
}

fn check_not_held(claim: &Claim) -> Result<(), Refusal> {
    match claim.holds.first() {
        Some(since) => Err(Refusal::Held { claim: claim.number, since: *since }),
        None => Ok(()),
    }
}

/// Refuses to erase names of a source that a claim under a hold names.
fn check_names_not_held(named: &[Named<'_>]) -> Result<(), Refusal> {
    let is_name = |fields: &[String]| fields.iter().any(|field| field != ACTOR);
    match named.iter().find_map(|(kept, fields)| kept.held.filter(|_| is_name(fields))) {
        Some((claim, since)) => Err(Refusal::Held { claim, since }),
        None => Ok(()),
    }
}

fn check_fields(kept: &KeptTexts, chosen: &[String]) -> Result<(), Refusal> {
    let has = |field: &String| kept.fields.iter().any(|(known, _)| known == field);
    match chosen.iter().find(|field| !has(field)) {
        None => Ok(()),
        Some(field) => Err(Refusal::TextUnknown {
            event: kept.of.event,
            field: field.chars().take(80).collect(),
            has: kept.fields.iter().map(|(field, _)| format!("`{field}`")).collect::<Vec<_>>().join(", "),
        }),
    }
}

/// A piece's words, without what else its event says: the claim's text, handles.
fn words_alone(there: Vec<String>) -> Vec<String> {
    there.into_iter().filter(|field| field.starts_with("words.")).collect()
}

fn has(texts: &[ErasedTexts], event: u64, field: &str) -> bool {
    texts.iter().any(|texts| texts.event == event && texts.has(field))
}

/// Adds fields of an event to what is erased.
fn add(texts: &mut Vec<ErasedTexts>, kept: &KeptTexts, fields: &[String]) {
    if fields.is_empty() {
        return;
    }
    let mut of = match texts.iter().position(|known| known.event == kept.of.event) {
        Some(at) => texts.swap_remove(at),
        None => kept.of.clone(),
    };
    of.fields.extend(fields.iter().cloned());
    of.fields.sort();
    of.fields.dedup();
    texts.push(of);
}
