//! The oracle: the whole log in memory, and what each event was about, found by folding.

use std::collections::BTreeSet;

use hearsay_core::{ClaimNumber, Docket, Fact, SourceId, State};
use hearsay_store::{EventFilter, EventView, Moved, Order, Period, Store, Term};

/// The log, and the docket at its end.
pub(crate) struct Oracle {
    pub(crate) events: Vec<EventView>,
    pub(crate) end: Docket,
    /// For each event the change of state that it was.
    pub(crate) moved: Vec<Option<(State, State)>>,
    /// For each event the sources that it mentions.
    pub(crate) mentioned: Vec<BTreeSet<SourceId>>,
}

impl Oracle {
    /// Everything that the store's log holds.
    pub(crate) async fn of(store: &Store) -> Self {
        let events = store.events(&EventFilter::default()).await.unwrap();
        let (mut docket, mut moved, mut mentioned) = (Docket::default(), Vec::new(), Vec::new());
        for view in &events {
            let state =
                |docket: &Docket| view.event.claim.and_then(|id| docket.claims.get(&id)).map(|claim| claim.state);
            let before = state(&docket);
            docket.apply(&view.event);
            let kind = view.event.fact.kind();
            let declares =
                ["claim_advanced", "claim_overridden", "claim_closed", "claim_reopened", "claim_merged"];
            moved.push(before.filter(|_| declares.contains(&kind)).and_then(|from| Some((from, state(&docket)?))));
            mentioned.push(sources(view, &docket));
        }
        Self { events, end: docket, moved, mentioned }
    }

    fn source_named(&self, name: &str) -> BTreeSet<SourceId> {
        let id = self.end.source(&name.into()).unwrap();
        let same = |other: &SourceId| self.end.registry.canonical(*other) == id;
        self.mentioned.iter().flatten().copied().filter(same).collect()
    }

    /// The claim that an event belongs to, and all that it was merged into.
    fn claims_of(&self, view: &EventView) -> Vec<ClaimNumber> {
        let mut claims = Vec::new();
        let mut at = view.event.claim.and_then(|id| self.end.claims.get(&id));
        while let Some(claim) = at {
            claims.push(claim.number);
            at = claim.merged_into.and_then(|into| self.end.claims.get(&into));
        }
        claims
    }

    fn fits(&self, index: usize, filter: &EventFilter) -> bool {
        let view = &self.events[index];
        let claim = view.event.claim.and_then(|id| self.end.claims.get(&id));
        let about = |names: &String| {
            let same = self.source_named(names);
            claim.is_some_and(|claim| claim.parties.iter().any(|party| same.contains(&party.source)))
        };
        let lag = view.event.recorded_at.as_microsecond() - view.event.occurred_at.as_microsecond();
        fits(&filter.claims, |number| self.claims_of(view).contains(number))
            && fits(&filter.kinds, |kind| view.event.fact.kind().starts_with(kind.as_str()))
            && fits(&filter.actors, |name| view.event.actor.name.body() == Some(name))
            && fits(&filter.sources, |name| !self.source_named(name).is_disjoint(&self.mentioned[index]))
            && fits(&filter.parties, about)
            && fits(&filter.topics, |topic| claim.is_some_and(|claim| claim.topic.as_ref() == Some(topic)))
            && fits(&filter.moves, |moved| self.moved[index].is_some_and(|pair| is_so(*moved, pair)))
            && fits(&filter.commands, |command| view.event.command == *command)
            && holds(filter.recorded, view.event.recorded_at)
            && holds(filter.occurred, view.event.occurred_at)
            && !filter.not_recorded.iter().any(|period| holds(*period, view.event.recorded_at))
            && !filter.not_occurred.iter().any(|period| holds(*period, view.event.occurred_at))
            && filter.lag.is_none_or(|least| i128::from(lag) >= least.as_micros())
    }

    /// The positions that fit, in order, cut as the filter asks.
    pub(crate) fn positions(&self, filter: &EventFilter) -> Vec<u64> {
        let mut fitting: Vec<u64> = (0..self.events.len())
            .filter(|index| self.fits(*index, filter))
            .map(|index| index as u64 + 1)
            .collect();
        if filter.order == Order::NewestFirst {
            fitting.reverse();
        }
        let beyond = |seq: &u64| match (filter.after, filter.order) {
            (None, _) => true,
            (Some(after), Order::OldestFirst) => *seq > after,
            (Some(after), Order::NewestFirst) => *seq < after,
        };
        fitting.into_iter().filter(beyond).take(filter.limit.unwrap_or(u32::MAX) as usize).collect()
    }
}

fn fits<T>(term: &Term<T>, mut is: impl FnMut(&T) -> bool) -> bool {
    (term.any.is_empty() || term.any.iter().any(&mut is)) && !term.none.iter().any(is)
}

fn holds(period: Period, at: jiff::Timestamp) -> bool {
    period.since.is_none_or(|since| at >= since) && period.until.is_none_or(|until| at < until)
}

fn is_so(moved: Moved, (from, to): (State, State)) -> bool {
    moved.from.is_none_or(|state| state == from) && moved.to.is_none_or(|state| state == to)
}

/// The sources that an event mentions, as it was applied.
fn sources(view: &EventView, docket: &Docket) -> BTreeSet<SourceId> {
    let claim = view.event.claim.and_then(|id| docket.claims.get(&id));
    let mut found = BTreeSet::new();
    let mut of_piece = |id| {
        let piece = claim.and_then(|claim| claim.piece(id));
        found.extend(piece.iter().map(|piece| piece.source));
        found.extend(piece.iter().filter_map(|piece| piece.via));
    };
    #[expect(clippy::wildcard_enum_match_arm, reason = "all other facts hold the ids themselves")]
    match &view.event.fact {
        Fact::EvidenceWithdrawn { evidence, .. } | Fact::EvidenceStruck { evidence, .. } => of_piece(*evidence),
        Fact::OriginsLinked { evidence, .. } => evidence.iter().for_each(|id| of_piece(*id)),
        other => {
            // Whatever else stands in the fact and is a source is mentioned.
            let text = serde_json::to_string(other).unwrap();
            let ids = text.split('"').filter_map(|part| uuid::Uuid::try_parse(part).ok()).map(SourceId);
            found.extend(ids.filter(|id| docket.registry.get(*id).is_some()));
        }
    }
    found
}
