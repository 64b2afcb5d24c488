//! A source's record: what became of the claims that it originated, and how it was rated over time.

use hearsay_core::{Reliability, SourceId, Text};
use jiff::Timestamp;
use serde::Serialize;
use sqlx::Row;

use crate::error::Fault;
use crate::wanted::json;
use crate::{EventFilter, Store, StoreError, Term};

/// How a source was rated from a time on.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct Rating {
    /// The rating.
    pub reliability: Reliability,
    /// When it was recorded.
    pub at: Timestamp,
    /// Who rated; none where the name was erased.
    pub by: Option<String>,
    /// Why.
    pub reason: Option<String>,
}

/// What became of a source's word. Claims are those that opened with its evidence; one may count in several lines.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct SourceRecord {
    /// Its name.
    pub source: String,
    /// Claims that opened with its evidence.
    pub claims: u64,
    /// Of those, ever declared corroborated.
    pub corroborated: u64,
    /// Ever declared denied.
    pub denied: u64,
    /// Ever declared disputed.
    pub disputed: u64,
    /// Ever closed as retracted.
    pub retracted: u64,
    /// Ever closed as unresolved.
    pub unresolved: u64,
    /// Never declared anything but reported.
    pub still_reported: u64,
    /// All its pieces of evidence, on any claim.
    pub evidence: u64,
    /// Pieces that it took back.
    pub withdrawn: u64,
    /// Pieces of which the desk took back its record.
    pub struck: u64,
    /// Its ratings, the first first.
    pub ratings: Vec<Rating>,
}

impl Store {
    /// The record of a source, with all that was merged into it.
    pub async fn source_record(&self, name: &str) -> Result<SourceRecord, StoreError> {
        let source = self.source(name).await?;
        let ids = self.all_of(&[name.to_owned()]).await?.unwrap_or_default();
        let row = sqlx::query(include_str!("../sql/audit/source_record.sql"))
            .bind(json(ids.iter().map(|id: &SourceId| id.0.simple().to_string())))
            .fetch_one(self.readers())
            .await
            .map_err(|error| self.fault(error))?;
        let number = |column: usize| -> Result<u64, StoreError> {
            let number = row.try_get::<i64, _>(column).map_err(|error| self.fault(Fault::from(error)))?;
            Ok(number.unsigned_abs())
        };
        Ok(SourceRecord {
            source: source.name,
            claims: number(0)?,
            corroborated: number(1)?,
            denied: number(2)?,
            disputed: number(3)?,
            retracted: number(4)?,
            unresolved: number(5)?,
            still_reported: number(6)?,
            evidence: number(7)?,
            withdrawn: number(8)?,
            struck: number(9)?,
            ratings: self.ratings(name, source.id).await?,
        })
    }

    async fn ratings(&self, name: &str, id: SourceId) -> Result<Vec<Rating>, StoreError> {
        let filter = EventFilter {
            sources: Term::only(name.to_owned()),
            kinds: Term { any: vec!["source_added".to_owned(), "source_rated".to_owned()], none: Vec::new() },
            ..EventFilter::default()
        };
        let events = self.events(&filter).await?;
        let rating = |view: &crate::EventView| {
            rated(&view.event.fact, id).map(|(reliability, reason)| Rating {
                reliability,
                at: view.event.recorded_at,
                by: view.event.actor.name.body().map(str::to_owned),
                reason,
            })
        };
        Ok(events.iter().filter_map(rating).collect())
    }
}

/// The rating that a fact gives a source, and why.
#[expect(clippy::wildcard_enum_match_arm, reason = "no other fact rates a source")]
fn rated(fact: &hearsay_core::Fact, id: SourceId) -> Option<(Reliability, Option<String>)> {
    match fact {
        hearsay_core::Fact::SourceAdded { source, reliability, .. } if *source == id => Some((*reliability, None)),
        hearsay_core::Fact::SourceRated { source, reliability, reason } if *source == id => {
            Some((*reliability, reason.as_ref().and_then(Text::body).map(str::to_owned)))
        }
        _ => None,
    }
}
