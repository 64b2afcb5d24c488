//! The explanation of a standing, as data: what counts, through which chains; what doesn't, and why; what would
//! change it. Its serde form is the answer of `hearsay claim explain --format json`.

use std::collections::{BTreeSet, HashMap};

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::groups::Group;
use crate::weigh::Weighing;
use crate::{
    Claim, ClaimKind, ClaimNumber, ClaimRelation, EvidenceId, FollowUpKind, Interest, Policy, Registry, SourceId,
    Stance, Standing, State, Text, missing, weigh,
};

/// Why a piece isn't counted: the first that applies, in this order.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Why {
    /// The source took it back.
    Withdrawn,
    /// The desk took back its record.
    Struck,
    /// Its source, its carrier or itself is rated below the policy's floor.
    BelowFloor,
    /// A denial to which a later acknowledgement of the same party put an end.
    Superseded,
    /// Takes no side.
    Neutral,
    /// Nobody can tell how the source knows.
    UnknownFooting,
    /// Affirms what serves the one who says it.
    InFavour,
    /// Its publisher cannot be judged yet.
    Unrated,
    /// Hearsay: its origin is counted, not it.
    HearsayOnly,
    /// Comes back to itself and meets no original piece.
    Circular,
    /// What it relays no longer stands, or takes another stance.
    NotBorneOut,
    /// What the source at the chain's end said isn't on record.
    Untraced,
}

impl Why {
    /// Every reason, in the order in which the first that applies is given.
    pub const ALL: [Self; 12] = [
        Self::Withdrawn,
        Self::Struck,
        Self::BelowFloor,
        Self::Superseded,
        Self::Neutral,
        Self::UnknownFooting,
        Self::InFavour,
        Self::Unrated,
        Self::HearsayOnly,
        Self::Circular,
        Self::NotBorneOut,
        Self::Untraced,
    ];

    /// The word for it in files.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Withdrawn => "withdrawn",
            Self::Struck => "struck",
            Self::BelowFloor => "below_floor",
            Self::Superseded => "superseded",
            Self::Neutral => "neutral",
            Self::UnknownFooting => "unknown_footing",
            Self::InFavour => "in_favour",
            Self::Unrated => "unrated",
            Self::HearsayOnly => "hearsay_only",
            Self::Circular => "circular",
            Self::NotBorneOut => "not_borne_out",
            Self::Untraced => "untraced",
        }
    }

    /// The reason in a few words for people.
    pub fn sentence(self) -> &'static str {
        match self {
            Self::Withdrawn => "its source took it back",
            Self::Struck => "the desk took back its own record",
            Self::BelowFloor => "rated below the policy's floor",
            Self::Superseded => "a later acknowledgement by the same party stands against it",
            Self::Neutral => "takes no side",
            Self::UnknownFooting => "nobody can tell how it knows",
            Self::InFavour => "it serves the one who says it",
            Self::Unrated => "its publisher isn't rated yet",
            Self::HearsayOnly => "hearsay: its origin is counted, not it",
            Self::Circular => "comes back to itself",
            Self::NotBorneOut => "what it relays isn't borne out",
            Self::Untraced => "its chain ends where nothing is on record",
        }
    }
}

/// A piece of evidence, as an explanation names it.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug, Serialize, Deserialize)]
pub struct EvidenceRef {
    /// Its id.
    pub id: EvidenceId,
    /// Its handle.
    #[serde(rename = "ref")]
    pub handle: Option<String>,
    /// The name of its source.
    pub source: String,
}

/// Name and version of the policy that was used.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct PolicyRef {
    /// Its name.
    pub name: String,
    /// Its version.
    pub version: u32,
}

/// An origin that counts.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct OriginView {
    /// The independence group, by the names of its topmost sources.
    pub group: String,
    /// The original pieces that make it count.
    pub evidence: Vec<EvidenceRef>,
    /// For each piece that relays it: the chain from that piece to its origin.
    pub chains: Vec<Vec<EvidenceRef>>,
}

/// Counting origins, by side.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Origins {
    /// Those that affirm.
    pub affirming: Vec<OriginView>,
    /// Those that deny.
    pub denying: Vec<OriginView>,
}

/// A piece that isn't counted.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct NotCounted {
    /// Which.
    pub evidence: EvidenceRef,
    /// Why.
    pub why: Why,
}

/// What a party answered, and when.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct AnswerView {
    /// The party's name.
    pub party: String,
    /// What it answered; `silence` where it let its deadline pass.
    pub kind: FollowUpKind,
    /// When it was said; the deadline of a silence.
    pub at: Timestamp,
}

/// A claim that this one bears on, or that bears on this one.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct LinkView {
    /// `contradicts`, `follows_from`; seen from the other end `contradicted_by`, `followed_by`.
    pub relation: String,
    /// The other claim.
    pub reference: ClaimNumber,
    /// Its text.
    pub text: Option<String>,
    /// Its state.
    pub state: State,
}

impl LinkView {
    /// How a link reads from the claim that made it.
    pub fn onward(relation: ClaimRelation) -> &'static str {
        relation.as_str()
    }

    /// How a link reads from the claim that it leads to.
    pub fn backward(relation: ClaimRelation) -> &'static str {
        match relation {
            ClaimRelation::Contradicts => "contradicted_by",
            ClaimRelation::FollowsFrom => "followed_by",
        }
    }
}

/// Why a claim's standing is what it is.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Explanation {
    /// The claim.
    pub reference: ClaimNumber,
    /// Its text.
    pub text: Option<String>,
    /// What sort of proposition it is.
    pub kind: ClaimKind,
    /// What the desk declared.
    pub state: State,
    /// What the evidence supports.
    pub standing: Standing,
    /// Whether the standing asks for another open state.
    pub due_to_advance: bool,
    /// Whether the standing has changed since the claim was closed.
    pub due_to_reopen: bool,
    /// The claim's version: name it in a command to be told of changes since.
    pub version: u64,
    /// The policy that was used.
    pub policy: PolicyRef,
    /// Counting origins.
    pub origins: Origins,
    /// Acknowledgements that count.
    pub acknowledgements: Vec<EvidenceRef>,
    /// Denials by a party that stand.
    pub denials: Vec<EvidenceRef>,
    /// What isn't counted, and why.
    pub not_counted: Vec<NotCounted>,
    /// What would change the standing, a sentence each.
    pub missing: Vec<String>,
    /// How many pieces of evidence stand.
    pub documents: u32,
    /// Distinct publishers among them.
    pub outlets: u32,
    /// Other claims that it bears on, or that bear on it.
    pub links: Vec<LinkView>,
    /// Original pieces that an analyst tied together.
    pub linked_origins: Vec<Vec<EvidenceRef>>,
    /// Chains that come back to themselves and meet no original piece.
    pub circular: Vec<Vec<EvidenceRef>>,
    /// Sources of which it isn't on record what they themselves said.
    pub untraced: Vec<String>,
    /// What each party answered.
    pub answers: Vec<AnswerView>,
}

/// Explains a claim's standing. Links to other claims are for the caller to fill in: they lie outside the claim.
pub fn explain(claim: &Claim, registry: &Registry, policy: &Policy) -> Explanation {
    let weighing = weigh(claim, registry, policy);
    let view = View { claim, registry, weighing: &weighing };
    let standing = weighing.weighed.standing;
    let untraced = view.untraced(None);
    Explanation {
        reference: claim.number,
        text: claim.text.body().map(str::to_owned),
        kind: claim.kind,
        state: claim.state,
        standing,
        due_to_advance: claim.is_due_to_advance(standing),
        due_to_reopen: claim.is_due_to_reopen(standing),
        version: claim.version,
        policy: PolicyRef { name: policy.name.clone(), version: policy.version },
        origins: Origins { affirming: view.origins(Stance::Affirms), denying: view.origins(Stance::Denies) },
        acknowledgements: view.of_kind(FollowUpKind::Acknowledgement, |why| why.is_none()),
        denials: view.of_kind(FollowUpKind::Denial, |why| why.is_none()),
        not_counted: view.not_counted(),
        missing: missing::missing(&view, policy),
        documents: weighing.weighed.documents,
        outlets: weighing.weighed.outlets,
        links: Vec::new(),
        linked_origins: view.linked_origins(),
        circular: weighing.circles.iter().map(|ring| view.refs(ring)).collect(),
        untraced: untraced.into_iter().collect(),
        answers: view.answers(),
    }
}

/// A claim with its weighing, as names.
pub(crate) struct View<'a> {
    pub(crate) claim: &'a Claim,
    pub(crate) registry: &'a Registry,
    pub(crate) weighing: &'a Weighing<'a>,
}

impl View<'_> {
    fn evidence_ref(&self, index: usize) -> EvidenceRef {
        let piece = &self.claim.evidence[index];
        EvidenceRef {
            id: piece.id,
            handle: piece.handle.as_ref().and_then(Text::body).map(str::to_owned),
            source: self.registry.name(piece.source),
        }
    }

    fn refs(&self, indices: &[usize]) -> Vec<EvidenceRef> {
        indices.iter().map(|index| self.evidence_ref(*index)).collect()
    }

    /// Indices of all pieces, by when they were said, then by handle: the same whatever order they arrived in.
    pub(crate) fn in_order(&self) -> Vec<usize> {
        let mut order: Vec<usize> = (0..self.claim.evidence.len()).collect();
        order.sort_by_cached_key(|index| {
            let name = self.evidence_ref(*index);
            (self.claim.evidence[*index].said_at, name.handle, name.source, name.id)
        });
        order
    }

    fn origins(&self, side: Stance) -> Vec<OriginView> {
        let weighing = self.weighing;
        let mut originals: HashMap<Group, Vec<usize>> = HashMap::new();
        for (node, index) in weighing.nodes.iter().enumerate() {
            let piece = &self.claim.evidence[*index];
            let group = weighing.groups.tied(weighing.verdicts[*index].group);
            if piece.stance == side && piece.footing.is_original() && weighing.counting.contains(&(side, group)) {
                originals.entry(group).or_default().push(node);
            }
        }
        let names = weighing.groups.names();
        let name = |group: &Group| names.get(group).cloned().unwrap_or_default();
        let mut views: Vec<OriginView> =
            originals.iter().map(|(group, nodes)| self.origin(name(group), nodes)).collect();
        views.sort_by(|a, b| a.group.cmp(&b.group));
        views
    }

    fn origin(&self, group: String, originals: &[usize]) -> OriginView {
        let piece = |node: &usize| self.weighing.nodes[*node];
        let counted: Vec<usize> =
            originals.iter().map(piece).filter(|index| self.weighing.verdicts[*index].why.is_none()).collect();
        let chains = self.weighing.chains.to_origin(originals);
        let mut chains: Vec<Vec<usize>> = chains.iter().map(|chain| chain.iter().map(piece).collect()).collect();
        chains.sort_by_key(|chain| chain.first().map(|index| self.claim.evidence[*index].said_at));
        OriginView {
            group,
            evidence: self.refs(&counted),
            chains: chains.iter().map(|chain| self.refs(chain)).collect(),
        }
    }

    fn of_kind(&self, kind: FollowUpKind, counts: impl Fn(Option<Why>) -> bool) -> Vec<EvidenceRef> {
        let verdicts = &self.weighing.verdicts;
        let wanted = |index: &usize| verdicts[*index].kind == kind && counts(verdicts[*index].why);
        self.in_order().into_iter().filter(wanted).map(|index| self.evidence_ref(index)).collect()
    }

    fn not_counted(&self) -> Vec<NotCounted> {
        let view = |index: usize| {
            let why = self.weighing.verdicts[index].why?;
            Some(NotCounted { evidence: self.evidence_ref(index), why })
        };
        self.in_order().into_iter().filter_map(view).collect()
    }

    fn linked_origins(&self) -> Vec<Vec<EvidenceRef>> {
        let index: HashMap<EvidenceId, usize> =
            self.claim.evidence.iter().enumerate().map(|(index, piece)| (piece.id, index)).collect();
        let mut place = vec![0; self.claim.evidence.len()];
        for (rank, index) in self.in_order().into_iter().enumerate() {
            place[index] = rank;
        }
        let mut links: Vec<Vec<usize>> = Vec::new();
        for link in &self.claim.origin_links {
            let mut tied: Vec<usize> = link.evidence.iter().filter_map(|id| index.get(id)).copied().collect();
            tied.sort_by_key(|index| place[*index]);
            links.push(tied);
        }
        links.sort_by_key(|tied| tied.iter().map(|index| place[*index]).collect::<Vec<_>>());
        links.iter().map(|tied| self.refs(tied)).collect()
    }

    /// Names of the sources at which chains of pieces that rest on no counting origin end untraced; on one side, or on both.
    pub(crate) fn untraced(&self, side: Option<Stance>) -> BTreeSet<String> {
        let weighing = self.weighing;
        let loose = (0..weighing.nodes.len()).filter(|node| {
            let piece = &self.claim.evidence[weighing.nodes[*node]];
            let relays = matches!(piece.footing, crate::Footing::Relays(_));
            relays && !weighing.reach[*node].counting && side.is_none_or(|side| side == piece.stance)
        });
        weighing.chains.untraced(loose).into_iter().map(|source| self.registry.name(source)).collect()
    }

    /// Names of the publishers to rate before their original pieces on that side count.
    pub(crate) fn unrated(&self, side: Stance) -> BTreeSet<String> {
        self.claim
            .evidence
            .iter()
            .zip(&self.weighing.verdicts)
            .filter(|(piece, verdict)| {
                let weighing = self.weighing;
                piece.stance == side
                    && piece.footing.is_original()
                    && verdict.why == Some(Why::Unrated)
                    && !weighing.counting.contains(&(side, weighing.groups.tied(verdict.group)))
            })
            .map(|(piece, _)| self.registry.name(piece.publisher()))
            .collect()
    }

    /// Names of the parties; without those that the claim serves, where only a word that counts is asked for.
    pub(crate) fn parties(&self, counts: impl Fn(Interest) -> bool) -> Vec<String> {
        let mut seen: Vec<SourceId> = Vec::new();
        let mut names = Vec::new();
        for party in &self.claim.parties {
            let source = self.registry.canonical(party.source);
            if !seen.contains(&source) {
                seen.push(source);
                names.extend(counts(party.interest).then(|| self.registry.name(source)));
            }
        }
        names
    }

    fn answers(&self) -> Vec<AnswerView> {
        let mut answers: Vec<AnswerView> = Vec::new();
        for index in self.in_order() {
            if let Some((party, kind, at)) = answer(self.claim, self.weighing, index) {
                answers.push(AnswerView { party: self.registry.name(party), kind, at });
            }
        }
        answers.extend(self.silences());
        answers.sort_by_key(|answer| answer.at);
        answers
    }

    /// Recorded silences, but for a party of which it turned out that it had answered by then.
    pub(crate) fn silences(&self) -> Vec<AnswerView> {
        let silent = self.claim.answers.iter().filter(|(_, answer)| answer.silent);
        silent
            .filter(|(party, answer)| {
                answered_by(self.claim, self.registry, self.weighing, **party, answer.until).is_none()
            })
            .map(|(party, answer)| AnswerView {
                party: self.registry.name(*party),
                kind: FollowUpKind::Silence,
                at: answer.until,
            })
            .collect()
    }
}

/// The answer that a piece is, if it is one.
fn answer(claim: &Claim, weighing: &Weighing<'_>, index: usize) -> Option<(SourceId, FollowUpKind, Timestamp)> {
    let verdict = &weighing.verdicts[index];
    let party = verdict.party.filter(|_| verdict.is_answer())?;
    Some((party, verdict.kind, claim.evidence[index].said_at))
}

/// When that party first answered, if it did by that time.
pub(crate) fn answered_by(
    claim: &Claim,
    registry: &Registry,
    weighing: &Weighing<'_>,
    party: SourceId,
    until: Timestamp,
) -> Option<Timestamp> {
    let party = registry.canonical(party);
    (0..claim.evidence.len())
        .filter_map(|index| answer(claim, weighing, index))
        .filter(|(by, _, at)| *by == party && *at <= until)
        .map(|(_, _, at)| at)
        .min()
}
