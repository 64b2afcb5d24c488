//! Standing a second time: naive, written from domain.md alone, for small dockets. Walks every path.
//! Invariant: shares no code with the engine's weighing; a `Fault` breaks one rule of it on purpose.

use std::collections::{BTreeMap, BTreeSet};

use hearsay_core::{Interest, Relation, Reliability, Stance, Standing, Why};

use crate::case::{Case, Finding, Ground, Piece, source_name};
use crate::faults::Fault;

/// What the rules make of the case.
pub(crate) fn find(case: &Case) -> Finding {
    Desk::new(case, None).finding()
}

/// What a calculation with one rule broken makes of it.
pub(crate) fn find_wrongly(case: &Case, fault: Fault) -> Finding {
    Desk::new(case, Some(fault)).finding()
}

/// The source itself, or what it turned out to be.
pub(crate) fn actual(case: &Case, source: usize) -> usize {
    let mut source = source;
    while let Some(into) = case.sources[source].merged_into {
        source = into;
    }
    source
}

/// To whom the relation led at that time: what was told last about a period that holds the time.
fn related(case: &Case, source: usize, relation: Relation, hour: i32) -> Option<usize> {
    let told = case.told.iter().rev().find(|told| {
        told.source == source
            && told.relation == relation
            && told.since.is_none_or(|since| since <= hour)
            && told.until.is_none_or(|until| hour < until)
    })?;
    told.to.map(|to| actual(case, to))
}

/// Whether somebody comes back to himself by relations that hold at that time.
pub(crate) fn has_loop(case: &Case, hour: i32) -> bool {
    let next = |source: usize| {
        let both = [Relation::SpeaksFor, Relation::PartOf];
        both.into_iter().filter_map(move |relation| related(case, source, relation, hour))
    };
    (0..case.sources.len()).filter(|source| case.sources[*source].merged_into.is_none()).any(|start| {
        let mut open: Vec<usize> = next(start).collect();
        let mut seen = BTreeSet::new();
        while let Some(source) = open.pop() {
            if source == start {
                return true;
            }
            if seen.insert(source) {
                open.extend(next(source));
            }
        }
        false
    })
}

/// Where the chains from a piece end.
#[derive(Default)]
struct Ends {
    origins: BTreeSet<usize>,
    silent: BTreeSet<usize>,
    circular: bool,
    not_borne_out: bool,
    untraced: BTreeSet<usize>,
}

struct Desk<'a> {
    case: &'a Case,
    fault: Option<Fault>,
    /// For each piece: its source, whom that spoke for, and so on.
    voices: Vec<Vec<usize>>,
    party: Vec<Option<usize>>,
    /// For each piece: the topmost source, links aside.
    top: Vec<usize>,
    stands: Vec<bool>,
    taken_back: Vec<Option<Why>>,
}

impl<'a> Desk<'a> {
    fn new(case: &'a Case, fault: Option<Fault>) -> Self {
        let mut desk = Self {
            case,
            fault,
            voices: case.pieces.iter().map(|piece| voices(case, piece.source, piece.said)).collect(),
            party: Vec::new(),
            top: case.pieces.iter().map(|piece| top(case, piece.source, piece.said)).collect(),
            stands: Vec::new(),
            taken_back: Vec::new(),
        };
        desk.party = desk.voices.iter().map(|voices| desk.nearest_party(voices)).collect();
        desk.taken_back = (0..case.pieces.len()).map(|index| desk.taken_back(index)).collect();
        desk.stands = desk.taken_back.iter().map(Option::is_none).collect();
        let superseded: Vec<usize> = (0..case.pieces.len()).filter(|index| desk.is_superseded(*index)).collect();
        for index in superseded {
            desk.stands[index] = false;
            desk.taken_back[index] = Some(Why::Superseded);
        }
        desk
    }

    fn is(&self, fault: Fault) -> bool {
        self.fault == Some(fault)
    }

    fn piece(&self, index: usize) -> &Piece {
        &self.case.pieces[index]
    }

    fn interest(&self, source: usize) -> Option<Interest> {
        let known = self.case.parties.iter().find(|(party, _)| actual(self.case, *party) == source);
        known.map(|(_, interest)| *interest)
    }

    fn nearest_party(&self, voices: &[usize]) -> Option<usize> {
        voices.iter().copied().find(|voice| self.interest(*voice).is_some())
    }

    /// A party's own word, on the record.
    fn is_own_word(&self, index: usize) -> bool {
        self.party[index].is_some() && matches!(self.piece(index).ground, Ground::Own | Ground::Document)
    }

    fn is_acknowledgement(&self, index: usize) -> bool {
        self.is_own_word(index) && self.piece(index).stance == Stance::Affirms
    }

    fn is_denial(&self, index: usize) -> bool {
        self.is_own_word(index) && self.piece(index).stance == Stance::Denies
    }

    fn reliability(&self, source: usize) -> Reliability {
        self.case.sources[actual(self.case, source)].reliability
    }

    /// Withdrawn, struck or below a floor.
    fn taken_back(&self, index: usize) -> Option<Why> {
        let piece = self.piece(index);
        if piece.withdrawn && !self.is(Fault::IgnoresWithdrawal) {
            return Some(Why::Withdrawn);
        }
        if piece.struck && !self.is(Fault::IgnoresStrike) {
            return Some(Why::Struck);
        }
        self.is_below_floor(index).then_some(Why::BelowFloor)
    }

    fn is_below_floor(&self, index: usize) -> bool {
        let piece = self.piece(index);
        let floor = self.case.policy.reliability_floor;
        let low = |source: usize| {
            let rated = self.reliability(source);
            rated != Reliability::F && rated > floor
        };
        let low_via = piece.via.is_some_and(low);
        if let (Some(party), true) = (self.party[index], self.is_own_word(index)) {
            let own = |via: usize| {
                let (via, party) = (top(self.case, via, piece.said), top(self.case, party, piece.said));
                via == party || (self.is(Fault::LinkLiftsFloor) && self.tied(via).contains(&party))
            };
            return low_via && !piece.via.is_some_and(own);
        }
        let item = u8::from(self.case.policy.credibility_floor);
        low(piece.source) || low_via || (piece.credibility != 6 && piece.credibility > item)
    }

    fn is_superseded(&self, index: usize) -> bool {
        if !self.stands[index] {
            return false;
        }
        let of_the_same = |other: &usize| self.stands[*other] && self.party[*other] == self.party[index];
        let later = |other: &usize| self.piece(*other).said > self.piece(index).said;
        let mut others = (0..self.case.pieces.len()).filter(of_the_same);
        if self.is(Fault::LastWordOnly) {
            return others.any(|other| later(&other) && self.piece(other).source == self.piece(index).source);
        }
        self.is_denial(index)
            && others.any(|other| match self.fault {
                Some(Fault::SupersedesByArrival) => self.is_acknowledgement(other) && other > index,
                Some(Fault::DecliningTakesBack) => {
                    later(&other) && self.is_own_word(other) && self.piece(other).stance != Stance::Denies
                }
                _ => self.is_acknowledgement(other) && later(&other),
            })
    }

    /// All topmost sources that links tie to this one, itself included.
    fn tied(&self, top: usize) -> BTreeSet<usize> {
        let mut tied = BTreeSet::from([top]);
        loop {
            let before = tied.len();
            for link in &self.case.links {
                let tops: BTreeSet<usize> = (0..self.case.pieces.len())
                    .filter(|index| link.contains(&self.piece(*index).key))
                    .map(|index| self.top[index])
                    .collect();
                if !tops.is_disjoint(&tied) {
                    tied.extend(tops);
                }
            }
            if tied.len() == before {
                return tied;
            }
        }
    }

    fn group(&self, index: usize) -> BTreeSet<usize> {
        self.tied(self.top[index])
    }

    /// Why an original piece that stands and takes a side gives no origin that counts.
    fn objection(&self, index: usize) -> Option<Why> {
        let piece = self.piece(index);
        if piece.stance == Stance::Affirms && self.is_in_favour(index) {
            return Some(Why::InFavour);
        }
        let publisher = piece.via.unwrap_or(piece.source);
        let unrated = self.reliability(publisher) == Reliability::F;
        (!self.is_own_word(index) && unrated && !self.case.policy.count_unrated).then_some(Why::Unrated)
    }

    fn is_in_favour(&self, index: usize) -> bool {
        match self.party[index] {
            Some(party) => self.interest(party) == Some(Interest::InFavour),
            None => self.case.parties.iter().any(|(party, _)| {
                let party = actual(self.case, *party);
                self.interest(party) == Some(Interest::InFavour)
                    && self.group(index).contains(&top(self.case, party, self.piece(index).said))
            }),
        }
    }

    fn takes_part(&self, index: usize, stance: Stance) -> bool {
        self.stands[index] && self.piece(index).stance == stance
    }

    /// Whether the piece is by that source, by whoever spoke for it, or carried by it.
    fn is_word_of(&self, index: usize, source: usize) -> bool {
        let carrier = self.piece(index).via.map(|via| actual(self.case, via));
        self.voices[index].contains(&source) || carrier == Some(source)
    }

    /// Follows every chain from the piece; `path` holds the pieces it has come through.
    fn follow(&self, index: usize, path: &mut Vec<usize>, ends: &mut Ends) {
        if path.contains(&index) {
            ends.circular = true;
            return;
        }
        path.push(index);
        let piece = self.piece(index);
        match piece.ground {
            Ground::Own | Ground::Document | Ground::Named | Ground::Unnamed => {
                ends.origins.insert(index);
            }
            Ground::Unknown => {
                ends.untraced.insert(actual(self.case, piece.source));
            }
            Ground::Piece(key) => {
                let end = (0..self.case.pieces.len()).find(|other| self.piece(*other).key == key);
                match end.filter(|other| self.takes_part(*other, piece.stance)) {
                    Some(other) => self.follow(other, path, ends),
                    None => ends.not_borne_out = true,
                }
            }
            Ground::Source(source) => self.follow_source(actual(self.case, source), piece.stance, path, ends),
        }
        path.pop();
    }

    fn follow_source(&self, source: usize, stance: Stance, path: &mut Vec<usize>, ends: &mut Ends) {
        let words: Vec<usize> =
            (0..self.case.pieces.len()).filter(|other| self.is_word_of(*other, source)).collect();
        if words.is_empty() {
            ends.untraced.insert(source);
            ends.silent.insert(source);
        }
        let borne_out: Vec<usize> =
            words.iter().copied().filter(|other| self.takes_part(*other, stance)).collect();
        if borne_out.is_empty() && !words.is_empty() {
            ends.not_borne_out = true;
        }
        for other in borne_out {
            self.follow(other, path, ends);
        }
    }

    /// The counting origins of one side, each by the names in its group.
    fn counting(&self, stance: Stance) -> BTreeSet<String> {
        let mut counting = BTreeSet::new();
        let mut pieces: BTreeMap<BTreeSet<usize>, Vec<usize>> = BTreeMap::new();
        for index in (0..self.case.pieces.len()).filter(|index| self.takes_part(*index, stance)) {
            if self.piece(index).ground.is_original() {
                pieces.entry(self.group(index)).or_default().push(index);
            }
            counting.extend(self.counted_wrongly(index));
        }
        for (group, of_group) in pieces {
            let counts = |index: &usize| self.objection(*index).is_none();
            let decides = match self.fault {
                Some(Fault::FirstPieceDecides) => of_group.first().is_some_and(counts),
                Some(Fault::LowestIdDecides) => {
                    of_group.iter().min_by_key(|index| self.piece(**index).label).is_some_and(counts)
                }
                Some(Fault::NeedsTwoPieces) => of_group.iter().filter(|index| counts(index)).count() > 1,
                _ => of_group.iter().any(counts),
            };
            if decides {
                counting.insert(names(&group));
            }
        }
        counting
    }

    /// What a broken rule counts besides.
    fn counted_wrongly(&self, index: usize) -> Vec<String> {
        let piece = self.piece(index);
        let mut wrong = Vec::new();
        match self.fault {
            Some(Fault::CountsOutlets) => wrong.push(source_name(piece.via.unwrap_or(piece.source))),
            Some(Fault::TrustsTheSilent) => {
                let mut ends = Ends::default();
                self.follow(index, &mut Vec::new(), &mut ends);
                wrong.extend(ends.silent.iter().map(|source| source_name(top(self.case, *source, piece.said))));
            }
            Some(Fault::CountsRepetitions) if piece.ground.is_relayed() => {
                wrong.push(format!("again {}", piece.key));
            }
            Some(Fault::LinkAdds) if self.case.links.iter().any(|link| link.contains(&piece.key)) => {
                wrong.push("the link".to_owned());
            }
            Some(Fault::CountsPieces) if piece.ground.is_original() && self.objection(index).is_none() => {
                wrong.push(format!("piece {}", piece.key));
            }
            _ => {}
        }
        wrong
    }

    fn why(&self, index: usize, counting: &BTreeMap<Stance, BTreeSet<String>>, ends: &Ends) -> Option<Why> {
        let piece = self.piece(index);
        if let Some(why) = self.taken_back[index] {
            return Some(why);
        }
        if piece.stance == Stance::Neutral {
            return Some(Why::Neutral);
        }
        if piece.ground == Ground::Unknown {
            return Some(Why::UnknownFooting);
        }
        if piece.ground.is_original() {
            return self.objection(index);
        }
        let counts = |origin: &usize| counting[&piece.stance].contains(&names(&self.group(*origin)));
        let serves = |origin: &usize| self.objection(*origin) == Some(Why::InFavour);
        Some(if ends.origins.iter().any(counts) {
            Why::HearsayOnly
        } else if ends.origins.iter().any(serves) {
            Why::InFavour
        } else if !ends.origins.is_empty() {
            Why::Unrated
        } else if ends.circular {
            Why::Circular
        } else if ends.not_borne_out {
            Why::NotBorneOut
        } else {
            Why::Untraced
        })
    }

    fn finding(&self) -> Finding {
        let all = 0..self.case.pieces.len();
        let sides = [Stance::Affirms, Stance::Denies];
        let counting: BTreeMap<Stance, BTreeSet<String>> =
            sides.into_iter().map(|side| (side, self.counting(side))).collect();
        let mut why = BTreeMap::new();
        let mut untraced = BTreeSet::new();
        for index in all.clone() {
            let mut ends = Ends::default();
            let relays = self.stands[index] && self.piece(index).ground.is_relayed();
            if relays && self.piece(index).stance != Stance::Neutral {
                self.follow(index, &mut Vec::new(), &mut ends);
            }
            let reason = self.why(index, &counting, &ends);
            if reason != Some(Why::HearsayOnly) {
                untraced.extend(ends.untraced.iter().map(|source| source_name(*source)));
            }
            why.insert(self.piece(index).key, reason);
        }
        let keys = |wanted: &dyn Fn(usize) -> bool| -> BTreeSet<u32> {
            let wanted = all.clone().filter(|index| self.stands[*index] && wanted(*index));
            wanted.map(|index| self.piece(index).key).collect()
        };
        let acknowledgements = keys(&|index| self.is_acknowledgement(index) && self.objection(index).is_none());
        let denials = keys(&|index| self.is_denial(index));
        let publisher = |index: usize| {
            let piece = self.piece(index);
            actual(self.case, piece.via.unwrap_or(piece.source))
        };
        let standing = all.clone().filter(|index| self.stands[*index]);
        Finding {
            standing: self.standing(&counting, &acknowledgements, &denials),
            affirming: counting[&Stance::Affirms].clone(),
            denying: counting[&Stance::Denies].clone(),
            circular: why.values().any(|why| *why == Some(Why::Circular)),
            why,
            untraced,
            documents: standing.clone().count(),
            outlets: standing.map(publisher).collect::<BTreeSet<_>>().len(),
            acknowledgements,
            denials,
        }
    }

    fn standing(
        &self,
        counting: &BTreeMap<Stance, BTreeSet<String>>,
        acknowledgements: &BTreeSet<u32>,
        denials: &BTreeSet<u32>,
    ) -> Standing {
        let policy = &self.case.policy;
        let enough = |side: Stance| counting[&side].len() >= policy.origins as usize;
        let supported =
            enough(Stance::Affirms) || (policy.acknowledgement_settles && !acknowledgements.is_empty());
        let opposed = enough(Stance::Denies) || (policy.party_denial_suffices && !denials.is_empty());
        match (supported, opposed) {
            (false, false) => Standing::Reported,
            (true, false) => Standing::Corroborated,
            (false, true) => Standing::Denied,
            (true, true) => Standing::Disputed,
        }
    }
}

/// The source, then whom it spoke for then, and so on.
fn voices(case: &Case, source: usize, hour: i32) -> Vec<usize> {
    let mut voices = vec![actual(case, source)];
    while let Some(next) = related(case, voices[voices.len() - 1], Relation::SpeaksFor, hour) {
        voices.push(next);
    }
    voices
}

/// The topmost source by `speaks_for`, else `part_of`.
fn top(case: &Case, source: usize, hour: i32) -> usize {
    let mut source = actual(case, source);
    loop {
        let next = related(case, source, Relation::SpeaksFor, hour)
            .or_else(|| related(case, source, Relation::PartOf, hour));
        match next {
            Some(next) => source = next,
            None => return source,
        }
    }
}

/// All names, sorted, joined by ` + `.
fn names(group: &BTreeSet<usize>) -> String {
    group
        .iter()
        .map(|source| source_name(*source))
        .collect::<BTreeSet<_>>()
        .into_iter()
        .collect::<Vec<_>>()
        .join(" + ")
}

/// The party whose own word the piece is, for laws that treat a party's pieces apart.
pub(crate) fn party_of(case: &Case, piece: &Piece) -> Option<usize> {
    let is_party = |voice: &usize| case.parties.iter().any(|(party, _)| actual(case, *party) == *voice);
    voices(case, piece.source, piece.said).into_iter().find(is_party)
}

/// The topmost sources of the piece's group, links included.
pub(crate) fn group_of(case: &Case, piece: &Piece) -> BTreeSet<usize> {
    let desk = Desk::new(case, None);
    desk.tied(top(case, piece.source, piece.said))
}
