//! The process's single writer: one task that owns the one connection that writes.
//! Invariant: nobody is told that a command worked before its batch is committed and synced.
//! The task is never cancelled: a caller that goes away leaves its command to be finished.

mod ahead;
mod audit;
mod batch;
mod checkpoint;
mod decider;
mod erasable;
mod erasing;
mod leads;
mod lone;
mod purge;
mod read;
mod recount;
mod stage;
mod staging;
mod tasks;

use std::collections::VecDeque;
use std::path::PathBuf;

use futures_util::future::BoxFuture;
use sqlx::SqliteConnection;
use tokio::sync::{mpsc, oneshot};

pub(crate) use audit::Was;
pub(crate) use lone::prepare;
pub(crate) use read::number;
pub(crate) use stage::{Stage, Told};

use crate::error::Fault;
use crate::queue::Waker;
use crate::{OpenOptions, Receipt, Submission, SubmitError};
use batch::Group;
pub(crate) use batch::Outcomes;
use checkpoint::Checkpoints;
use decider::Decider;
use purge::Unpurged;

/// How many commands may wait for the writer; more wait for a place.
pub(crate) const WAITING: usize = 4_096;

/// How many commands go into one transaction at most.
const BATCH: usize = 2_048;

pub(crate) type Reply<T> = oneshot::Sender<T>;

/// One command, and who waits to hear of it.
type Asked = (Submission, Reply<Result<Receipt, SubmitError>>);

/// What the writer is asked for.
pub(crate) enum Job {
    /// One command.
    One(Box<Submission>, Reply<Result<Receipt, SubmitError>>),
    /// One command that must not be decided ahead: it may erase, or names texts that have to be on disk.
    Alone(Box<Submission>, Reply<Result<Receipt, SubmitError>>),
    /// The file is to be written anew, as an erasure that was broken off left it.
    Purge,
    /// Several, all or nothing.
    Together(Vec<Submission>, Reply<Result<Outcomes, SubmitError>>),
    /// Anything else that is to be written, in one transaction of its own.
    Work(Work),
}

/// Work on the connection that writes: it answers its caller itself, and tells roughly how many rows it wrote.
pub(crate) type Work = Box<dyn for<'c> FnOnce(&'c mut SqliteConnection) -> BoxFuture<'c, usize> + Send>;

/// What waits for the writer: taken out of the channel, in order, as far as it has been.
struct Inbox {
    jobs: mpsc::Receiver<Job>,
    taken: VecDeque<Job>,
    buffer: Vec<Job>,
}

/// What the writer's wait ended with.
enum Waited {
    /// Something is there.
    Came,
    /// What an erasure left to do is due.
    Due,
    /// Nothing can come any more.
    Closed,
}

/// The writer's state between batches.
pub(crate) struct Writer {
    connection: SqliteConnection,
    path: PathBuf,
    decider: Decider,
    checkpoints: Checkpoints,
    woken: Waker,
    /// Whether the last batch erased texts, so that the file is to be written anew.
    erased: bool,
    /// What an erasure left to do; none where nothing is left.
    unpurged: Option<Unpurged>,
}

impl Writer {
    pub(crate) fn new(connection: SqliteConnection, path: PathBuf, options: &OpenOptions, woken: Waker) -> Self {
        let decider = Decider::new(path.clone(), options.clock.clone(), options.fresh.clone());
        let checkpoints = Checkpoints::of(path.clone());
        Self { connection, path, decider, checkpoints, woken, erased: false, unpurged: None }
    }

    /// Works until every sender is gone.
    pub(crate) async fn run(mut self, jobs: mpsc::Receiver<Job>) {
        let mut inbox = Inbox { jobs, taken: VecDeque::new(), buffer: Vec::with_capacity(BATCH) };
        loop {
            match inbox.wait_until(self.unpurged.as_mut()).await {
                Waited::Came => self.work(&mut inbox).await,
                Waited::Due => self.purge().await,
                Waited::Closed => break,
            }
        }
        self.checkpoints.close().await;
        for connection in self.decider.into_connection().into_iter().chain([self.connection]) {
            if let Err(error) = sqlx::Connection::close(connection).await {
                tracing::warn!(%error, "a connection of the writer did not close cleanly");
            }
        }
    }

    /// Takes the jobs in their order: commands ahead of their batch where memory allows it, all else by itself.
    async fn work(&mut self, inbox: &mut Inbox) {
        self.decider.keep_bounded();
        self.decider.broken_off.clear();
        self.checkpoints.finish(&mut self.connection).await;
        if self.decider.is_warm() && inbox.one_waits() {
            return self.stream(inbox).await;
        }
        let asked = inbox.take_ones(BATCH);
        if !asked.is_empty() {
            return self.singles(asked).await;
        }
        match inbox.taken.pop_front() {
            Some(Job::Alone(submission, reply)) => {
                let outcomes = self.one_by_one(std::slice::from_ref(&submission)).await;
                self.purge_if_erased().await;
                if let Some(outcome) = outcomes.into_iter().next() {
                    answer(reply, outcome);
                }
            }
            Some(Job::Purge) => self.purge().await,
            Some(Job::Together(group, reply)) => {
                let outcomes = self.batch(&group, Group::AllOrNothing).await;
                self.purge_if_erased().await;
                answer(reply, outcomes.map_err(|fault| self.unavailable(fault)));
            }
            Some(Job::Work(work)) => {
                let rows = work(&mut self.connection).await;
                self.checkpoints.wrote(rows);
            }
            Some(job @ Job::One(..)) => inbox.taken.push_front(job),
            None => {}
        }
    }

    /// One batch of independent commands; if its write fails, they are tried again one by one.
    async fn singles(&mut self, asked: Vec<Asked>) {
        let (submissions, replies): (Vec<_>, Vec<_>) = asked.into_iter().unzip();
        let outcomes = match self.batch(&submissions, Group::Independent).await {
            Ok(outcomes) => outcomes,
            Err(fault) if submissions.len() > 1 && fault.may_be_one_command() => {
                tracing::warn!(%fault, "a batch failed; its commands are tried one by one");
                self.one_by_one(&submissions).await
            }
            Err(fault) => self.none_of(&submissions, fault),
        };
        for (reply, outcome) in replies.into_iter().zip(outcomes) {
            answer(reply, outcome);
        }
    }

    /// What is told where a fault stopped them all; nothing that builds on them is decided.
    fn none_of(&self, submissions: &[Submission], fault: Fault) -> Outcomes {
        let error = self.unavailable(fault);
        submissions.iter().for_each(Submission::break_off);
        submissions.iter().map(|_| Err(error.clone())).collect()
    }

    async fn one_by_one(&mut self, submissions: &[Submission]) -> Outcomes {
        let mut outcomes = Vec::with_capacity(submissions.len());
        for submission in submissions {
            let outcome = self.batch(std::slice::from_ref(submission), Group::Independent).await;
            outcomes.extend(outcome.unwrap_or_else(|fault| {
                submission.break_off();
                vec![Err(self.unavailable(fault))]
            }));
        }
        outcomes
    }

    fn unavailable(&self, fault: Fault) -> SubmitError {
        SubmitError::Unavailable(fault.of(&self.path).to_string())
    }
}

impl Inbox {
    /// Waits until something is there; false once nothing can come any more.
    async fn wait(&mut self) -> bool {
        if self.taken.is_empty() {
            self.jobs.recv_many(&mut self.buffer, BATCH).await;
            self.taken.extend(self.buffer.drain(..));
        }
        !self.taken.is_empty()
    }

    /// As [`Inbox::wait`], until an erasure's rest is due.
    async fn wait_until(&mut self, unpurged: Option<&mut Unpurged>) -> Waited {
        let came = match unpurged {
            None => self.wait().await,
            Some(unpurged) => tokio::select! {
                biased;
                () = unpurged.due.as_mut() => return Waited::Due,
                came = self.wait() => came,
            },
        };
        if came { Waited::Came } else { Waited::Closed }
    }

    /// Takes what has come meanwhile out of the channel, without waiting.
    fn fill(&mut self) {
        while self.taken.len() < BATCH
            && let Ok(job) = self.jobs.try_recv()
        {
            self.taken.push_back(job);
        }
    }

    /// Whether a single command is next.
    fn one_waits(&self) -> bool {
        matches!(self.taken.front(), Some(Job::One(..)))
    }

    /// The single commands that are next, at most so many.
    fn take_ones(&mut self, most: usize) -> Vec<Asked> {
        let mut asked = Vec::new();
        while asked.len() < most && self.one_waits() {
            if let Some(Job::One(submission, reply)) = self.taken.pop_front() {
                asked.push((*submission, reply));
            }
        }
        asked
    }
}

fn answer<T>(reply: Reply<T>, outcome: T) {
    if reply.send(outcome).is_err() {
        tracing::debug!("a caller went away before its answer");
    }
}
