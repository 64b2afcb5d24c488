//! On what declared states rested: the origins that counted when each was declared, through their chains.

use std::collections::BTreeSet;

use hearsay_core::{
    ClaimId, ClaimNumber, Docket, Event, EvidenceId, EvidenceRef, Explanation, Fact, OriginView, SourceId, State,
    explain,
};
use jiff::Timestamp;
use serde::Serialize;
use uuid::Uuid;

use super::fold::Horizon;
use crate::load::uuid;
use crate::{Store, StoreError};

/// What a question of decisions is about.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Ground {
    /// One piece of evidence.
    Evidence(EvidenceId),
    /// A source, with all that it was merged with: its words, and what it carried.
    Sources(Vec<SourceId>),
}

/// How a piece bore on a decision.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Bearing {
    /// An origin that counted.
    Origin,
    /// It relayed one.
    Relay,
}

/// One origin on which a declared state rested.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct Rest {
    /// Whether it affirmed or denied the claim.
    pub stance: hearsay_core::Stance,
    /// Group, evidence and chains, as the explanation of that moment has them.
    #[serde(flatten)]
    pub origin: OriginView,
}

/// A change of a claim's declared state, and on what it rested.
#[derive(Clone, PartialEq, Debug, Serialize)]
pub struct Decision {
    /// Its position in the log.
    pub seq: u64,
    /// The claim.
    pub reference: ClaimNumber,
    /// Who declared it; none where the name was erased.
    pub actor: Option<String>,
    /// Kind of the event.
    pub kind: &'static str,
    /// From that state.
    pub from: State,
    /// To that state.
    pub to: State,
    /// When it was recorded.
    pub recorded_at: Timestamp,
    /// The origins that bore it.
    pub rested_on: Vec<Rest>,
    /// How what was asked for bore on it; none where all decisions were asked for.
    pub bearing: Option<Bearing>,
}

impl Store {
    /// Every decision on a claim, and on those that were merged with it, in their order.
    pub async fn decisions(&self, claim: ClaimNumber) -> Result<Vec<Decision>, StoreError> {
        let horizon = Horizon { seq: i64::MAX, at: Timestamp::MAX };
        let tale = self.tale(&[claim], horizon).await?;
        let mut docket = Docket::default();
        let mut decisions = Vec::new();
        for event in tale.events() {
            decisions.extend(decision(&docket, event));
            docket.apply(event);
        }
        Ok(decisions)
    }

    /// The decisions that rested on a piece of evidence or a source, as origin or through a chain, claim by claim.
    pub async fn decided_on(&self, ground: &Ground, claims: &[ClaimNumber]) -> Result<Vec<Decision>, StoreError> {
        let mut seen = BTreeSet::new();
        let mut found = Vec::new();
        for claim in claims {
            if seen.contains(claim) {
                continue;
            }
            let decisions = self.decisions(*claim).await?;
            seen.insert(*claim);
            seen.extend(decisions.iter().map(|decision| decision.reference));
            let wanted = self.pieces_of(ground, &decisions).await?;
            found.extend(decisions.into_iter().filter_map(|decision| narrowed(decision, &wanted)));
        }
        found.sort_by_key(|decision| decision.seq);
        found.dedup_by_key(|decision| decision.seq);
        Ok(found)
    }

    /// The claims on which decisions may have rested on something.
    pub async fn claims_resting_on(&self, ground: &Ground) -> Result<Vec<ClaimNumber>, StoreError> {
        let (pieces, sources) = match ground {
            Ground::Evidence(id) => (vec![id.0], Vec::new()),
            Ground::Sources(ids) => (Vec::new(), ids.iter().map(|id| id.0).collect()),
        };
        let numbers: Vec<u32> = sqlx::query_scalar(include_str!("../sql/audit/claims_resting_on.sql"))
            .bind(hex_list(&pieces))
            .bind(hex_list(&sources))
            .fetch_all(self.readers())
            .await
            .map_err(|error| self.fault(error))?;
        Ok(numbers.into_iter().map(ClaimNumber).collect())
    }

    /// The piece of evidence of that name: its handle or its UUID; else the source of that name.
    pub async fn find_ground(&self, name: &str) -> Result<Ground, StoreError> {
        let row = sqlx::query(include_str!("../sql/audit/find_evidence.sql"))
            .bind(name)
            .bind(Uuid::try_parse(name).ok().map(|id| id.as_bytes().to_vec()))
            .fetch_optional(self.readers())
            .await
            .map_err(|error| self.fault(error))?;
        if let Some(row) = row {
            return uuid(&row, 0).map(|id| Ground::Evidence(EvidenceId(id))).map_err(|fault| self.fault(fault));
        }
        let ids = match self.all_of(&[name.to_owned()]).await {
            Err(StoreError::NotFound { name, .. }) => {
                Err(StoreError::NotFound { what: "evidence or source", name })
            }
            found => found,
        }?;
        Ok(Ground::Sources(ids.unwrap_or_default()))
    }

    /// Which of the pieces that decisions rested on were asked for.
    async fn pieces_of(&self, ground: &Ground, of: &[Decision]) -> Result<BTreeSet<EvidenceId>, StoreError> {
        let sources = match ground {
            Ground::Evidence(id) => return Ok(BTreeSet::from([*id])),
            Ground::Sources(sources) => sources,
        };
        let pieces: BTreeSet<Uuid> = of.iter().flat_map(borne).map(|piece| piece.id.0).collect();
        let rows = sqlx::query(include_str!("../sql/audit/pieces_of_sources.sql"))
            .bind(hex_list(&pieces.into_iter().collect::<Vec<_>>()))
            .bind(hex_list(&sources.iter().map(|id| id.0).collect::<Vec<_>>()))
            .fetch_all(self.readers())
            .await
            .map_err(|error| self.fault(error))?;
        rows.iter().map(|row| uuid(row, 0).map(EvidenceId).map_err(|fault| self.fault(fault))).collect()
    }
}

fn hex_list(ids: &[Uuid]) -> String {
    crate::wanted::json(ids.iter().map(|id| id.simple().to_string()))
}

/// The decision that an event is, on the docket as it was before it.
fn decision(docket: &Docket, event: &Event) -> Option<Decision> {
    let id: ClaimId = event.claim?;
    let claim = docket.claims.get(&id)?;
    let to = declared(&event.fact)?;
    let explanation = explain(claim, &docket.registry, docket.policies.of(claim));
    Some(Decision {
        seq: event.seq,
        reference: claim.number,
        actor: event.actor.name.body().map(str::to_owned),
        kind: event.fact.kind(),
        from: claim.state,
        to,
        recorded_at: event.recorded_at,
        rested_on: rests(explanation, to),
        bearing: None,
    })
}

/// The state that a fact declares.
#[expect(clippy::wildcard_enum_match_arm, reason = "no other fact declares a state")]
fn declared(fact: &Fact) -> Option<State> {
    match fact {
        Fact::ClaimAdvanced { to, .. } | Fact::ClaimOverridden { to, .. } | Fact::ClaimClosed { to, .. } => {
            Some(*to)
        }
        Fact::ClaimReopened { .. } => Some(State::Reported),
        Fact::ClaimMerged { .. } => Some(State::Merged),
        _ => None,
    }
}

/// The origins that bore a state: of the side that it declares, else all that counted.
fn rests(explanation: Explanation, to: State) -> Vec<Rest> {
    let declared = to.declared().filter(|standing| standing.is_supported() || standing.is_opposed());
    let affirming = declared.is_none_or(hearsay_core::Standing::is_supported);
    let denying = declared.is_none_or(hearsay_core::Standing::is_opposed);
    let side = |origins: Vec<OriginView>, stance, bears: bool| {
        origins.into_iter().filter(move |_| bears).map(move |origin| Rest { stance, origin })
    };
    side(explanation.origins.affirming, hearsay_core::Stance::Affirms, affirming)
        .chain(side(explanation.origins.denying, hearsay_core::Stance::Denies, denying))
        .collect()
}

/// Every piece that a decision rested on, through whatever chain.
fn borne(decision: &Decision) -> impl Iterator<Item = &EvidenceRef> {
    decision
        .rested_on
        .iter()
        .flat_map(|rest| rest.origin.evidence.iter().chain(rest.origin.chains.iter().flatten()))
}

/// The decision with only what is wanted of its grounds; none where it did not rest on that.
fn narrowed(mut decision: Decision, wanted: &BTreeSet<EvidenceId>) -> Option<Decision> {
    let is_wanted = |piece: &EvidenceRef| wanted.contains(&piece.id);
    let is_origin = decision.rested_on.iter().any(|rest| rest.origin.evidence.iter().any(is_wanted));
    for rest in &mut decision.rested_on {
        rest.origin.chains.retain(|chain| chain.iter().any(is_wanted));
    }
    decision.rested_on.retain(|rest| rest.origin.evidence.iter().any(is_wanted) || !rest.origin.chains.is_empty());
    decision.bearing = Some(if is_origin { Bearing::Origin } else { Bearing::Relay });
    (!decision.rested_on.is_empty()).then_some(decision)
}
