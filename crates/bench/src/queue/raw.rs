//! The limit: the same tables, the same transactions and the same bounded channel, by hand on rusqlite, row by row with
//! prepared statements. It knows one kind of task, no keys, no claims, no pauses and no limits of rate.

use std::path::Path;
use std::thread::JoinHandle;

use anyhow::{Context, Result, anyhow, ensure};
use rusqlite::{Connection, OptionalExtension, Row, params};
use tokio::sync::{mpsc, oneshot};

use super::ours::LEASE;
use super::span::{Span, Stopwatch};
use crate::clock;

/// As the store's: how many jobs may wait.
const WAITING: usize = 4_096;

const DAY: i64 = 86_400_000_000;

const NEW_BOOT: &str = "INSERT INTO workers (pid, name, started_at, seen_at) VALUES (?1, 'the limit', ?2, ?2)";
const ENQUEUE: &str = "INSERT INTO tasks (kind, key, fresh, claim, payload, priority, due_at, enqueued_at) \
    VALUES ('nothing', NULL, 1, NULL, ?2, 1, 0, ?1)";
const SETTLE: &str = "DELETE FROM tasks WHERE id = ?1 AND token = ?2 AND lease_until > ?3";
const COUNT: &str = "INSERT INTO task_counts (kind, day, done, retried, dead) VALUES ('nothing', ?1, ?2, 0, 0) \
    ON CONFLICT (kind, day) DO UPDATE SET done = done + excluded.done";
const EXPIRED: &str = "SELECT id FROM tasks WHERE token IS NOT NULL AND lease_until <= ?1";
const WAITING_TASKS: &str = "SELECT id, enqueued_at, attempts, payload FROM tasks WHERE token IS NULL \
    AND kind = 'nothing' AND priority = 1 AND due_at <= ?1 ORDER BY due_at, id LIMIT ?2";
const LEASE_ONE: &str = "UPDATE tasks SET token = ?2, leased_at = ?3, lease_until = ?4, boot = ?5, \
    attempts = attempts + 1, fresh = 0 WHERE id = ?1";

type Reply<T> = oneshot::Sender<Result<T, String>>;

/// A task that was leased.
struct Leased {
    id: i64,
    token: [u8; 16],
}

enum Job {
    Enqueue { payloads: Vec<String>, reply: Reply<Vec<i64>> },
    Turn { settles: Vec<Leased>, most: usize, reply: Reply<Vec<Leased>> },
}

/// The hand-written queue, open on a database that the store built.
pub(super) struct Raw {
    jobs: mpsc::Sender<Job>,
    writer: JoinHandle<Result<()>>,
}

impl Raw {
    /// Opens a database with the store's own settings and starts the writer's thread.
    pub(super) fn open(path: &Path) -> Result<Self> {
        let connection = Connection::open(path)?;
        connection.execute_batch(
            "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON; \
             PRAGMA busy_timeout = 5000; PRAGMA cache_size = -16384; PRAGMA wal_autocheckpoint = 4000;",
        )?;
        connection.set_prepared_statement_cache_capacity(32);
        let (jobs, queue) = mpsc::channel(WAITING);
        let writer = std::thread::spawn(move || run(&connection, queue));
        Ok(Self { jobs, writer })
    }

    pub(super) fn close(self) -> Result<()> {
        drop(self.jobs);
        self.writer.join().map_err(|_| anyhow!("the limit's writer panicked"))?
    }

    /// Enqueues so many tasks, then does as many.
    pub(super) async fn round(&self, tasks: usize, batch: usize) -> Result<Span> {
        let mut watch = Stopwatch::start(tasks);
        let mut left = tasks;
        while left > 0 {
            let some = left.min(batch);
            let payloads = (0..some).map(|_| "{}".to_owned()).collect();
            let added = self.ask(|reply| Job::Enqueue { payloads, reply }).await?;
            ensure!(added.len() == some, "a task was not added");
            left -= some;
        }
        watch.enqueued();
        let (mut left, mut settles) = (tasks, Vec::new());
        while left > 0 || !settles.is_empty() {
            let most = left.min(batch);
            let leased = self.ask(|reply| Job::Turn { settles, most, reply }).await?;
            ensure!(leased.len() == most, "{left} tasks are not there");
            left -= most;
            settles = leased;
        }
        Ok(watch.worked())
    }

    async fn ask<T>(&self, job: impl FnOnce(Reply<T>) -> Job) -> Result<T> {
        let (reply, answer) = oneshot::channel();
        self.jobs.send(job(reply)).await.map_err(|_| anyhow!("the limit's writer is gone"))?;
        answer.await.context("the limit's writer is gone")?.map_err(|error| anyhow!(error))
    }
}

fn run(connection: &Connection, mut queue: mpsc::Receiver<Job>) -> Result<()> {
    connection.prepare_cached(NEW_BOOT)?.execute(params![std::process::id(), now()])?;
    let boot = connection.last_insert_rowid();
    while let Some(job) = queue.blocking_recv() {
        match job {
            Job::Enqueue { payloads, reply } => answer(connection, reply, || enqueue(connection, &payloads))?,
            Job::Turn { settles, most, reply } => {
                answer(connection, reply, || turn(connection, boot, &settles, most))?;
            }
        }
    }
    Ok(())
}

/// Does it in one transaction; tells only once that is on disk.
fn answer<T>(connection: &Connection, reply: Reply<T>, job: impl FnOnce() -> Result<T>) -> Result<()> {
    connection.prepare_cached("BEGIN IMMEDIATE")?.execute([])?;
    connection.prepare_cached("PRAGMA data_version")?.query_row([], |row| row.get::<_, i64>(0))?;
    let outcome = job();
    connection.prepare_cached(if outcome.is_ok() { "COMMIT" } else { "ROLLBACK" })?.execute([])?;
    let told = reply.send(outcome.map_err(|error| error.to_string()));
    debug_assert!(told.is_ok(), "the benchmark waits for its answers");
    Ok(())
}

fn enqueue(connection: &Connection, payloads: &[String]) -> Result<Vec<i64>> {
    let (mut statement, now) = (connection.prepare_cached(ENQUEUE)?, now());
    let insert = |payload: &String| Ok(statement.insert(params![now, payload])?);
    payloads.iter().map(insert).collect()
}

fn turn(connection: &Connection, boot: i64, settles: &[Leased], most: usize) -> Result<Vec<Leased>> {
    let now = now();
    settle(connection, settles, now)?;
    rescue(connection, now)?;
    lease(connection, boot, most, now)
}

fn settle(connection: &Connection, settles: &[Leased], now: i64) -> Result<()> {
    let mut delete = connection.prepare_cached(SETTLE)?;
    for Leased { id, token } in settles {
        ensure!(delete.execute(params![id, token.as_slice(), now])? == 1, "a settle was refused");
    }
    if !settles.is_empty() {
        connection.prepare_cached(COUNT)?.execute(params![now / DAY, i64::try_from(settles.len())?])?;
    }
    Ok(())
}

fn rescue(connection: &Connection, now: i64) -> Result<()> {
    let expired = connection.prepare_cached(EXPIRED)?.query_row([now], |row| row.get::<_, i64>(0)).optional()?;
    ensure!(expired.is_none(), "a lease ran out");
    Ok(())
}

fn lease(connection: &Connection, boot: i64, most: usize, now: i64) -> Result<Vec<Leased>> {
    let mut found = connection.prepare_cached(WAITING_TASKS)?;
    let task = |row: &Row<'_>| {
        let (id, _, _, _) = (row.get(0)?, row.get::<_, i64>(1)?, row.get::<_, i64>(2)?, row.get::<_, String>(3)?);
        Ok(id)
    };
    let due: Vec<i64> =
        found.query_map(params![now, i64::try_from(most)?], task)?.collect::<rusqlite::Result<_>>()?;
    let until = now + i64::try_from(LEASE.as_micros())?;
    let mut update = connection.prepare_cached(LEASE_ONE)?;
    let mut leased = Vec::with_capacity(due.len());
    for id in due {
        let token: [u8; 16] = rand::random();
        update.execute(params![id, token.as_slice(), now, until, boot])?;
        leased.push(Leased { id, token });
    }
    Ok(leased)
}

fn now() -> i64 {
    clock::now().as_microsecond()
}
