//! Writes the file anew after an erasure, so that no erased word is left in its free space, its write-ahead log or its
//! index for search. What could not be finished is noted in `purges`, and done when the file is next opened.

use sqlx::{Executor, SqliteConnection};

use super::{Writer, lone};
use crate::error::Fault;
use crate::time::to_micros;

impl Writer {
    /// Writes the file anew, if an erasure waits for that. Whoever reads an older state meanwhile keeps it from ending.
    pub(super) async fn purge(&mut self) {
        self.decider.forget();
        match self.rewrite().await {
            Ok(true) => {}
            Ok(false) => tracing::warn!("erased words are left in the write-ahead log: somebody still reads it"),
            Err(fault) => tracing::warn!(%fault, "the file could not be written anew after an erasure"),
        }
    }

    /// Does so after a batch that erased texts.
    pub(super) async fn purge_if_erased(&mut self) {
        if std::mem::take(&mut self.erased) {
            self.purge().await;
        }
    }

    async fn rewrite(&mut self) -> Result<bool, Fault> {
        let connection = &mut self.connection;
        let (waiting, search): (i64, i64) =
            sqlx::query_as("SELECT count(*), coalesce(max(search), 0) FROM purges WHERE done_at IS NULL")
                .fetch_one(&mut *connection)
                .await?;
        if waiting == 0 {
            return Ok(true);
        }
        if search == 1 {
            connection.execute("INSERT INTO claim_search (claim_search) VALUES ('rebuild')").await?;
        }
        let rewritten = vacuum(connection).await;
        connection.execute("PRAGMA temp_store = MEMORY").await?;
        // Whatever was temporary went with the change of place.
        lone::prepare(connection).await?;
        rewritten?;
        let (busy, ..): (i64, i64, i64) =
            sqlx::query_as("PRAGMA wal_checkpoint(TRUNCATE)").fetch_one(&mut *connection).await?;
        if busy != 0 {
            return Ok(false);
        }
        let now = to_micros((self.decider.clock.now)());
        sqlx::query("UPDATE purges SET done_at = $1 WHERE done_at IS NULL").bind(now).execute(connection).await?;
        Ok(true)
    }
}

/// A copy of all that is there takes the file's place; it is made in a file, as it may be larger than memory.
async fn vacuum(connection: &mut SqliteConnection) -> Result<(), Fault> {
    connection.execute("PRAGMA temp_store = FILE").await?;
    connection.execute("VACUUM").await?;
    Ok(())
}
