//! A batch of one event of a claim, decided ahead: written as one statement, which is a transaction by itself.
//! Invariant: what it writes is what `write_claims.sql` would have written.

use sqlx::query::Query;
use sqlx::sqlite::SqliteArguments;
use sqlx::{Executor, Sqlite, SqliteConnection};

use super::{Stage, Told};
use crate::error::Fault;
use crate::jsonb::{Cell, Rows};

/// Makes the views that batches are written to; they last as long as the connection.
const PREPARE: &str = include_str!("../sql/written_at_once.sql");

const WRITE: &str = include_str!("../sql/write_lone.sql");

/// How many cells a piece of evidence has, and those of how many texts have a place.
const PIECE: usize = 6;
const MOST_TEXTS: usize = 8;

/// Makes a connection ready to write such batches.
pub(crate) async fn prepare(connection: &mut SqliteConnection) -> Result<(), sqlx::Error> {
    connection.execute(PREPARE).await?;
    Ok(())
}

/// Whether a batch is one event of a claim.
pub(super) fn is_lone(stage: &Stage, told: &Told) -> bool {
    stage.is_claims_only()
        && told.is_claims_only()
        && stage.events.len() == 1
        && told.claims.len() == 1
        && stage.evidence.len() <= 1
        && stage.texts.len() <= MOST_TEXTS
}

/// Writes the batch, unless another process has written since the data version was that one.
pub(super) async fn write(
    connection: &mut SqliteConnection,
    stage: Stage,
    told: &Told,
    data_version: i64,
) -> Result<(), Fault> {
    let mut query = sqlx::query(WRITE).bind(data_version);
    for rows in stage.audit.into_rows().into_iter().chain([stage.tree]) {
        query = query.bind(rows.into_jsonb_or_null());
    }
    query = bind(query, &stage.events);
    query = bind(query, &told.claims);
    query = bind(query, &stage.evidence);
    if stage.evidence.is_empty() {
        for _ in 0..PIECE {
            query = query.bind(None::<i64>);
        }
    }
    query = bind(query, &stage.texts);
    query.execute(connection).await?;
    Ok(())
}

fn bind<'q>(query: Query<'q, Sqlite, SqliteArguments>, rows: &Rows) -> Query<'q, Sqlite, SqliteArguments> {
    rows.cells().fold(query, |query, cell| match cell {
        Cell::Null => query.bind(None::<i64>),
        Cell::Int(number) => query.bind(number),
        Cell::Text(text) => query.bind(text.to_owned()),
    })
}
