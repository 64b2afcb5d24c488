//! Empties all derived tables and refills them from the log, in one transaction.
//! Invariant: what it writes is byte for byte what the writer wrote.

use hearsay_core::Docket;
use sqlx::{ConnectOptions, Executor, Row, SqliteConnection};

use crate::error::Fault;
use crate::open::{self, Create, connect_options};
use crate::tree::Filling;
use crate::writer::{Stage, Told, Was, prepare};
use crate::{Store, StoreError, envelope};

const EMPTY: &str = include_str!("sql/empty_derived.sql");
const REFILL: &str = concat!(
    include_str!("sql/write_derived.sql"),
    include_str!("sql/write_opened.sql"),
    include_str!("sql/write_rest.sql"),
    include_str!("sql/write_leads.sql")
);

/// How many events are folded between two writes.
const CHUNK: i64 = 2_000;

/// What a rebuild went through.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Rebuilt {
    /// Events folded.
    pub events: u64,
    /// Claims refilled.
    pub claims: u64,
}

/// Is told how many are done, and of how many.
pub type Progress<'a> = &'a mut (dyn FnMut(u64, u64) + Send);

impl Store {
    /// Empties and refills all derived tables. Other processes that write wait meanwhile, five seconds at most.
    pub async fn rebuild(&self, progress: Progress<'_>) -> Result<Rebuilt, StoreError> {
        let options = connect_options(self.path(), Create::Never);
        let mut connection = options.connect().await.map_err(|error| self.fault(error))?;
        let rebuilt = rebuild(&mut connection, progress).await;
        if rebuilt.is_err()
            && let Err(error) = connection.execute("ROLLBACK").await
        {
            tracing::debug!(%error, "nothing to roll back");
        }
        open::close(connection, self.path()).await?;
        rebuilt.map_err(|fault| self.fault(fault))
    }
}

/// As [`Store::rebuild`], on a connection that is to be rolled back where it fails.
pub(crate) async fn rebuild(connection: &mut SqliteConnection, progress: Progress<'_>) -> Result<Rebuilt, Fault> {
    let rebuilt = refill_all(connection, progress).await?;
    connection.execute("COMMIT").await?;
    Ok(rebuilt)
}

/// Empties and refills, in a transaction that it begins and leaves open.
pub(crate) async fn refill_all(
    connection: &mut SqliteConnection,
    progress: Progress<'_>,
) -> Result<Rebuilt, Fault> {
    connection.execute("BEGIN IMMEDIATE").await?;
    connection.execute(EMPTY).await?;
    prepare(connection).await?;
    let last: i64 =
        sqlx::query_scalar("SELECT coalesce(max(seq), 0) FROM events").fetch_one(&mut *connection).await?;
    let mut docket = Docket::default();
    let mut filling = Filling::default();
    let mut done = 0;
    while done < last {
        let rows = sqlx::query(include_str!("sql/events_in_order.sql"))
            .bind(done)
            .bind(CHUNK)
            .fetch_all(&mut *connection)
            .await?;
        let mut stage = Stage::default();
        for row in &rows {
            let (seq, body, texts): (i64, String, String) = (row.try_get(0)?, row.try_get(1)?, row.try_get(2)?);
            let texts: Vec<(String, String)> = serde_json::from_str(&texts).map_err(Fault::damaged)?;
            let event =
                envelope::open(&body, &texts).map_err(|error| Fault::damaged(format!("event {seq}: {error}")))?;
            let before = Was::of(&event, &docket);
            docket.apply(&event);
            stage.derive(&event, &docket, before).map_err(Fault::damaged)?;
            done = seq;
        }
        if rows.is_empty() {
            return Err(Fault::damaged(format!("the log has no event after {done}, and its last is {last}")));
        }
        refill(connection, stage, &docket).await?;
        filling.go_on(connection, done).await?;
        progress(done.unsigned_abs(), last.unsigned_abs());
    }
    Ok(Rebuilt { events: last.unsigned_abs(), claims: docket.claims.len() as u64 })
}

async fn refill(connection: &mut SqliteConnection, mut stage: Stage, docket: &Docket) -> Result<(), Fault> {
    if !stage.erasures.is_empty() {
        stage.erasures.write_derived(connection).await?;
    }
    let told: Told = stage.tell(docket);
    let none = None::<Vec<u8>>;
    let mut query = sqlx::query(REFILL).bind(None::<i64>).bind(&none).bind(&none);
    let audit = stage.audit.into_rows();
    for rows in [stage.evidence, told.claims].into_iter().chain(audit) {
        query = query.bind(rows.into_jsonb_or_null());
    }
    query = query
        .bind(&none)
        .bind("[]")
        .bind(stage.handles.into_jsonb())
        .bind(stage.heads.into_jsonb())
        .bind(told.relisted.into_jsonb())
        .bind(told.parties.into_jsonb())
        .bind(told.tags.into_jsonb())
        .bind(told.links.into_jsonb())
        .bind(stage.searches.into_jsonb())
        .bind(told.added_words.into_jsonb())
        .bind(told.sources.into_jsonb())
        .bind(stage.names.into_jsonb())
        .bind(told.related.into_jsonb())
        .bind(told.relations.into_jsonb())
        .bind(stage.policies.into_jsonb())
        .bind("[]");
    query = query.bind("[]");
    for rows in stage.leads.into_rows() {
        query = query.bind(rows.into_jsonb());
    }
    query.execute(connection).await?;
    Ok(())
}
