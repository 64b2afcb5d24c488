//! Names of evidence for the sentences of events.

use hearsay_core::{EvidenceId, Fact, Footing, Relayed};
use hearsay_store::{EventView, Store};

use crate::exit::Failure;
use crate::render::event::PieceNames;

/// How many names are kept before they are read anew, so that a log of any length fits.
const KEPT: usize = 20_000;

/// Names of evidence, read claim by claim where an event needs one that isn't known yet.
#[derive(Default)]
pub(crate) struct Names(PieceNames);

impl Names {
    /// The names that the event's sentence may need.
    pub(crate) async fn of(&mut self, store: &Store, view: &EventView) -> Result<&PieceNames, Failure> {
        let unknown = named_evidence(&view.event.fact).iter().any(|id| !self.0.contains_key(id));
        if let Some(claim) = view.claim.filter(|_| unknown) {
            if self.0.len() >= KEPT {
                self.0.clear();
            }
            let file = store.claim_file(claim).await?;
            self.0.extend(file.evidence.into_iter().map(|piece| {
                let handle = piece.handle.map(|handle| format!(" [{handle}]")).unwrap_or_default();
                (piece.id, format!("{}{handle}", piece.source))
            }));
        }
        Ok(&self.0)
    }
}

/// The evidence of which an event tells by its id alone.
fn named_evidence(fact: &Fact) -> Vec<EvidenceId> {
    if let Fact::ClaimReported { evidence, .. } | Fact::FollowUpRecorded { evidence, .. } = fact {
        return match evidence.footing {
            Footing::Relays(Relayed::Evidence(id)) => vec![id],
            Footing::Relays(Relayed::Source(_))
            | Footing::Own
            | Footing::Document
            | Footing::NamedSources { .. }
            | Footing::UnnamedSources { .. }
            | Footing::Unknown => Vec::new(),
        };
    }
    if let Fact::EvidenceWithdrawn { evidence, .. } | Fact::EvidenceStruck { evidence, .. } = fact {
        return vec![*evidence];
    }
    if let Fact::OriginsLinked { evidence, .. } = fact { evidence.clone() } else { Vec::new() }
}
