//! What a worker knows of the docket to read items by: the registry's names, and the open claims in an index.
//! Invariant: it is what the log had at one event, and is made anew of the log at every start.

use std::collections::HashMap;

use hearsay_core::{ClaimId, SourceId};
use hearsay_reading::index::ClaimIndex;
use hearsay_reading::{Awaited, NamedSource, Names, OpenClaim};
use hearsay_store::{OpenClaims, RelationView, SourceRow};
use jiff::Timestamp;

/// Names and open claims.
#[derive(Default)]
pub(crate) struct Known {
    pub(crate) names: Names,
    pub(crate) index: ClaimIndex,
    pub(crate) claims: HashMap<ClaimId, OpenClaim>,
    merged: HashMap<SourceId, SourceId>,
}

impl Known {
    /// Takes in what changed. With other names every claim is put into the index again: a party's names lead to it.
    pub(super) fn take(&mut self, changed: OpenClaims, registry: Option<Registry>) {
        let renamed = registry.is_some();
        if let Some(registry) = registry {
            self.names = registry.names;
            self.merged = registry.merged;
        }
        for closed in changed.closed {
            self.index.remove(closed);
            self.claims.remove(&closed);
        }
        for open in changed.open {
            let claim = self.merged(open_claim(open));
            if !renamed {
                self.index.add(&claim, &self.names);
            }
            self.claims.insert(claim.id, claim);
        }
        if renamed {
            let claims = std::mem::take(&mut self.claims);
            self.claims = claims.into_iter().map(|(id, claim)| (id, self.merged(claim))).collect();
            for claim in self.claims.values() {
                self.index.add(claim, &self.names);
            }
        }
    }

    /// The claim, with the sources that its sources turned out to be.
    fn merged(&self, mut claim: OpenClaim) -> OpenClaim {
        let named = claim.parties.iter_mut().chain(&mut claim.sources);
        for source in named.chain(claim.waits_for.iter_mut().map(|awaited| &mut awaited.party)) {
            *source = self.merged.get(source).copied().unwrap_or(*source);
        }
        claim
    }
}

fn open_claim(claim: hearsay_store::OpenClaim) -> OpenClaim {
    let awaited = |waiting: hearsay_store::Waiting| Awaited {
        party: waiting.party,
        since: waiting.since,
        until: waiting.until,
    };
    OpenClaim {
        id: claim.id,
        text: claim.text,
        language: claim.language,
        topic: claim.topic,
        notes: claim.notes,
        parties: claim.parties,
        sources: claim.sources,
        reported_at: Some(claim.reported_at),
        waits_for: claim.waits_for.into_iter().map(awaited).collect(),
    }
}

/// The registry's names, and which sources turned out to be which.
pub(super) struct Registry {
    names: Names,
    merged: HashMap<SourceId, SourceId>,
}

impl Registry {
    /// Of the sources, as their relations hold at that time. A merged source's names are those of what it turned out to be.
    pub(super) fn of(rows: &[SourceRow], now: Timestamp) -> Self {
        let by_name: HashMap<&str, &SourceRow> = rows.iter().map(|row| (row.name.as_str(), row)).collect();
        let end = |name: &str| -> Option<SourceId> {
            let mut at = by_name.get(name).copied()?;
            for _ in 0..rows.len() {
                match &at.merged_into {
                    Some(into) => at = by_name.get(into.as_str()).copied()?,
                    None => return Some(at.id),
                }
            }
            None
        };
        let (mut merged, mut also) = (HashMap::new(), HashMap::<SourceId, Vec<String>>::new());
        for row in rows {
            if let Some(into) = row.merged_into.as_deref().and_then(end) {
                merged.insert(row.id, into);
                also.entry(into).or_default().extend(std::iter::once(&row.name).chain(&row.aliases).cloned());
            }
        }
        let related = |row: &SourceRow, wanted: &str| {
            let found = row.relations.iter().find(|one| one.relation == wanted && holds(one, now))?;
            end(&found.to)
        };
        let names = Names::new(rows.iter().filter(|row| row.merged_into.is_none()).map(|row| NamedSource {
            id: row.id,
            name: row.name.clone(),
            aliases: row.aliases.iter().cloned().chain(also.remove(&row.id).unwrap_or_default()).collect(),
            kind: row.kind,
            speaks_for: related(row, "speaks_for"),
            part_of: related(row, "part_of"),
        }));
        Self { names, merged }
    }
}

fn holds(relation: &RelationView, now: Timestamp) -> bool {
    relation.since.is_none_or(|since| since <= now) && relation.until.is_none_or(|until| now < until)
}
