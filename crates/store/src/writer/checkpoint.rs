//! Has the write-ahead log copied back into the database while the writer goes on writing, on a connection of its own.
//! Invariant: the log stays bounded. Its file starts over only once all of it is copied, which it never is while
//! somebody writes: when it has grown long, the writer itself copies the last few pages, between two batches.
//! How SQLite does it: <https://sqlite.org/wal.html#ckpt>.

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use sqlx::{ConnectOptions, Connection, SqliteConnection};
use tokio::sync::mpsc;
use tokio::task::JoinHandle;

use crate::error::Fault;
use crate::open::{Create, connect_options};

/// After how many pages, roughly, the log is copied back.
const INTERVAL: usize = 6_000;

/// How many pages a commit writes, roughly, and how many each event does.
const COMMIT_PAGES: usize = 8;
const EVENT_PAGES: usize = 5;

/// From how many pages in the log on the writer copies the rest itself.
const LONG: i64 = 20_000;

/// So few pages may be left for the writer to copy.
const REST: i64 = 400;

/// How often the log is copied again in one go until so few are left.
const PASSES: usize = 6;

const PASSIVE: &str = "PRAGMA wal_checkpoint(PASSIVE)";

/// When the log is copied back, seen from the writer.
pub(super) struct Checkpoints {
    path: PathBuf,
    since: usize,
    task: Option<(mpsc::Sender<()>, JoinHandle<()>)>,
    finish: Arc<AtomicBool>,
}

impl Checkpoints {
    pub(super) fn of(path: PathBuf) -> Self {
        Self { path, since: 0, task: None, finish: Arc::default() }
    }

    /// So many events, or other rows, were committed; now and then has the log copied back.
    pub(super) fn wrote(&mut self, events: usize) {
        self.since += COMMIT_PAGES + events * EVENT_PAGES;
        if self.since < INTERVAL {
            return;
        }
        self.since = 0;
        let (path, finish) = (&self.path, &self.finish);
        let (due, _) = self.task.get_or_insert_with(|| {
            let (due, asked) = mpsc::channel(1);
            (due, tokio::spawn(run(path.clone(), asked, Arc::clone(finish))))
        });
        if due.try_send(()).is_err() {
            tracing::debug!("the log is being copied back already");
        }
    }

    /// Copies the rest, where the log has grown long and little is left to copy.
    pub(super) async fn finish(&mut self, connection: &mut SqliteConnection) {
        if self.finish.swap(false, Ordering::AcqRel)
            && let Err(fault) = pass(connection).await
        {
            tracing::warn!(%fault, "could not copy the write-ahead log back");
        }
    }

    pub(super) async fn close(self) {
        let Some((due, task)) = self.task else { return };
        drop(due);
        if let Err(error) = task.await {
            tracing::warn!(%error, "copying the write-ahead log back ended badly");
        }
    }
}

/// Copies the log back whenever it is asked to, until nobody asks any more.
async fn run(path: PathBuf, mut asked: mpsc::Receiver<()>, finish: Arc<AtomicBool>) {
    while asked.recv().await.is_some() {
        match passes(&path).await {
            Ok(long) => finish.store(long, Ordering::Release),
            Err(fault) => tracing::warn!(%fault, "could not copy the write-ahead log back"),
        }
    }
}

/// Copies until little is left, if the log is long; tells whether the writer should copy the rest.
async fn passes(path: &std::path::Path) -> Result<bool, Fault> {
    let mut connection = connect_options(path, Create::Never).connect().await?;
    let mut finish = false;
    for _ in 0..PASSES {
        let (pages, copied) = pass(&mut connection).await?;
        finish = pages > LONG && pages - copied <= REST;
        if pages <= LONG || finish {
            break;
        }
    }
    connection.close().await?;
    Ok(finish)
}

/// Copies what can be copied without waiting for anybody; how many pages the log has, and how many are copied.
async fn pass(connection: &mut SqliteConnection) -> Result<(i64, i64), Fault> {
    let (_, pages, copied): (i64, i64, i64) = sqlx::query_as(PASSIVE).fetch_one(connection).await?;
    Ok((pages, copied))
}
