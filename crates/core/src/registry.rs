//! The registry of sources: who speaks for whom, what belongs to what, and when.
//! It may hold only a part of the docket's sources; a source's relations are complete wherever the source is there.

use std::collections::{BTreeSet, HashMap, HashSet};

use jiff::Timestamp;

use crate::{Relation, Reliability, Source, SourceId, Tenure};

/// Sources by id, and by the names they go by.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Registry {
    sources: HashMap<SourceId, Source>,
}

impl Registry {
    /// How many sources it holds.
    pub fn len(&self) -> usize {
        self.sources.len()
    }

    /// Whether it holds none.
    pub fn is_empty(&self) -> bool {
        self.sources.is_empty()
    }

    /// The source itself, not what it was merged into.
    pub fn get(&self, id: SourceId) -> Option<&Source> {
        self.sources.get(&id)
    }

    /// Puts a source, as read or as changed.
    pub fn put(&mut self, source: Source) {
        self.sources.insert(source.id, source);
    }

    /// All sources, in no order.
    pub(crate) fn into_sources(self) -> impl Iterator<Item = Source> {
        self.sources.into_values()
    }

    pub(crate) fn get_mut(&mut self, id: SourceId) -> Option<&mut Source> {
        self.sources.get_mut(&id)
    }

    /// What the source turned out to be; itself where it wasn't merged.
    pub fn canonical(&self, id: SourceId) -> SourceId {
        let mut at = id;
        for _ in 0..=self.sources.len() {
            match self.sources.get(&at).and_then(|source| source.merged_into) {
                Some(into) => at = into,
                None => break,
            }
        }
        at
    }

    /// Its name; its id where the registry doesn't hold it.
    pub fn name(&self, id: SourceId) -> String {
        let id = self.canonical(id);
        self.sources.get(&id).map_or_else(|| id.to_string(), |source| source.name.clone())
    }

    /// Its reliability.
    pub fn reliability(&self, id: SourceId) -> Reliability {
        self.sources.get(&self.canonical(id)).map_or(Reliability::F, |source| source.reliability)
    }

    /// The source, then whom it spoke for at that time, then whom that one spoke for: nearest first.
    pub fn voices(&self, id: SourceId, at: Timestamp) -> Vec<SourceId> {
        let mut voices = vec![self.canonical(id)];
        while let Some(next) = voices.last().and_then(|last| self.related(*last, Relation::SpeaksFor, at)) {
            if voices.contains(&next) {
                break;
            }
            voices.push(next);
        }
        voices
    }

    /// The independence group: the topmost source by `speaks_for`, else `part_of`, as they held at that time.
    pub fn group(&self, id: SourceId, at: Timestamp) -> SourceId {
        let mut top = self.canonical(id);
        for _ in 0..=self.sources.len() {
            let next =
                self.related(top, Relation::SpeaksFor, at).or_else(|| self.related(top, Relation::PartOf, at));
            match next {
                Some(next) => top = next,
                None => break,
            }
        }
        top
    }

    fn related(&self, id: SourceId, relation: Relation, at: Timestamp) -> Option<SourceId> {
        let source = self.sources.get(&id)?;
        source.timeline(relation).at(at).map(|to| self.canonical(to))
    }

    /// Whether `from` leads to `target` by any relations that all hold at one time within `since..until`.
    pub(crate) fn leads_to(
        &self,
        from: SourceId,
        target: SourceId,
        since: Option<Timestamp>,
        until: Option<Timestamp>,
    ) -> bool {
        let reach = self.reach(from);
        if !reach.contains(&self.canonical(target)) {
            return false;
        }
        self.instants(&reach, since, until).into_iter().any(|at| self.leads_at(from, target, at))
    }

    /// All that `from` leads to, whenever.
    fn reach(&self, from: SourceId) -> HashSet<SourceId> {
        self.walk(from, |_| true)
    }

    fn leads_at(&self, from: SourceId, target: SourceId, at: Timestamp) -> bool {
        self.walk(from, |tenure| tenure.holds_at(at)).contains(&self.canonical(target))
    }

    fn walk(&self, from: SourceId, holds: impl Fn(&Tenure) -> bool) -> HashSet<SourceId> {
        let mut seen = HashSet::new();
        let mut open = vec![self.canonical(from)];
        while let Some(id) = open.pop() {
            if !seen.insert(id) {
                continue;
            }
            if let Some(source) = self.sources.get(&id) {
                let tenures = source.speaks_for.tenures().iter().chain(source.part_of.tenures());
                open.extend(tenures.filter(|tenure| holds(tenure)).map(|tenure| self.canonical(tenure.to)));
            }
        }
        seen
    }

    /// One instant in each stretch of the period over which no relation of these sources changes.
    fn instants(
        &self,
        ids: &HashSet<SourceId>,
        since: Option<Timestamp>,
        until: Option<Timestamp>,
    ) -> BTreeSet<Timestamp> {
        let mut instants = BTreeSet::from([since.unwrap_or(Timestamp::MIN)]);
        let tenures = ids
            .iter()
            .filter_map(|id| self.sources.get(id))
            .flat_map(|source| source.speaks_for.tenures().iter().chain(source.part_of.tenures()));
        for tenure in tenures {
            instants.extend(tenure.since);
            instants.extend(tenure.until);
        }
        instants.retain(|at| since.is_none_or(|since| since <= *at) && until.is_none_or(|until| *at < until));
        instants
    }
}
