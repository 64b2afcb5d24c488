//! Which of some events a claim needs: its own, those of claims that were merged into it, those of the sources that they
//! lead to and of its policy, and those that erased a text of any of these.

use std::collections::BTreeSet;

use hearsay_core::{ClaimId, Event, Fact, SourceId};

use super::Bundle;
use crate::audit::{sources_named, subject_of};

impl Bundle {
    /// The positions of the events that the claim needs.
    pub(super) fn needed(&self) -> BTreeSet<u64> {
        let events = self.opened();
        let claims = merged_into(self.id, &events);
        let mut needed = BTreeSet::new();
        let mut sources = BTreeSet::new();
        let mut policies = BTreeSet::new();
        for event in events.iter().filter(|event| event.claim.is_some_and(|claim| claims.contains(&claim))) {
            needed.insert(event.seq);
            sources.extend(sources_named(&event.fact));
            if let Fact::ClaimReported { policy, .. } = &event.fact
                && event.claim == Some(self.id)
            {
                policies.insert(policy.as_str());
            }
        }
        needed.extend(of_sources(sources, &events));
        for event in &events {
            if let Fact::PolicySet { policy, .. } = &event.fact
                && policies.contains(policy.name.as_str())
            {
                needed.insert(event.seq);
            }
        }
        self.add_erasing(&mut needed);
        needed
    }

    /// Adds the events that erased texts of those that are needed, themselves included.
    fn add_erasing(&self, needed: &mut BTreeSet<u64>) {
        loop {
            let known = needed.len();
            for event in &self.events {
                if needed.contains(&event.seq) {
                    needed.extend(event.erased.iter().map(|(_, by)| *by));
                }
            }
            if needed.len() == known {
                return;
            }
        }
    }
}

/// A claim, and all that were merged into it, at any remove.
fn merged_into(claim: ClaimId, events: &[Event]) -> BTreeSet<ClaimId> {
    let mut claims = BTreeSet::from([claim]);
    loop {
        let known = claims.len();
        for event in events {
            if let (Fact::ClaimMerged { into, .. }, Some(merged)) = (&event.fact, event.claim)
                && claims.contains(into)
            {
                claims.insert(merged);
            }
        }
        if claims.len() == known {
            return claims;
        }
    }
}

/// The positions of what the registry tells of sources, and of those that this leads to.
fn of_sources(mut sources: BTreeSet<SourceId>, events: &[Event]) -> BTreeSet<u64> {
    let of_registry: Vec<(u64, SourceId, &Fact)> = events
        .iter()
        .filter(|event| event.claim.is_none())
        .filter_map(|event| Some((event.seq, subject_of(&event.fact)?, &event.fact)))
        .collect();
    loop {
        let known = sources.len();
        for (_, subject, fact) in &of_registry {
            if sources.contains(subject) {
                sources.extend(sources_named(fact));
            }
        }
        if sources.len() == known {
            break;
        }
    }
    of_registry.into_iter().filter(|(_, subject, _)| sources.contains(subject)).map(|(seq, ..)| seq).collect()
}
