//! The docket as the rules see it: claims, registry, policies, and who is known under which name.
//! It may hold a part only; the store puts there what a command needs before it is decided.

use std::collections::{BTreeMap, HashMap, HashSet};

use uuid::Uuid;

use crate::{
    Claim, ClaimId, ClaimNumber, EvidenceId, KeptTexts, Lead, LeadNumber, Policies, ProposalId, Reference,
    Registry, SourceId, WaitingErasure, fold_name,
};

/// What a handle names. Handles of sources, claims and evidence share one namespace.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Referent {
    /// A source.
    Source(SourceId),
    /// A claim.
    Claim(ClaimId),
    /// A piece of evidence.
    Evidence(EvidenceId),
    /// A lead.
    Lead(LeadNumber),
}

impl Referent {
    /// The word for what it names.
    pub fn noun(self) -> &'static str {
        match self {
            Self::Source(_) => "source",
            Self::Claim(_) => "claim",
            Self::Evidence(_) => "piece of evidence",
            Self::Lead(_) => "lead",
        }
    }
}

/// The state that decisions are taken on.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct Docket {
    /// Claims, merged ones included.
    pub claims: HashMap<ClaimId, Claim>,
    /// Sources.
    pub registry: Registry,
    /// Policies.
    pub policies: Policies,
    /// Handles, exact.
    pub handles: HashMap<String, Referent>,
    /// Names and aliases of sources, folded by [`fold_name`].
    pub names: HashMap<String, SourceId>,
    /// Claims by number.
    pub numbers: HashMap<ClaimNumber, ClaimId>,
    /// The claim on which a piece was recorded (before any merge).
    pub evidence: HashMap<EvidenceId, ClaimId>,
    /// The claim on which a lead was laid (before any merge).
    pub leads: HashMap<LeadNumber, ClaimId>,
    /// The number that the last reported claim got; 0 before the first.
    pub last_number: u32,
    /// The number that the last lead got; 0 before the first.
    pub last_lead: u32,
    /// Erasures that wait for a second person.
    pub erasures: BTreeMap<ProposalId, WaitingErasure>,
    /// The texts of events that a command would erase, by the events' positions: put there for that command alone.
    pub texts: BTreeMap<u64, KeptTexts>,
}

impl Docket {
    /// What a reference names, in any of its forms; a source's handle goes before its name.
    pub fn referents(&self, reference: &Reference) -> Vec<Referent> {
        let text = reference.as_str();
        let mut found: Vec<Referent> = self.handles.get(text).copied().into_iter().collect();
        found.extend(self.names.get(&fold_name(text)).copied().map(Referent::Source));
        if let Ok(number) = text.parse::<ClaimNumber>() {
            found.extend(self.numbers.get(&number).copied().map(Referent::Claim));
        }
        if let Ok(number) = text.parse::<LeadNumber>()
            && self.leads.contains_key(&number)
        {
            found.push(Referent::Lead(number));
        }
        if let Ok(id) = Uuid::try_parse(text) {
            found.extend(self.by_id(id));
        }
        found
    }

    fn by_id(&self, id: Uuid) -> Option<Referent> {
        if self.registry.get(SourceId(id)).is_some() {
            Some(Referent::Source(SourceId(id)))
        } else if self.claims.contains_key(&ClaimId(id)) {
            Some(Referent::Claim(ClaimId(id)))
        } else if self.evidence.contains_key(&EvidenceId(id)) {
            Some(Referent::Evidence(EvidenceId(id)))
        } else {
            None
        }
    }

    /// The source so named: what it turned out to be, where it was merged.
    pub fn source(&self, reference: &Reference) -> Option<SourceId> {
        self.referents(reference).into_iter().find_map(|referent| match referent {
            Referent::Source(id) => Some(self.registry.canonical(id)),
            Referent::Claim(_) | Referent::Evidence(_) | Referent::Lead(_) => None,
        })
    }

    /// The claim so named, itself: not what it was merged into.
    pub fn claim(&self, reference: &Reference) -> Option<&Claim> {
        self.referents(reference).into_iter().find_map(|referent| match referent {
            Referent::Claim(id) => self.claims.get(&id),
            Referent::Source(_) | Referent::Evidence(_) | Referent::Lead(_) => None,
        })
    }

    /// The piece so named, and the claim that it now belongs to.
    pub fn piece(&self, reference: &Reference) -> Option<(EvidenceId, &Claim)> {
        self.referents(reference).into_iter().find_map(|referent| match referent {
            Referent::Evidence(id) => {
                let claim = self.claims.get(self.evidence.get(&id)?)?;
                Some((id, self.leads_to(claim)))
            }
            Referent::Source(_) | Referent::Claim(_) | Referent::Lead(_) => None,
        })
    }

    /// The lead so named, and the claim that it now belongs to.
    pub fn lead(&self, reference: &Reference) -> Option<(&Lead, &Claim)> {
        let number = self.referents(reference).into_iter().find_map(|referent| match referent {
            Referent::Lead(number) => Some(number),
            Referent::Source(_) | Referent::Claim(_) | Referent::Evidence(_) => None,
        })?;
        let claim = self.leads_to(self.claims.get(self.leads.get(&number)?)?);
        Some((claim.leads.get(&number)?, claim))
    }

    /// Where a claim's reference leads: itself, or what it was merged into, at any remove.
    pub fn leads_to<'a>(&'a self, claim: &'a Claim) -> &'a Claim {
        let mut at = claim;
        while let Some(into) = at.merged_into.and_then(|into| self.claims.get(&into)) {
            at = into;
        }
        at
    }

    /// Whether everything that the reference may mean is here, a claim with all that it leads to.
    pub fn holds(&self, reference: &Reference) -> bool {
        let referents = self.referents(reference);
        !referents.is_empty() && referents.into_iter().all(|referent| self.holds_referent(referent))
    }

    fn holds_referent(&self, referent: Referent) -> bool {
        match referent {
            Referent::Source(id) => self.registry.get(id).is_some(),
            Referent::Claim(id) => self.claims.contains_key(&id),
            Referent::Evidence(id) => self.evidence.get(&id).is_some_and(|claim| self.claims.contains_key(claim)),
            Referent::Lead(number) => self.leads.get(&number).is_some_and(|claim| self.claims.contains_key(claim)),
        }
    }

    /// Drops claims from this part of the docket, and what is known of them by name.
    pub fn forget_claims(&mut self, ids: &HashSet<ClaimId>) {
        self.claims.retain(|id, _| !ids.contains(id));
        self.numbers.retain(|_, id| !ids.contains(id));
        self.evidence.retain(|_, claim| !ids.contains(claim));
        self.leads.retain(|_, claim| !ids.contains(claim));
        let (claims, evidence) = (&self.claims, &self.evidence);
        self.handles.retain(|_, referent| match referent {
            Referent::Source(_) | Referent::Lead(_) => true,
            Referent::Claim(id) => claims.contains_key(id),
            Referent::Evidence(id) => evidence.contains_key(id),
        });
    }

    /// Takes in another part of the same log; what is here already stays, as do the policies and what waits to be erased.
    pub fn take_in(&mut self, part: Self) {
        for (id, claim) in part.claims {
            self.claims.entry(id).or_insert(claim);
        }
        for source in part.registry.into_sources() {
            if self.registry.get(source.id).is_none() {
                self.registry.put(source);
            }
        }
        keep_first(&mut self.handles, part.handles);
        keep_first(&mut self.names, part.names);
        keep_first(&mut self.numbers, part.numbers);
        keep_first(&mut self.evidence, part.evidence);
        keep_first(&mut self.leads, part.leads);
    }
}

fn keep_first<K: Eq + std::hash::Hash, V>(into: &mut HashMap<K, V>, from: HashMap<K, V>) {
    for (key, value) in from {
        into.entry(key).or_insert(value);
    }
}
