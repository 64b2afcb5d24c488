//! Decides on commands about sources.

use jiff::Timestamp;

use super::wording::{MAX_NAME, maybe, short};
use super::{Decision, Desk, Subject, unchanged};
use crate::{
    AddSource, AliasSource, Fact, MergeSources, RateSource, Reference, Referent, Refusal, RelateSource, Relation,
    Source, SourceId, SourceKind, Text, fold_name,
};

impl Desk<'_, '_, '_> {
    pub(super) fn add_source(&mut self, line: &AddSource) -> Result<Decision, Refusal> {
        self.no_version()?;
        let name = short("name", &line.name, MAX_NAME)?;
        let aliases = new_names(&line.aliases)?;
        let speaks_for = self.related("speaks_for", line.speaks_for.as_ref())?;
        let part_of = self.related("part_of", line.part_of.as_ref())?;
        if line.kind == SourceKind::Unnamed && speaks_for.is_some() {
            return Err(Refusal::UnnamedSpeaksForNobody { source_name: name });
        }
        if let Some(known) = self.known_as(line, &name, &aliases, speaks_for, part_of) {
            return unchanged(Subject::Source(known));
        }
        let handle = self.new_handle(line.handle.as_ref())?;
        self.check_name_free("name", &name, None)?;
        for alias in &aliases {
            self.check_name_free("aliases", alias, None)?;
        }
        let source = SourceId((self.stamp.fresh)());
        let event = self.registry_event(Fact::SourceAdded {
            source,
            handle,
            name: Text::from(name),
            source_kind: line.kind,
            aliases: aliases.into_iter().map(Text::from).collect(),
            reliability: line.reliability,
            speaks_for,
            part_of,
        });
        Ok(Decision { events: vec![event], subject: Subject::Source(source) })
    }

    /// The source that already is all that the line says.
    fn known_as(
        &self,
        line: &AddSource,
        name: &str,
        aliases: &[String],
        speaks_for: Option<SourceId>,
        part_of: Option<SourceId>,
    ) -> Option<SourceId> {
        let known = *self.docket.names.get(&fold_name(name))?;
        let source = self.docket.registry.get(known)?;
        let handle_fits = line
            .handle
            .as_ref()
            .is_none_or(|handle| self.docket.handles.get(handle) == Some(&Referent::Source(known)));
        let told = |relation: Relation, to: Option<SourceId>| {
            to.is_none_or(|to| *source.timeline(relation) == source.timeline(relation).told(None, None, Some(to)))
        };
        let same = source.name == name
            && source.kind == line.kind
            && source.reliability == line.reliability
            && aliases.iter().all(|alias| self.docket.names.get(&fold_name(alias)) == Some(&known))
            && told(Relation::SpeaksFor, speaks_for)
            && told(Relation::PartOf, part_of);
        (handle_fits && same).then_some(known)
    }

    fn related(&self, field: &'static str, to: Option<&Reference>) -> Result<Option<SourceId>, Refusal> {
        to.map(|to| self.source(field, to)).transpose()
    }

    fn check_name_free(&self, field: &'static str, name: &str, own: Option<SourceId>) -> Result<(), Refusal> {
        match self.docket.names.get(&fold_name(name)) {
            Some(by) if Some(*by) != own => Err(Refusal::NameTaken {
                field,
                name: name.to_owned(),
                by: self.docket.registry.get(*by).map_or_else(|| by.to_string(), |source| source.name.clone()),
            }),
            Some(_) | None => Ok(()),
        }
    }

    pub(super) fn alias_source(&mut self, line: &AliasSource) -> Result<Decision, Refusal> {
        self.no_version()?;
        let source = self.source("source", &line.source)?;
        let alias = short("alias", &line.alias, MAX_NAME)?;
        self.check_name_free("alias", &alias, Some(source))?;
        if self.docket.names.contains_key(&fold_name(&alias)) {
            return unchanged(Subject::Source(source));
        }
        self.on_source(source, Fact::SourceAliased { source, alias: Text::from(alias) })
    }

    pub(super) fn rate_source(&mut self, line: &RateSource) -> Result<Decision, Refusal> {
        self.no_version()?;
        let source = self.source("source", &line.source)?;
        let reason = maybe("reason", line.reason.as_ref())?;
        if self.docket.registry.reliability(source) == line.reliability {
            return unchanged(Subject::Source(source));
        }
        self.on_source(source, Fact::SourceRated { source, reliability: line.reliability, reason })
    }

    pub(super) fn relate_source(&mut self, line: &RelateSource) -> Result<Decision, Refusal> {
        self.no_version()?;
        let source = self.source("source", &line.source)?;
        let reason = maybe("reason", line.reason.as_ref())?;
        let (since, until) = (line.since.map(whole_micros), line.until.map(whole_micros));
        if let (Some(since), Some(until)) = (since, until)
            && since >= until
        {
            return Err(Refusal::PeriodReversed);
        }
        let told =
            [(Relation::SpeaksFor, "speaks_for", &line.speaks_for), (Relation::PartOf, "part_of", &line.part_of)];
        if line.speaks_for.is_none() && line.part_of.is_none() {
            return Err(Refusal::NothingGiven { fields: "speaks_for, part_of" });
        }
        let mut facts = Vec::new();
        for (relation, field, to) in told {
            let Some(to) = to else { continue };
            let to = self.related(field, to.as_ref())?;
            if self.changes(source, relation, field, to, (since, until))? {
                let reason = reason.clone();
                facts.push(Fact::SourceRelated { source, relation, to, since, until, reason });
            }
        }
        let events = facts.into_iter().map(|fact| self.registry_event(fact)).collect();
        Ok(Decision { events, subject: Subject::Source(source) })
    }

    /// Whether telling the relation changes anything; refuses a loop, and an unnamed group that speaks for somebody.
    fn changes(
        &self,
        id: SourceId,
        relation: Relation,
        field: &'static str,
        to: Option<SourceId>,
        (since, until): (Option<Timestamp>, Option<Timestamp>),
    ) -> Result<bool, Refusal> {
        let registry = &self.docket.registry;
        let Some(source) = registry.get(id) else { return Ok(false) };
        if let Some(to) = to {
            if relation == Relation::SpeaksFor && source.kind == SourceKind::Unnamed {
                return Err(Refusal::UnnamedSpeaksForNobody { source_name: source.name.clone() });
            }
            if registry.leads_to(to, id, since, until) {
                let (source_name, to) = (source.name.clone(), registry.name(to));
                return Err(Refusal::RelationLoop { field, source_name, to });
            }
        }
        let timeline = source.timeline(relation);
        Ok(timeline.told(since, until, to) != *timeline)
    }

    pub(super) fn merge_sources(&mut self, line: &MergeSources) -> Result<Decision, Refusal> {
        self.no_version()?;
        let source = self.itself("source", &line.source)?;
        let into = self.source("into", &line.into)?;
        let reason = maybe("reason", line.reason.as_ref())?;
        let registry = &self.docket.registry;
        if let Some(merged) = source.merged_into {
            if registry.canonical(merged) == into {
                return unchanged(Subject::Source(into));
            }
            let (source_name, into) = (source.name.clone(), registry.name(merged));
            return Err(Refusal::SourceIsMerged { source_name, into });
        }
        if source.id == into {
            return Err(Refusal::SourceMergedIntoItself);
        }
        if registry.leads_to(into, source.id, None, None) {
            let (source_name, to) = (source.name.clone(), registry.name(into));
            return Err(Refusal::RelationLoop { field: "into", source_name, to });
        }
        self.on_source(into, Fact::SourcesMerged { source: source.id, into, reason })
    }

    /// The source so named, not what it was merged into.
    fn itself(&self, field: &'static str, reference: &Reference) -> Result<&Source, Refusal> {
        self.docket
            .referents(reference)
            .into_iter()
            .find_map(|referent| match referent {
                Referent::Source(id) => self.docket.registry.get(id),
                Referent::Claim(_) | Referent::Evidence(_) | Referent::Lead(_) => None,
            })
            .ok_or_else(|| self.unknown(field, "source", reference))
    }

    #[expect(clippy::unnecessary_wraps, reason = "it ends decisions, which are results")]
    fn on_source(&mut self, source: SourceId, fact: Fact) -> Result<Decision, Refusal> {
        let event = self.registry_event(fact);
        Ok(Decision { events: vec![event], subject: Subject::Source(source) })
    }
}

/// Aliases as given, each once, without the name itself.
fn new_names(aliases: &[String]) -> Result<Vec<String>, Refusal> {
    let mut names: Vec<String> = Vec::new();
    for alias in aliases {
        let alias = short("aliases", alias, MAX_NAME)?;
        if !names.iter().any(|known| fold_name(known) == fold_name(&alias)) {
            names.push(alias);
        }
    }
    Ok(names)
}

/// The same time, without what is finer than a microsecond: so the docket keeps it.
fn whole_micros(at: Timestamp) -> Timestamp {
    Timestamp::from_microsecond(at.as_microsecond()).unwrap_or(at)
}
