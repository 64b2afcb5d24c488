//! The store: one writer task, a pool of readers, one file.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use futures_util::future::BoxFuture;
use hearsay_core::{Actor, Command, CommandId};
use sha2::{Digest, Sha256};
use sqlx::{Executor, Sqlite, SqliteConnection, SqlitePool};
use tokio::sync::{Mutex, mpsc, oneshot};
use tokio::task::JoinHandle;
use uuid::Uuid;

use crate::error::Fault;
use crate::open::{self, OpenOptions};
use crate::queue::Waker;
use crate::read::Reader;
use crate::writer::{Job, Outcomes, WAITING, Work, Writer};
use crate::{Receipt, StoreError, Submission, SubmitError};

/// An open database. Clones share it.
#[derive(Clone)]
pub struct Store {
    jobs: mpsc::Sender<Job>,
    writer: Arc<Mutex<Option<JoinHandle<()>>>>,
    readers: SqlitePool,
    path: Arc<PathBuf>,
    secret: Arc<Vec<u8>>,
    pub(crate) woken: Waker,
    pub(crate) reader: Reader,
    pub(crate) options: Arc<OpenOptions>,
}

/// A command that has its place in the writer's queue.
pub struct Pending(oneshot::Receiver<Result<Receipt, SubmitError>>);

impl Pending {
    /// How it ended, once that is on disk.
    pub async fn receipt(self) -> Result<Receipt, SubmitError> {
        self.0.await.unwrap_or_else(|_| Err(closed()))
    }
}

impl Store {
    /// Opens a database; brings an old one up to date, after a copy beside it.
    pub async fn open(path: &Path, options: OpenOptions) -> Result<Self, StoreError> {
        let opened = open::open(path, &options).await?;
        let secret: Vec<u8> = sqlx::query_scalar("SELECT body FROM secrets WHERE name = 'command_ids'")
            .fetch_one(&opened.readers)
            .await
            .map_err(|error| Fault::from(error).of(path))?;
        let (jobs, queue) = mpsc::channel(WAITING);
        let woken = Waker::default();
        let writer = Writer::new(opened.writer, path.to_owned(), &options, woken.clone());
        let writer = Arc::new(Mutex::new(Some(tokio::spawn(writer.run(queue)))));
        let store = Self {
            jobs,
            writer,
            readers: opened.readers,
            path: Arc::new(path.to_owned()),
            secret: Arc::new(secret),
            woken,
            reader: Reader::default(),
            options: Arc::new(options),
        };
        store.finish_purges().await?;
        Ok(store)
    }

    /// Has the writer finish what an erasure left to do that was broken off.
    async fn finish_purges(&self) -> Result<(), StoreError> {
        if self.purges(None).await?.is_empty() {
            return Ok(());
        }
        self.jobs.send(Job::Purge).await.map_err(|_| StoreError::Closed)
    }

    /// The same database as somebody sees it: without the confidential words that this role, or this person, may not
    /// read. Until it is said who reads, nothing confidential is shown.
    #[must_use]
    pub fn seen_by(mut self, reader: Actor) -> Self {
        self.reader = Reader(Some(reader));
        self
    }

    /// Gives a command to the writer and waits until it is decided and, if it was taken in, on disk.
    /// Whoever stops waiting leaves it to be finished.
    pub async fn submit(&self, submission: Submission) -> Result<Receipt, SubmitError> {
        self.enqueue(submission).await?.receipt().await
    }

    /// Waits for a place in the writer's queue. Commands are decided in the order of their places.
    pub async fn enqueue(&self, submission: Submission) -> Result<Pending, SubmitError> {
        let (reply, answer) = oneshot::channel();
        let submission = Box::new(submission);
        let may_erase =
            matches!(submission.addressed.command, Command::Erase(_) | Command::Approve(_) | Command::Decline(_));
        let job = if may_erase { Job::Alone(submission, reply) } else { Job::One(submission, reply) };
        self.jobs.send(job).await.map_err(|_| closed())?;
        Ok(Pending(answer))
    }

    /// Gives commands to the writer, all or nothing: if any is refused, none is taken in, and those that were not
    /// refused themselves are [`SubmitError::LeftOut`].
    pub async fn submit_together(&self, submissions: Vec<Submission>) -> Result<Outcomes, SubmitError> {
        let (reply, answer) = oneshot::channel();
        self.jobs.send(Job::Together(submissions, reply)).await.map_err(|_| closed())?;
        answer.await.unwrap_or_else(|_| Err(closed()))
    }

    /// The command id of a line of an import: a keyed SHA-256 of its namespace, of how often the same text came before,
    /// and of its text, as a UUIDv8. The key is the database's own secret, so that an id doesn't tell what a line said.
    pub fn command_id(&self, namespace: Uuid, text: &str, repeat: u32) -> CommandId {
        let mut hasher = Sha256::new();
        hasher.update(self.secret.as_slice());
        hasher.update(namespace.as_bytes());
        hasher.update(repeat.to_be_bytes());
        hasher.update(text.as_bytes());
        let hash: [u8; 32] = hasher.finalize().into();
        let mut id = [0; 16];
        id.copy_from_slice(&hash[..16]);
        CommandId(uuid::Builder::from_custom_bytes(id).into_uuid())
    }

    /// Has the writer do something in one transaction of its own, which `work` begins and commits: with what it gives
    /// comes roughly how many rows it wrote. If it fails, the transaction is rolled back.
    pub(crate) async fn write<T: Send + 'static>(
        &self,
        work: impl for<'c> FnOnce(&'c mut SqliteConnection) -> BoxFuture<'c, Result<(T, usize), Fault>>
        + Send
        + 'static,
    ) -> Result<T, StoreError> {
        let (reply, answer) = oneshot::channel();
        let job: Work = Box::new(move |connection| {
            Box::pin(async move {
                let ended = work(&mut *connection).await;
                if ended.is_err()
                    && let Err(error) = connection.execute("ROLLBACK").await
                {
                    tracing::debug!(%error, "nothing to roll back");
                }
                let rows = ended.as_ref().map_or(0, |(_, rows)| *rows);
                if reply.send(ended.map(|(given, _)| given)).is_err() {
                    tracing::debug!("a caller went away before its answer");
                }
                rows
            })
        });
        self.jobs.send(Job::Work(job)).await.map_err(|_| StoreError::Closed)?;
        answer.await.map_err(|_| StoreError::Closed)?.map_err(|fault| self.fault(fault))
    }

    /// Finishes what waits for the writer, then closes the database. Other clones are closed with it once dropped.
    pub async fn close(self) {
        let Self { jobs, writer, readers, .. } = self;
        drop(jobs);
        let task = writer.lock().await.take();
        if let Some(task) = task
            && let Err(error) = task.await
        {
            tracing::error!(%error, "the writer ended badly");
        }
        readers.close().await;
    }

    /// The file.
    pub fn path(&self) -> &Path {
        &self.path
    }

    pub(crate) fn readers(&self) -> &SqlitePool {
        &self.readers
    }

    /// A connection that only reads.
    pub(crate) async fn reader(&self) -> Result<sqlx::pool::PoolConnection<Sqlite>, StoreError> {
        self.readers.acquire().await.map_err(|error| self.fault(error))
    }

    /// A connection of its own, which may write: to be closed by whoever asked for it.
    pub(crate) async fn own_connection(&self) -> Result<SqliteConnection, StoreError> {
        let options = open::connect_options(self.path(), open::Create::Never);
        sqlx::ConnectOptions::connect(&options).await.map_err(|error| self.fault(error))
    }

    /// What went wrong, of this file.
    pub(crate) fn fault(&self, fault: impl Into<Fault>) -> StoreError {
        fault.into().of(&self.path)
    }
}

fn closed() -> SubmitError {
    SubmitError::Unavailable(StoreError::Closed.to_string())
}

/// The namespace of an import of that name: a UUIDv5.
pub fn import_namespace(name: &str) -> Uuid {
    Uuid::new_v5(&Uuid::new_v5(&Uuid::NAMESPACE_URL, b"urn:hearsay:import"), name.as_bytes())
}
