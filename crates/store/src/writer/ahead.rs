//! Decides ahead: while one batch is being written, the next is decided on the state that the first will leave.
//! Invariant: a batch is written only after the one before it is on disk, and only if no other process has written
//! since memory was read; else both are decided again, each by itself. Nobody is answered before that is settled.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::{Pin, pin};

use hearsay_core::CommandId;

use super::batch::{Begin, Outcomes, Rows, check, write};
use super::decider::{Decider, Head};
use super::read::Before;
use super::staging::Staging;
use super::{Asked, BATCH, Inbox, Writer, answer};
use crate::error::Fault;
use crate::{Outcome, Remember};

/// How many commands are decided before it is seen whether the batch that is being written is done.
const CHUNK: usize = 256;

/// A batch that is being decided.
struct Open {
    staging: Staging,
    asked: Vec<Asked>,
    outcomes: Outcomes,
    /// Commands that add nothing to the log, and whose ids nobody has looked up.
    unsure: Vec<CommandId>,
    spoilt: bool,
}

/// A batch that is decided.
struct Decided {
    rows: Rows,
    head: Head,
    told: Told,
}

/// Who is told what, once it is on disk.
struct Told {
    asked: Vec<Asked>,
    outcomes: Outcomes,
}

impl Writer {
    /// Takes the single commands that wait, and those that come meanwhile, batch after batch.
    pub(super) async fn stream(&mut self, inbox: &mut Inbox) {
        let Some(mut open) = Open::begin(&mut self.decider) else { return };
        open.take(&mut self.decider, inbox.take_ones(CHUNK)).await;
        let mut done: Option<Told> = None;
        while !open.asked.is_empty() {
            self.checkpoints.finish(&mut self.connection).await;
            let (Decided { rows, head, told }, next) = match open.close(&mut self.decider).await {
                Ok(decided) => decided,
                Err(asked) => {
                    done.into_iter().for_each(Told::tell);
                    return self.anew(vec![asked]).await;
                }
            };
            open = next;
            let (events, tasks) = (rows.len(), rows.brings_tasks());
            let written = {
                let mut writing = pin!(put(&mut self.connection, rows, head));
                let mut written = poll_once(writing.as_mut()).await;
                done.take().into_iter().for_each(Told::tell);
                if written.is_none() {
                    written = Some(open.decide_meanwhile(writing.as_mut(), &mut self.decider, inbox).await);
                }
                written.unwrap_or(Ok(()))
            };
            if let Err(fault) = written {
                self.roll_back().await;
                let both = vec![told.asked, open.asked];
                if fault.may_be_one_command() {
                    tracing::debug!(%fault, "a batch that was decided ahead is decided again");
                    return self.anew(both).await;
                }
                return self.give_up(both, fault);
            }
            done = Some(told);
            self.wrote(events, tasks);
            if open.asked.is_empty() {
                done.take().into_iter().for_each(Told::tell);
            }
        }
    }

    /// Drops what is in memory, and has batches decided again, each by itself.
    async fn anew(&mut self, batches: Vec<Vec<Asked>>) {
        self.decider.forget();
        for asked in batches {
            if !asked.is_empty() {
                self.singles(asked).await;
            }
        }
    }

    /// Drops what is in memory, and tells everybody of a fault that would stop them again, such as a full disk.
    fn give_up(&mut self, batches: Vec<Vec<Asked>>, fault: Fault) {
        self.decider.forget();
        let (submissions, replies): (Vec<_>, Vec<_>) = batches.into_iter().flatten().unzip();
        let outcomes = self.none_of(&submissions, fault);
        for (reply, outcome) in replies.into_iter().zip(outcomes) {
            answer(reply, outcome);
        }
    }
}

/// Writes a batch; sees to it that memory was right where there is nothing to write.
async fn put(connection: &mut sqlx::SqliteConnection, rows: Rows, head: Head) -> Result<(), Fault> {
    if rows.is_empty() {
        check(connection, head).await
    } else {
        write(connection, rows, Begin::Guarded(head.data_version)).await
    }
}

/// The outcome, if it is there already.
async fn poll_once<T>(future: Pin<&mut impl Future<Output = T>>) -> Option<T> {
    tokio::select! {
        biased;
        outcome = future => Some(outcome),
        () = std::future::ready(()) => None,
    }
}

impl Open {
    /// A batch on the state that memory holds; none where it holds none.
    fn begin(decider: &mut Decider) -> Option<Self> {
        let head = decider.head?;
        decider.batches += 1;
        let staging = Staging::new(Before::at(head));
        Some(Self { staging, asked: Vec::new(), outcomes: Vec::new(), unsure: Vec::new(), spoilt: false })
    }

    fn has_room(&self, decider: &Decider) -> bool {
        !self.spoilt && self.asked.len() < BATCH && !decider.is_full()
    }

    /// Decides on what comes until the batch before is written; gives how that went.
    async fn decide_meanwhile(
        &mut self,
        mut writing: Pin<&mut impl Future<Output = Result<(), Fault>>>,
        decider: &mut Decider,
        inbox: &mut Inbox,
    ) -> Result<(), Fault> {
        loop {
            inbox.fill();
            if !self.has_room(decider) || (!inbox.taken.is_empty() && !inbox.one_waits()) {
                return writing.await;
            }
            if inbox.one_waits() {
                if let Some(written) = poll_once(writing.as_mut()).await {
                    return written;
                }
                self.take(decider, inbox.take_ones(CHUNK)).await;
                continue;
            }
            tokio::select! {
                biased;
                written = writing.as_mut() => return written,
                more = inbox.wait() => if !more {
                    return writing.await;
                },
            }
        }
    }

    /// Decides on some more commands.
    async fn take(&mut self, decider: &mut Decider, asked: Vec<Asked>) {
        match decider.look_ahead(&asked).await {
            Ok(known) => self.staging.learn(known),
            Err(fault) => {
                tracing::warn!(%fault, "could not look ahead");
                self.spoilt = true;
            }
        }
        if !self.spoilt {
            let went = catch_unwind(AssertUnwindSafe(|| self.decide(decider, &asked)));
            self.spoilt = !matches!(went, Ok(Ok(())));
        }
        self.asked.extend(asked);
    }

    fn decide(&mut self, decider: &mut Decider, asked: &[Asked]) -> Result<(), Fault> {
        for (submission, _) in asked {
            let outcome = self.staging.take(decider, submission)?;
            let recorded = matches!(&outcome, Ok(receipt) if receipt.outcome != Outcome::Unchanged);
            if !recorded && submission.remember == Remember::No {
                self.unsure.push(submission.id);
            }
            self.outcomes.push(outcome);
        }
        Ok(())
    }

    /// Ends the batch, and begins the next; gives the commands back where they must be decided again.
    async fn close(self, decider: &mut Decider) -> Result<(Decided, Self), Vec<Asked>> {
        let Self { staging, asked, outcomes, unsure, spoilt } = self;
        if spoilt || !(unsure.is_empty() || are_new(decider, &unsure).await) {
            return Err(asked);
        }
        let staged = catch_unwind(AssertUnwindSafe(|| Rows::of(staging.end(decider).0, decider)));
        match (staged, decider.head, Self::begin(decider)) {
            (Ok(rows), Some(head), Some(next)) => {
                Ok((Decided { rows, head, told: Told { asked, outcomes } }, next))
            }
            (Ok(_) | Err(_), Some(_) | None, _) => Err(asked),
        }
    }
}

/// Whether the log has not taken in any of those commands before: then it would answer in other words.
async fn are_new(decider: &mut Decider, ids: &[CommandId]) -> bool {
    match decider.look_for(ids).await {
        Ok(known) => known.recorded.is_empty(),
        Err(fault) => {
            tracing::warn!(%fault, "could not look up the ids of commands");
            false
        }
    }
}

impl Told {
    fn tell(self) {
        for ((submission, reply), outcome) in self.asked.into_iter().zip(self.outcomes) {
            submission.break_off_if_defective(&outcome);
            answer(reply, outcome);
        }
    }
}
