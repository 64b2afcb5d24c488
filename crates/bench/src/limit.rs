//! The limit: a writer written by hand on rusqlite, which makes the same reads and writes as the store, row by row
//! with prepared statements, for the same callers through the same kind of channel, committing groups the same way.
//! It has no rules: it looks nothing up and decides nothing.

mod rows;

use std::path::Path;
use std::thread::JoinHandle;

use anyhow::{Context, Result, anyhow};
use rusqlite::Connection;
use tokio::sync::{mpsc, oneshot};
use uuid::Uuid;

use crate::docket::FollowUp;
use rows::Known;

/// As the store's: how many commands may wait.
const WAITING: usize = 4_096;

/// As the store's: how many commands go into one transaction at most.
const BATCH: usize = 2_048;

/// One follow-up on its way to the writer.
struct Job {
    claim: usize,
    command: Uuid,
    follow_up: FollowUp,
    reply: oneshot::Sender<Result<i64, String>>,
}

/// The hand-written writer, open on a database that the store built.
pub(crate) struct Limit {
    jobs: mpsc::Sender<Job>,
    writer: JoinHandle<Result<()>>,
}

/// A way to the writer. Clones share it.
#[derive(Clone)]
pub(crate) struct Caller(mpsc::Sender<Job>);

impl Caller {
    /// Records a follow-up; gives its position once it is on disk.
    pub(crate) async fn submit(&self, claim: usize, command: Uuid, follow_up: FollowUp) -> Result<i64> {
        let (reply, answer) = oneshot::channel();
        let job = Job { claim, command, follow_up, reply };
        self.0.send(job).await.map_err(|_| anyhow!("the limit's writer is gone"))?;
        answer.await.context("the limit's writer is gone")?.map_err(|error| anyhow!(error))
    }
}

impl Limit {
    /// Opens a database with the store's own settings and starts the writer's thread.
    pub(crate) fn open(path: &Path) -> Result<Self> {
        let connection = Connection::open(path)?;
        connection.execute_batch(
            "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON; \
             PRAGMA busy_timeout = 5000; PRAGMA cache_size = -16384; PRAGMA wal_autocheckpoint = 4000;",
        )?;
        connection.set_prepared_statement_cache_capacity(32);
        let known = Known::read(&connection)?;
        let (jobs, queue) = mpsc::channel(WAITING);
        let writer = std::thread::spawn(move || run(&connection, known, queue));
        Ok(Self { jobs, writer })
    }

    /// A way to the writer.
    pub(crate) fn caller(&self) -> Caller {
        Caller(self.jobs.clone())
    }

    /// Ends once every caller is gone.
    pub(crate) fn close(self) -> Result<()> {
        drop(self.jobs);
        self.writer.join().map_err(|_| anyhow!("the limit's writer panicked"))?
    }
}

fn run(connection: &Connection, mut known: Known, mut queue: mpsc::Receiver<Job>) -> Result<()> {
    let mut waiting = Vec::with_capacity(BATCH);
    while queue.blocking_recv_many(&mut waiting, BATCH) > 0 {
        let outcome = batch(connection, &mut known, &waiting);
        if outcome.is_err() {
            connection.execute_batch("ROLLBACK")?;
        }
        answer(&mut waiting, outcome);
    }
    Ok(())
}

fn answer(waiting: &mut Vec<Job>, outcome: Result<i64>) {
    let outcome = outcome.map_err(|error| error.to_string());
    for (nth, job) in (0..).zip(waiting.drain(..)) {
        let told = job.reply.send(outcome.clone().map(|first: i64| first + nth));
        debug_assert!(told.is_ok(), "the benchmark's callers wait for their answers");
    }
}

/// One transaction; gives the position of its first event.
fn batch(connection: &Connection, known: &mut Known, jobs: &[Job]) -> Result<i64> {
    connection.prepare_cached("BEGIN IMMEDIATE")?.execute([])?;
    let first = rows::head(connection)? + 1;
    for job in jobs {
        rows::check_new(connection, job.command)?;
    }
    for (seq, job) in (first..).zip(jobs) {
        known.record(connection, seq, job)?;
    }
    connection.prepare_cached("COMMIT")?.execute([])?;
    Ok(first)
}
