//! How many independent origins the reports of a story come to, by the rules that weigh evidence.

use std::collections::BTreeMap;

use anyhow::Result;
use hearsay_core::{
    Evidence, EvidenceId, Footing, FootingWord, Party, Policy, Registry, Relayed, Reliability, Source, SourceId,
    SourceKind, Stance, Timeline, Weighing, weigh,
};
use hearsay_reading::{Bearing, Speaker};
use uuid::Uuid;

use super::desk::{Desk, Story};
use crate::standing;

/// For each story, 1 where its reports come to one origin. The claim opens with the first report; what parties
/// themselves say is an answer and no report, so it is left aside.
pub(crate) fn counted(desk: &Desk, read: &BTreeMap<(String, String), Vec<Bearing>>) -> Result<Vec<f64>> {
    let mut marks = Vec::new();
    for (name, story) in &desk.claims {
        let mut registry = registry(desk);
        let mut evidence = vec![opening(story)];
        for found in read.iter().filter(|((_, claim), _)| claim == name).flat_map(|(_, found)| found) {
            let own = story
                .parties
                .iter()
                .any(|(party, _)| found.speaker.id.is_some_and(|id| desk.names.speaks_for(id, *party)));
            if !own && found.stance == Stance::Affirms {
                let number = evidence.len();
                evidence.extend(piece(found, number, story, &mut registry));
            }
        }
        let parties =
            story.parties.iter().map(|(source, interest)| Party { source: *source, interest: *interest });
        let claim = hearsay_core::Claim { evidence, parties: parties.collect(), ..standing::opened()? };
        let policy = Policy::first(Policy::DEFAULT_NAME);
        let Weighing { weighed, .. } = weigh(&claim, &registry, &policy);
        if std::env::var_os("HEARSAY_MISSES").is_some() {
            eprintln!("{name}: {} origins of {} pieces", weighed.affirming, claim.evidence.len());
        }
        marks.push(f64::from(u8::from(weighed.affirming == 1)));
    }
    Ok(marks)
}

fn opening(story: &Story) -> Evidence {
    let source = story.open.first_source().unwrap_or(SourceId(Uuid::nil()));
    let mut piece = plain(0, source, Footing::UnnamedSources { count: None });
    piece.said_at = story.reported_at;
    piece
}

fn plain(number: usize, source: SourceId, footing: Footing) -> Evidence {
    let id = EvidenceId(Uuid::from_u128(u128::try_from(number).unwrap_or_default() + 1));
    Evidence {
        id,
        handle: None,
        source,
        via: None,
        stance: Stance::Affirms,
        manner: None,
        footing,
        credibility: hearsay_core::Credibility::default(),
        framed_as: None,
        said_at: jiff::Timestamp::UNIX_EPOCH,
        withdrawn_at: None,
        struck: false,
    }
}

fn piece(found: &Bearing, number: usize, story: &Story, registry: &mut Registry) -> Option<Evidence> {
    let source = known(&found.speaker, number, registry);
    let footing = match found.footing.kind {
        FootingWord::Own => Footing::Own,
        FootingWord::Document => Footing::Document,
        FootingWord::NamedSources => Footing::NamedSources { count: found.footing.count },
        FootingWord::UnnamedSources => Footing::UnnamedSources { count: found.footing.count },
        FootingWord::Relays => Footing::Relays(Relayed::Source(found.footing.relays.as_ref()?.id?)),
        FootingWord::Unknown => Footing::Unknown,
    };
    let mut piece = plain(number, source, footing);
    piece.via = found.via.as_ref().and_then(|via| via.id);
    piece.said_at = found.said_at.unwrap_or(story.reported_at);
    Some(piece)
}

/// The speaker's source; one that the registry doesn't know is added to it.
fn known(speaker: &Speaker, number: usize, registry: &mut Registry) -> SourceId {
    speaker.id.unwrap_or_else(|| {
        let id = SourceId(Uuid::from_u128(u128::try_from(number).unwrap_or_default() + 1_000_000));
        registry.put(source(id, &speaker.name, SourceKind::Person, None));
        id
    })
}

/// All rated alike, so that only independence decides.
fn source(id: SourceId, name: &str, kind: SourceKind, speaks_for: Option<SourceId>) -> Source {
    let tenure = speaks_for.map(|to| hearsay_core::Tenure { since: None, until: None, to });
    Source {
        id,
        name: name.to_owned(),
        aliases: Vec::new(),
        kind,
        reliability: Reliability::B,
        speaks_for: Timeline::from_tenures(tenure.into_iter().collect()),
        part_of: Timeline::default(),
        merged_into: None,
    }
}

fn registry(desk: &Desk) -> Registry {
    let mut registry = Registry::default();
    for one in &desk.sources {
        registry.put(source(one.id, &one.name, one.kind, one.speaks_for));
    }
    registry
}
