//! A small docket as a list of plain rows: one claim's evidence, its sources, and what was told about them, in order.
//! Invariant: rows name each other by position (sources) or key (pieces); ids are labels that nothing depends on.

use std::collections::{BTreeMap, BTreeSet};

use hearsay_core::{
    Claim, ClaimId, ClaimKind, ClaimNumber, Credibility, Evidence, EvidenceId, Footing, Interest, Manner,
    OriginLink, Party, Policy, Priority, Registry, Relation, Relayed, Reliability, Source, SourceId, SourceKind,
    Stance, State, Text, Timeline, Weighed,
};
use jiff::Timestamp;
use uuid::Uuid;

/// So many hours into the story.
pub(crate) fn at(hour: i32) -> Timestamp {
    Timestamp::from_second(1_745_280_000 + i64::from(hour) * 3_600).unwrap()
}

#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Case {
    pub(crate) sources: Vec<SourceRow>,
    /// Relations in the order in which they were told: the later replaces the earlier for its period.
    pub(crate) told: Vec<ToldRow>,
    pub(crate) parties: Vec<(usize, Interest)>,
    pub(crate) pieces: Vec<Piece>,
    /// Keys of original pieces that were tied together.
    pub(crate) links: Vec<Vec<u32>>,
    pub(crate) policy: Policy,
}

#[derive(Clone, Debug, PartialEq)]
pub(crate) struct SourceRow {
    pub(crate) label: u128,
    pub(crate) reliability: Reliability,
    pub(crate) merged_into: Option<usize>,
}

#[derive(Clone, Debug, PartialEq)]
pub(crate) struct ToldRow {
    pub(crate) source: usize,
    pub(crate) relation: Relation,
    pub(crate) to: Option<usize>,
    pub(crate) since: Option<i32>,
    pub(crate) until: Option<i32>,
}

#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Piece {
    pub(crate) key: u32,
    pub(crate) label: u128,
    pub(crate) source: usize,
    pub(crate) via: Option<usize>,
    pub(crate) stance: Stance,
    pub(crate) manner: Option<Manner>,
    pub(crate) ground: Ground,
    pub(crate) credibility: u8,
    pub(crate) said: i32,
    pub(crate) withdrawn: bool,
    pub(crate) struck: bool,
}

impl Piece {
    /// A piece that the first source affirms on its own word at the first hour, with nothing else to it.
    pub(crate) fn own(key: u32) -> Self {
        Self {
            key,
            label: 0xE000 + u128::from(key),
            source: 0,
            via: None,
            stance: Stance::Affirms,
            manner: None,
            ground: Ground::Own,
            credibility: 6,
            said: 0,
            withdrawn: false,
            struck: false,
        }
    }
}

/// A footing, by rows.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Ground {
    Own,
    Document,
    Named,
    Unnamed,
    Unknown,
    Source(usize),
    Piece(u32),
}

impl Ground {
    pub(crate) fn is_original(self) -> bool {
        matches!(self, Self::Own | Self::Document | Self::Named | Self::Unnamed)
    }

    pub(crate) fn is_relayed(self) -> bool {
        matches!(self, Self::Source(_) | Self::Piece(_))
    }
}

pub(crate) fn source_name(source: usize) -> String {
    format!("S{source}")
}

/// What a calculation finds on a case, by keys and names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Finding {
    pub(crate) standing: hearsay_core::Standing,
    pub(crate) affirming: BTreeSet<String>,
    pub(crate) denying: BTreeSet<String>,
    pub(crate) why: BTreeMap<u32, Option<hearsay_core::Why>>,
    pub(crate) circular: bool,
    pub(crate) untraced: BTreeSet<String>,
    pub(crate) documents: usize,
    pub(crate) outlets: usize,
    pub(crate) acknowledgements: BTreeSet<u32>,
    pub(crate) denials: BTreeSet<u32>,
}

impl Case {
    pub(crate) fn new(sources: usize) -> Self {
        let row = |index: usize| SourceRow {
            label: 0x5000 + index as u128,
            reliability: Reliability::B,
            merged_into: None,
        };
        Self {
            sources: (0..sources).map(row).collect(),
            told: Vec::new(),
            parties: Vec::new(),
            pieces: Vec::new(),
            links: Vec::new(),
            policy: Policy::first(Policy::DEFAULT_NAME),
        }
    }

    fn source_id(&self, source: usize) -> SourceId {
        SourceId(Uuid::from_u128(self.sources[source].label))
    }

    fn piece_id(&self, key: u32) -> EvidenceId {
        let label = self.pieces.iter().find(|piece| piece.key == key).map_or(0xDEAD, |piece| piece.label);
        EvidenceId(Uuid::from_u128(label))
    }

    /// The registry that results from telling the rows one after another.
    pub(crate) fn registry(&self) -> Registry {
        let mut registry = Registry::default();
        for (index, row) in self.sources.iter().enumerate() {
            let timeline = |relation: Relation| {
                let mine = self.told.iter().filter(|told| told.source == index && told.relation == relation);
                mine.fold(Timeline::default(), |timeline, told| {
                    timeline.told(told.since.map(at), told.until.map(at), told.to.map(|to| self.source_id(to)))
                })
            };
            registry.put(Source {
                id: self.source_id(index),
                name: source_name(index),
                aliases: Vec::new(),
                kind: SourceKind::Outlet,
                reliability: row.reliability,
                speaks_for: timeline(Relation::SpeaksFor),
                part_of: timeline(Relation::PartOf),
                merged_into: row.merged_into.map(|into| self.source_id(into)),
            });
        }
        registry
    }

    /// The claim with the case's parties, evidence and links.
    pub(crate) fn claim(&self) -> Claim {
        let party = |(source, interest): &(usize, Interest)| Party {
            source: self.source_id(*source),
            interest: *interest,
        };
        let link = |keys: &Vec<u32>| OriginLink { evidence: keys.iter().map(|key| self.piece_id(*key)).collect() };
        Claim {
            id: ClaimId(Uuid::from_u128(1)),
            number: ClaimNumber(1),
            version: 1,
            text: Text::Sealed,
            kind: ClaimKind::Event,
            state: State::Reported,
            topic: None,
            language: None,
            priority: Priority::Normal,
            tags: BTreeSet::new(),
            policy: self.policy.name.clone(),
            parties: self.parties.iter().map(party).collect(),
            evidence: self.pieces.iter().map(|piece| self.evidence(piece)).collect(),
            leads: BTreeMap::new(),
            origin_links: self.links.iter().map(link).collect(),
            claim_links: BTreeSet::new(),
            answers: BTreeMap::new(),
            assignee: None,
            assigned_at: 0,
            opened_at: at(0),
            updated_at: at(0),
            review_by: None,
            overdue: false,
            proposals: Vec::new(),
            ruling: None,
            ruled_at: 0,
            holds: BTreeSet::new(),
            held_at: None,
            merged_into: None,
            weighed: Weighed::default(),
        }
    }

    fn evidence(&self, piece: &Piece) -> Evidence {
        Evidence {
            id: EvidenceId(Uuid::from_u128(piece.label)),
            handle: None,
            source: self.source_id(piece.source),
            via: piece.via.map(|via| self.source_id(via)),
            stance: piece.stance,
            manner: piece.manner,
            footing: match piece.ground {
                Ground::Own => Footing::Own,
                Ground::Document => Footing::Document,
                Ground::Named => Footing::NamedSources { count: None },
                Ground::Unnamed => Footing::UnnamedSources { count: Some(2) },
                Ground::Unknown => Footing::Unknown,
                Ground::Source(source) => Footing::Relays(Relayed::Source(self.source_id(source))),
                Ground::Piece(key) => Footing::Relays(Relayed::Evidence(self.piece_id(key))),
            },
            credibility: Credibility::try_from(piece.credibility).unwrap(),
            framed_as: None,
            said_at: at(piece.said),
            withdrawn_at: piece.withdrawn.then(|| at(piece.said)),
            struck: piece.struck,
        }
    }

    /// What the engine makes of it.
    pub(crate) fn explained(&self) -> Finding {
        self.explained_with(&self.registry())
    }

    /// The same, with a registry that was built before.
    pub(crate) fn explained_with(&self, registry: &Registry) -> Finding {
        let explanation = hearsay_core::explain(&self.claim(), registry, &self.policy);
        let key = |id: EvidenceId| {
            let piece = self.pieces.iter().find(|piece| Uuid::from_u128(piece.label) == id.0);
            piece.expect("an explanation names pieces of its claim").key
        };
        let groups = |views: &[hearsay_core::OriginView]| views.iter().map(|view| view.group.clone()).collect();
        let keys = |refs: &[hearsay_core::EvidenceRef]| refs.iter().map(|piece| key(piece.id)).collect();
        let mut why: BTreeMap<u32, Option<hearsay_core::Why>> =
            self.pieces.iter().map(|piece| (piece.key, None)).collect();
        for row in &explanation.not_counted {
            why.insert(key(row.evidence.id), Some(row.why));
        }
        Finding {
            standing: explanation.standing,
            affirming: groups(&explanation.origins.affirming),
            denying: groups(&explanation.origins.denying),
            why,
            circular: !explanation.circular.is_empty(),
            untraced: explanation.untraced.iter().cloned().collect(),
            documents: explanation.documents as usize,
            outlets: explanation.outlets as usize,
            acknowledgements: keys(&explanation.acknowledgements),
            denials: keys(&explanation.denials),
        }
    }
}
