//! Applies one event to the docket. Nothing else changes a claim, a source or a policy.
//! Invariant: applying is total: whatever the log holds can be folded, on a docket that holds what it touches.

use std::collections::BTreeSet;

use jiff::Timestamp;

use crate::{
    Answer, Claim, ClaimId, ClaimLink, Docket, Event, Evidence, EvidenceId, Fact, OriginLink, Party, Proposal,
    ProposalId, Referent, Relation, Source, State, Tenure, Text, Timeline, fold_name,
};

impl Docket {
    /// Applies one event.
    pub fn apply(&mut self, event: &Event) {
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

    /// Keeps the handles that the fact brings, and where its evidence lies.
    fn know(&mut self, id: ClaimId, fact: &Fact) {
        if let Fact::ClaimReported { handle: Some(Text::Body(handle)), .. } = fact {
            self.handles.insert(handle.clone(), Referent::Claim(id));
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
        if let Some(claim) = self.claims.get_mut(&into) {
            claim.evidence.extend(evidence);
            claim.origin_links.extend(origin_links);
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
            name: name.body().map_or_else(|| source.to_string(), str::to_owned),
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
        origin_links: Vec::new(),
        claim_links: BTreeSet::new(),
        answers: answer_by
            .iter()
            .flat_map(|until| parties.iter().map(|party| (party.source, answer(until))))
            .collect(),
        assignee: None,
        opened_at: event.recorded_at,
        updated_at: event.recorded_at,
        review_by: *review_by,
        overdue: false,
        proposals: Vec::new(),
        ruling: None,
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
        self.apply_care(&event.fact);
        self.apply_declaration(&event.fact, event.weighed.map_or(self.weighed.standing, |after| after.standing));
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

    fn change(&mut self, id: EvidenceId, change: impl FnOnce(&mut Evidence)) {
        if let Some(piece) = self.evidence.iter_mut().find(|piece| piece.id == id) {
            change(piece);
        }
    }

    #[expect(clippy::wildcard_enum_match_arm, reason = "one part of the facts; `Fact::kind` lists them all")]
    fn apply_care(&mut self, fact: &Fact) {
        match fact {
            Fact::ClaimAssigned { to } => self.assignee.clone_from(to),
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
    fn apply_declaration(&mut self, fact: &Fact, standing: crate::Standing) {
        match fact {
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
}
