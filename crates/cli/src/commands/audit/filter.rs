//! What narrows the log on the command line: each term with its negation.

use clap::Args;
use hearsay_core::{CommandId, State};
use hearsay_store::{EventFilter, Moved, Period, Store, Term};
use jiff::Timestamp;
use uuid::Uuid;

use crate::exit::Failure;
use crate::words::{time, word};

/// Terms of a filter. Several of one term: any of them; several terms: all of them.
#[derive(Args, Debug, Default)]
pub(super) struct FilterArgs {
    /// Of this claim, and of those that were merged into it.
    #[arg(long, value_name = "CLAIM")]
    claim: Vec<String>,
    /// Not of this claim.
    #[arg(long, value_name = "CLAIM")]
    not_claim: Vec<String>,
    /// Whose kind begins so: `claim_`, `follow_up_recorded`, `source_` …
    #[arg(long, value_name = "KIND")]
    kind: Vec<String>,
    /// Whose kind does not begin so.
    #[arg(long, value_name = "KIND")]
    not_kind: Vec<String>,
    /// By this person; not to be confused with `--actor`, who asks.
    #[arg(long, value_name = "NAME")]
    by: Vec<String>,
    /// Not by this person.
    #[arg(long, value_name = "NAME")]
    not_by: Vec<String>,
    /// That mention this source, by any of its names: as source, carrier, relayed, party, or itself.
    #[arg(long, value_name = "SOURCE")]
    source: Vec<String>,
    /// That do not mention this source.
    #[arg(long, value_name = "SOURCE")]
    not_source: Vec<String>,
    /// Of claims with this party, by any of its names.
    #[arg(long, value_name = "SOURCE")]
    party: Vec<String>,
    /// Not of claims with this party.
    #[arg(long, value_name = "SOURCE")]
    not_party: Vec<String>,
    /// Of claims with this topic.
    #[arg(long, value_name = "TOPIC")]
    topic: Vec<String>,
    /// Not of claims with this topic.
    #[arg(long, value_name = "TOPIC")]
    not_topic: Vec<String>,
    /// That moved a claim out of this state; with `--to`, from this one to that one.
    #[arg(long, value_name = "STATE", value_parser = word::<State>)]
    from: Option<State>,
    /// That moved a claim into this state.
    #[arg(long, value_name = "STATE", value_parser = word::<State>)]
    to: Option<State>,
    /// That did not move a claim out of this state; with `--not-to`, not from this one to that one.
    #[arg(long, value_name = "STATE", value_parser = word::<State>)]
    not_from: Option<State>,
    /// That did not move a claim into this state.
    #[arg(long, value_name = "STATE", value_parser = word::<State>)]
    not_to: Option<State>,
    /// Of the command with this id.
    #[arg(long, value_name = "UUID")]
    command: Vec<Uuid>,
    /// Not of the command with this id.
    #[arg(long, value_name = "UUID")]
    not_command: Vec<Uuid>,
    /// Of claims with all these words in text, topic, parties or notes; the last may be a beginning.
    #[arg(long, value_name = "WORDS")]
    text: Vec<String>,
    /// Not of claims with all these words.
    #[arg(long, value_name = "WORDS")]
    not_text: Vec<String>,
    /// Recorded at or after this time (RFC 3339).
    #[arg(long, value_name = "TIME", value_parser = time)]
    since: Option<Timestamp>,
    /// Recorded before this time.
    #[arg(long, value_name = "TIME", value_parser = time)]
    until: Option<Timestamp>,
    /// Not recorded from the one time on and before the other.
    #[arg(long, value_name = "TIME/TIME", value_parser = period)]
    not_recorded: Vec<Period>,
    /// That happened at or after this time.
    #[arg(long, value_name = "TIME", value_parser = time)]
    occurred_since: Option<Timestamp>,
    /// That happened before this time.
    #[arg(long, value_name = "TIME", value_parser = time)]
    occurred_until: Option<Timestamp>,
    /// That did not happen from the one time on and before the other.
    #[arg(long, value_name = "TIME/TIME", value_parser = period)]
    not_occurred: Vec<Period>,
}

impl FilterArgs {
    /// The filter; claims are looked up by name.
    pub(super) async fn filter(self, store: &Store) -> Result<EventFilter, Failure> {
        let claims = Term { any: claims(store, &self.claim).await?, none: claims(store, &self.not_claim).await? };
        let commands = |ids: Vec<Uuid>| ids.into_iter().map(CommandId).collect();
        let moved = |from: Option<State>, to: Option<State>| {
            (from.is_some() || to.is_some()).then_some(Moved { from, to }).into_iter().collect()
        };
        Ok(EventFilter {
            claims,
            kinds: Term { any: self.kind, none: self.not_kind },
            actors: Term { any: self.by, none: self.not_by },
            sources: Term { any: self.source, none: self.not_source },
            parties: Term { any: self.party, none: self.not_party },
            topics: Term { any: self.topic, none: self.not_topic },
            moves: Term { any: moved(self.from, self.to), none: moved(self.not_from, self.not_to) },
            commands: Term { any: commands(self.command), none: commands(self.not_command) },
            words: Term { any: self.text, none: self.not_text },
            recorded: Period { since: self.since, until: self.until },
            not_recorded: self.not_recorded,
            occurred: Period { since: self.occurred_since, until: self.occurred_until },
            not_occurred: self.not_occurred,
            ..EventFilter::default()
        })
    }
}

async fn claims(store: &Store, names: &[String]) -> Result<Vec<hearsay_core::ClaimNumber>, Failure> {
    let mut claims = Vec::with_capacity(names.len());
    for name in names {
        claims.push(store.find_claim(name).await?);
    }
    Ok(claims)
}

/// A period as `TIME/TIME` (ISO 8601).
pub(super) fn period(text: &str) -> Result<Period, String> {
    let (since, until) = text
        .split_once('/')
        .ok_or("a period is given by its two ends: 2025-04-22T16:00:00Z/2025-04-23T16:00:00Z")?;
    Ok(Period { since: Some(time(since)?), until: Some(time(until)?) })
}
