//! Who said what on whose word, as data: what a picture of a claim's evidence is drawn from.
//! Invariant: every piece of evidence is in it once, whether it stands or not, in an order that does not depend on arrival.

use std::collections::HashMap;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::explain::{View, Why};
use crate::groups::Group;
use crate::{
    AnswerView, Claim, EvidenceId, FollowUpKind, Footing, Policy, Registry, Relayed, SourceId, Stance, weigh,
};

/// Whose word a piece passes on.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OnWordOf {
    /// Of one piece, by its place among [`Attribution::pieces`].
    Piece(usize),
    /// Of whatever a source said, by its place among [`Attribution::relayed`].
    Source(usize),
}

/// A source that is relayed, and all that is on record of it.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct RelayedSource {
    /// Its name.
    pub name: String,
    /// Pieces by it, by whoever spoke for it, or carried by it, by their places; none where it is untraced.
    pub pieces: Vec<usize>,
}

/// A piece of evidence, as a picture needs it.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct AttributedPiece {
    /// Its id.
    pub id: EvidenceId,
    /// Who says it.
    pub source: String,
    /// Who carried it.
    pub via: Option<String>,
    /// What kind of follow-up it is.
    pub kind: FollowUpKind,
    /// What the words do with the claim.
    pub stance: Stance,
    /// How the source knows.
    pub footing: Footing,
    /// When it was said.
    pub said_at: Timestamp,
    /// When the source took it back.
    pub withdrawn_at: Option<Timestamp>,
    /// Whether it is neither withdrawn, struck, below a floor nor superseded.
    pub stands: bool,
    /// Why it isn't counted; none where it counts.
    pub why: Option<Why>,
    /// Of an original piece, its independence group, by its place among [`Attribution::groups`].
    pub group: Option<usize>,
    /// Of a relaying piece, whom it relays.
    pub relays: Option<OnWordOf>,
}

/// A claim's evidence as a graph.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
pub struct Attribution {
    /// All pieces, by when they were said.
    pub pieces: Vec<AttributedPiece>,
    /// The sources that are relayed, in the order in which the pieces name them.
    pub relayed: Vec<RelayedSource>,
    /// Names of the independence groups of original pieces.
    pub groups: Vec<String>,
    /// Chains that come back to themselves and meet no original piece, by the places of their pieces.
    pub circular: Vec<Vec<usize>>,
    /// Parties that let their deadline pass.
    pub silences: Vec<AnswerView>,
}

/// Who said what on whose word on a claim, under a policy.
pub fn attribution(claim: &Claim, registry: &Registry, policy: &Policy) -> Attribution {
    let weighing = weigh(claim, registry, policy);
    let view = View { claim, registry, weighing: &weighing };
    let order = view.in_order();
    let mut places = vec![0; order.len()];
    for (place, index) in order.iter().enumerate() {
        places[*index] = place;
    }
    let by_id = claim.evidence.iter().zip(&places).map(|(piece, place)| (piece.id, *place)).collect();
    let mut gathering = Gathering {
        view,
        places,
        said: HashMap::new(),
        by_id,
        sources: HashMap::new(),
        groups: HashMap::new(),
        out: Attribution::default(),
    };
    gathering.hear(&order);
    for index in &order {
        gathering.add(*index);
    }
    gathering.end()
}

struct Gathering<'a> {
    view: View<'a>,
    places: Vec<usize>,
    said: HashMap<SourceId, Vec<usize>>,
    by_id: HashMap<EvidenceId, usize>,
    sources: HashMap<SourceId, usize>,
    groups: HashMap<Group, usize>,
    out: Attribution,
}

impl Gathering<'_> {
    /// Notes of every source what is on record of it.
    fn hear(&mut self, order: &[usize]) {
        for index in order {
            let voices = &self.view.weighing.verdicts[*index].voices;
            let via = self.view.claim.evidence[*index].via.map(|via| self.view.registry.canonical(via));
            let carried = via.filter(|via| !voices.contains(via));
            for voice in voices.iter().copied().chain(carried) {
                self.said.entry(voice).or_default().push(self.places[*index]);
            }
        }
    }

    fn add(&mut self, index: usize) {
        let piece = &self.view.claim.evidence[index];
        let verdict = &self.view.weighing.verdicts[index];
        let group = piece.footing.is_original().then(|| self.view.weighing.groups.tied(verdict.group));
        let attributed = AttributedPiece {
            id: piece.id,
            source: self.view.registry.name(piece.source),
            via: piece.via.map(|via| self.view.registry.name(via)),
            kind: verdict.kind,
            stance: piece.stance,
            footing: piece.footing,
            said_at: piece.said_at,
            withdrawn_at: piece.withdrawn_at,
            stands: verdict.stands,
            why: verdict.why,
            group: group.map(|group| self.group(group)),
            relays: self.on_word_of(piece.footing),
        };
        self.out.pieces.push(attributed);
    }

    fn group(&mut self, group: Group) -> usize {
        let next = self.groups.len();
        *self.groups.entry(group).or_insert(next)
    }

    fn on_word_of(&mut self, footing: Footing) -> Option<OnWordOf> {
        match footing {
            Footing::Relays(Relayed::Evidence(id)) => self.by_id.get(&id).copied().map(OnWordOf::Piece),
            Footing::Relays(Relayed::Source(source)) => Some(OnWordOf::Source(self.relayed(source))),
            Footing::Own
            | Footing::Document
            | Footing::NamedSources { .. }
            | Footing::UnnamedSources { .. }
            | Footing::Unknown => None,
        }
    }

    fn relayed(&mut self, source: SourceId) -> usize {
        let source = self.view.registry.canonical(source);
        let (said, out, registry) = (&self.said, &mut self.out, self.view.registry);
        *self.sources.entry(source).or_insert_with(|| {
            let pieces = said.get(&source).cloned().unwrap_or_default();
            out.relayed.push(RelayedSource { name: registry.name(source), pieces });
            out.relayed.len() - 1
        })
    }

    fn end(mut self) -> Attribution {
        let weighing = self.view.weighing;
        let places = |ring: &Vec<usize>| ring.iter().map(|index| self.places[*index]).collect();
        self.out.circular = weighing.circles.iter().map(places).collect();
        self.out.circular.sort();
        self.out.silences = self.view.silences();
        self.out.silences.sort_by(|a, b| (a.at, &a.party).cmp(&(b.at, &b.party)));
        let names = weighing.groups.names();
        self.out.groups = vec![String::new(); self.groups.len()];
        for (group, place) in &self.groups {
            self.out.groups[*place] = names.get(group).cloned().unwrap_or_default();
        }
        self.out
    }
}
