//! The log, read: events with their texts and the names that they need to be understood.

use std::collections::{BTreeMap, BTreeSet};

use hearsay_core::{ClaimId, ClaimNumber, SourceId, Standing, State};
use sqlx::Row;
use sqlx::sqlite::SqliteRow;
use uuid::Uuid;

use crate::error::Fault;
use crate::load::{as_word, uuid};
use crate::read::Reader;
use crate::read::shown::in_place;
use crate::wanted::json;
use crate::{EventFilter, EventView, Store, StoreError, envelope};

impl Store {
    /// The events that fit, in the filter's order; all of them, where it sets no limit.
    pub async fn events(&self, filter: &EventFilter) -> Result<Vec<EventView>, StoreError> {
        let mut views = Vec::new();
        let mut page = filter.clone();
        loop {
            let positions = self.positions(&page).await?;
            page.after = positions.last().and_then(|last| u64::try_from(*last).ok());
            self.read_events(&positions, &mut views).await?;
            if filter.limit.is_some() || positions.is_empty() {
                break;
            }
        }
        self.name(&mut views).await?;
        Ok(views)
    }

    async fn read_events(&self, positions: &[i64], views: &mut Vec<EventView>) -> Result<(), StoreError> {
        let rows = sqlx::query(include_str!("../sql/audit/events_at.sql"))
            .bind(json(positions.iter()))
            .fetch_all(self.readers())
            .await
            .map_err(|error| self.fault(error))?;
        for row in &rows {
            views.push(event_view(row, &self.reader).map_err(|fault| self.fault(fault))?);
        }
        Ok(())
    }

    /// Position of the log's last event; none while it is empty.
    pub async fn head(&self) -> Result<Option<u64>, StoreError> {
        let head: Option<i64> = sqlx::query_scalar("SELECT max(seq) FROM events")
            .fetch_one(self.readers())
            .await
            .map_err(|error| self.fault(error))?;
        Ok(head.and_then(|head| u64::try_from(head).ok()))
    }

    /// Looks up the names of all sources and the numbers of all claims that the events mention.
    async fn name(&self, views: &mut [EventView]) -> Result<(), StoreError> {
        let mentioned: Vec<BTreeSet<Uuid>> = views.iter().map(|view| ids_in(&view.event)).collect();
        let all: BTreeSet<&Uuid> = mentioned.iter().flatten().collect();
        let rows = sqlx::query(include_str!("../sql/names_of_ids.sql"))
            .bind(json(all.iter().map(|id| id.simple().to_string())))
            .fetch_all(self.readers())
            .await
            .map_err(|error| self.fault(error))?;
        let (mut sources, mut claims) = (BTreeMap::new(), BTreeMap::new());
        for row in &rows {
            let read = || -> Result<_, Fault> {
                Ok((uuid(row, 0)?, row.try_get::<Option<String>, _>(1)?, row.try_get::<Option<u32>, _>(2)?))
            };
            let (id, name, number) = read().map_err(|fault| self.fault(fault))?;
            sources.extend(name.map(|name| (id, name)));
            claims.extend(number.map(|number| (id, ClaimNumber(number))));
        }
        for (view, ids) in views.iter_mut().zip(mentioned) {
            view.names = ids.iter().filter_map(|id| Some((SourceId(*id), sources.get(id)?.clone()))).collect();
            view.claims = ids.iter().filter_map(|id| Some((ClaimId(*id), *claims.get(id)?))).collect();
        }
        Ok(())
    }
}

fn event_view(row: &SqliteRow, reader: &Reader) -> Result<EventView, Fault> {
    let (body, texts, erased): (String, String, String) = (row.try_get(2)?, row.try_get(3)?, row.try_get(5)?);
    let mut texts: Vec<(String, String)> = serde_json::from_str(&texts).map_err(Fault::damaged)?;
    let erased: Vec<(String, u64)> = serde_json::from_str(&erased).map_err(Fault::damaged)?;
    texts.extend(in_place(&erased));
    let mut event = envelope::open(&body, &texts).map_err(Fault::damaged)?;
    reader.veil(&mut event);
    Ok(EventView {
        event,
        erased,
        claim: row.try_get::<Option<u32>, _>(1)?.map(ClaimNumber),
        before: row.try_get::<Option<String>, _>(4)?.as_deref().map(state_and_standing).transpose()?,
        names: BTreeMap::new(),
        claims: BTreeMap::new(),
    })
}

/// A state and a standing, with a space between.
fn state_and_standing(words: &str) -> Result<(State, Standing), Fault> {
    let (state, standing) = words.split_once(' ').ok_or_else(|| Fault::damaged(format!("`{words}`")))?;
    Ok((as_word(state)?, as_word(standing)?))
}

/// Every id that stands in the event's data.
fn ids_in(event: &hearsay_core::Event) -> BTreeSet<Uuid> {
    let mut ids = BTreeSet::new();
    if let Ok(value) = serde_json::to_value(&event.fact) {
        collect_ids(&value, &mut ids);
    }
    ids
}

fn collect_ids(value: &serde_json::Value, ids: &mut BTreeSet<Uuid>) {
    match value {
        serde_json::Value::String(text) => ids.extend(Uuid::try_parse(text).ok()),
        serde_json::Value::Array(items) => items.iter().for_each(|item| collect_ids(item, ids)),
        serde_json::Value::Object(map) => map.values().for_each(|item| collect_ids(item, ids)),
        serde_json::Value::Null | serde_json::Value::Bool(_) | serde_json::Value::Number(_) => {}
    }
}
