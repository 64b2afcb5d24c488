//! Loads a part of the docket: claims as the fold of their events, with every source that bears on them.
//! Invariant: a claim is loaded with all that were merged into it and all that it was merged into.

use std::borrow::Cow;
use std::collections::HashMap;
use std::collections::hash_map::Entry;

use futures_util::TryStreamExt;
use hearsay_core::{
    ClaimId, Docket, Event, EvidenceId, Fact, Referent, Relation, Reliability, Source, SourceId, SourceKind,
    Tenure, Timeline, WaitingErasure,
};
use sqlx::sqlite::SqliteRow;
use sqlx::{Either, Executor, Row, SqliteConnection};
use uuid::Uuid;

use crate::envelope;
use crate::error::Fault;
use crate::time::from_micros;
use crate::wanted::Wanted;

pub(crate) const LOAD: &str = include_str!("sql/load.sql");

/// A query on SQLite whose text and bound values outlive it.
type Query<'q> = sqlx::query::Query<'q, sqlx::Sqlite, sqlx::sqlite::SqliteArguments>;

/// Which texts of the claims' events are read.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Texts {
    /// Only those that the rules need: who is assigned, who proposed what.
    Needed,
    /// All.
    All,
}

/// Whether the policies are read, and the erasures that wait.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum WithPolicies {
    Yes,
    No,
}

/// A part of the docket, as read.
#[derive(Default)]
pub(crate) struct Loaded {
    pub(crate) docket: Docket,
    /// The events that were folded, in order.
    pub(crate) events: Vec<Event>,
}

/// What `load.sql` is given, after the three parameters of `look.sql`.
pub(crate) struct LoadArguments<'a> {
    pub(crate) wanted: &'a Wanted,
    pub(crate) texts: Texts,
    pub(crate) policies: WithPolicies,
}

impl LoadArguments<'_> {
    pub(crate) fn bind<'q>(&self, query: Query<'q>) -> Query<'q> {
        query
            .bind(self.wanted.handles_json())
            .bind(self.wanted.names_json())
            .bind(self.wanted.numbers_json())
            .bind(self.wanted.ids_json())
            .bind(i64::from(self.texts == Texts::All))
            .bind(i64::from(self.policies == WithPolicies::Yes))
            .bind(self.wanted.leads_json())
    }
}

/// The rows of one load, before they are folded.
#[derive(Default)]
pub(crate) struct Parts {
    pub(crate) docket: Docket,
    envelopes: Vec<(i64, String)>,
    texts: HashMap<i64, Vec<(String, String)>>,
    sources: HashMap<SourceId, Source>,
    tenures: HashMap<(SourceId, Relation), Vec<Tenure>>,
}

/// Reads what is wanted on a connection that is within a transaction.
pub(crate) async fn load(
    connection: &mut SqliteConnection,
    wanted: &Wanted,
    texts: Texts,
    policies: WithPolicies,
) -> Result<Loaded, Fault> {
    let arguments = LoadArguments { wanted, texts, policies };
    let query = arguments.bind(sqlx::query(LOAD).bind("[]").bind("[]").bind("[]"));
    let mut parts = Parts::default();
    let mut statement = 0;
    let mut rows = connection.fetch_many(query);
    while let Some(step) = rows.try_next().await? {
        match step {
            Either::Left(_) => statement += 1,
            Either::Right(row) => parts.take(statement, &row)?,
        }
    }
    drop(rows);
    parts.fold(texts)
}

impl Parts {
    pub(crate) fn take(&mut self, statement: usize, row: &SqliteRow) -> Result<(), Fault> {
        match statement {
            0 => take_handle(&mut self.docket, row),
            1 => take_name(&mut self.docket, row),
            2 => {
                self.envelopes.push((row.try_get(0)?, row.try_get(1)?));
                Ok(())
            }
            3 => {
                self.texts.entry(row.try_get(0)?).or_default().push((row.try_get(1)?, row.try_get(2)?));
                Ok(())
            }
            4 => self.take_source(row),
            6 => take_erasure(&mut self.docket, row),
            _ => {
                let body: String = row.try_get(0)?;
                self.docket.policies.put(serde_json::from_str(&body).map_err(Fault::damaged)?);
                Ok(())
            }
        }
    }

    fn take_source(&mut self, row: &SqliteRow) -> Result<(), Fault> {
        let id = SourceId(uuid(row, 0)?);
        if let Entry::Vacant(vacant) = self.sources.entry(id) {
            vacant.insert(source(id, row)?);
        }
        let Some(relation) = row.try_get::<Option<String>, _>(5)? else { return Ok(()) };
        let relation = if relation == "speaks_for" { Relation::SpeaksFor } else { Relation::PartOf };
        let tenure = Tenure {
            to: SourceId(uuid(row, 6)?),
            since: row.try_get::<Option<i64>, _>(7)?.map(from_micros).transpose()?,
            until: row.try_get::<Option<i64>, _>(8)?.map(from_micros).transpose()?,
        };
        self.tenures.entry((id, relation)).or_default().push(tenure);
        Ok(())
    }

    pub(crate) fn fold(self, shown: Texts) -> Result<Loaded, Fault> {
        let Self { mut docket, envelopes, texts, sources, tenures } = self;
        for (_, mut source) in sources {
            let timeline = |relation| {
                Timeline::from_tenures(tenures.get(&(source.id, relation)).cloned().unwrap_or_default())
            };
            (source.speaks_for, source.part_of) = (timeline(Relation::SpeaksFor), timeline(Relation::PartOf));
            docket.registry.put(source);
        }
        // Those that wait were read with their words; a fold without words would seal them.
        let waiting = std::mem::take(&mut docket.erasures);
        let mut events = Vec::with_capacity(envelopes.len());
        for (seq, body) in envelopes {
            let event = match texts.get(&seq) {
                Some(texts) => envelope::open(&body, texts),
                None => envelope::open_sealed(&body),
            };
            let event = event.map_err(|error| Fault::damaged(format!("event {seq}: {error}")))?;
            match shown {
                Texts::Needed => docket.apply(&event),
                Texts::All => docket.apply(&without_erasing(&event)),
            }
            events.push(event);
        }
        docket.erasures = waiting;
        Ok(Loaded { docket, events })
    }
}

/// The event as whoever reads all texts folds it: what stands in the place of erased words is kept.
pub(crate) fn without_erasing(event: &Event) -> Cow<'_, Event> {
    if !matches!(event.fact, Fact::TextErased { .. }) {
        return Cow::Borrowed(event);
    }
    let mut event = event.clone();
    if let Fact::TextErased { texts, .. } = &mut event.fact {
        texts.clear();
    }
    Cow::Owned(event)
}

/// A row of the envelope and the texts of an event that proposed an erasure.
fn take_erasure(docket: &mut Docket, row: &SqliteRow) -> Result<(), Fault> {
    let (body, texts): (String, String) = (row.try_get(0)?, row.try_get(1)?);
    let texts: Vec<(String, String)> = serde_json::from_str(&texts).map_err(Fault::damaged)?;
    let event = envelope::open(&body, &texts).map_err(Fault::damaged)?;
    let Fact::ErasureProposed { erasure } = event.fact else {
        return Err(Fault::damaged(format!("event {} proposes no erasure", event.seq)));
    };
    docket.erasures.insert(erasure.id, WaitingErasure { claim: event.claim, erasure: *erasure });
    Ok(())
}

/// A row of handle, kind, id.
pub(crate) fn take_handle(docket: &mut Docket, row: &SqliteRow) -> Result<(), Fault> {
    let (handle, kind): (String, String) = (row.try_get(0)?, row.try_get(1)?);
    let id = uuid(row, 2)?;
    let referent = match kind.as_str() {
        "source" => Referent::Source(SourceId(id)),
        "claim" => Referent::Claim(ClaimId(id)),
        _ => Referent::Evidence(EvidenceId(id)),
    };
    docket.handles.insert(handle, referent);
    Ok(())
}

/// A row of folded name and source.
pub(crate) fn take_name(docket: &mut Docket, row: &SqliteRow) -> Result<(), Fault> {
    docket.names.insert(row.try_get(0)?, SourceId(uuid(row, 1)?));
    Ok(())
}

fn source(id: SourceId, row: &SqliteRow) -> Result<Source, Fault> {
    Ok(Source {
        id,
        name: row.try_get(1)?,
        aliases: Vec::new(),
        kind: word::<SourceKind>(row, 2)?,
        reliability: word::<Reliability>(row, 3)?,
        speaks_for: Timeline::default(),
        part_of: Timeline::default(),
        merged_into: row.try_get::<Option<Vec<u8>>, _>(4)?.map(|id| bytes_id(&id).map(SourceId)).transpose()?,
    })
}

/// A column that holds an id.
pub(crate) fn uuid(row: &SqliteRow, column: usize) -> Result<Uuid, Fault> {
    bytes_id(&row.try_get::<Vec<u8>, _>(column)?)
}

/// An id of 16 bytes.
pub(crate) fn bytes_id(bytes: &[u8]) -> Result<Uuid, Fault> {
    Uuid::from_slice(bytes).map_err(Fault::damaged)
}

/// A column that holds a word of the domain, read by its serde form.
pub(crate) fn word<T: serde::de::DeserializeOwned>(row: &SqliteRow, column: usize) -> Result<T, Fault> {
    as_word(&row.try_get::<String, _>(column)?)
}

/// A word of the domain, read by its serde form.
pub(crate) fn as_word<T: serde::de::DeserializeOwned>(word: &str) -> Result<T, Fault> {
    serde_json::from_value(serde_json::Value::String(word.to_owned())).map_err(Fault::damaged)
}
