//! A part of the log, folded as far as it was known at one instant and had happened by another.
//! Invariant: what is folded are whole events, in their order, through core; nothing is read from a table of the present
//! but where events lie.

use std::collections::{BTreeMap, BTreeSet};

use hearsay_core::{ClaimNumber, Docket, Event, Evidence, Fact, Footing, Relayed, SourceId};
use jiff::Timestamp;
use sqlx::sqlite::SqliteRow;
use sqlx::{Row, SqliteConnection};

use crate::error::Fault;
use crate::load::without_erasing;
use crate::read::Reader;
use crate::time::to_micros;
use crate::wanted::json;
use crate::{Store, StoreError, envelope};

/// How far the log is read.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Horizon {
    /// Up to that position: what was known.
    pub(crate) seq: i64,
    /// Happened by then: a source is what is known of it all the same, but for ratings that were given later.
    pub(crate) at: Timestamp,
}

/// The events that bear on some claims, in their order: the claims' own, their sources', and the policies'.
#[derive(Default)]
pub(crate) struct Tale(BTreeMap<u64, Event>);

impl Store {
    /// What bears on some claims and all that they were ever merged with, within a horizon.
    pub(crate) async fn tale(&self, claims: &[ClaimNumber], horizon: Horizon) -> Result<Tale, StoreError> {
        let mut connection = self.reader().await?;
        Tale::of(&mut connection, claims, horizon, &self.reader).await.map_err(|fault| self.fault(fault))
    }
}

impl Tale {
    /// As [`Store::tale`], read on a connection.
    pub(crate) async fn of(
        connection: &mut SqliteConnection,
        claims: &[ClaimNumber],
        horizon: Horizon,
        reader: &Reader,
    ) -> Result<Self, Fault> {
        let around: Vec<u32> = sqlx::query_scalar(include_str!("../sql/audit/claims_around.sql"))
            .bind(json(claims.iter().map(|claim| claim.0)))
            .fetch_all(&mut *connection)
            .await?;
        let mut tale = Self::default();
        let rows = sqlx::query(include_str!("../sql/audit/events_of_claims.sql"))
            .bind(json(around.iter()))
            .bind(horizon.seq)
            .bind(to_micros(horizon.at))
            .fetch_all(&mut *connection)
            .await?;
        let mut wanted = tale.add(&rows, reader)?;
        let rows = sqlx::query(include_str!("../sql/audit/events_of_policies.sql"))
            .bind(horizon.seq)
            .bind(to_micros(horizon.at))
            .fetch_all(&mut *connection)
            .await?;
        tale.add(&rows, reader)?;
        let mut known = BTreeSet::new();
        while !wanted.is_empty() {
            let rows = sqlx::query(include_str!("../sql/audit/events_of_sources.sql"))
                .bind(json(wanted.iter().map(|id| id.0.simple().to_string())))
                .bind(horizon.seq)
                .bind(to_micros(horizon.at))
                .fetch_all(&mut *connection)
                .await?;
            known.append(&mut wanted);
            wanted = tale.add(&rows, reader)?;
            wanted.retain(|id| !known.contains(id));
        }
        Ok(tale)
    }

    /// Adds events as that reader is shown them; the sources that they name.
    fn add(&mut self, rows: &[SqliteRow], reader: &Reader) -> Result<BTreeSet<SourceId>, Fault> {
        let mut named = BTreeSet::new();
        for row in rows {
            let (seq, body, texts): (i64, String, String) = (row.try_get(0)?, row.try_get(1)?, row.try_get(2)?);
            let texts: Vec<(String, String)> = serde_json::from_str(&texts).map_err(Fault::damaged)?;
            let mut event =
                envelope::open(&body, &texts).map_err(|error| Fault::damaged(format!("event {seq}: {error}")))?;
            reader.veil(&mut event);
            named.extend(sources_named(&event.fact));
            self.0.insert(event.seq, event);
        }
        Ok(named)
    }

    /// Its events, in their order.
    pub(crate) fn events(&self) -> impl Iterator<Item = &Event> {
        self.0.values()
    }

    /// The docket that they make, and the claims' own events.
    pub(crate) fn folded(self) -> (Docket, Vec<Event>) {
        let mut docket = Docket::default();
        for event in self.0.values() {
            docket.apply(&without_erasing(event));
        }
        (docket, self.0.into_values().filter(|event| event.claim.is_some()).collect())
    }
}

/// The sources that a fact names.
#[expect(clippy::wildcard_enum_match_arm, reason = "the other facts name none")]
pub(crate) fn sources_named(fact: &Fact) -> Vec<SourceId> {
    match fact {
        Fact::ClaimReported { parties, evidence, .. } => {
            parties.iter().map(|party| party.source).chain(of_piece(evidence)).collect()
        }
        Fact::FollowUpRecorded { evidence, .. } => of_piece(evidence),
        Fact::PartySet { source, .. } => vec![*source],
        Fact::AnswerRequested { of, .. } | Fact::SilenceRecorded { of, .. } => vec![*of],
        Fact::SourceAdded { speaks_for, part_of, .. } => speaks_for.iter().chain(part_of).copied().collect(),
        Fact::SourceRelated { to, .. } => to.iter().copied().collect(),
        Fact::SourcesMerged { into, .. } => vec![*into],
        _ => Vec::new(),
    }
}

fn of_piece(piece: &Evidence) -> Vec<SourceId> {
    let mut sources = vec![piece.source];
    sources.extend(piece.via);
    if let Footing::Relays(Relayed::Source(relayed)) = piece.footing {
        sources.push(relayed);
    }
    sources
}

/// The source that the registry's fact tells something of.
#[expect(clippy::wildcard_enum_match_arm, reason = "the other facts are not the registry's")]
pub(crate) fn subject_of(fact: &Fact) -> Option<SourceId> {
    match fact {
        Fact::SourceAdded { source, .. }
        | Fact::SourceAliased { source, .. }
        | Fact::SourceRated { source, .. }
        | Fact::SourceRelated { source, .. }
        | Fact::SourcesMerged { source, .. } => Some(*source),
        _ => None,
    }
}
