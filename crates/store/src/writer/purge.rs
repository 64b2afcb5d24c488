//! Writes the file anew after an erasure, so that no erased word is left in its free space, its write-ahead log or its
//! index for search. What could not be finished is noted in `purges`: the writer tries again every so often, and
//! whoever opens the file next does, too. A file that was written anew is not written once more for what is left.

use std::pin::Pin;
use std::time::Duration;

use sqlx::{Executor, SqliteConnection};
use tokio::time::Sleep;

use super::{Writer, lone};
use crate::error::Fault;
use crate::time::to_micros;

/// After how long the writer tries again what it could not finish; twice as long each time, up to the most.
const FIRST_PAUSE: Duration = Duration::from_secs(1);
const LONGEST_PAUSE: Duration = Duration::from_mins(1);

/// What an erasure left to do.
pub(super) struct Unpurged {
    pause: Duration,
    /// When it is tried again, whatever else is done until then.
    pub(super) due: Pin<Box<Sleep>>,
}

impl Writer {
    /// Writes the file anew, if an erasure waits for that. Whoever reads an older state meanwhile keeps it from ending.
    pub(super) async fn purge(&mut self) {
        self.decider.forget();
        match self.rewrite().await {
            Ok(true) => self.unpurged = None,
            Ok(false) => {
                self.put_off();
                tracing::warn!("erased words are left in the write-ahead log: somebody still reads it");
            }
            Err(fault) => {
                self.put_off();
                tracing::warn!(%fault, "the file could not be written anew after an erasure");
            }
        }
    }

    fn put_off(&mut self) {
        let longer = self.unpurged.as_ref().map_or(FIRST_PAUSE, |unpurged| unpurged.pause.saturating_mul(2));
        let pause = longer.min(LONGEST_PAUSE);
        self.unpurged = Some(Unpurged { pause, due: Box::pin(tokio::time::sleep(pause)) });
    }

    /// Does so after a batch that erased texts.
    pub(super) async fn purge_if_erased(&mut self) {
        if std::mem::take(&mut self.erased) {
            self.purge().await;
        }
    }

    async fn rewrite(&mut self) -> Result<bool, Fault> {
        let connection = &mut self.connection;
        let (waiting, unwritten, search, last): (i64, i64, i64, i64) = sqlx::query_as(
            "SELECT count(*), count(*) FILTER (WHERE rewritten_at IS NULL), coalesce(max(search), 0), coalesce(max(event), 0)
               FROM purges WHERE done_at IS NULL",
        )
        .fetch_one(&mut *connection)
        .await?;
        if waiting == 0 {
            return Ok(true);
        }
        if unwritten > 0 {
            if search == 1 {
                connection.execute("INSERT INTO claim_search (claim_search) VALUES ('rebuild')").await?;
            }
            let rewritten = vacuum(connection).await;
            connection.execute("PRAGMA temp_store = MEMORY").await?;
            // Whatever was temporary went with the change of place.
            lone::prepare(connection).await?;
            rewritten?;
            let now = to_micros((self.decider.clock.now)());
            sqlx::query("UPDATE purges SET rewritten_at = $1 WHERE done_at IS NULL AND rewritten_at IS NULL AND event <= $2")
                .bind(now)
                .bind(last)
                .execute(&mut *connection)
                .await?;
        }
        // Only the first time is it worth to keep commands waiting for whoever reads.
        let (busy, ..): (i64, i64, i64) = if self.unpurged.is_none() {
            sqlx::query_as("PRAGMA wal_checkpoint(TRUNCATE)").fetch_one(&mut *connection).await?
        } else {
            connection.execute("PRAGMA busy_timeout = 0").await?;
            let copied = sqlx::query_as("PRAGMA wal_checkpoint(TRUNCATE)").fetch_one(&mut *connection).await;
            sqlx::query(PATIENT).execute(&mut *connection).await?;
            copied?
        };
        if busy != 0 {
            return Ok(false);
        }
        let now = to_micros((self.decider.clock.now)());
        // What another process erased meanwhile is another's to purge.
        sqlx::query("UPDATE purges SET done_at = $1 WHERE done_at IS NULL AND event <= $2")
            .bind(now)
            .bind(last)
            .execute(connection)
            .await?;
        Ok(true)
    }
}

/// As [`crate::open::BUSY`] has it, in milliseconds.
const PATIENT: &str = "PRAGMA busy_timeout = 5000";

/// A copy of all that is there takes the file's place; it is made in a file, as it may be larger than memory.
async fn vacuum(connection: &mut SqliteConnection) -> Result<(), Fault> {
    connection.execute("PRAGMA temp_store = FILE").await?;
    connection.execute("VACUUM").await?;
    Ok(())
}
