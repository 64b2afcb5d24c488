//! The read trip: the log's head, what is known of the commands' ids, and what they name that isn't in memory.

use std::collections::{BTreeSet, HashMap};

use futures_util::TryStreamExt;
use hearsay_core::{ClaimId, ClaimNumber, CommandId, Event, Fact, Reference, Subject, Weighed, fold_name};
use jiff::Timestamp;
use sqlx::sqlite::SqliteRow;
use sqlx::{Either, Executor, Row};

use super::Writer;
use crate::envelope;
use crate::error::Fault;
use crate::load::{LOAD, LoadArguments, Parts, Texts, WithPolicies, take_handle, take_name, uuid, word};
use crate::time::from_micros;
use crate::wanted::{Wanted, json};
use crate::{ClaimNow, Outcome, Receipt, Submission, SubmitError};

const BEGIN: &str = include_str!("../sql/begin.sql");
const BEGIN_AND_LOAD: &str = concat!(include_str!("../sql/begin.sql"), include_str!("../sql/load.sql"));

/// How many statements `begin.sql` has.
const BEGIN_STATEMENTS: usize = 7;

/// What the read trip found beside the docket.
#[derive(Default)]
pub(super) struct Before {
    pub(super) seq: u64,
    pub(super) recorded_at: Option<Timestamp>,
    pub(super) recorded: HashMap<CommandId, Receipt>,
    pub(super) settled: HashMap<CommandId, Result<Receipt, SubmitError>>,
    last_number: u32,
    data_version: i64,
}

impl Writer {
    pub(super) async fn read(&mut self, submissions: &[Submission]) -> Result<Before, Fault> {
        let news = News::of(submissions);
        let wanted = self.wanted(submissions);
        let first = self.read_at.is_none();
        let policies = if first { WithPolicies::Yes } else { WithPolicies::No };
        let (before, parts) = self.trip(submissions, &news, &wanted, policies).await?;
        if self.read_at.is_some_and(|version| version != before.data_version) {
            self.forget();
            self.load(&all_named(submissions, &news), WithPolicies::Yes).await?;
        } else {
            self.take_in(parts, policies)?;
        }
        self.read_at = Some(before.data_version);
        self.mark_looked_up(submissions);
        let taken = news.taken_but_unknown(&self.docket);
        if !taken.is_empty() {
            self.load(&taken, WithPolicies::No).await?;
        }
        self.docket.last_number = before.last_number;
        Ok(before)
    }

    /// What the commands refer to that isn't in memory. A reference that is there under one of its forms may also
    /// name something else under another, until it has been looked up once.
    fn wanted(&self, submissions: &[Submission]) -> Wanted {
        let mut wanted = Wanted::default();
        for submission in submissions {
            for reference in submission.addressed.command.mentions().known {
                if !self.looked_up.contains(reference.as_str()) {
                    wanted.beyond(&self.docket, reference);
                } else if !self.docket.holds(reference) {
                    wanted.reference(reference);
                }
            }
        }
        wanted
    }

    fn mark_looked_up(&mut self, submissions: &[Submission]) {
        for submission in submissions {
            for reference in submission.addressed.command.mentions().known {
                if !self.looked_up.contains(reference.as_str()) && self.docket.holds(reference) {
                    self.looked_up.insert(reference.to_string());
                }
            }
        }
    }

    async fn trip(
        &mut self,
        submissions: &[Submission],
        news: &News,
        wanted: &Wanted,
        policies: WithPolicies,
    ) -> Result<(Before, Parts), Fault> {
        let ids = json(submissions.iter().map(|submission| submission.id.0.simple().to_string()));
        let with_load = !wanted.is_empty() || policies == WithPolicies::Yes;
        let query = sqlx::query(if with_load { BEGIN_AND_LOAD } else { BEGIN })
            .bind(ids)
            .bind(json(news.handles.iter()))
            .bind(json(news.names.iter()));
        let arguments = LoadArguments { wanted, texts: Texts::Needed, policies };
        let query = if with_load { arguments.bind(query) } else { query };
        let (mut before, mut parts) = (Before::default(), Parts::default());
        let mut statement = 0;
        let mut rows = self.connection.fetch_many(query);
        while let Some(step) = rows.try_next().await? {
            match step {
                Either::Left(_) => statement += 1,
                Either::Right(row) if statement < BEGIN_STATEMENTS => before.take(statement, &row, &mut parts)?,
                Either::Right(row) => parts.take(statement - BEGIN_STATEMENTS, &row)?,
            }
        }
        Ok((before, parts))
    }

    async fn load(&mut self, wanted: &Wanted, policies: WithPolicies) -> Result<(), Fault> {
        let arguments = LoadArguments { wanted, texts: Texts::Needed, policies };
        let query = arguments.bind(sqlx::query(LOAD).bind("[]").bind("[]").bind("[]"));
        let mut parts = Parts::default();
        let mut statement = 0;
        let mut rows = self.connection.fetch_many(query);
        while let Some(step) = rows.try_next().await? {
            match step {
                Either::Left(_) => statement += 1,
                Either::Right(row) => parts.take(statement, &row)?,
            }
        }
        drop(rows);
        self.take_in(parts, policies)
    }

    fn take_in(&mut self, parts: Parts, policies: WithPolicies) -> Result<(), Fault> {
        let docket = parts.fold()?.docket;
        if policies == WithPolicies::Yes {
            self.docket.policies = docket.policies.clone();
        }
        for id in docket.claims.keys() {
            self.used.insert(*id, self.batches);
        }
        self.docket.take_in(docket);
        Ok(())
    }
}

/// Handles and names that commands would take.
#[derive(Default)]
struct News {
    handles: BTreeSet<String>,
    names: BTreeSet<String>,
}

impl News {
    fn of(submissions: &[Submission]) -> Self {
        let mut news = Self::default();
        for submission in submissions {
            let mentions = submission.addressed.command.mentions();
            news.handles.extend(mentions.new_handles.into_iter().map(str::to_owned));
            news.names.extend(mentions.new_names.into_iter().map(fold_name));
        }
        news
    }

    /// Names that are taken already, by sources that aren't in memory.
    fn taken_but_unknown(&self, docket: &hearsay_core::Docket) -> Wanted {
        let unknown =
            |name: &&String| docket.names.get(*name).is_some_and(|source| docket.registry.get(*source).is_none());
        Wanted { names: self.names.iter().filter(unknown).cloned().collect(), ..Wanted::default() }
    }
}

/// Everything that the commands refer to or would take.
fn all_named(submissions: &[Submission], news: &News) -> Wanted {
    let mut wanted = Wanted::default();
    for submission in submissions {
        let mentions = submission.addressed.command.mentions();
        mentions.known.into_iter().for_each(|reference: &Reference| wanted.reference(reference));
    }
    wanted.handles.extend(news.handles.iter().cloned());
    wanted.names.extend(news.names.iter().cloned());
    wanted
}

impl Before {
    fn take(&mut self, statement: usize, row: &SqliteRow, parts: &mut Parts) -> Result<(), Fault> {
        match statement {
            1 => self.data_version = row.try_get(0)?,
            2 => {
                self.seq = number(row.try_get::<Option<i64>, _>(0)?.unwrap_or(0))?;
                self.recorded_at = row.try_get::<Option<i64>, _>(1)?.map(from_micros).transpose()?;
                self.last_number = number(row.try_get::<Option<i64>, _>(2)?.unwrap_or(0))?;
            }
            3 => {
                let envelope: String = row.try_get(2)?;
                let event = envelope::open_sealed(&envelope).map_err(Fault::damaged)?;
                let claim = claim_now(row, 3)?;
                let receipt = Receipt {
                    outcome: Outcome::RecordedBefore,
                    subject: subject(&event),
                    claim,
                    seq: Some(event.seq),
                };
                self.recorded.insert(CommandId(uuid(row, 0)?), receipt);
            }
            4 => {
                self.settled.insert(CommandId(uuid(row, 0)?), settled(row)?);
            }
            5 => take_handle(&mut parts.docket, row)?,
            _ => take_name(&mut parts.docket, row)?,
        }
        Ok(())
    }
}

/// What the first event of a command says that the command was about.
fn subject(event: &Event) -> Option<Subject> {
    match (&event.fact, event.claim) {
        (
            Fact::SourceAdded { source, .. }
            | Fact::SourceAliased { source, .. }
            | Fact::SourceRated { source, .. }
            | Fact::SourceRelated { source, .. }
            | Fact::SourcesMerged { into: source, .. },
            _,
        ) => Some(Subject::Source(*source)),
        (Fact::PolicySet { policy, .. }, _) => Some(Subject::Policy(policy.name.clone())),
        (Fact::FollowUpRecorded { evidence, .. }, Some(claim)) => Some(Subject::Evidence(claim, evidence.id)),
        (Fact::EvidenceWithdrawn { evidence, .. } | Fact::EvidenceStruck { evidence, .. }, Some(claim)) => {
            Some(Subject::Evidence(claim, *evidence))
        }
        (Fact::ProposalMade { proposal }, Some(claim)) => Some(Subject::Proposal(claim, proposal.id)),
        (Fact::ClaimMerged { into, .. }, _) => Some(Subject::Claim(*into)),
        (_, claim) => claim.map(Subject::Claim),
    }
}

fn settled(row: &SqliteRow) -> Result<Result<Receipt, SubmitError>, Fault> {
    let outcome: String = row.try_get(1)?;
    if outcome == "refused" {
        let field = row.try_get::<Option<String>, _>(2)?.unwrap_or_default();
        let reason = row.try_get::<Option<String>, _>(3)?.unwrap_or_default();
        return Ok(Err(SubmitError::RefusedBefore { field, reason }));
    }
    let subject = row.try_get::<Option<String>, _>(4)?;
    let subject = subject.map(|json| serde_json::from_str(&json)).transpose().map_err(Fault::damaged)?;
    Ok(Ok(Receipt { outcome: Outcome::Unchanged, subject, claim: claim_now(row, 5)?, seq: None }))
}

/// Eleven columns from a claim's id on; none where there is no claim.
fn claim_now(row: &SqliteRow, from: usize) -> Result<Option<ClaimNow>, Fault> {
    if row.try_get::<Option<Vec<u8>>, _>(from)?.is_none() {
        return Ok(None);
    }
    let count = |column: usize| -> Result<u32, Fault> { number(row.try_get::<i64, _>(from + column)?) };
    let due: Option<String> = row.try_get(from + 5)?;
    Ok(Some(ClaimNow {
        id: ClaimId(uuid(row, from)?),
        number: ClaimNumber(count(1)?),
        version: number(row.try_get::<i64, _>(from + 2)?)?,
        state: word(row, from + 3)?,
        weighed: Weighed {
            standing: word(row, from + 4)?,
            affirming: count(6)?,
            denying: count(7)?,
            documents: count(8)?,
            outlets: count(9)?,
            answer_by: row.try_get::<Option<i64>, _>(from + 10)?.map(from_micros).transpose()?,
        },
        due_to_advance: due.as_deref() == Some("advance"),
        due_to_reopen: due.as_deref() == Some("reopen"),
    }))
}

/// A number that the database keeps as a signed one.
pub(crate) fn number<T: TryFrom<i64>>(stored: i64) -> Result<T, Fault>
where
    T::Error: std::fmt::Display,
{
    T::try_from(stored).map_err(Fault::damaged)
}
