//! Turns events into the rows of leads, and of what rests on snapshots.
//! Invariant: a row depends on the event and the docket around it alone; what became of a lead is told once a batch.

use std::collections::BTreeMap;

use hearsay_core::{
    Claim, ClaimNumber, Docket, Event, EvidenceId, Fact, LeadNumber, LeadState, SourceId, Taken, Text,
};

use super::stage::seq;
use crate::jsonb::Rows;

/// The rows of one batch.
#[derive(Default)]
pub(crate) struct LeadRows {
    laid: Rows,
    settled: BTreeMap<LeadNumber, Settled>,
    folded: Rows,
    uses: Rows,
}

/// What became of a lead; what an event does not tell stays as it was.
struct Settled {
    state: &'static str,
    automatic: Option<bool>,
    evidence: Option<EvidenceId>,
    by: i64,
}

impl LeadRows {
    /// Adds the rows of one event of a claim that has been applied to the docket.
    #[expect(clippy::wildcard_enum_match_arm, reason = "most facts have nothing to do with leads")]
    pub(super) fn derive(&mut self, event: &Event, claim: &Claim, docket: &Docket) {
        match &event.fact {
            Fact::ClaimReported { words, .. } => self.rests_on(event, words.snapshot.as_ref()),
            Fact::FollowUpRecorded { evidence, words, lead } => {
                self.rests_on(event, words.snapshot.as_ref());
                if let Some(from) = lead {
                    let automatic = Some(from.taken == Taken::Automatic);
                    self.settle(from.lead, "accepted", automatic, Some(evidence.id), event);
                }
            }
            Fact::LeadLaid { words, .. } => {
                self.rests_on(event, words.snapshot.as_ref());
                self.lay(event, claim.number);
            }
            Fact::LeadFolded { into, item, snapshot, .. } => {
                self.rests_on(event, snapshot.as_ref());
                self.folded.push(|row| {
                    row.int(seq(event)).int(i64::from(into.0)).int(i64::from(item.0));
                });
            }
            Fact::LeadDismissed { lead, .. } => self.settle(*lead, "dismissed", None, None, event),
            Fact::EvidenceStruck { evidence, .. } => {
                let claim = docket.leads_to(claim);
                let undone = claim.leads.values().find(|lead| match lead.state {
                    LeadState::Undone { evidence: struck } => struck == *evidence,
                    LeadState::Waiting(_) | LeadState::Recorded { .. } | LeadState::Dismissed => false,
                });
                if let Some(lead) = undone {
                    self.settle(lead.number, "undone", None, Some(*evidence), event);
                }
            }
            _ => {}
        }
    }

    fn lay(&mut self, event: &Event, number: ClaimNumber) {
        let Fact::LeadLaid { lead, arrival, suggested, confidence, .. } = &event.fact else { return };
        let bytes = |source: &Option<SourceId>| source.map(|source| *source.0.as_bytes());
        let [source, via, relays] = [&suggested.source, &suggested.via, &suggested.relays].map(bytes);
        self.laid.push(|row| {
            row.int(seq(event))
                .int(i64::from(lead.0))
                .int(i64::from(number.0))
                .int(i64::from(u16::from(*confidence)))
                .text(suggested.stance.as_str())
                .int(i64::from(arrival.item.0))
                .maybe_int(arrival.feed.map(|feed| i64::from(feed.0)))
                .maybe_hex(source.as_ref().map(<[u8; 16]>::as_slice))
                .maybe_hex(via.as_ref().map(<[u8; 16]>::as_slice))
                .maybe_hex(relays.as_ref().map(<[u8; 16]>::as_slice));
        });
    }

    fn settle(
        &mut self,
        lead: LeadNumber,
        state: &'static str,
        automatic: Option<bool>,
        evidence: Option<EvidenceId>,
        event: &Event,
    ) {
        let before = self.settled.remove(&lead);
        let automatic = automatic.or_else(|| before.as_ref().and_then(|before| before.automatic));
        self.settled.insert(lead, Settled { state, automatic, evidence, by: seq(event) });
    }

    fn rests_on(&mut self, event: &Event, snapshot: Option<&Text>) {
        if let Some(sha256) = snapshot.and_then(Text::body) {
            self.uses.push(|row| {
                row.int(seq(event)).text(sha256);
            });
        }
    }

    /// Whether the batch has nothing to do with leads or snapshots.
    pub(crate) fn is_empty(&self) -> bool {
        self.laid.is_empty() && self.settled.is_empty() && self.folded.is_empty() && self.uses.is_empty()
    }

    /// The rows in the order of the statement's parameters.
    pub(crate) fn into_rows(self) -> [Rows; 4] {
        let mut settled = Rows::default();
        for (lead, became) in &self.settled {
            settled.push(|row| {
                row.int(i64::from(lead.0))
                    .text(became.state)
                    .maybe_int(became.automatic.map(i64::from))
                    .maybe_hex(became.evidence.as_ref().map(|id| id.0.as_bytes().as_slice()))
                    .int(became.by);
            });
        }
        [self.laid, settled, self.folded, self.uses]
    }
}
