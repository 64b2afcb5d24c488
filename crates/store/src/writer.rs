//! The process's single writer: one task that owns the one connection that writes.
//! Invariant: nobody is told that a command worked before its batch is committed and synced.
//! The task is never cancelled: a caller that goes away leaves its command to be finished.

mod batch;
mod read;
mod stage;
mod staging;

use std::collections::{HashMap, HashSet};
use std::path::PathBuf;

use hearsay_core::{ClaimId, Docket};
use sqlx::SqliteConnection;
use tokio::sync::{mpsc, oneshot};

pub(crate) use stage::{Stage, Told};

use crate::error::Fault;
use crate::{ClockSource, Fresh, Receipt, Submission, SubmitError};
use batch::Group;
pub(crate) use batch::Outcomes;

/// How many commands may wait for the writer; more wait for a place.
pub(crate) const WAITING: usize = 4_096;

/// How many commands go into one transaction at most.
const BATCH: usize = 1_024;

/// How many pieces of evidence the writer keeps in memory with their claims, roughly.
const KEPT_PIECES: usize = 600_000;

/// How many sources and handles the writer keeps in memory, roughly.
const KEPT_NAMES: usize = 1_000_000;

pub(crate) type Reply<T> = oneshot::Sender<T>;

/// What the writer is asked for.
pub(crate) enum Job {
    /// One command.
    One(Box<Submission>, Reply<Result<Receipt, SubmitError>>),
    /// Several, all or nothing.
    Together(Vec<Submission>, Reply<Result<Outcomes, SubmitError>>),
    /// How far a change of a source or a policy has been worked off: to that claim, or to its end.
    Mark { restand: i64, after_claim: Option<i64>, reply: Reply<Result<(), SubmitError>> },
}

/// The writer's state between batches.
pub(crate) struct Writer {
    connection: SqliteConnection,
    path: PathBuf,
    clock: ClockSource,
    fresh: Fresh,
    docket: Docket,
    /// `PRAGMA data_version` under which the docket was read; none while nothing is kept.
    read_at: Option<i64>,
    /// For each kept claim, the batch that last used it.
    used: HashMap<ClaimId, u64>,
    batches: u64,
    /// References whose every form has been looked up since memory was empty.
    looked_up: HashSet<String>,
}

impl Writer {
    pub(crate) fn new(connection: SqliteConnection, path: PathBuf, clock: ClockSource, fresh: Fresh) -> Self {
        let (docket, used) = (Docket::default(), HashMap::new());
        Self { connection, path, clock, fresh, docket, read_at: None, used, batches: 0, looked_up: HashSet::new() }
    }

    /// Works until every sender is gone.
    pub(crate) async fn run(mut self, mut jobs: mpsc::Receiver<Job>) {
        let mut waiting = Vec::with_capacity(BATCH);
        while jobs.recv_many(&mut waiting, BATCH).await > 0 {
            self.work(&mut waiting).await;
        }
        if let Err(error) = sqlx::Connection::close(self.connection).await {
            tracing::warn!(%error, "the writer's connection did not close cleanly");
        }
    }

    /// Takes the jobs in their order; an all-or-nothing group is a batch of its own.
    async fn work(&mut self, waiting: &mut Vec<Job>) {
        let mut singles: Vec<Submission> = Vec::new();
        let mut replies = Vec::new();
        for job in waiting.drain(..) {
            match job {
                Job::One(submission, reply) => {
                    singles.push(*submission);
                    replies.push(reply);
                }
                Job::Together(group, reply) => {
                    self.singles(std::mem::take(&mut singles), std::mem::take(&mut replies)).await;
                    let outcomes = self.batch(&group, Group::AllOrNothing).await;
                    let outcomes = outcomes.map_err(|fault| self.unavailable(fault));
                    answer(reply, outcomes);
                }
                Job::Mark { restand, after_claim, reply } => {
                    self.singles(std::mem::take(&mut singles), std::mem::take(&mut replies)).await;
                    let marked = self.mark(restand, after_claim).await;
                    answer(reply, marked.map_err(|fault| self.unavailable(fault)));
                }
            }
        }
        self.singles(singles, replies).await;
    }

    /// One batch of independent commands; if its write fails, they are tried again one by one.
    async fn singles(&mut self, submissions: Vec<Submission>, replies: Vec<Reply<Result<Receipt, SubmitError>>>) {
        if submissions.is_empty() {
            return;
        }
        let outcomes = match self.batch(&submissions, Group::Independent).await {
            Ok(outcomes) => outcomes,
            Err(fault) if submissions.len() > 1 && fault.may_be_one_command() => {
                tracing::warn!(%fault, "a batch failed; its commands are tried one by one");
                self.one_by_one(&submissions).await
            }
            Err(fault) => {
                let error = self.unavailable(fault);
                submissions.iter().for_each(Submission::break_off);
                submissions.iter().map(|_| Err(error.clone())).collect()
            }
        };
        for (reply, outcome) in replies.into_iter().zip(outcomes) {
            answer(reply, outcome);
        }
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

    async fn mark(&mut self, restand: i64, after_claim: Option<i64>) -> Result<(), Fault> {
        let query = match after_claim {
            Some(after) => {
                sqlx::query("UPDATE restands SET after_claim = $2 WHERE id = $1").bind(restand).bind(after)
            }
            None => sqlx::query("DELETE FROM restands WHERE id = $1").bind(restand),
        };
        query.execute(&mut self.connection).await?;
        Ok(())
    }

    fn unavailable(&self, fault: Fault) -> SubmitError {
        SubmitError::Unavailable(fault.of(&self.path).to_string())
    }

    /// Forgets everything that was kept in memory.
    fn forget(&mut self) {
        self.docket = Docket::default();
        self.used.clear();
        self.looked_up.clear();
        self.read_at = None;
    }
}

fn answer<T>(reply: Reply<T>, outcome: T) {
    if reply.send(outcome).is_err() {
        tracing::debug!("a caller went away before its answer");
    }
}
