//! A claim's explanation and whole file: the fold of its events, with their words.

use std::collections::HashMap;

use hearsay_core::{
    Attribution, Claim, ClaimId, ClaimNumber, Docket, Event, Evidence, EvidenceId, Explanation, Fact, Footing,
    FromLead, LinkView, Policy, Relayed, Text, Words, attribution, explain, weigh,
};
use sqlx::{Executor, Row};

use crate::error::Fault;
use crate::load::{Loaded, Texts, WithPolicies, load, word};
use crate::read::claims::Incoming;
use crate::wanted::Wanted;
use crate::{ClaimFile, ErasureRow, EvidenceView, HoldView, NoteView, PartyView, Store, StoreError};

/// A claim as loaded, and the docket that it was loaded with.
pub(crate) struct OneClaim {
    pub(crate) loaded: Loaded,
    pub(crate) id: ClaimId,
}

impl OneClaim {
    pub(crate) fn claim(&self) -> Result<&Claim, Fault> {
        self.loaded.docket.claims.get(&self.id).ok_or_else(|| Fault::damaged("a claim without its first event"))
    }

    pub(crate) fn policy(&self, claim: &Claim) -> &Policy {
        self.loaded.docket.policies.of(claim)
    }
}

impl Store {
    /// Why a claim's standing is what it is now; of the claim that it was merged into, where it was.
    pub async fn explanation(&self, claim: ClaimNumber) -> Result<Explanation, StoreError> {
        let one = self.one_claim(claim).await?;
        let end =
            one.claim().map(|claim| one.loaded.docket.leads_to(claim).id).map_err(|fault| self.fault(fault))?;
        self.explained(&OneClaim { id: end, ..one }).await
    }

    /// The same, and who said what on whose word, both of one moment.
    pub async fn attribution(&self, claim: ClaimNumber) -> Result<(Explanation, Attribution), StoreError> {
        let one = self.one_claim(claim).await?;
        let id =
            one.claim().map(|claim| one.loaded.docket.leads_to(claim).id).map_err(|fault| self.fault(fault))?;
        let one = OneClaim { id, ..one };
        let claim = one.claim().map_err(|fault| self.fault(fault))?;
        let attribution = attribution(claim, &one.loaded.docket.registry, one.policy(claim));
        Ok((self.explained(&one).await?, attribution))
    }

    /// All that the docket holds on a claim: on that claim itself, merged or not.
    pub async fn claim_file(&self, claim: ClaimNumber) -> Result<ClaimFile, StoreError> {
        let one = self.one_claim(claim).await?;
        let explanation = self.explained(&one).await?;
        let row = self.claim_row(claim).await?;
        let number = claim;
        let claim = one.claim().map_err(|fault| self.fault(fault))?;
        let mut evidence = pieces(&one, claim);
        self.tell_document_changes(number, &mut evidence).await?;
        Ok(ClaimFile {
            row,
            parties: parties(claim, &one.loaded.docket),
            evidence,
            notes: notes(&one),
            proposals: claim.proposals.clone(),
            erasures: self.erasures_of(&one).await?,
            holds: holds(&one, claim),
            ruling: claim.ruling.clone(),
            explanation,
        })
    }

    /// In a task of its own: whoever goes away must not leave a transaction open on a pooled connection.
    async fn one_claim(&self, number: ClaimNumber) -> Result<OneClaim, StoreError> {
        let store = self.clone();
        let loaded = tokio::spawn(async move { store.loaded(number).await }).await;
        let loaded = loaded.map_err(|error| self.fault(Fault::Other(error.to_string())))??;
        match loaded.docket.numbers.get(&number) {
            Some(id) => Ok(OneClaim { id: *id, loaded }),
            None => Err(StoreError::NotFound { what: "claim", name: number.to_string() }),
        }
    }

    async fn loaded(&self, number: ClaimNumber) -> Result<Loaded, StoreError> {
        let mut reader = self.reader().await?;
        reader.execute("BEGIN").await.map_err(|error| self.fault(error))?;
        let loaded = load(&mut reader, &Wanted::claim(number), Texts::All, WithPolicies::Yes).await;
        reader.execute("ROLLBACK").await.map_err(|error| self.fault(error))?;
        let mut loaded = loaded.map_err(|fault| self.fault(fault))?;
        loaded.events.iter_mut().for_each(|event| self.reader.veil(event));
        Ok(loaded)
    }

    async fn explained(&self, one: &OneClaim) -> Result<Explanation, StoreError> {
        let claim = one.claim().map_err(|fault| self.fault(fault))?;
        let mut explanation = explain(claim, &one.loaded.docket.registry, one.policy(claim));
        explanation.links = self.links(claim).await?;
        Ok(explanation)
    }

    /// The erasures that wait on a claim, and on those that were merged into it.
    async fn erasures_of(&self, one: &OneClaim) -> Result<Vec<ErasureRow>, StoreError> {
        let docket = &one.loaded.docket;
        let mut waiting = self.erasures().await?;
        waiting.retain(|row| {
            let id = row.claim.and_then(|number| docket.numbers.get(&number));
            id.and_then(|id| docket.claims.get(id)).is_some_and(|claim| docket.leads_to(claim).id == one.id)
        });
        Ok(waiting)
    }

    /// The claims that it bears on, and those that bear on it.
    async fn links(&self, claim: &Claim) -> Result<Vec<LinkView>, StoreError> {
        let onward: Vec<Incoming> =
            claim.claim_links.iter().map(|link| Incoming { relation: link.relation, other: link.to }).collect();
        let backward = self.incoming_links(claim.id).await?;
        let mut views = Vec::new();
        for (links, name) in [
            (onward, LinkView::onward as fn(hearsay_core::ClaimRelation) -> &'static str),
            (backward, LinkView::backward),
        ] {
            for link in links {
                if let Some((reference, text, state)) = self.where_it_leads(link.other).await? {
                    let relation = name(link.relation).to_owned();
                    views.push(LinkView { relation, reference, text, state });
                }
            }
        }
        views.sort_by(|a, b| (a.reference, &a.relation).cmp(&(b.reference, &b.relation)));
        views.dedup();
        Ok(views)
    }

    /// Number, text and state of the claim that an id leads to.
    async fn where_it_leads(
        &self,
        id: ClaimId,
    ) -> Result<Option<(ClaimNumber, Option<String>, hearsay_core::State)>, StoreError> {
        let row = sqlx::query(include_str!("../sql/leads_to.sql"))
            .bind(id.0.as_bytes().as_slice())
            .fetch_optional(self.readers())
            .await
            .map_err(|error| self.fault(error))?;
        let Some(row) = row else { return Ok(None) };
        let view = || -> Result<_, Fault> {
            Ok((ClaimNumber(row.try_get::<u32, _>(0)?), row.try_get::<Option<String>, _>(1)?, word(&row, 2)?))
        };
        view().map(Some).map_err(|fault| self.fault(fault))
    }
}

pub(crate) fn parties(claim: &Claim, docket: &Docket) -> Vec<PartyView> {
    let view = |party: &hearsay_core::Party| PartyView {
        source: docket.registry.name(party.source),
        interest: party.interest,
        answer_by: claim.answers.get(&party.source).map(|answer| answer.until),
    };
    claim.parties.iter().map(view).collect()
}

/// The lead that a follow-up was recorded from.
fn from_lead(event: &Event) -> Option<FromLead> {
    if let Fact::FollowUpRecorded { lead, .. } = &event.fact { lead.as_deref().cloned() } else { None }
}

/// Each piece of evidence with its words, as the log took it in.
pub(crate) fn pieces(one: &OneClaim, claim: &Claim) -> Vec<EvidenceView> {
    let registry = &one.loaded.docket.registry;
    let weighing = weigh(claim, registry, one.policy(claim));
    let words: HashMap<EvidenceId, (&Event, &Words)> = one
        .loaded
        .events
        .iter()
        .filter_map(|event| piece_words(event).map(|(id, words)| (id, (event, words))))
        .collect();
    let name_of = |id: EvidenceId| {
        let handle = claim.piece(id).and_then(|piece| piece.handle.as_ref()).and_then(Text::body);
        handle.map_or_else(|| id.to_string(), str::to_owned)
    };
    let relays = |piece: &Evidence| match piece.footing {
        Footing::Relays(Relayed::Source(source)) => Some(registry.name(source)),
        Footing::Relays(Relayed::Evidence(id)) => Some(name_of(id)),
        Footing::Own
        | Footing::Document
        | Footing::NamedSources { .. }
        | Footing::UnnamedSources { .. }
        | Footing::Unknown => None,
    };
    claim
        .evidence
        .iter()
        .zip(&weighing.verdicts)
        .filter_map(|(piece, verdict)| {
            let (event, words) = words.get(&piece.id)?;
            let body = |text: &Option<Text>| text.as_ref().and_then(Text::body).map(str::to_owned);
            Some(EvidenceView {
                id: piece.id,
                handle: body(&piece.handle),
                source: registry.name(piece.source),
                via: piece.via.map(|via| registry.name(via)),
                kind: verdict.kind,
                stance: piece.stance,
                manner: piece.manner,
                footing: piece.footing.as_str(),
                count: count(piece),
                relays: relays(piece),
                framed_as: piece.framed_as,
                credibility: piece.credibility,
                said_at: piece.said_at,
                recorded_at: event.recorded_at,
                withdrawn_at: piece.withdrawn_at,
                struck: piece.struck,
                why: verdict.why,
                url: body(&words.url),
                title: body(&words.title),
                quote: body(&words.quote),
                prefix: body(&words.prefix),
                suffix: body(&words.suffix),
                snapshot: body(&words.snapshot),
                described_as: body(&words.described_as),
                lead: from_lead(event),
                edited_at: None,
                gone_at: None,
            })
        })
        .collect()
}

fn count(piece: &Evidence) -> Option<u32> {
    match piece.footing {
        Footing::NamedSources { count } | Footing::UnnamedSources { count } => count,
        Footing::Own | Footing::Document | Footing::Relays(_) | Footing::Unknown => None,
    }
}

#[expect(clippy::wildcard_enum_match_arm, reason = "only two facts bring evidence")]
fn piece_words(event: &Event) -> Option<(EvidenceId, &Words)> {
    match &event.fact {
        Fact::ClaimReported { evidence, words, .. } | Fact::FollowUpRecorded { evidence, words, .. } => {
            Some((evidence.id, words))
        }
        _ => None,
    }
}

fn holds(one: &OneClaim, claim: &Claim) -> Vec<HoldView> {
    let placed = one.loaded.events.iter().filter(|event| claim.holds.contains(&event.seq));
    placed
        .filter_map(|event| {
            let Fact::ClaimHeld { reason } = &event.fact else { return None };
            Some(HoldView {
                event: event.seq,
                at: event.recorded_at,
                by: event.actor.name.body().map(str::to_owned),
                reason: reason.body().map(str::to_owned),
            })
        })
        .collect()
}

/// The claim's own notes, and those of claims merged into it.
fn notes(one: &OneClaim) -> Vec<NoteView> {
    let docket = &one.loaded.docket;
    let leads_here = |id: &ClaimId| {
        docket.claims.get(id).is_some_and(|claim| claim.id == one.id || docket.leads_to(claim).id == one.id)
    };
    one.loaded
        .events
        .iter()
        .filter(|event| event.claim.as_ref().is_some_and(leads_here))
        .filter_map(|event| {
            let Fact::NoteAdded { text, .. } = &event.fact else { return None };
            Some(NoteView {
                at: event.recorded_at,
                by: event.actor.name.body().map(str::to_owned),
                text: text.body().map(str::to_owned),
            })
        })
        .collect()
}
