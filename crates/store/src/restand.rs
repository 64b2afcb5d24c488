//! Weighs claims again after a source or a policy changed, and has the writer record what came of it.
//! Chunk by chunk, each remembered: whoever stops in between leaves the rest to the next.

use hearsay_core::{Actor, Addressed, ClaimNumber, Command, CommandId, RecordStanding, Reference, Role, Text};
use sqlx::Row;

use crate::{Outcome, Remember, Store, StoreError, Submission, SubmitError};

/// How many claims are weighed between two marks.
const CHUNK: i64 = 200;

/// Who records standings that changed.
const RESTAND: &str = "worker/restand";

/// A change whose claims are not all weighed yet.
struct Waiting {
    id: i64,
    source: Option<Vec<u8>>,
    policy: Option<String>,
    after: i64,
}

impl Store {
    /// Works off every change of a source or a policy that waits; tells how many claims' figures changed.
    pub async fn restand(&self, progress: &mut (dyn FnMut(u64) + Send)) -> Result<u64, StoreError> {
        let (mut weighed, mut changed) = (0, 0);
        while let Some(waiting) = self.waiting().await? {
            let claims = self.touched(&waiting).await?;
            changed += self.record_standings(&claims).await?;
            weighed += claims.len() as u64;
            progress(weighed);
            self.mark(&waiting, claims.last()).await?;
        }
        Ok(changed)
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
            .bind(CHUNK)
            .fetch_all(self.readers())
            .await
            .map_err(|error| self.fault(error))?;
        Ok(numbers.into_iter().map(ClaimNumber).collect())
    }

    /// Has the writer weigh claims again; tells how many figures changed.
    async fn record_standings(&self, numbers: &[ClaimNumber]) -> Result<u64, StoreError> {
        let failed =
            |error: SubmitError| StoreError::Sql { path: self.path().to_owned(), what: error.to_string() };
        let mut pending = Vec::with_capacity(numbers.len());
        for number in numbers {
            pending.push((number, self.enqueue(self.weighing_again(*number)).await.map_err(failed)?));
        }
        let mut changed = 0;
        for (number, pending) in pending {
            match pending.receipt().await {
                Ok(receipt) => changed += u64::from(receipt.outcome == Outcome::Recorded),
                Err(SubmitError::Refused(refusal)) => {
                    tracing::warn!(%refusal, %number, "a claim could not be weighed again");
                }
                Err(error) => return Err(failed(error)),
            }
        }
        Ok(changed)
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
