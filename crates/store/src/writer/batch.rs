//! One batch by itself: one round trip reads, the rules decide on staged state, one round trip writes and commits.

use std::panic::{AssertUnwindSafe, catch_unwind};

use sqlx::{Executor, SqliteConnection};

use super::decider::{Decider, Head};
use super::read::Before;
use super::staging::{SelfApproval, Staging};
use super::{Stage, Told, Writer, lone};
use crate::error::Fault;
use crate::{Receipt, Submission, SubmitError};

/// The rows of a batch that touches claims only: a transaction by itself, where none has begun.
const WRITE_CLAIMS: &str = include_str!("../sql/write_claims.sql");

/// All rows that a batch may write.
macro_rules! all_rows {
    () => {
        concat!(
            include_str!("../sql/write_claims.sql"),
            include_str!("../sql/write_opened.sql"),
            include_str!("../sql/write_rest.sql"),
            include_str!("../sql/enqueue_tasks.sql")
        )
    };
}

/// Those, and the rows of leads and snapshots.
macro_rules! all_rows_and_leads {
    () => {
        concat!(all_rows!(), include_str!("../sql/write_leads.sql"))
    };
}

const WRITE_CLAIMS_AND_COMMIT: &str = concat!(include_str!("../sql/write_claims.sql"), "COMMIT;");
const WRITE_ALL: &str = concat!(all_rows!(), "COMMIT;");
const WRITE_LEADS: &str = concat!(all_rows_and_leads!(), "COMMIT;");
/// As [`WRITE_LEADS`], with more to follow before the commit.
const WRITE_ALL_BUT_ERASURES: &str = all_rows_and_leads!();
const BEGIN_AND_WRITE_ALL: &str = concat!("BEGIN IMMEDIATE;", all_rows!(), "COMMIT;");
const BEGIN_AND_WRITE_LEADS: &str = concat!("BEGIN IMMEDIATE;", all_rows_and_leads!(), "COMMIT;");

/// What is said of a command whose event could not be applied; the batch is rolled back and memory dropped.
pub(super) const DEFECT: &str = "a defect of this program stopped the command; nothing of it was taken in";

/// One outcome for each command, in their order.
pub(crate) type Outcomes = Vec<Result<Receipt, SubmitError>>;

/// Whether the commands of a batch stand for themselves.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Group {
    Independent,
    AllOrNothing,
}

/// The rows of one batch.
pub(super) struct Rows {
    stage: Stage,
    told: Told,
}

/// How a batch's transaction begins.
#[derive(Clone, Copy)]
pub(super) enum Begin {
    /// It has begun: what was decided on was read in it.
    Begun,
    /// It begins with the write, and fails unless the data version is still that one.
    Guarded(i64),
}

impl Rows {
    /// What a staged batch comes to. To be told before anything else is decided.
    pub(super) fn of(stage: Stage, decider: &mut Decider) -> Self {
        for id in stage.touched() {
            decider.used.insert(*id, decider.batches);
        }
        let told = stage.tell(&decider.docket);
        Self { stage, told }
    }

    /// How many events there are to write.
    pub(super) fn len(&self) -> usize {
        self.stage.events.len()
    }

    /// Whether tasks follow.
    pub(super) fn brings_tasks(&self) -> bool {
        !self.stage.tasks.is_empty()
    }

    /// Whether there is nothing to write.
    pub(super) fn is_empty(&self) -> bool {
        self.stage.is_empty()
    }
}

impl Writer {
    /// Runs one batch; on a fault nothing of it remains, in the database or in memory.
    pub(super) async fn batch(&mut self, submissions: &[Submission], group: Group) -> Result<Outcomes, Fault> {
        self.decider.batches += 1;
        let outcomes = self.transaction(submissions, group).await;
        if let Ok(outcomes) = &outcomes {
            submissions.iter().zip(outcomes).for_each(|(asked, outcome)| asked.break_off_if_defective(outcome));
        } else {
            self.roll_back().await;
            self.decider.forget();
        }
        outcomes
    }

    /// What follows a commit: the log is copied back now and then, and the worker is woken.
    pub(super) fn wrote(&mut self, events: usize, tasks: bool) {
        self.checkpoints.wrote(events);
        if tasks {
            self.woken.wake_all();
        }
    }

    pub(super) async fn roll_back(&mut self) {
        if let Err(error) = (&mut self.connection).execute("ROLLBACK").await {
            tracing::debug!(%error, "nothing to roll back");
        }
    }

    async fn transaction(&mut self, submissions: &[Submission], group: Group) -> Result<Outcomes, Fault> {
        let before = self.decider.read(&mut self.connection, submissions).await?;
        let last_number = before.last_number;
        let decider = &mut self.decider;
        let staged = catch_unwind(AssertUnwindSafe(|| decide(decider, submissions, before)));
        let (outcomes, rows, refused) = staged.unwrap_or_else(|_| Err(Fault::Other(DEFECT.to_owned())))?;
        if group == Group::AllOrNothing && outcomes.iter().any(Result::is_err) {
            self.roll_back().await;
            self.decider.forget();
            if !refused.is_empty() {
                self.record_refused(refused, last_number).await?;
            }
            let left_out = |outcome: Result<Receipt, SubmitError>| outcome.and(Err(SubmitError::LeftOut));
            return Ok(outcomes.into_iter().map(left_out).collect());
        }
        if rows.is_empty() {
            self.roll_back().await;
        } else {
            let (events, tasks) = (rows.len(), rows.brings_tasks());
            self.erased |= rows.stage.erasures.erases();
            write(&mut self.connection, rows, Begin::Begun).await?;
            self.wrote(events, tasks);
        }
        Ok(outcomes)
    }

    /// Records self-approvals that were refused in a group of which nothing else is kept.
    async fn record_refused(&mut self, refused: Vec<SelfApproval>, last_number: u32) -> Result<(), Fault> {
        let before = self.decider.read(&mut self.connection, &[]).await?;
        let mut staging = Staging::new(before);
        let decider = &mut self.decider;
        let staged = catch_unwind(AssertUnwindSafe(|| {
            staging.record_self_approvals(decider, refused, last_number)?;
            Ok(Rows::of(staging.end(decider).0, decider))
        }));
        let rows = staged.unwrap_or_else(|_| Err(Fault::Other(DEFECT.to_owned())))?;
        let events = rows.len();
        write(&mut self.connection, rows, Begin::Begun).await?;
        self.wrote(events, false);
        Ok(())
    }
}

/// What a batch's commands came to: how each ended, what there is to write, and which self-approvals were refused.
type Staged = (Outcomes, Rows, Vec<SelfApproval>);

/// Decides on each command in turn, on the state staged by those before it.
fn decide(decider: &mut Decider, submissions: &[Submission], before: Before) -> Result<Staged, Fault> {
    let mut staging = Staging::new(before);
    let mut outcomes = Vec::with_capacity(submissions.len());
    for submission in submissions {
        outcomes.push(staging.take(decider, submission)?);
    }
    let (stage, refused) = staging.end(decider);
    Ok((outcomes, Rows::of(stage, decider), refused))
}

/// The write trip, and the commit.
pub(super) async fn write(connection: &mut SqliteConnection, rows: Rows, begin: Begin) -> Result<(), Fault> {
    let Rows { stage, told } = rows;
    if let Begin::Guarded(version) = begin
        && lone::is_lone(&stage, &told)
    {
        return Box::pin(lone::write(connection, stage, &told, version)).await;
    }
    let only_claims = stage.is_claims_only() && told.is_claims_only();
    let (erasures, leads) = (stage.erasures, stage.leads);
    let (statements, version) = match (begin, only_claims) {
        (Begin::Begun, _) if !erasures.is_empty() => (WRITE_ALL_BUT_ERASURES, None),
        (Begin::Guarded(_), _) if !erasures.is_empty() => {
            return Err(Fault::Other("an erasure is not decided ahead".to_owned()));
        }
        (Begin::Begun, _) if !leads.is_empty() => (WRITE_LEADS, None),
        (Begin::Guarded(version), _) if !leads.is_empty() => (BEGIN_AND_WRITE_LEADS, Some(version)),
        (Begin::Begun, true) => (WRITE_CLAIMS_AND_COMMIT, None),
        (Begin::Begun, false) => (WRITE_ALL, None),
        (Begin::Guarded(version), true) => (WRITE_CLAIMS, Some(version)),
        (Begin::Guarded(version), false) => (BEGIN_AND_WRITE_ALL, Some(version)),
    };
    let audit = stage.audit.into_rows();
    let mut query = sqlx::query(statements).bind(version);
    for rows in
        [stage.events, stage.texts, stage.evidence, told.claims].into_iter().chain(audit).chain([stage.tree])
    {
        query = query.bind(rows.into_jsonb_or_null());
    }
    if !only_claims {
        query = query
            .bind(stage.settled.into_jsonb())
            .bind(stage.handles.into_jsonb())
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
            .bind(stage.restands.into_jsonb())
            .bind(stage.tasks.into_jsonb());
    }
    if !(leads.is_empty() && erasures.is_empty()) {
        for rows in leads.into_rows() {
            query = query.bind(rows.into_jsonb());
        }
    }
    query.execute(&mut *connection).await?;
    if erasures.is_empty() {
        return Ok(());
    }
    Box::pin(erasures.write(connection)).await?;
    connection.execute("COMMIT").await?;
    Ok(())
}

/// Fails unless the data version is still that one: for a batch that has nothing to write.
pub(super) async fn check(connection: &mut SqliteConnection, head: Head) -> Result<(), Fault> {
    let version: i64 = sqlx::query_scalar("PRAGMA data_version").fetch_one(connection).await?;
    if version == head.data_version { Ok(()) } else { Err(Fault::Other("another process has written".to_owned())) }
}
