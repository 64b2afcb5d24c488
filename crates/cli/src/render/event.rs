//! An event in one sentence.

use std::collections::HashMap;

use hearsay_core::{
    ClaimNumber, ClaimRelation, ErasedTexts, Event, Evidence, EvidenceId, Fact, FollowUpKind, Footing, Proposal,
    Relation, Relayed, SourceId, Standing, Text, follow_up_kind,
};
use hearsay_store::EventView;

use super::intake::from_lead;
use super::{erasure, plain};
use crate::words::{count, when};

/// How evidence is named where an event only has its id.
pub(crate) type PieceNames = HashMap<EvidenceId, String>;

/// What happened, without who and when.
pub(crate) fn sentence(view: &EventView, pieces: &PieceNames) -> String {
    Teller { view, pieces }.fact(&view.event.fact)
}

/// The actor's name.
pub(crate) fn actor(event: &Event) -> &str {
    words(&event.actor.name)
}

fn words(text: &Text) -> &str {
    text.body().unwrap_or("(erased)")
}

fn because(reason: Option<&Text>) -> String {
    reason.map(|reason| format!(": {}", words(reason))).unwrap_or_default()
}

/// What an event of no claim says that is not the registry's.
fn of_the_log(fact: &Fact) -> String {
    if let Fact::LogExported { format, claim, filter, events, .. } = fact {
        let filter = filter.as_ref().map(|filter| format!(": {}", words(filter))).unwrap_or_default();
        let of = claim.map(|claim| format!(" for {claim}")).unwrap_or_default();
        return format!("exported {}{of} as {}{filter}", count(*events, "event", "events"), format.as_str());
    }
    let Fact::SelfApprovalRefused { what, claim, .. } = fact else { return fact.kind().to_owned() };
    let on = claim.map(|claim| format!(" on {claim}")).unwrap_or_default();
    format!("would have approved a {what}{on} that they proposed themselves: refused")
}

/// What became of a lead that was not recorded.
fn led(fact: &Fact) -> Option<String> {
    if let Fact::LeadLaid { lead, suggested, .. } = fact {
        Some(format!("laid {lead}: {} {}", words(&suggested.speaker), suggested.stance.as_str()))
    } else if let Fact::LeadFolded { into, item, .. } = fact {
        Some(format!("{item} brought the word of {into} again"))
    } else if let Fact::LeadDismissed { lead, reason } = fact {
        Some(format!("dismissed {lead}: {}", words(reason)))
    } else {
        None
    }
}

struct Teller<'a> {
    view: &'a EventView,
    pieces: &'a PieceNames,
}

impl Teller<'_> {
    fn fact(&self, fact: &Fact) -> String {
        match fact {
            Fact::SourceAdded { .. }
            | Fact::SourceAliased { .. }
            | Fact::SourceRated { .. }
            | Fact::SourceRelated { .. }
            | Fact::SourcesMerged { .. }
            | Fact::PolicySet { .. } => self.registered(fact),
            Fact::LogExported { .. } | Fact::SelfApprovalRefused { .. } => of_the_log(fact),
            Fact::ClaimReported { text, evidence, .. } => {
                format!("reported \"{}\" ({})", words(text), self.evidence(evidence))
            }
            Fact::FollowUpRecorded { evidence, lead, .. } => {
                let from = lead.as_deref().map(|from| format!(", {}", from_lead(from))).unwrap_or_default();
                self.evidence(evidence) + &from
            }
            Fact::LeadLaid { .. } | Fact::LeadFolded { .. } | Fact::LeadDismissed { .. } => {
                led(fact).unwrap_or_else(|| plain(fact.kind()))
            }
            Fact::EvidenceWithdrawn { evidence, reason, .. } => {
                format!("{} was withdrawn by its source{}", self.piece(*evidence), because(reason.as_ref()))
            }
            Fact::EvidenceStruck { evidence, reason } => {
                format!("struck {}: {}", self.piece(*evidence), words(reason))
            }
            Fact::OriginsLinked { evidence, reason } => {
                let names: Vec<String> = evidence.iter().map(|id| self.piece(*id)).collect();
                format!("linked as one origin {}: {}", names.join(", "), words(reason))
            }
            Fact::PartySet { source, interest, reason, .. } => {
                let interest = plain(interest.as_str());
                format!("made {} a party ({interest}): {}", self.source(*source), words(reason))
            }
            Fact::AnswerRequested { .. } | Fact::SilenceRecorded { .. } => {
                self.asked(fact).unwrap_or_else(|| plain(fact.kind()))
            }
            Fact::StandingRecorded { from } => restood(*from, self.view),
            Fact::ErasureProposed { .. }
            | Fact::ErasureDeclined { .. }
            | Fact::TextErased { .. }
            | Fact::ClaimHeld { .. }
            | Fact::ClaimReleased { .. } => erasing(fact).unwrap_or_else(|| plain(fact.kind())),
            Fact::OverdueMarked { review_by } => format!("review overdue since {}", when(*review_by)),
            Fact::ClaimAdvanced { .. }
            | Fact::ClaimOverridden { .. }
            | Fact::ClaimClosed { .. }
            | Fact::ClaimReopened { .. }
            | Fact::ClaimMerged { .. }
            | Fact::ClaimAbsorbed { .. }
            | Fact::ProposalMade { .. }
            | Fact::ProposalDeclined { .. }
            | Fact::RulingPublished { .. }
            | Fact::RulingCorrected { .. }
            | Fact::ClaimAssigned { .. }
            | Fact::PrioritySet { .. }
            | Fact::ReviewSet { .. }
            | Fact::ClaimTagged { .. }
            | Fact::ClaimUntagged { .. }
            | Fact::NoteAdded { .. }
            | Fact::ClaimsLinked { .. } => self.declared(fact).unwrap_or_else(|| plain(fact.kind())),
        }
    }

    /// What happened to sources and policies.
    fn registered(&self, fact: &Fact) -> String {
        if let Fact::SourceAliased { source, alias } = fact {
            format!("{} is also known as {}", self.source(*source), words(alias))
        } else if let Fact::SourceRated { source, reliability, reason } = fact {
            format!("rated {} {}{}", self.source(*source), reliability.as_str(), because(reason.as_ref()))
        } else if let Fact::SourcesMerged { source, into, reason } = fact {
            let (source, into) = (self.source(*source), self.source(*into));
            format!("{source} turned out to be {into}{}", because(reason.as_ref()))
        } else if let Fact::PolicySet { policy, reason } = fact {
            format!("set policy {}, version {}{}", policy.name, policy.version, because(reason.as_ref()))
        } else if let Fact::SourceRelated { .. } = fact {
            self.source_related(fact)
        } else {
            self.source_added(fact)
        }
    }

    /// Whom the desk asked, and who never answered.
    fn asked(&self, fact: &Fact) -> Option<String> {
        if let Fact::AnswerRequested { of, until } = fact {
            Some(format!("asked {} for an answer by {}", self.source(*of), when(*until)))
        } else if let Fact::SilenceRecorded { of, until } = fact {
            Some(format!("{} did not respond by {}", self.source(*of), when(*until)))
        } else {
            None
        }
    }

    /// What the desk declared, concluded or kept.
    fn declared(&self, fact: &Fact) -> Option<String> {
        let told = if let Fact::ClaimAdvanced { from, to, reason } = fact {
            format!("advanced from {} to {}{}", from.as_str(), to.as_str(), because(reason.as_ref()))
        } else if let Fact::ClaimOverridden { from, to, reason, .. } = fact {
            format!("overrode {} with {}: {}", from.as_str(), to.as_str(), words(reason))
        } else if let Fact::ClaimClosed { from, to, reason } = fact {
            format!("closed as {}, from {}{}", to.as_str(), from.as_str(), because(reason.as_ref()))
        } else if let Fact::ClaimReopened { from, reason } = fact {
            format!("reopened, from {}: {}", from.as_str(), words(reason))
        } else if let Fact::ClaimMerged { into, reason, .. } = fact {
            format!("merged into {}: {}", self.claim(into), words(reason))
        } else if let Fact::ClaimAbsorbed { merged } = fact {
            format!("took in {}", self.claim(merged))
        } else if let Fact::ClaimsLinked { relation, to } = fact {
            format!("{} {}", onward(*relation), self.claim(to))
        } else {
            return ruled(fact).or_else(|| kept(fact));
        };
        Some(told)
    }

    fn source_added(&self, fact: &Fact) -> String {
        let Fact::SourceAdded { name, source_kind, reliability, speaks_for, part_of, .. } = fact else {
            return plain(fact.kind());
        };
        let mut told = vec![format!("added {}", words(name)), plain(source_kind.as_str())];
        if *reliability != hearsay_core::Reliability::F {
            told.push(format!("rated {}", reliability.as_str()));
        }
        told.extend(speaks_for.map(|principal| format!("speaks for {}", self.source(principal))));
        told.extend(part_of.map(|owner| format!("part of {}", self.source(owner))));
        told.join(", ")
    }

    fn source_related(&self, fact: &Fact) -> String {
        let Fact::SourceRelated { source, relation, to, since, until, reason } = fact else {
            return plain(fact.kind());
        };
        let verb = match relation {
            Relation::SpeaksFor => "speaks for",
            Relation::PartOf => "is part of",
        };
        let to = to.map_or_else(|| "nobody".to_owned(), |to| self.source(to));
        let since = since.map(|at| format!(" since {}", when(at))).unwrap_or_default();
        let until = until.map(|at| format!(" until {}", when(at))).unwrap_or_default();
        format!("{} {verb} {to}{since}{until}{}", self.source(*source), because(reason.as_ref()))
    }

    fn evidence(&self, piece: &Evidence) -> String {
        let via = piece.via.map(|via| format!(" via {}", self.source(via))).unwrap_or_default();
        let handle = piece.handle.as_ref().and_then(Text::body).map(|handle| format!(" [{handle}]"));
        let told = format!("{}{via} {}{}", self.source(piece.source), stance(piece), self.footing(piece));
        told + &handle.unwrap_or_default()
    }

    fn footing(&self, piece: &Evidence) -> String {
        match piece.footing {
            Footing::Own => ", speaking for itself".to_owned(),
            Footing::Document => ", on a document".to_owned(),
            Footing::NamedSources { count } => sources(count, "named"),
            Footing::UnnamedSources { count } => sources(count, "unnamed"),
            Footing::Relays(Relayed::Source(source)) => format!(", relaying {}", self.source(source)),
            Footing::Relays(Relayed::Evidence(id)) => format!(", relaying {}", self.piece(id)),
            Footing::Unknown => ", without saying how it knows".to_owned(),
        }
    }

    fn source(&self, id: SourceId) -> String {
        self.view.names.get(&id).cloned().unwrap_or_else(|| id.to_string())
    }

    fn claim(&self, id: &hearsay_core::ClaimId) -> String {
        self.view.claims.get(id).map_or_else(|| id.to_string(), ClaimNumber::to_string)
    }

    fn piece(&self, id: EvidenceId) -> String {
        self.pieces.get(&id).cloned().unwrap_or_else(|| format!("evidence {id}"))
    }
}

/// What a piece does with the claim; how a neutral one takes no side.
fn stance(piece: &Evidence) -> String {
    match (follow_up_kind(piece, None), piece.manner) {
        (FollowUpKind::Mention, Some(manner)) => manner.as_str().to_owned(),
        _ => piece.stance.as_str().to_owned(),
    }
}

fn sources(count: Option<u32>, sort: &str) -> String {
    match count {
        Some(1) => format!(", on 1 {sort} source"),
        Some(count) => format!(", on {count} {sort} sources"),
        None => format!(", on {sort} sources"),
    }
}

/// What a change of sources or policies did to a claim.
fn restood(from: Standing, view: &EventView) -> String {
    match view.event.weighed.map(|weighed| weighed.standing) {
        Some(now) if now != from => format!("weighed anew: {}, no longer {}", now.as_str(), from.as_str()),
        Some(_) | None => format!("weighed anew: still {}", from.as_str()),
    }
}

fn onward(relation: ClaimRelation) -> &'static str {
    match relation {
        ClaimRelation::Contradicts => "contradicts",
        ClaimRelation::FollowsFrom => "follows from",
    }
}

fn ruled(fact: &Fact) -> Option<String> {
    let told = if let Fact::ProposalMade { proposal } = fact {
        proposed(proposal)
    } else if let Fact::ProposalDeclined { reason, .. } = fact {
        format!("declined what was proposed: {}", words(reason))
    } else if let Fact::RulingPublished { ruling, .. } = fact {
        format!("ruled \"{}\": {}", ruling.rating, words(&ruling.summary))
    } else if let Fact::RulingCorrected { ruling, was, reason, .. } = fact {
        format!("corrected the ruling from \"{}\" to \"{}\": {}", was.rating, ruling.rating, words(reason))
    } else {
        return None;
    };
    Some(told)
}

fn proposed(proposal: &Proposal) -> String {
    format!(
        "proposed: {}, for a second person to approve{}",
        proposal.proposed.as_str(),
        because(proposal.reason.as_ref())
    )
}

/// What was proposed to be erased, what was erased, and what forbids it.
fn erasing(fact: &Fact) -> Option<String> {
    let list = |texts: &[ErasedTexts]| texts.iter().map(erasure::texts).collect::<Vec<_>>().join("; ");
    let told = if let Fact::ErasureProposed { erasure } = fact {
        let why = because(erasure.reason.as_ref());
        format!("proposed to erase {} ({}){why}", list(&erasure.texts), words(&erasure.basis))
    } else if let Fact::TextErased { texts, basis, reason, .. } = fact {
        format!("erased {} ({}){}", list(texts), words(basis), because(reason.as_ref()))
    } else if let Fact::ErasureDeclined { reason, .. } = fact {
        format!("declined to erase what was proposed: {}", words(reason))
    } else if let Fact::ClaimHeld { reason } = fact {
        format!("put it under a hold: {}", words(reason))
    } else if let Fact::ClaimReleased { hold, reason } = fact {
        format!("lifted the hold of event {hold}: {}", words(reason))
    } else {
        return None;
    };
    Some(told)
}

fn kept(fact: &Fact) -> Option<String> {
    let told = if let Fact::ClaimAssigned { to } = fact {
        to.as_ref().map_or_else(|| "assigned to nobody".to_owned(), |to| format!("assigned to {}", words(to)))
    } else if let Fact::PrioritySet { from, to } = fact {
        format!("priority from {} to {}", from.as_str(), to.as_str())
    } else if let Fact::ReviewSet { until } = fact {
        format!("to be reviewed by {}", when(*until))
    } else if let Fact::ClaimTagged { tag } = fact {
        format!("tagged {tag}")
    } else if let Fact::ClaimUntagged { tag } = fact {
        format!("took off the tag {tag}")
    } else if let Fact::NoteAdded { text, .. } = fact {
        format!("noted: {}", words(text))
    } else {
        return None;
    };
    Some(told)
}
