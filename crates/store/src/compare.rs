//! Derived tables against a rebuild: refilled in a temporary database beside the real one, and compared row by row.
//! Invariant: the real database is only read, in one snapshot.

use std::path::Path;

use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqliteRow, SqliteSynchronous};
use sqlx::{Column, ConnectOptions, Connection, Executor, Row, SqliteConnection, TypeInfo, ValueRef};

use crate::error::Fault;
use crate::finding::Finding;
use crate::jsonb::to_hex;
use crate::rebuild::{self, Progress};
use crate::{Store, open};

/// A table, and the statements that find in what its two forms differ.
struct Compared {
    table: &'static str,
    /// Rows that a rebuild brings, and that are not there.
    lacking: &'static str,
    /// Rows that are there, and that no rebuild brings.
    extra: &'static str,
}

/// How many rows the statements give at most.
const MOST: usize = 1_000;

macro_rules! compared {
    ($table:literal) => {
        compared!($table, "*")
    };
    ($table:literal, $columns:literal) => {
        Compared {
            table: $table,
            lacking: concat!(
                "SELECT ",
                $columns,
                " FROM main.",
                $table,
                " EXCEPT SELECT ",
                $columns,
                " FROM desk.",
                $table,
                " LIMIT 1000"
            ),
            extra: concat!(
                "SELECT ",
                $columns,
                " FROM desk.",
                $table,
                " EXCEPT SELECT ",
                $columns,
                " FROM main.",
                $table,
                " LIMIT 1000"
            ),
        }
    };
}

/// Every derived table but the tree, whose hashes are made anew from the envelopes themselves.
const COMPARED: &[Compared] = &[
    compared!("erased_texts"),
    compared!("erasures"),
    compared!("handles"),
    compared!("sources"),
    compared!("source_names"),
    compared!("relations"),
    compared!("policies"),
    compared!("claim_heads"),
    compared!("claims"),
    compared!("claim_parties"),
    compared!("claim_tags"),
    compared!("claim_links"),
    compared!("evidence"),
    compared!("claim_search", "rowid, *"),
    compared!("mentions"),
    compared!("transitions"),
    compared!("claim_spans"),
    compared!("counts"),
    compared!("party_counts"),
    compared!("state_changes"),
    compared!("leads"),
    compared!("folded_leads"),
    compared!("snapshot_uses"),
];

impl Store {
    /// In what the derived tables differ from a rebuild.
    pub(crate) async fn compare_derived(&self, progress: Progress<'_>) -> Result<Vec<Finding>, Fault> {
        let options = SqliteConnectOptions::new()
            .filename("")
            .journal_mode(SqliteJournalMode::Memory)
            .synchronous(SqliteSynchronous::Off)
            .row_buffer_size(1_024)
            .pragma("cache_size", "-131072")
            .disable_statement_logging();
        let mut connection = options.connect().await?;
        let compared = compare(&mut connection, self.path(), progress).await;
        connection.close().await?;
        compared
    }
}

async fn compare(
    connection: &mut SqliteConnection,
    path: &Path,
    progress: Progress<'_>,
) -> Result<Vec<Finding>, Fault> {
    open::migrate(connection).await?;
    connection.execute(include_str!("sql/without_record.sql")).await?;
    sqlx::query("ATTACH $1 AS desk").bind(read_only(path)?).execute(&mut *connection).await?;
    let refilled = rebuild::refill_all(connection, progress).await;
    let mut findings = Vec::new();
    if let Err(fault) = refilled {
        findings.push(Finding::of_file(format!("the derived tables cannot be rebuilt: {fault}")));
        return Ok(findings);
    }
    for compared in COMPARED {
        let lacking = connection.fetch_all(compared.lacking).await?;
        let extra = connection.fetch_all(compared.extra).await?;
        findings.extend(difference(compared.table, &lacking, &extra)?);
    }
    Ok(findings)
}

/// The database as a URI that SQLite opens for reading alone.
fn read_only(path: &Path) -> Result<String, Fault> {
    let path = std::path::absolute(path).map_err(Fault::damaged)?;
    let path = path.to_str().ok_or_else(|| Fault::damaged("the database's path is no UTF-8"))?;
    let escaped = path.replace('%', "%25").replace('?', "%3f").replace('#', "%23");
    Ok(format!("file:{escaped}?mode=ro"))
}

fn difference(table: &'static str, lacking: &[SqliteRow], extra: &[SqliteRow]) -> Result<Option<Finding>, Fault> {
    let told = |rows: &[SqliteRow], what: &str| -> Result<Option<String>, Fault> {
        let Some(first) = rows.first() else { return Ok(None) };
        let rows = match rows.len() {
            1 => "row".to_owned(),
            MOST => format!("{MOST} rows or more, the first"),
            few => format!("{few} rows, the first"),
        };
        Ok(Some(format!("{what} the {rows} with {}", key(first)?)))
    };
    let parts = [
        told(extra, "it has")?.map(|has| format!("{has}, which the log does not bear out")),
        told(lacking, "it lacks")?,
    ];
    let parts: Vec<String> = parts.into_iter().flatten().collect();
    let wrong = || {
        format!(
            "the derived table `{table}` is not what the log says: {}; `hearsay db rebuild` mends it",
            parts.join("; ")
        )
    };
    Ok((!parts.is_empty()).then(|| Finding::of_table(table, wrong())))
}

/// The first column of a row, by which it is known.
fn key(row: &SqliteRow) -> Result<String, Fault> {
    let name = row.column(0).name().to_owned();
    let value = row.try_get_raw(0)?;
    let value = match value.type_info().name() {
        "INTEGER" => row.try_get::<i64, _>(0)?.to_string(),
        "BLOB" => to_hex(&row.try_get::<Vec<u8>, _>(0)?),
        _ => row.try_get::<String, _>(0)?,
    };
    Ok(format!("{name} `{value}`"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_derived_table_is_compared() {
        let mut compared: Vec<&str> = COMPARED.iter().map(|compared| compared.table).collect();
        compared.push("tree_hashes");
        compared.sort_unstable();
        let mut derived = crate::tables::DERIVED.to_vec();
        derived.sort_unstable();
        assert_eq!(compared, derived);
    }
}
