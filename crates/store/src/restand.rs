//! Weighs claims again after a source or a policy changed, and has the writer record what came of it.
//! Chunk by chunk, each remembered: whoever stops in between leaves the rest to the next. A chunk is as large as the
//! writer weighs in a moment, so that nobody else waits for it longer than that.

use std::ops::ControlFlow;
use std::time::{Duration, Instant};

use hearsay_core::{
    Actor, Addressed, ClaimNumber, Command, CommandId, RecordStanding, Reference, Role, Standing, Text,
};
use serde_json::json;
use sqlx::Row;

use crate::{ClaimNow, NewTask, Outcome, Remember, Store, StoreError, Submission, SubmitError, TaskKind};

/// How many claims are looked up at once.
const PAGE: i64 = 5_000;

/// How many claims are weighed between two marks, at first, at least and at most.
const FIRST_CHUNK: usize = 32;
const LEAST_CHUNK: usize = 1;
const MOST_CHUNK: usize = 128;

/// How long the writer may be busy with one chunk, as far as that is up to its size.
const MOMENT: Duration = Duration::from_millis(10);

/// Who records standings that changed.
const RESTAND: &str = "worker/restand";

/// A change whose claims are not all weighed yet.
struct Waiting {
    id: i64,
    source: Option<Vec<u8>>,
    policy: Option<String>,
    after: i64,
}

/// What became of one chunk.
#[derive(Default)]
struct Weighed {
    /// How many claims got other figures.
    changed: u64,
    /// The others.
    unchanged: Vec<ClaimNow>,
}

/// What weighing claims again came to.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Restood {
    /// How many claims were weighed.
    pub weighed: u64,
    /// How many of them got other figures.
    pub changed: u64,
    /// Whether nothing waits any more; otherwise it was stopped in between.
    pub is_finished: bool,
}

impl Store {
    /// Works off every change of a source or a policy that waits; tells how many claims' figures changed.
    pub async fn restand(&self, progress: &mut (dyn FnMut(u64) + Send)) -> Result<u64, StoreError> {
        let mut goes_on = |weighed| {
            progress(weighed);
            ControlFlow::Continue(())
        };
        self.restand_while(&mut goes_on).await.map(|restood| restood.changed)
    }

    /// The same, until told to stop; it is asked before each chunk, with how many were weighed so far.
    pub async fn restand_while(
        &self,
        goes_on: &mut (dyn FnMut(u64) -> ControlFlow<()> + Send),
    ) -> Result<Restood, StoreError> {
        let (mut restood, mut chunk) = (Restood::default(), FIRST_CHUNK);
        while let Some(waiting) = self.waiting().await? {
            let claims = self.touched(&waiting).await?;
            let may_advance = self.may_advance(&waiting).await?;
            let mut rest = claims.as_slice();
            while !rest.is_empty() {
                let (now, later) = rest.split_at(chunk.min(rest.len()));
                let begun = Instant::now();
                let weighed = self.record_standings(now).await?;
                let took = begun.elapsed();
                tracing::trace!(claims = now.len(), ?took, "weighed again");
                chunk = next_chunk(now.len(), chunk, took);
                restood.weighed += now.len() as u64;
                restood.changed += weighed.changed;
                self.advance_unchanged(&weighed.unchanged, &may_advance).await?;
                self.mark(&waiting, now.last()).await?;
                rest = later;
                if goes_on(restood.weighed).is_break() {
                    return Ok(restood);
                }
            }
            if claims.is_empty() {
                self.mark(&waiting, None).await?;
            }
        }
        Ok(Restood { is_finished: true, ..restood })
    }

    async fn waiting(&self) -> Result<Option<Waiting>, StoreError> {
        let row = sqlx::query("SELECT id, source, policy, after_claim FROM restands ORDER BY id LIMIT 1")
            .fetch_optional(self.readers())
            .await
            .map_err(|error| self.fault(error))?;
        let Some(row) = row else { return Ok(None) };
        let read = || -> sqlx::Result<Waiting> {
            Ok(Waiting {
                id: row.try_get(0)?,
                source: row.try_get(1)?,
                policy: row.try_get(2)?,
                after: row.try_get(3)?,
            })
        };
        read().map(Some).map_err(|error| self.fault(error))
    }

    /// The next claims that the change may bear on.
    async fn touched(&self, waiting: &Waiting) -> Result<Vec<ClaimNumber>, StoreError> {
        let statement = if waiting.policy.is_some() {
            include_str!("sql/claims_under_policy.sql")
        } else {
            include_str!("sql/claims_touched_by_source.sql")
        };
        let numbers: Vec<u32> = sqlx::query_scalar(statement)
            .bind(waiting.source.clone())
            .bind(waiting.policy.clone())
            .bind(waiting.after)
            .bind(PAGE)
            .fetch_all(self.readers())
            .await
            .map_err(|error| self.fault(error))?;
        Ok(numbers.into_iter().map(ClaimNumber).collect())
    }

    /// The standings to which a policy that changed lets the worker advance claims; none where a source changed.
    async fn may_advance(&self, waiting: &Waiting) -> Result<Vec<Standing>, StoreError> {
        let Some(name) = &waiting.policy else { return Ok(Vec::new()) };
        let versions = self.policy_versions(name).await?;
        Ok(versions.into_iter().last().map(|view| view.policy.auto_advance).unwrap_or_default())
    }

    /// Enqueues the advance of claims that the policy may newly let advance. Those whose figures changed have an event
    /// that brought the task with it.
    async fn advance_unchanged(&self, claims: &[ClaimNow], to: &[Standing]) -> Result<(), StoreError> {
        let due = claims.iter().filter(|claim| claim.due_to_advance && to.contains(&claim.weighed.standing));
        let tasks: Vec<NewTask> = due.map(|claim| auto_advance(claim.number)).collect();
        if !tasks.is_empty() {
            self.enqueue_tasks(tasks).await?;
        }
        Ok(())
    }

    /// Has the writer weigh claims again.
    async fn record_standings(&self, numbers: &[ClaimNumber]) -> Result<Weighed, StoreError> {
        let failed =
            |error: SubmitError| StoreError::Sql { path: self.path().to_owned(), what: error.to_string() };
        let mut pending = Vec::with_capacity(numbers.len());
        for number in numbers {
            pending.push((number, self.enqueue(self.weighing_again(*number)).await.map_err(failed)?));
        }
        let mut weighed = Weighed::default();
        for (number, pending) in pending {
            match pending.receipt().await {
                Ok(receipt) if receipt.outcome == Outcome::Recorded => weighed.changed += 1,
                Ok(receipt) => weighed.unchanged.extend(receipt.claim),
                Err(SubmitError::Refused(refusal)) => {
                    tracing::warn!(%refusal, %number, "a claim could not be weighed again");
                }
                Err(error) => return Err(failed(error)),
            }
        }
        Ok(weighed)
    }

    fn weighing_again(&self, number: ClaimNumber) -> Submission {
        let line = RecordStanding { claim: Reference(number.to_string()) };
        Submission {
            addressed: Addressed::from(Command::RecordStanding(line)),
            id: CommandId((self.options.fresh.ids)()),
            actor: Actor { name: Text::from(RESTAND), role: Role::Worker },
            remember: Remember::No,
            sequence: None,
        }
    }

    /// Remembers how far a change has been worked off; forgets it at its end.
    async fn mark(&self, waiting: &Waiting, last: Option<&ClaimNumber>) -> Result<(), StoreError> {
        let (restand, after) = (waiting.id, last.map(|number| i64::from(number.0)));
        self.write(move |connection| {
            Box::pin(async move {
                let query = match after {
                    Some(after) => {
                        sqlx::query("UPDATE restands SET after_claim = $2 WHERE id = $1").bind(restand).bind(after)
                    }
                    None => sqlx::query("DELETE FROM restands WHERE id = $1").bind(restand),
                };
                query.execute(connection).await?;
                Ok(((), 1))
            })
        })
        .await
    }
}

/// The task that advances a claim, if the rules let it.
fn auto_advance(claim: ClaimNumber) -> NewTask {
    NewTask {
        key: Some(format!("auto_advance:{claim}")),
        claim: Some(claim),
        ..NewTask::now(TaskKind::AutoAdvance, json!({ "claim": claim }))
    }
}

/// How many claims to weigh next, by how long so many took: half as many after more than a moment, twice as many after
/// less than half of one.
fn next_chunk(weighed: usize, chunk: usize, took: Duration) -> usize {
    if took > MOMENT {
        (weighed / 2).max(LEAST_CHUNK)
    } else if took < MOMENT / 2 && weighed == chunk {
        (chunk * 2).min(MOST_CHUNK)
    } else {
        chunk
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_chunk_is_as_large_as_the_writer_weighs_in_a_moment() {
        for (weighed, chunk, took, expected) in [
            (32, 32, 3, 64),
            (32, 32, 7, 32),
            (32, 32, 16, 16),
            (3, 32, 1, 32),
            (3, 32, 100, 1),
            (1, 1, 100, 1),
            (128, 128, 1, 128),
        ] {
            assert_eq!(
                next_chunk(weighed, chunk, Duration::from_millis(took)),
                expected,
                "{weighed} in {took} ms"
            );
        }
    }
}
