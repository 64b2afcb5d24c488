//! One batch: one round trip reads, the rules decide on staged state, one round trip writes and commits.

use std::collections::HashSet;
use std::panic::{AssertUnwindSafe, catch_unwind};

use sqlx::Executor;

use super::read::Before;
use super::staging::Staging;
use super::{Stage, Writer};
use crate::error::Fault;
use crate::{Receipt, Submission, SubmitError};

const WRITE_CLAIMS: &str =
    concat!(include_str!("../sql/write_log.sql"), include_str!("../sql/write_claims.sql"), "COMMIT;");
const WRITE_ALL: &str = concat!(
    include_str!("../sql/write_log.sql"),
    include_str!("../sql/write_claims.sql"),
    include_str!("../sql/write_opened.sql"),
    include_str!("../sql/write_rest.sql"),
    "COMMIT;"
);

/// What is said of a command whose event could not be applied; the batch is rolled back and memory dropped.
const DEFECT: &str = "a defect of this program stopped the command; nothing of it was taken in";

/// One outcome for each command, in their order.
pub(crate) type Outcomes = Vec<Result<Receipt, SubmitError>>;

/// Whether the commands of a batch stand for themselves.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Group {
    Independent,
    AllOrNothing,
}

impl Writer {
    /// Runs one batch; on a fault nothing of it remains, in the database or in memory.
    pub(super) async fn batch(&mut self, submissions: &[Submission], group: Group) -> Result<Outcomes, Fault> {
        self.batches += 1;
        let outcomes = self.transaction(submissions, group).await;
        if outcomes.is_err() {
            self.roll_back().await;
            self.forget();
        } else {
            self.keep_bounded();
        }
        outcomes
    }

    async fn roll_back(&mut self) {
        if let Err(error) = (&mut self.connection).execute("ROLLBACK").await {
            tracing::debug!(%error, "nothing to roll back");
        }
    }

    async fn transaction(&mut self, submissions: &[Submission], group: Group) -> Result<Outcomes, Fault> {
        let before = self.read(submissions).await?;
        let decided = catch_unwind(AssertUnwindSafe(|| self.decide(submissions, before)));
        let (outcomes, stage) = decided.unwrap_or_else(|_| Err(Fault::Other(DEFECT.to_owned())))?;
        if group == Group::AllOrNothing && outcomes.iter().any(Result::is_err) {
            self.roll_back().await;
            self.forget();
            let left_out = |outcome: Result<Receipt, SubmitError>| outcome.and(Err(SubmitError::LeftOut));
            return Ok(outcomes.into_iter().map(left_out).collect());
        }
        if stage.is_empty() {
            self.roll_back().await;
        } else {
            self.write(stage).await?;
        }
        Ok(outcomes)
    }

    /// Decides on each command in turn, on the state staged by those before it.
    fn decide(&mut self, submissions: &[Submission], before: Before) -> Result<(Outcomes, Stage), Fault> {
        let mut staging = Staging::new(&mut self.docket, &self.clock, &self.fresh, before);
        let mut outcomes = Vec::with_capacity(submissions.len());
        for submission in submissions {
            outcomes.push(staging.take(submission)?);
        }
        let stage = staging.into_stage();
        for id in stage.touched() {
            self.used.insert(*id, self.batches);
        }
        Ok((outcomes, stage))
    }

    /// The write trip, and the commit.
    async fn write(&mut self, stage: Stage) -> Result<(), Fault> {
        let told = stage.tell(&self.docket);
        let only_claims = stage.is_claims_only() && told.is_claims_only();
        let mut query = sqlx::query(if only_claims { WRITE_CLAIMS } else { WRITE_ALL })
            .bind(stage.events.into_jsonb())
            .bind(stage.texts.into_jsonb())
            .bind(stage.settled.into_jsonb())
            .bind(stage.handles.into_jsonb())
            .bind(stage.evidence.into_jsonb())
            .bind(told.claims.into_jsonb());
        if !only_claims {
            query = query
                .bind(stage.heads.into_jsonb())
                .bind(told.relisted.into_jsonb())
                .bind(told.parties.into_jsonb())
                .bind(told.tags.into_jsonb())
                .bind(told.links.into_jsonb())
                .bind(stage.searches.into_jsonb())
                .bind(told.added_words.into_jsonb())
                .bind(told.sources.into_jsonb())
                .bind(stage.names.into_jsonb())
                .bind(told.related.into_jsonb())
                .bind(told.relations.into_jsonb())
                .bind(stage.policies.into_jsonb())
                .bind(stage.restands.into_jsonb());
        }
        query.execute(&mut self.connection).await?;
        Ok(())
    }

    /// Drops the claims that were used longest ago once there are too many; everything, if names alone are too many.
    fn keep_bounded(&mut self) {
        let docket = &self.docket;
        let names = docket.registry.len() + docket.handles.len() + docket.names.len() + self.looked_up.len();
        if names > super::KEPT_NAMES {
            self.forget();
        } else if docket.evidence.len() + docket.claims.len() > super::KEPT_PIECES {
            self.forget_older_half();
        }
    }

    fn forget_older_half(&mut self) {
        let mut last_used: Vec<u64> = self.used.values().copied().collect();
        if last_used.is_empty() {
            self.forget();
            return;
        }
        let middle = last_used.len() / 2;
        let median = *last_used.select_nth_unstable(middle).1;
        let old: HashSet<_> = self.used.iter().filter(|(_, used)| **used <= median).map(|(id, _)| *id).collect();
        self.used.retain(|id, _| !old.contains(id));
        self.looked_up.clear();
        self.docket.forget_claims(&old);
    }
}
