//! Finds what no task is waiting for: deadlines that have passed, restands that nobody works off, feeds and items.
//! Databases from before there was a queue have them, and so has one that lost tasks.
//! Invariant: what a task bears, a dead one included, is not enqueued again.

use std::collections::HashSet;

use hearsay_core::{Claim, ClaimNumber, Priority, SourceId};
use jiff::Timestamp;
use serde_json::json;
use sqlx::Row;

use crate::load::{Texts, WithPolicies, load};
use crate::time::to_micros;
use crate::wanted::{Wanted, json as json_of};
use crate::{NewTask, Store, StoreError, TaskKind};

/// How many claims are looked at together.
const PAGE: usize = 500;

/// A claim that is past a deadline.
struct Late {
    number: u32,
    answer: bool,
    review: bool,
}

impl Store {
    /// Enqueues what is missing; tells how many tasks that were.
    pub async fn enqueue_missed(&self) -> Result<u64, StoreError> {
        let now = self.now();
        let mut enqueued = self.enqueue_missed_restand().await? + self.enqueue_missed_intake().await?;
        let mut after = 0;
        loop {
            let late = self.late_claims(now, after).await?;
            let Some(last) = late.last() else { return Ok(enqueued) };
            after = last.number;
            enqueued += self.enqueue_unknown(self.tasks_of(&late, now).await?).await?;
        }
    }

    async fn late_claims(&self, now: Timestamp, after: u32) -> Result<Vec<Late>, StoreError> {
        let rows = sqlx::query(include_str!("sql/late_claims.sql"))
            .bind(to_micros(now))
            .bind(i64::from(after))
            .bind(i64::try_from(PAGE).unwrap_or(i64::MAX))
            .fetch_all(self.readers())
            .await
            .map_err(|error| self.fault(error))?;
        let read = |row: &sqlx::sqlite::SqliteRow| -> sqlx::Result<Late> {
            Ok(Late { number: row.try_get(0)?, answer: row.try_get(1)?, review: row.try_get(2)? })
        };
        rows.iter().map(|row| read(row).map_err(|error| self.fault(error))).collect()
    }

    /// The tasks that late claims should have had: which parties have not answered is in their events alone.
    async fn tasks_of(&self, late: &[Late], now: Timestamp) -> Result<Vec<NewTask>, StoreError> {
        let numbers = late.iter().map(|late| late.number).collect();
        let wanted = Wanted { numbers, ..Wanted::default() };
        let mut reader = self.reader().await?;
        let loaded = load(&mut reader, &wanted, Texts::Needed, WithPolicies::No).await;
        let docket = loaded.map_err(|fault| self.fault(fault))?.docket;
        let claim_of = |number| docket.numbers.get(&ClaimNumber(number)).and_then(|id| docket.claims.get(id));
        let mut tasks = Vec::new();
        for late in late {
            if let Some(claim) = claim_of(late.number) {
                if late.answer {
                    tasks.extend(answers_due(claim, now));
                }
                if late.review {
                    tasks.extend(claim.review_by.map(|until| review_due(claim.number, until)));
                }
            }
        }
        Ok(tasks)
    }

    /// Enqueues those of the tasks whose key no task bears; tells how many those were.
    pub(crate) async fn enqueue_unknown(&self, tasks: Vec<NewTask>) -> Result<u64, StoreError> {
        if tasks.is_empty() {
            return Ok(0);
        }
        let missing = self.unknown(tasks).await?;
        Ok(self.enqueue_tasks(missing).await?.into_iter().flatten().count() as u64)
    }

    /// Those of the tasks whose key no task bears.
    async fn unknown(&self, tasks: Vec<NewTask>) -> Result<Vec<NewTask>, StoreError> {
        let known: Vec<String> = sqlx::query_scalar(include_str!("sql/deadlines_known.sql"))
            .bind(json_of(tasks.iter().map(|task| &task.key)))
            .fetch_all(self.readers())
            .await
            .map_err(|error| self.fault(error))?;
        let known: HashSet<String> = known.into_iter().collect();
        Ok(tasks.into_iter().filter(|task| task.key.as_ref().is_none_or(|key| !known.contains(key))).collect())
    }

    async fn enqueue_missed_restand(&self) -> Result<u64, StoreError> {
        let missed: bool = sqlx::query_scalar(include_str!("sql/restand_missed.sql"))
            .fetch_one(self.readers())
            .await
            .map_err(|error| self.fault(error))?;
        if !missed {
            return Ok(0);
        }
        let restand = NewTask { key: Some("restand".to_owned()), ..NewTask::now(TaskKind::Restand, json!({})) };
        Ok(self.enqueue_tasks(vec![restand]).await?.into_iter().flatten().count() as u64)
    }
}

/// A task for each party whose deadline has passed and whose silence isn't recorded; harmless where it answered.
fn answers_due(claim: &Claim, now: Timestamp) -> impl Iterator<Item = NewTask> {
    let passed = claim.answers.iter().filter(move |(_, answer)| !answer.silent && answer.until <= now);
    passed.map(|(party, answer)| answer_due(claim.number, *party, answer.until))
}

fn answer_due(claim: ClaimNumber, party: SourceId, until: Timestamp) -> NewTask {
    NewTask {
        kind: TaskKind::AnswerDue,
        key: Some(format!("answer_due:{claim}:{party}:{}", to_micros(until))),
        claim: Some(claim),
        payload: json!({ "claim": claim, "party": party }),
        priority: Priority::Normal,
        run_at: Some(until),
    }
}

fn review_due(claim: ClaimNumber, until: Timestamp) -> NewTask {
    NewTask {
        kind: TaskKind::ReviewDue,
        key: Some(format!("review_due:{claim}:{}", to_micros(until))),
        claim: Some(claim),
        payload: json!({ "claim": claim }),
        priority: Priority::Normal,
        run_at: Some(until),
    }
}
