//! Decides on leads: laid by the worker, accepted, dismissed or taken back by people.
//! Invariant: the worker records by itself only what a person could have accepted unseen, and never where a person has
//! decided otherwise.

use super::wording::{MAX_NAME, long, maybe, short, snapshot};
use super::{Decision, Desk, Subject, unchanged};
use crate::lead::Likeness;
use crate::{
    AcceptLead, Arrival, Because, Channel, Claim, ClaimKind, Confidence, DismissLead, EvidenceLine, Fact,
    FootingWord, FromLead, LayLead, Lead, LeadNumber, LeadState, Permille, Reference, Refusal, SourceId, Stance,
    Suggested, SuggestedLine, Suggestion, Taken, Text, UndoRecord, Words,
};

/// The most reasons that a lead gives, and the most characters of a rule's name.
const MAX_REASONS: usize = 32;
const MAX_RULE: usize = 100;

impl<'a> Desk<'a, '_, '_> {
    pub(super) fn lay_lead(&mut self, line: &LayLead) -> Result<Decision, Refusal> {
        let claim = self.claim("claim", &line.claim)?;
        let arrival = Arrival { item: line.item, document: line.document.unwrap_or(line.item), feed: line.feed };
        let (suggested, words) = self.suggested(&line.evidence)?;
        check_because(&line.because)?;
        let likeness = Likeness { suggested: &suggested, words: &words, arrival };
        if let Some(known) = claim.leads.values().find(|known| known.is_repeated_by(&likeness)) {
            return self.fold_into(claim, known, &likeness);
        }
        let number = LeadNumber(self.docket.last_lead + 1);
        let trusted = self.is_trusted(claim, &likeness, line.confidence);
        let fact = Fact::LeadLaid {
            lead: number,
            arrival,
            suggested: Box::new(suggested.clone()),
            words: Box::new(words.clone()),
            confidence: line.confidence,
            because: line.because.clone(),
        };
        let laid = self.claim_event(claim, fact);
        let mut after = claim.clone();
        after.apply(&laid);
        let mut events = vec![laid];
        if trusted {
            let suggestion = Suggestion { suggested, words };
            events.extend(self.recorded_by_itself(&after, number, &suggestion));
        }
        Ok(Decision { events, subject: Subject::Lead(claim.id, number) })
    }

    fn suggested(&self, line: &SuggestedLine) -> Result<(Suggested, Words), Refusal> {
        if line.manner.is_some() && line.stance != Stance::Neutral {
            return Err(Refusal::MannerUnexpected);
        }
        let known = |field, reference: &Option<Reference>| {
            reference.as_ref().map(|reference| self.source(field, reference)).transpose()
        };
        let suggested = Suggested {
            speaker: Text::from(short("evidence.speaker", &line.speaker, MAX_NAME)?),
            source: known("evidence.source", &line.source)?,
            stance: line.stance,
            manner: line.manner,
            footing: line.footing,
            count: line.count,
            relayed: maybe("evidence.relayed", line.relayed.as_ref())?,
            relays: known("evidence.relays", &line.relays)?,
            via: known("evidence.via", &line.via)?,
            framed_as: line.framed_as,
            said_at: line.said_at,
        };
        let words = Words {
            url: maybe("evidence.url", line.url.as_ref())?,
            title: maybe("evidence.title", line.title.as_ref())?,
            quote: maybe("evidence.quote", line.quote.as_ref())?,
            prefix: maybe("evidence.prefix", line.prefix.as_ref())?,
            suffix: maybe("evidence.suffix", line.suffix.as_ref())?,
            snapshot: snapshot("evidence.snapshot", line.snapshot.as_ref())?,
            described_as: maybe("evidence.described_as", line.described_as.as_ref())?,
            confidence: Confidence::Open,
        };
        Ok((suggested, words))
    }

    /// The same word again: kept beside the lead that brought it first.
    fn fold_into(&mut self, claim: &Claim, known: &Lead, like: &Likeness<'_>) -> Result<Decision, Refusal> {
        let subject = Subject::Lead(claim.id, known.number);
        if known.items.contains(&like.arrival.item) {
            return unchanged(subject);
        }
        let fact = Fact::LeadFolded {
            into: known.number,
            item: like.arrival.item,
            via: like.suggested.via,
            url: like.words.url.clone(),
            snapshot: like.words.snapshot.clone(),
        };
        let event = self.claim_event(claim, fact);
        Ok(Decision { events: vec![event], subject })
    }

    /// Whether the worker may record it by itself: from a trusted channel, on a claim that is open, checkable and not
    /// overridden, and where no person has dismissed or taken back that speaker's word to the same effect.
    fn is_trusted(&self, claim: &Claim, like: &Likeness<'_>, confidence: Permille) -> bool {
        let (Some(source), Some(feed)) = (like.suggested.source, like.arrival.feed) else { return false };
        let voices = self.docket.registry.voices(source, like.suggested.said_at);
        let trusts = |channel: &Channel| match channel {
            Channel::Trusted(channel) => {
                channel.feed == feed && confidence > channel.over && voices.contains(&channel.source)
            }
            Channel::Named(_) => false,
        };
        let decided_otherwise = |lead: &Lead| match lead.state {
            LeadState::Dismissed | LeadState::Undone { .. } => lead.is_of_one_voice(like),
            LeadState::Waiting(_) | LeadState::Recorded { .. } => false,
        };
        self.policy(claim).auto_record.iter().any(trusts)
            && claim.state.is_open()
            && claim.kind != ClaimKind::NotCheckable
            && claim.held_at.is_none()
            && !claim.leads.values().any(decided_otherwise)
    }

    /// The follow-up, if nothing about it is left to a person; else the lead waits.
    fn recorded_by_itself(
        &mut self,
        claim: &Claim,
        lead: LeadNumber,
        suggestion: &Suggestion,
    ) -> Option<crate::Event> {
        let line = as_suggested(lead, suggestion, &nothing_corrected(lead)).ok()?;
        let (evidence, words) = self.evidence(&line, &claim.parties, Some(claim)).ok()?;
        let lead = Some(Box::new(FromLead { lead, taken: Taken::Automatic }));
        let fact = Fact::FollowUpRecorded { evidence: Box::new(evidence), words: Box::new(words), lead };
        Some(self.claim_event(claim, fact))
    }

    pub(super) fn accept_lead(&mut self, line: &AcceptLead) -> Result<Decision, Refusal> {
        let (lead, claim) = self.lead(&line.lead)?;
        self.check_version(claim)?;
        let LeadState::Waiting(suggestion) = &lead.state else { return Err(settled(lead)) };
        let piece = as_suggested(lead.number, suggestion, line)?;
        let (evidence, words) = self.evidence(&piece, &claim.parties, Some(claim))?;
        let id = evidence.id;
        let corrected = corrected(line);
        let taken = if corrected.is_empty() { Taken::Accepted } else { Taken::Corrected(corrected) };
        let from = Some(Box::new(FromLead { lead: lead.number, taken }));
        let fact = Fact::FollowUpRecorded { evidence: Box::new(evidence), words: Box::new(words), lead: from };
        let event = self.claim_event(claim, fact);
        Ok(Decision { events: vec![event], subject: Subject::Evidence(claim.id, id) })
    }

    pub(super) fn dismiss_lead(&mut self, line: &DismissLead) -> Result<Decision, Refusal> {
        let (lead, claim) = self.lead(&line.lead)?;
        self.check_version(claim)?;
        let reason = long("reason", &line.reason)?;
        let subject = Subject::Lead(claim.id, lead.number);
        match lead.state {
            LeadState::Waiting(_) => {}
            LeadState::Dismissed => return unchanged(subject),
            LeadState::Recorded { .. } | LeadState::Undone { .. } => return Err(settled(lead)),
        }
        let event = self.claim_event(claim, Fact::LeadDismissed { lead: lead.number, reason });
        Ok(Decision { events: vec![event], subject })
    }

    pub(super) fn undo_record(&mut self, line: &UndoRecord) -> Result<Decision, Refusal> {
        let (lead, claim) = self.lead(&line.lead)?;
        self.check_version(claim)?;
        let reason = long("reason", &line.reason)?;
        match lead.state {
            LeadState::Recorded { evidence, automatic: true, .. } => {
                let event = self.claim_event(claim, Fact::EvidenceStruck { evidence, reason });
                Ok(Decision { events: vec![event], subject: Subject::Evidence(claim.id, evidence) })
            }
            LeadState::Undone { evidence } => unchanged(Subject::Evidence(claim.id, evidence)),
            LeadState::Recorded { automatic: false, .. } | LeadState::Waiting(_) | LeadState::Dismissed => {
                Err(Refusal::NotAutomatic { lead: lead.number, state: lead.state.as_str() })
            }
        }
    }

    fn lead(&self, reference: &Reference) -> Result<(&'a Lead, &'a Claim), Refusal> {
        self.docket.lead(reference).ok_or_else(|| self.unknown("lead", "lead", reference))
    }
}

fn settled(lead: &Lead) -> Refusal {
    Refusal::LeadSettled { lead: lead.number, state: lead.state.as_str() }
}

fn check_because(because: &[Because]) -> Result<(), Refusal> {
    if because.len() > MAX_REASONS {
        return Err(Refusal::TooManyReasons { have: because.len(), max: MAX_REASONS });
    }
    for reason in because {
        if short("because", &reason.rule, MAX_RULE)? != reason.rule || reason.start > reason.end {
            return Err(Refusal::ReasonWithoutWords { rule: reason.rule.clone() });
        }
    }
    Ok(())
}

/// The fields of what was suggested that a line corrects.
fn corrected(line: &AcceptLead) -> Vec<String> {
    let given = [
        ("source", line.source.is_some()),
        ("stance", line.stance.is_some()),
        ("manner", line.manner.is_some()),
        ("footing", line.footing.is_some()),
        ("count", line.count.is_some()),
        ("described_as", line.described_as.is_some()),
        ("relays", line.relays.is_some()),
        ("via", line.via.is_some()),
        ("framed_as", line.framed_as.is_some()),
        ("quote", line.quote.is_some()),
        ("said_at", line.said_at.is_some()),
    ];
    given.into_iter().filter(|(_, given)| *given).map(|(field, _)| field.to_owned()).collect()
}

fn nothing_corrected(lead: LeadNumber) -> AcceptLead {
    AcceptLead {
        lead: Reference(lead.to_string()),
        handle: None,
        source: None,
        stance: None,
        manner: None,
        footing: None,
        count: None,
        described_as: None,
        relays: None,
        via: None,
        framed_as: None,
        quote: None,
        said_at: None,
        credibility: None,
        confidential: None,
    }
}

/// The piece of evidence as suggested, but for what the line corrects. Another stance takes no manner with it, and
/// another footing neither a count nor whom it relays.
fn as_suggested(lead: LeadNumber, suggestion: &Suggestion, line: &AcceptLead) -> Result<EvidenceLine, Refusal> {
    let Suggestion { suggested, words } = suggestion;
    let stance = line.stance.unwrap_or(suggested.stance);
    let footing = line.footing.or(suggested.footing);
    let same_footing = footing == suggested.footing;
    let manner = suggested.manner.filter(|_| stance == suggested.stance);
    let relays = suggested.relays.filter(|_| same_footing).map(by_id);
    let relays = line.relays.clone().or(relays);
    if footing == Some(FootingWord::Relays) && relays.is_none() && suggested.relayed.is_some() {
        return Err(unknown_name(lead, "relays", suggested.relayed.as_ref()));
    }
    let source = line.source.clone().or_else(|| suggested.source.map(by_id));
    let quote_is_theirs = line.quote.is_none();
    let words_of = |text: &Option<Text>| text.as_ref().and_then(Text::body).map(str::to_owned);
    Ok(EvidenceLine {
        handle: line.handle.clone(),
        source: source.ok_or_else(|| unknown_name(lead, "source", Some(&suggested.speaker)))?,
        stance,
        manner: line.manner.unwrap_or(manner),
        footing,
        count: line.count.unwrap_or(suggested.count.filter(|_| same_footing)),
        relays,
        via: line.via.clone().unwrap_or_else(|| suggested.via.map(by_id)),
        framed_as: line.framed_as.unwrap_or(suggested.framed_as),
        described_as: line.described_as.clone().unwrap_or_else(|| words_of(&words.described_as)),
        credibility: line.credibility,
        url: words_of(&words.url),
        title: words_of(&words.title),
        quote: line.quote.clone().or_else(|| words_of(&words.quote)),
        prefix: words_of(&words.prefix).filter(|_| quote_is_theirs),
        suffix: words_of(&words.suffix).filter(|_| quote_is_theirs),
        snapshot: words_of(&words.snapshot),
        confidential: line.confidential,
        said_at: line.said_at.unwrap_or(suggested.said_at),
    })
}

fn by_id(source: SourceId) -> Reference {
    Reference(source.to_string())
}

fn unknown_name(lead: LeadNumber, field: &'static str, name: Option<&Text>) -> Refusal {
    let name = name.and_then(Text::body).unwrap_or("somebody whose name was erased").to_owned();
    Refusal::LeadNamesUnknown { lead, field, name }
}
