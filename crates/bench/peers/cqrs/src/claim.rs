//! The claim as cqrs-es wants it: an aggregate with its pieces, one command, one event.
//! The rules are a shadow of ours: the source must be given, and origins are counted by source.

use std::collections::BTreeSet;
use std::fmt::{Display, Formatter};

use cqrs_es::event_sink::EventSink;
use cqrs_es::{Aggregate, DomainEvent};
use serde::{Deserialize, Serialize};

/// One source's word on the claim, with its words.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub(crate) struct Piece {
    pub(crate) id: String,
    pub(crate) source: String,
    pub(crate) stance: String,
    pub(crate) footing: String,
    pub(crate) relays: Option<String>,
    pub(crate) said_at: i64,
    pub(crate) url: String,
    pub(crate) title: String,
    pub(crate) quote: String,
    pub(crate) described_as: String,
}

/// A claim and what its evidence comes to.
#[derive(Default, Serialize, Deserialize)]
pub(crate) struct Claim {
    pieces: Vec<Piece>,
    affirming: usize,
    denying: usize,
}

/// What may be done to a claim.
pub(crate) enum Command {
    RecordFollowUp(Box<Piece>),
}

/// What happened to a claim.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub(crate) enum Event {
    FollowUpRecorded { piece: Piece, affirming: usize, denying: usize },
}

impl DomainEvent for Event {
    fn event_type(&self) -> String {
        "FollowUpRecorded".to_owned()
    }

    fn event_version(&self) -> String {
        "1.0".to_owned()
    }
}

/// Why a command is refused.
#[derive(Debug)]
pub(crate) struct SourceMissing;

impl Display for SourceMissing {
    fn fmt(&self, f: &mut Formatter<'_>) -> std::fmt::Result {
        f.write_str("a piece of evidence names its source")
    }
}

impl std::error::Error for SourceMissing {}

impl Claim {
    fn origins(&self, with: &Piece, stance: &str) -> usize {
        let pieces = self.pieces.iter().chain(std::iter::once(with));
        let originals = pieces.filter(|piece| piece.stance == stance && piece.footing != "relays");
        originals.map(|piece| piece.source.as_str()).collect::<BTreeSet<_>>().len()
    }
}

impl Aggregate for Claim {
    type Command = Command;
    type Event = Event;
    type Error = SourceMissing;
    type Services = ();

    const TYPE: &'static str = "claim";

    async fn handle(
        &mut self,
        command: Command,
        _services: &(),
        sink: &EventSink<Self>,
    ) -> Result<(), SourceMissing> {
        let Command::RecordFollowUp(piece) = command;
        if piece.source.is_empty() {
            return Err(SourceMissing);
        }
        let (affirming, denying) = (self.origins(&piece, "affirms"), self.origins(&piece, "denies"));
        let event = Event::FollowUpRecorded { piece: *piece, affirming, denying };
        sink.write(event, self).await;
        Ok(())
    }

    fn apply(&mut self, event: Event) {
        let Event::FollowUpRecorded { piece, affirming, denying } = event;
        self.pieces.push(piece);
        (self.affirming, self.denying) = (affirming, denying);
    }
}
