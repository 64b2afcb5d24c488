//! Gathers what lies in a bundle, from one snapshot of the database, under a checkpoint that covers all of it.

use std::collections::BTreeSet;

use futures_util::FutureExt;
use hearsay_core::{ClaimId, ClaimNumber, SourceId};
use sqlx::sqlite::SqliteRow;
use sqlx::{Row, SqliteConnection};

use super::{BUNDLE_FORMAT, Bundle, BundledEvent, BundledText, Confidences};
use crate::audit::sources_named;
use crate::error::Fault;
use crate::load::uuid;
use crate::read::Reader;
use crate::read::shown::confidential_fields;
use crate::wanted::json;
use crate::{KeptCheckpoint, LogKey, Store, StoreError, envelope};

impl Store {
    /// A claim's bundle, and a checkpoint that covers all of its events; of the claim that it was merged into, where it
    /// was. What is erased until that is signed is gathered anew.
    pub async fn signed_bundle(
        &self,
        key: &LogKey,
        claim: ClaimNumber,
        confidences: Confidences,
    ) -> Result<(KeptCheckpoint, Bundle), StoreError> {
        loop {
            let (head, bundle) = self.bundle(claim, confidences).await?;
            let kept = self.sign_checkpoint(key).await?;
            if !self.has_erased_since(head).await? {
                return Ok((self.with_cosignatures(kept).await?, bundle));
            }
        }
    }

    /// Whether the log has an event after that position which erased a text.
    pub async fn has_erased_since(&self, seq: u64) -> Result<bool, StoreError> {
        sqlx::query_scalar("SELECT EXISTS (SELECT 1 FROM erased_texts WHERE erased_by > $1)")
            .bind(seq.cast_signed())
            .fetch_one(self.readers())
            .await
            .map_err(|error| self.fault(error))
    }

    /// A claim's bundle, and the last position of the log that it was gathered from.
    async fn bundle(&self, claim: ClaimNumber, confidences: Confidences) -> Result<(u64, Bundle), StoreError> {
        let reader = self.reader.clone();
        let gathered = self
            .snapshot(move |connection| {
                async move {
                    let head: i64 = sqlx::query_scalar("SELECT coalesce(max(seq), 0) FROM events")
                        .fetch_one(&mut *connection)
                        .await?;
                    let bundle = gather(connection, claim, &reader, confidences).await?;
                    Ok(bundle.map(|bundle| (head.unsigned_abs(), bundle)))
                }
                .boxed()
            })
            .await?;
        gathered.ok_or_else(|| StoreError::NotFound { what: "claim", name: claim.to_string() })
    }
}

async fn gather(
    connection: &mut SqliteConnection,
    claim: ClaimNumber,
    reader: &Reader,
    confidences: Confidences,
) -> Result<Option<Bundle>, Fault> {
    let found = sqlx::query(include_str!("../sql/bundle_claim.sql"))
        .bind(i64::from(claim.0))
        .fetch_optional(&mut *connection)
        .await?;
    let Some(found) = found else { return Ok(None) };
    let (number, policy): (u32, String) = (found.try_get(0)?, found.try_get(2)?);
    let mut gathered = Gathered { connection, reader, confidences, events: Vec::new(), sources: BTreeSet::new() };
    gathered.add(include_str!("../sql/bundle_events.sql"), json([number].iter())).await?;
    gathered.add(include_str!("../sql/bundle_policies.sql"), json([policy].iter())).await?;
    gathered.add_sources().await?;
    gathered.add_erasing().await?;
    let mut bundle = Bundle {
        format: BUNDLE_FORMAT.to_owned(),
        reference: ClaimNumber(number),
        id: ClaimId(uuid(&found, 1)?),
        events: gathered.events,
        snapshots: Vec::new(),
    };
    bundle.events.sort_by_key(|event| event.seq);
    bundle.events.dedup_by_key(|event| event.seq);
    let needed = bundle.needed();
    bundle.events.retain(|event| needed.contains(&event.seq));
    Ok(Some(bundle))
}

/// Events on their way into a bundle.
struct Gathered<'a> {
    connection: &'a mut SqliteConnection,
    reader: &'a Reader,
    confidences: Confidences,
    events: Vec<BundledEvent>,
    /// The sources that they name.
    sources: BTreeSet<SourceId>,
}

impl Gathered<'_> {
    /// Adds the events that a statement finds by the JSON that it is given.
    async fn add(&mut self, statement: &'static str, by: String) -> Result<(), Fault> {
        let rows = sqlx::query(statement).bind(by).fetch_all(&mut *self.connection).await?;
        for row in &rows {
            let event = self.bundled(row)?;
            self.events.push(event);
        }
        Ok(())
    }

    /// Adds what the registry tells of the sources that are named, and of those that this leads to.
    async fn add_sources(&mut self) -> Result<(), Fault> {
        let mut known = BTreeSet::new();
        loop {
            let wanted: Vec<SourceId> = self.sources.difference(&known).copied().collect();
            if wanted.is_empty() {
                return Ok(());
            }
            let ids = json(wanted.iter().map(|id| id.0.simple().to_string()));
            self.add(include_str!("../sql/bundle_sources.sql"), ids).await?;
            known.extend(wanted);
        }
    }

    /// Adds the events that erased texts of those that are here.
    async fn add_erasing(&mut self) -> Result<(), Fault> {
        let mut known: BTreeSet<u64> = self.events.iter().map(|event| event.seq).collect();
        loop {
            let erasing = self.events.iter().flat_map(|event| event.erased.iter().map(|(_, by)| *by));
            let wanted: BTreeSet<u64> = erasing.filter(|by| !known.contains(by)).collect();
            if wanted.is_empty() {
                return Ok(());
            }
            self.add(include_str!("../sql/bundle_positions.sql"), json(wanted.iter())).await?;
            known.extend(wanted);
        }
    }

    fn bundled(&mut self, row: &SqliteRow) -> Result<BundledEvent, Fault> {
        let (envelope, texts, erased): (String, String, String) =
            (row.try_get(1)?, row.try_get(2)?, row.try_get(3)?);
        let texts: Vec<(String, String, String)> = serde_json::from_str(&texts).map_err(Fault::damaged)?;
        let actor = texts.iter().find(|(field, ..)| field == "actor.name");
        let actor: Vec<(String, String)> =
            actor.map(|(field, _, body)| (field.clone(), body.clone())).into_iter().collect();
        let event = envelope::open(&envelope, &actor).map_err(Fault::damaged)?;
        self.sources.extend(sources_named(&event.fact));
        let withheld = match self.confidences {
            Confidences::Included if self.reader.may_read(&event) => Vec::new(),
            Confidences::Included | Confidences::Withheld => confidential_fields(&event),
        };
        let (kept, left): (Vec<_>, Vec<_>) =
            texts.into_iter().partition(|(field, ..)| !withheld.contains(&field.as_str()));
        Ok(BundledEvent {
            seq: event.seq,
            envelope,
            texts: kept.into_iter().map(|(field, salt, body)| BundledText { field, salt, body }).collect(),
            erased: serde_json::from_str(&erased).map_err(Fault::damaged)?,
            withheld: left.into_iter().map(|(field, ..)| field).collect(),
        })
    }
}
