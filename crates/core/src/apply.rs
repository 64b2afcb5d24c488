//! Applies one event to the docket. Nothing else changes a claim, a source or a policy.
//! Invariant: applying is total: whatever the log holds can be folded, on a docket that holds what it touches.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;

use crate::erasure::ACTOR;
use crate::{
    Answer, Claim, ClaimId, ClaimLink, Docket, ErasedTexts, Erasure, Event, Evidence, EvidenceId, Fact, Lead,
    LeadState, OriginLink, Party, Proposal, ProposalId, Proposed, Referent, Relation, Source, SourceId, State,
    Tenure, Text, Timeline, WaitingErasure, fold_name,
};

impl Docket {
    /// Applies one event.
    pub fn apply(&mut self, event: &Event) {
        self.forget_stale_texts(&event.fact);
        self.apply_erasure(event);
        match event.claim {
            Some(id) => self.apply_to_claim(id, event),
            None => self.apply_to_registry(&event.fact),
        }
    }

    fn apply_to_claim(&mut self, id: ClaimId, event: &Event) {
        if let Some(claim) = opened(id, event) {
            self.last_number = self.last_number.max(claim.number.0);
            self.numbers.insert(claim.number, id);
            self.claims.insert(id, claim);
        }
        if let Fact::ClaimAbsorbed { merged } = &event.fact {
            self.absorb(id, *merged);
        }
        self.know(id, &event.fact);
        if let Some(claim) = self.claims.get_mut(&id) {
            claim.apply(event);
        }
    }

    #[expect(clippy::wildcard_enum_match_arm, reason = "one part of the facts; `Fact::kind` lists them all")]
    fn apply_erasure(&mut self, event: &Event) {
        match &event.fact {
            Fact::ErasureProposed { erasure } => {
                let waiting = WaitingErasure { claim: event.claim, erasure: Erasure::clone(erasure) };
                self.erasures.insert(erasure.id, waiting);
            }
            Fact::ErasureDeclined { proposal, .. } => {
                self.erasures.remove(proposal);
            }
            Fact::TextErased { texts, proposal, .. } => {
                self.erasures.remove(proposal);
                for texts in texts {
                    self.forget_words(texts);
                }
            }
            _ => {}
        }
    }

    /// Forgets what was put here for an erasure and lacks the copies that this fact makes, or may.
    #[expect(clippy::wildcard_enum_match_arm, reason = "no other fact copies words of another event")]
    fn forget_stale_texts(&mut self, fact: &Fact) {
        if self.texts.is_empty() {
            return;
        }
        match fact {
            Fact::RulingCorrected { .. }
            | Fact::ClaimMerged { .. }
            | Fact::FollowUpRecorded { lead: Some(_), .. } => {
                self.texts.retain(|_, kept| kept.of.claim.is_none());
            }
            Fact::RulingPublished { proposal: Some(id), .. }
            | Fact::ClaimOverridden { proposal: Some(id), .. }
            | Fact::TextErased { proposal: id, .. } => {
                self.texts.retain(|_, kept| kept.of.proposal != Some(*id));
            }
            _ => {}
        }
    }

    /// Forgets the words of texts that were erased, wherever this docket keeps them.
    fn forget_words(&mut self, erased: &ErasedTexts) {
        if let Some(source) = erased.source {
            self.forget_names(source, erased);
        }
        if let Some(claim) = erased.claim.and_then(|id| self.claims.get_mut(&id)) {
            claim.forget_words(erased);
        }
        if erased.has("ref")
            && let Some(claim) = erased.claim
        {
            self.handles.retain(|_, referent| *referent != Referent::Claim(claim));
        }
        if erased.has("evidence.ref")
            && let Some(piece) = erased.evidence
        {
            self.handles.retain(|_, referent| *referent != Referent::Evidence(piece));
            for claim in self.claims.values_mut() {
                claim.change(piece, |piece| piece.handle = Some(Text::Sealed));
            }
        }
        if let Some(lead) = erased.lead {
            for claim in self.claims.values_mut() {
                if let Some(lead) = claim.leads.get_mut(&lead) {
                    lead.forget_words(erased);
                }
            }
        }
        if let Some(waiting) = erased.proposal.and_then(|id| self.erasures.get_mut(&id)) {
            waiting.erasure.forget_words(erased);
        }
    }

    /// Forgets all names of a source of which one was erased: a docket may hold a part of them only.
    fn forget_names(&mut self, id: SourceId, erased: &ErasedTexts) {
        if erased.has("ref") {
            self.handles.retain(|_, referent| *referent != Referent::Source(id));
        }
        if erased.fields.iter().any(|field| field != "ref" && field != ACTOR) {
            self.names.retain(|_, source| *source != id);
            if let Some(source) = self.registry.get_mut(id) {
                source.aliases.clear();
                if erased.has("name") {
                    source.name = Source::erased_name(id);
                }
            }
        }
    }

    /// Keeps the handles that the fact brings, and where its evidence lies.
    fn know(&mut self, id: ClaimId, fact: &Fact) {
        if let Fact::ClaimReported { handle: Some(Text::Body(handle)), .. } = fact {
            self.handles.insert(handle.clone(), Referent::Claim(id));
        }
        if let Fact::LeadLaid { lead, .. } = fact {
            self.last_lead = self.last_lead.max(lead.0);
            self.leads.insert(*lead, id);
        }
        if let Fact::ClaimReported { evidence, .. } | Fact::FollowUpRecorded { evidence, .. } = fact {
            self.evidence.insert(evidence.id, id);
            if let Some(Text::Body(handle)) = &evidence.handle {
                self.handles.insert(handle.clone(), Referent::Evidence(evidence.id));
            }
        }
    }

    /// Moves what a merged claim has to the claim that stays.
    fn absorb(&mut self, into: ClaimId, merged: ClaimId) {
        let Some(from) = self.claims.get_mut(&merged) else { return };
        let evidence = std::mem::take(&mut from.evidence);
        let origin_links = std::mem::take(&mut from.origin_links);
        let claim_links = std::mem::take(&mut from.claim_links);
        let holds = std::mem::take(&mut from.holds);
        let leads = std::mem::take(&mut from.leads);
        if let Some(claim) = self.claims.get_mut(&into) {
            claim.evidence.extend(evidence);
            claim.origin_links.extend(origin_links);
            claim.holds.extend(holds);
            claim.leads.extend(leads);
            claim.claim_links.extend(claim_links.into_iter().filter(|link| link.to != into));
            claim.claim_links.retain(|link| link.to != merged);
        }
    }

    #[expect(clippy::wildcard_enum_match_arm, reason = "one part of the facts; `Fact::kind` lists them all")]
    fn apply_to_registry(&mut self, fact: &Fact) {
        match fact {
            Fact::SourceAdded { .. } => self.add_source(fact),
            Fact::SourceAliased { source, alias } => {
                if let (Some(alias), Some(source)) = (alias.body(), self.registry.get_mut(*source)) {
                    source.aliases.push(alias.to_owned());
                    self.names.insert(fold_name(alias), source.id);
                }
            }
            Fact::SourceRated { source, reliability, .. } => {
                if let Some(source) = self.registry.get_mut(*source) {
                    source.reliability = *reliability;
                }
            }
            Fact::SourceRelated { source, relation, to, since, until, .. } => {
                if let Some(source) = self.registry.get_mut(*source) {
                    let told = source.timeline(*relation).told(*since, *until, *to);
                    match relation {
                        Relation::SpeaksFor => source.speaks_for = told,
                        Relation::PartOf => source.part_of = told,
                    }
                }
            }
            Fact::SourcesMerged { source, into, .. } => {
                if let Some(source) = self.registry.get_mut(*source) {
                    source.merged_into = Some(*into);
                }
            }
            Fact::PolicySet { policy, .. } => self.policies.put((**policy).clone()),
            _ => {}
        }
    }

    fn add_source(&mut self, fact: &Fact) {
        let Fact::SourceAdded { source, handle, name, source_kind, aliases, reliability, speaks_for, part_of } =
            fact
        else {
            return;
        };
        let always = |to: &Option<_>| {
            Timeline::from_tenures(to.iter().map(|to| Tenure { since: None, until: None, to: *to }).collect())
        };
        let bodies: Vec<String> = aliases.iter().filter_map(Text::body).map(str::to_owned).collect();
        for known in name.body().into_iter().chain(bodies.iter().map(String::as_str)) {
            self.names.insert(fold_name(known), *source);
        }
        if let Some(handle) = handle.as_ref().and_then(Text::body) {
            self.handles.insert(handle.to_owned(), Referent::Source(*source));
        }
        self.registry.put(Source {
            id: *source,
            name: name.body().map_or_else(|| Source::erased_name(*source), str::to_owned),
            aliases: bodies,
            kind: *source_kind,
            reliability: *reliability,
            speaks_for: always(speaks_for),
            part_of: always(part_of),
            merged_into: None,
        });
    }
}

/// The claim that a report opens; its evidence and the rest of its first event are applied next.
pub(crate) fn opened(id: ClaimId, event: &Event) -> Option<Claim> {
    let Fact::ClaimReported {
        number,
        text,
        claim_kind,
        topic,
        language,
        priority,
        tags,
        policy,
        parties,
        answer_by,
        review_by,
        ..
    } = &event.fact
    else {
        return None;
    };
    let answer = |until: &Timestamp| Answer { until: *until, silent: false };
    Some(Claim {
        id,
        number: *number,
        version: 0,
        text: text.clone(),
        kind: *claim_kind,
        state: State::Reported,
        topic: topic.clone(),
        language: language.clone(),
        priority: *priority,
        tags: tags.iter().cloned().collect::<BTreeSet<_>>(),
        policy: policy.clone(),
        parties: parties.clone(),
        evidence: Vec::new(),
        leads: BTreeMap::new(),
        origin_links: Vec::new(),
        claim_links: BTreeSet::new(),
        answers: answer_by
            .iter()
            .flat_map(|until| parties.iter().map(|party| (party.source, answer(until))))
            .collect(),
        assignee: None,
        assigned_at: 0,
        opened_at: event.recorded_at,
        updated_at: event.recorded_at,
        review_by: *review_by,
        overdue: false,
        proposals: Vec::new(),
        ruling: None,
        ruled_at: 0,
        holds: BTreeSet::new(),
        held_at: None,
        merged_into: None,
        weighed: event.weighed.unwrap_or_default(),
    })
}

impl Claim {
    /// Applies one event of this claim; what moves between claims is the docket's to apply.
    pub(crate) fn apply(&mut self, event: &Event) {
        self.version += 1;
        self.updated_at = event.recorded_at;
        self.apply_evidence(&event.fact);
        self.apply_lead(&event.fact);
        self.apply_care(event);
        self.apply_declaration(event, event.weighed.map_or(self.weighed.standing, |after| after.standing));
        if let Some(weighed) = event.weighed {
            self.weighed = weighed;
        }
        if self.state.is_open() && self.held_at != Some(self.weighed.standing) {
            self.held_at = None;
        }
    }

    #[expect(clippy::wildcard_enum_match_arm, reason = "one part of the facts; `Fact::kind` lists them all")]
    fn apply_evidence(&mut self, fact: &Fact) {
        match fact {
            Fact::ClaimReported { evidence, .. } | Fact::FollowUpRecorded { evidence, .. } => {
                self.evidence.push((**evidence).clone());
            }
            Fact::EvidenceWithdrawn { evidence, said_at, .. } => {
                self.change(*evidence, |piece| piece.withdrawn_at = Some(*said_at));
            }
            Fact::EvidenceStruck { evidence, .. } => self.change(*evidence, |piece| piece.struck = true),
            Fact::OriginsLinked { evidence, .. } => {
                self.origin_links.push(OriginLink { evidence: evidence.clone() });
            }
            Fact::PartySet { source, interest, answer_by, .. } => {
                match self.parties.iter_mut().find(|party| party.source == *source) {
                    Some(party) => party.interest = *interest,
                    None => self.parties.push(Party { source: *source, interest: *interest }),
                }
                if let Some(until) = answer_by {
                    self.answers.entry(*source).or_insert(Answer { until: *until, silent: false });
                }
            }
            Fact::AnswerRequested { of, until } => {
                self.answers.insert(*of, Answer { until: *until, silent: false });
            }
            Fact::SilenceRecorded { of, until } => {
                self.answers.insert(*of, Answer { until: *until, silent: true });
            }
            _ => {}
        }
    }

    #[expect(clippy::wildcard_enum_match_arm, reason = "one part of the facts; `Fact::kind` lists them all")]
    fn apply_lead(&mut self, fact: &Fact) {
        match fact {
            Fact::LeadLaid { lead, arrival, suggested, words, .. } => {
                self.leads.insert(*lead, Lead::laid(*lead, *arrival, suggested, words));
            }
            Fact::LeadFolded { into, item, .. } => {
                if let Some(lead) = self.leads.get_mut(into) {
                    lead.items.insert(*item);
                }
            }
            Fact::LeadDismissed { lead, .. } => {
                if let Some(lead) = self.leads.get_mut(lead) {
                    lead.state = LeadState::Dismissed;
                }
            }
            Fact::FollowUpRecorded { evidence, lead: Some(from), .. } => {
                if let Some(lead) = self.leads.get_mut(&from.lead) {
                    lead.take(evidence.id, &from.taken);
                }
            }
            Fact::EvidenceStruck { evidence, .. } => {
                let of_it = |lead: &&mut Lead| lead.recorded() == Some(*evidence);
                if let Some(lead) = self.leads.values_mut().find(of_it) {
                    lead.state = LeadState::Undone { evidence: *evidence };
                }
            }
            _ => {}
        }
    }

    fn change(&mut self, id: EvidenceId, change: impl FnOnce(&mut Evidence)) {
        if let Some(piece) = self.evidence.iter_mut().find(|piece| piece.id == id) {
            change(piece);
        }
    }

    #[expect(clippy::wildcard_enum_match_arm, reason = "one part of the facts; `Fact::kind` lists them all")]
    fn apply_care(&mut self, event: &Event) {
        match &event.fact {
            Fact::ClaimAssigned { to } => {
                self.assignee.clone_from(to);
                self.assigned_at = event.seq;
            }
            Fact::ClaimHeld { .. } => {
                self.holds.insert(event.seq);
            }
            Fact::ClaimReleased { hold, .. } => {
                self.holds.remove(hold);
            }
            Fact::PrioritySet { to, .. } => self.priority = *to,
            Fact::ReviewSet { until } => {
                self.review_by = Some(*until);
                self.overdue = false;
            }
            Fact::OverdueMarked { .. } => self.overdue = true,
            Fact::ClaimTagged { tag } => {
                self.tags.insert(tag.clone());
            }
            Fact::ClaimUntagged { tag } => {
                self.tags.remove(tag);
            }
            Fact::ClaimsLinked { relation, to } => {
                self.claim_links.insert(ClaimLink { relation: *relation, to: *to });
            }
            _ => {}
        }
    }

    #[expect(clippy::wildcard_enum_match_arm, reason = "one part of the facts; `Fact::kind` lists them all")]
    fn apply_declaration(&mut self, event: &Event, standing: crate::Standing) {
        match &event.fact {
            Fact::ClaimAdvanced { to, .. } => {
                self.state = *to;
                self.held_at = None;
            }
            Fact::ClaimOverridden { to, proposal, .. } => {
                self.state = *to;
                self.held_at = Some(standing);
                self.settle(*proposal);
            }
            Fact::ProposalMade { proposal } => self.proposals.push(Proposal::clone(proposal)),
            Fact::ProposalDeclined { proposal, .. } => self.settle(Some(*proposal)),
            Fact::RulingPublished { ruling, proposal } | Fact::RulingCorrected { ruling, proposal, .. } => {
                self.ruling = Some((**ruling).clone());
                self.ruled_at = event.seq;
                self.review_by = None;
                self.overdue = false;
                self.settle(*proposal);
            }
            Fact::ClaimClosed { to, .. } => {
                self.state = *to;
                self.held_at = Some(standing);
            }
            Fact::ClaimReopened { .. } => {
                self.state = State::Reported;
                self.held_at = None;
            }
            Fact::ClaimMerged { into, .. } => {
                self.state = State::Merged;
                self.merged_into = Some(*into);
                self.held_at = None;
                self.proposals.clear();
            }
            _ => {}
        }
    }

    fn settle(&mut self, proposal: Option<ProposalId>) {
        self.proposals.retain(|waiting| Some(waiting.id) != proposal);
    }

    /// Seals the words of this claim's own events that were erased.
    fn forget_words(&mut self, erased: &ErasedTexts) {
        if erased.has("text") && erased.evidence.is_some() {
            self.text = Text::Sealed;
        }
        if erased.has("to") && erased.event == self.assigned_at {
            self.assignee = self.assignee.as_ref().map(|_| Text::Sealed);
        }
        if erased.has("ruling.summary")
            && erased.event == self.ruled_at
            && let Some(ruling) = &mut self.ruling
        {
            ruling.summary = Text::Sealed;
        }
        for proposal in self.proposals.iter_mut().filter(|proposal| Some(proposal.id) == erased.proposal) {
            proposal.forget_words(erased);
        }
    }
}

impl Proposal {
    fn forget_words(&mut self, erased: &ErasedTexts) {
        if erased.has("proposal.by") {
            self.by = Text::Sealed;
        }
        if erased.has("proposal.reason") {
            self.reason = Some(Text::Sealed);
        }
        match &mut self.proposed {
            Proposed::Ruling { ruling } | Proposed::Correction { ruling }
                if erased.has("proposal.proposed.ruling.summary") =>
            {
                ruling.summary = Text::Sealed;
            }
            Proposed::Ruling { .. } | Proposed::Correction { .. } | Proposed::Override { .. } => {}
        }
    }
}

impl Erasure {
    fn forget_words(&mut self, erased: &ErasedTexts) {
        if erased.has("erasure.by") {
            self.by = Text::Sealed;
        }
        if erased.has("erasure.basis") {
            self.basis = Text::Sealed;
        }
        if erased.has("erasure.reason") {
            self.reason = Some(Text::Sealed);
        }
    }
}
