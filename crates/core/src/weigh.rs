//! Standing, computed: which pieces stand, which origins they give, and which of those count.
//! Source of every rule here: `domain.md`, "Standing". Linear in the claim's evidence, links and relations.

use std::collections::{BTreeSet, HashMap, HashSet};

use jiff::Timestamp;

use crate::chains::{Chains, Link, Reach};
use crate::explain::Why;
use crate::groups::{Group, Groups};
use crate::{
    Claim, Evidence, FollowUpKind, Footing, Interest, Opposed, Policy, Registry, Relayed, SourceId, Stance,
    Standing, Supported, Weighed, follow_up_kind,
};

/// What the rules make of one piece.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Verdict {
    /// The source, then whom it spoke for, nearest first.
    pub voices: Vec<SourceId>,
    /// The party that the source is or speaks for: the nearest.
    pub party: Option<SourceId>,
    /// What kind of follow-up it is.
    pub kind: FollowUpKind,
    /// Whether it is not withdrawn, struck, below a floor, or superseded.
    pub stands: bool,
    /// Why it isn't counted; `None` for an original piece whose origin it makes count.
    pub why: Option<Why>,
    pub(crate) group: Group,
}

impl Verdict {
    /// Whether the piece is a party's answer: neither taken back nor carried by anybody below the floor. A denial that
    /// gave way to an acknowledgement was an answer all the same.
    pub fn is_answer(&self) -> bool {
        (self.stands || self.why == Some(Why::Superseded)) && self.party.is_some() && self.kind.is_answer()
    }
}

/// The result for one claim.
pub struct Weighing<'a> {
    /// The standing and its figures.
    pub weighed: Weighed,
    /// One verdict for each piece, in the claim's order.
    pub verdicts: Vec<Verdict>,
    pub(crate) groups: Groups<'a>,
    pub(crate) counting: HashSet<(Stance, Group)>,
    pub(crate) chains: Chains,
    /// The graph's nodes: indices into the claim's evidence.
    pub(crate) nodes: Vec<usize>,
    /// Circles that meet no original piece: indices into the claim's evidence.
    pub(crate) circles: Vec<Vec<usize>>,
    pub(crate) reach: Vec<Reach>,
}

impl Weighing<'_> {
    /// How many pieces, relayed sources and relays between them were visited, each once.
    pub fn visited(&self) -> usize {
        self.chains.size()
    }
}

/// Computes what the evidence supports under a policy.
pub fn weigh<'a>(claim: &Claim, registry: &'a Registry, policy: &Policy) -> Weighing<'a> {
    let mut groups = Groups::of(claim, registry);
    let parties = Parties::of(claim, registry);
    let mut verdicts: Vec<Verdict> =
        claim.evidence.iter().map(|piece| first_look(piece, &parties, registry, policy, &mut groups)).collect();
    supersede(claim, &mut verdicts);
    judge_originals(claim, &parties, registry, policy, &mut groups, &mut verdicts);
    let counting: HashSet<(Stance, Group)> = claim
        .evidence
        .iter()
        .zip(&verdicts)
        .filter(|(piece, verdict)| piece.footing.is_original() && verdict.why.is_none())
        .map(|(piece, verdict)| (piece.stance, groups.tied(verdict.group)))
        .collect();
    let (chains, nodes) = chains(claim, registry, &verdicts);
    let given = given(claim, &verdicts, &groups, &counting, &nodes);
    let (reach, circles) = chains.reach(&given);
    judge_relayed(claim, &nodes, &reach, &mut verdicts);
    let circles = circles.into_iter().map(|ring| ring.into_iter().map(|node| nodes[node]).collect()).collect();
    let weighed = figures(claim, registry, policy, &verdicts, &counting);
    Weighing { weighed, verdicts, groups, counting, chains, nodes, circles, reach }
}

/// The kind of a piece on a claim, without weighing the others.
pub fn kind_on(claim: &Claim, registry: &Registry, piece: &Evidence) -> FollowUpKind {
    let voices = registry.voices(piece.source, piece.said_at);
    follow_up_kind(piece, Parties::of(claim, registry).nearest(&voices))
}

/// The claim's parties, as what they turned out to be; where two turned out to be one, the first named tells its interest.
struct Parties {
    interests: HashMap<SourceId, Interest>,
    in_favour: Vec<SourceId>,
}

impl Parties {
    fn of(claim: &Claim, registry: &Registry) -> Self {
        let mut interests: HashMap<SourceId, Interest> = HashMap::new();
        for party in &claim.parties {
            interests.entry(registry.canonical(party.source)).or_insert(party.interest);
        }
        let in_favour = interests
            .iter()
            .filter(|(_, interest)| **interest == Interest::InFavour)
            .map(|(source, _)| *source)
            .collect();
        Self { interests, in_favour }
    }

    fn nearest(&self, voices: &[SourceId]) -> Option<SourceId> {
        voices.iter().copied().find(|voice| self.interests.contains_key(voice))
    }
}

/// All that can be said of a piece without looking at the others: `why` is the first of withdrawn, struck,
/// below the floor, neutral and unknown footing that applies.
fn first_look(
    piece: &Evidence,
    parties: &Parties,
    registry: &Registry,
    policy: &Policy,
    groups: &mut Groups<'_>,
) -> Verdict {
    let voices = registry.voices(piece.source, piece.said_at);
    let party = parties.nearest(&voices);
    let group = groups.at(piece.source, piece.said_at);
    let own_word = party.is_some() && piece.footing.is_on_the_record();
    let below = is_below_floor(piece, own_word.then_some(group), registry, policy, groups);
    let why = if piece.withdrawn_at.is_some() {
        Some(Why::Withdrawn)
    } else if piece.struck {
        Some(Why::Struck)
    } else if below {
        Some(Why::BelowFloor)
    } else if piece.stance == Stance::Neutral {
        Some(Why::Neutral)
    } else if piece.footing == Footing::Unknown {
        Some(Why::UnknownFooting)
    } else {
        None
    };
    let stands = piece.is_live() && !below;
    Verdict { kind: follow_up_kind(piece, party), voices, party, stands, why, group }
}

/// `own_word`: the party's group, where the piece is a party's own word on the record.
fn is_below_floor(
    piece: &Evidence,
    own_word: Option<Group>,
    registry: &Registry,
    policy: &Policy,
    groups: &mut Groups<'_>,
) -> bool {
    let below = |source: SourceId| registry.reliability(source).is_below(policy.reliability_floor);
    match own_word {
        Some(own) => piece.via.is_some_and(|via| below(via) && groups.at(via, piece.said_at) != own),
        None => {
            below(piece.source)
                || piece.via.is_some_and(below)
                || piece.credibility.is_below(policy.credibility_floor)
        }
    }
}

/// A party's denial gives way to a standing acknowledgement of the same party with a later `said_at`.
fn supersede(claim: &Claim, verdicts: &mut [Verdict]) {
    let mut acknowledged: HashMap<SourceId, Timestamp> = HashMap::new();
    for (piece, verdict) in claim.evidence.iter().zip(verdicts.iter()) {
        if let (true, FollowUpKind::Acknowledgement, Some(party)) = (verdict.stands, verdict.kind, verdict.party) {
            let latest = acknowledged.entry(party).or_insert(piece.said_at);
            *latest = piece.said_at.max(*latest);
        }
    }
    for (piece, verdict) in claim.evidence.iter().zip(verdicts) {
        let later = verdict.party.and_then(|party| acknowledged.get(&party));
        if verdict.stands
            && verdict.kind == FollowUpKind::Denial
            && later.is_some_and(|acknowledged| *acknowledged > piece.said_at)
        {
            verdict.stands = false;
            verdict.why = Some(Why::Superseded);
        }
    }
}

/// Tells which original pieces give an origin that doesn't count: in favour, or unrated.
fn judge_originals(
    claim: &Claim,
    parties: &Parties,
    registry: &Registry,
    policy: &Policy,
    groups: &mut Groups<'_>,
    verdicts: &mut [Verdict],
) {
    for (piece, verdict) in claim.evidence.iter().zip(verdicts) {
        if verdict.why.is_some() || !piece.footing.is_original() {
            continue;
        }
        let own_word = verdict.party.is_some() && piece.footing.is_on_the_record();
        let unrated = registry.reliability(piece.publisher()) == crate::Reliability::F;
        if piece.stance == Stance::Affirms && is_in_favour(piece, verdict, parties, groups) {
            verdict.why = Some(Why::InFavour);
        } else if !own_word && !policy.count_unrated && unrated {
            verdict.why = Some(Why::Unrated);
        }
    }
}

fn is_in_favour(piece: &Evidence, verdict: &Verdict, parties: &Parties, groups: &mut Groups<'_>) -> bool {
    if let Some(party) = verdict.party {
        return parties.interests.get(&party) == Some(&Interest::InFavour);
    }
    let own = groups.tied(verdict.group);
    parties.in_favour.iter().any(|party| {
        let theirs = groups.at(*party, piece.said_at);
        groups.tied(theirs) == own
    })
}

/// The relay graph over the standing pieces that take a side, in an order that does not depend on arrival.
fn chains(claim: &Claim, registry: &Registry, verdicts: &[Verdict]) -> (Chains, Vec<usize>) {
    let spoken_of: HashSet<SourceId> = claim
        .evidence
        .iter()
        .zip(verdicts)
        .flat_map(|(piece, verdict)| {
            verdict.voices.iter().copied().chain(piece.via.map(|via| registry.canonical(via)))
        })
        .collect();
    let mut nodes: Vec<usize> = (0..verdicts.len())
        .filter(|index| verdicts[*index].stands && claim.evidence[*index].stance != Stance::Neutral)
        .collect();
    nodes.sort_by_key(|index| {
        let piece = &claim.evidence[*index];
        (piece.said_at, piece.handle.as_ref().and_then(crate::Text::body), piece.id)
    });
    let links: Vec<Link<'_>> = nodes
        .iter()
        .map(|index| {
            let piece = &claim.evidence[*index];
            let relayed_source = match piece.footing {
                Footing::Relays(Relayed::Source(source)) => Some(registry.canonical(source)),
                Footing::Relays(Relayed::Evidence(_))
                | Footing::Own
                | Footing::Document
                | Footing::NamedSources { .. }
                | Footing::UnnamedSources { .. }
                | Footing::Unknown => None,
            };
            let via = piece.via.map(|via| registry.canonical(via));
            Link { piece, voices: &verdicts[*index].voices, via, relayed_source }
        })
        .collect();
    (Chains::of(&links, &spoken_of), nodes)
}

/// What each original piece gives to those that rest on it.
fn given(
    claim: &Claim,
    verdicts: &[Verdict],
    groups: &Groups<'_>,
    counting: &HashSet<(Stance, Group)>,
    nodes: &[usize],
) -> Vec<Reach> {
    let given = |index: &usize| {
        let (piece, verdict) = (&claim.evidence[*index], &verdicts[*index]);
        let origin = piece.footing.is_original();
        Reach {
            origin,
            counting: origin && counting.contains(&(piece.stance, groups.tied(verdict.group))),
            in_favour: verdict.why == Some(Why::InFavour),
            ..Reach::default()
        }
    };
    nodes.iter().map(given).collect()
}

fn judge_relayed(claim: &Claim, nodes: &[usize], reach: &[Reach], verdicts: &mut [Verdict]) {
    for (index, reach) in nodes.iter().zip(reach) {
        if matches!(claim.evidence[*index].footing, Footing::Relays(_)) {
            verdicts[*index].why = Some(why_relayed(*reach));
        }
    }
}

fn why_relayed(reach: Reach) -> Why {
    if reach.counting {
        Why::HearsayOnly
    } else if reach.in_favour {
        Why::InFavour
    } else if reach.origin {
        Why::Unrated
    } else if reach.circle {
        Why::Circular
    } else if reach.not_borne_out {
        Why::NotBorneOut
    } else {
        Why::Untraced
    }
}

fn figures(
    claim: &Claim,
    registry: &Registry,
    policy: &Policy,
    verdicts: &[Verdict],
    counting: &HashSet<(Stance, Group)>,
) -> Weighed {
    let origins = |stance: Stance| counting.iter().filter(|(side, _)| *side == stance).count();
    let (affirming, denying) = (origins(Stance::Affirms), origins(Stance::Denies));
    let needed = policy.origins as usize;
    let acknowledged =
        verdicts.iter().any(|verdict| verdict.kind == FollowUpKind::Acknowledgement && verdict.why.is_none());
    let denied = verdicts.iter().any(|verdict| verdict.kind == FollowUpKind::Denial && verdict.stands);
    let supported = affirming >= needed || (policy.acknowledgement_settles && acknowledged);
    let opposed = denying >= needed || (policy.party_denial_suffices && denied);
    let standing_pieces =
        || claim.evidence.iter().zip(verdicts).filter(|(_, verdict)| verdict.stands).map(|(piece, _)| piece);
    let outlets: BTreeSet<SourceId> =
        standing_pieces().map(|piece| registry.canonical(piece.publisher())).collect();
    Weighed {
        standing: Standing::of(Supported::from(supported), Opposed::from(opposed)),
        affirming: count(affirming),
        denying: count(denying),
        documents: count(standing_pieces().count()),
        outlets: count(outlets.len()),
        answer_by: awaited(claim, registry, verdicts),
    }
}

/// The earliest deadline of a party that has neither answered nor been recorded as silent.
fn awaited(claim: &Claim, registry: &Registry, verdicts: &[Verdict]) -> Option<Timestamp> {
    let answered = |party: SourceId| {
        verdicts.iter().any(|verdict| verdict.is_answer() && verdict.party == Some(registry.canonical(party)))
    };
    let waiting = claim.answers.iter().filter(|(party, answer)| !answer.silent && !answered(**party));
    waiting.map(|(_, answer)| answer.until).min()
}

/// A count of pieces; a claim has fewer than 2³².
fn count(pieces: usize) -> u32 {
    u32::try_from(pieces).unwrap_or(u32::MAX)
}
