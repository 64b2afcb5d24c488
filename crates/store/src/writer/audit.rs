//! Turns events into the rows that audit queries are answered from.
//! Invariant: a row depends on the event and the docket around it alone; what is summed is the same wherever a batch ends.

use std::collections::{BTreeMap, BTreeSet};

use hearsay_core::{Claim, Docket, Event, EvidenceId, Fact, FollowUpKind, SourceId, Standing, State, kind_on};

use super::stage::seq;
use crate::jsonb::Rows;
use crate::time::hour_of;

/// A claim's state and standing before an event; none where the event opens it, or is of no claim.
#[derive(Clone, Copy)]
pub(crate) struct Was(Option<(State, Standing)>);

impl Was {
    /// To be asked before the event is applied.
    pub(crate) fn of(event: &Event, docket: &Docket) -> Self {
        let claim = event.claim.and_then(|id| docket.claims.get(&id));
        Self(claim.map(|claim| (claim.state, claim.weighed.standing)))
    }
}

/// What is counted.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Counted {
    pub(super) measure: &'static str,
    pub(super) kind: &'static str,
}

/// One hour of one of the two times, and what is counted in it.
type Hour = (&'static str, i64, Counted);

/// The rows of one batch.
#[derive(Default)]
pub(crate) struct AuditRows {
    mentions: Rows,
    transitions: Rows,
    spans: Rows,
    /// For each actor's name an event of its own, and how many.
    counts: BTreeMap<(Hour, Option<String>), (i64, i64)>,
    party_counts: BTreeMap<(Hour, SourceId), i64>,
    state_changes: BTreeMap<(i64, &'static str), i64>,
}

impl AuditRows {
    /// Adds the rows of one event that has been applied to the docket.
    pub(super) fn derive(&mut self, event: &Event, docket: &Docket, before: Was) {
        let Some(claim) = event.claim.and_then(|id| docket.claims.get(&id)) else {
            return self.mention_registry(event);
        };
        self.mention(event, claim);
        let after = (claim.state, claim.weighed.standing);
        if before.0 != Some(after) {
            self.spans.push(|row| {
                row.int(i64::from(claim.number.0)).int(seq(event)).text(after.0.as_str()).text(after.1.as_str());
            });
        }
        self.transition(event, claim, before);
        if let Some(counted) = counted(event, claim, docket) {
            self.count(event, claim, counted);
        }
    }

    fn transition(&mut self, event: &Event, claim: &Claim, before: Was) {
        let hour = hour_of(event.recorded_at);
        let mut change = |state: State, by: i64| {
            *self.state_changes.entry((hour, state.as_str())).or_default() += by;
        };
        match before.0 {
            None => change(claim.state, 1),
            Some((from, _)) if is_transition(&event.fact) => {
                change(from, -1);
                change(claim.state, 1);
                self.transitions.push(|row| {
                    row.int(seq(event))
                        .int(i64::from(claim.number.0))
                        .text(from.as_str())
                        .text(claim.state.as_str());
                });
            }
            Some(_) => {}
        }
    }

    fn count(&mut self, event: &Event, claim: &Claim, counted: Counted) {
        let actor = event.actor.name.body();
        for (axis, at) in [("recorded", event.recorded_at), ("occurred", event.occurred_at)] {
            let hour = (axis, hour_of(at), counted);
            let count = self.counts.entry((hour, actor.map(str::to_owned))).or_insert((seq(event), 0));
            count.1 += 1;
            for party in claim.parties.iter().map(|party| party.source).collect::<BTreeSet<_>>() {
                *self.party_counts.entry((hour, party)).or_default() += 1;
            }
        }
    }

    /// Mentions of sources by a claim's event, but for its evidence.
    #[expect(clippy::wildcard_enum_match_arm, reason = "the other facts of claims mention no source")]
    fn mention(&mut self, event: &Event, claim: &Claim) {
        let mut sources = BTreeSet::new();
        let mut of_piece = |id: &EvidenceId| {
            let piece = claim.piece(*id);
            sources.extend(piece.map(|piece| piece.source));
            sources.extend(piece.and_then(|piece| piece.via));
        };
        match &event.fact {
            Fact::ClaimReported { parties, .. } => sources.extend(parties.iter().map(|party| party.source)),
            Fact::EvidenceWithdrawn { evidence, .. } | Fact::EvidenceStruck { evidence, .. } => of_piece(evidence),
            Fact::OriginsLinked { evidence, .. } => evidence.iter().for_each(of_piece),
            Fact::PartySet { source, .. } => {
                sources.insert(*source);
            }
            Fact::AnswerRequested { of, .. } | Fact::SilenceRecorded { of, .. } => {
                sources.insert(*of);
            }
            _ => {}
        }
        for source in sources {
            self.mention_one(event, source, 0);
        }
    }

    #[expect(clippy::wildcard_enum_match_arm, reason = "facts of claims are not the registry's")]
    fn mention_registry(&mut self, event: &Event) {
        let (subject, others): (SourceId, Vec<SourceId>) = match &event.fact {
            Fact::SourceAdded { source, speaks_for, part_of, .. } => {
                (*source, speaks_for.iter().chain(part_of).copied().collect())
            }
            Fact::SourceAliased { source, .. } | Fact::SourceRated { source, .. } => (*source, Vec::new()),
            Fact::SourceRelated { source, to, .. } => (*source, to.iter().copied().collect()),
            Fact::SourcesMerged { source, into, .. } => (*source, vec![*into]),
            _ => return,
        };
        self.mention_one(event, subject, 1);
        let others: BTreeSet<SourceId> = others.into_iter().filter(|other| *other != subject).collect();
        for other in others {
            self.mention_one(event, other, 0);
        }
    }

    fn mention_one(&mut self, event: &Event, source: SourceId, registry: i64) {
        self.mentions.push(|row| {
            row.hex(source.0.as_bytes()).int(registry).int(seq(event));
        });
    }

    /// The rows in the order of the statement's parameters.
    pub(crate) fn into_rows(self) -> [Rows; 6] {
        let (mut counts, mut party_counts, mut states) = (Rows::default(), Rows::default(), Rows::default());
        for (((axis, hour, counted), _), (event, number)) in self.counts {
            counts.push(|row| {
                row.text(axis).int(hour).text(counted.measure).text(counted.kind).int(event).int(number);
            });
        }
        for (((axis, hour, counted), party), number) in self.party_counts {
            party_counts.push(|row| {
                row.text(axis)
                    .int(hour)
                    .text(counted.measure)
                    .text(counted.kind)
                    .hex(party.0.as_bytes())
                    .int(number);
            });
        }
        for ((hour, state), net) in self.state_changes {
            states.push(|row| {
                row.int(hour).text(state).int(net);
            });
        }
        [self.mentions, self.transitions, self.spans, counts, party_counts, states]
    }
}

/// Whether the fact declares another state.
fn is_transition(fact: &Fact) -> bool {
    matches!(
        fact,
        Fact::ClaimAdvanced { .. }
            | Fact::ClaimOverridden { .. }
            | Fact::ClaimClosed { .. }
            | Fact::ClaimReopened { .. }
            | Fact::ClaimMerged { .. }
    )
}

/// What an event is counted as: a follow-up by its derived kind, a transition by its event's.
#[expect(clippy::wildcard_enum_match_arm, reason = "no other fact is a follow-up or a transition")]
pub(super) fn counted(event: &Event, claim: &Claim, docket: &Docket) -> Option<Counted> {
    let follow_up = |kind: FollowUpKind| Some(Counted { measure: "follow_up", kind: kind.as_str() });
    if is_transition(&event.fact) {
        return Some(Counted { measure: "transition", kind: event.fact.kind() });
    }
    if let Fact::FollowUpRecorded { evidence, .. } = &event.fact {
        return follow_up(kind_on(claim, &docket.registry, evidence));
    }
    match &event.fact {
        Fact::SilenceRecorded { .. } => follow_up(FollowUpKind::Silence),
        Fact::EvidenceWithdrawn { .. } => follow_up(FollowUpKind::Withdrawal),
        Fact::EvidenceStruck { .. } => follow_up(FollowUpKind::Strike),
        _ => None,
    }
}
