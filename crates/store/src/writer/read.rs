//! The read trips: the log's head, what is known of the commands' ids, and what they name that isn't in memory.
//! Invariant: what is read ahead of a batch never takes the place of what is in memory, which may be newer.

use std::collections::{BTreeSet, HashMap};

use futures_util::TryStreamExt;
use hearsay_core::{ClaimId, ClaimNumber, CommandId, Event, Fact, Mentions, Subject, Weighed, fold_name};
use jiff::Timestamp;
use sqlx::sqlite::SqliteRow;
use sqlx::{Either, Executor, Row, SqliteConnection};

use super::Asked;
use super::decider::{Decider, Head};
use crate::error::Fault;
use crate::load::{LOAD, LoadArguments, Parts, Texts, WithPolicies, take_handle, take_name, uuid, word};
use crate::time::from_micros;
use crate::wanted::{Wanted, json};
use crate::{ClaimNow, Outcome, Receipt, Remember, Submission, SubmitError, envelope, tree};

/// A trip within the transaction that will write.
const BEGIN: &str = concat!("BEGIN IMMEDIATE;", include_str!("../sql/look.sql"));
const BEGIN_AND_LOAD: &str =
    concat!("BEGIN IMMEDIATE;", include_str!("../sql/look.sql"), include_str!("../sql/load.sql"));

/// A trip that reads from one snapshot, and is done.
const LOOK: &str = concat!("BEGIN;", include_str!("../sql/look.sql"), "COMMIT;");
const LOOK_AND_LOAD: &str =
    concat!("BEGIN;", include_str!("../sql/look.sql"), include_str!("../sql/load.sql"), "COMMIT;");

/// How many statements come before those of `load.sql`: the transaction's beginning among them.
const LOOK_STATEMENTS: usize = 7;

/// How many statements there are with those of `load.sql`.
const ALL_STATEMENTS: usize = LOOK_STATEMENTS + 7;

/// How commands ended, by their ids.
#[derive(Default)]
pub(super) struct Known {
    pub(super) recorded: HashMap<CommandId, Receipt>,
    pub(super) settled: HashMap<CommandId, Result<Receipt, SubmitError>>,
}

/// What a read trip found beside the docket.
#[derive(Default)]
pub(super) struct Before {
    pub(super) seq: u64,
    pub(super) recorded_at: Option<Timestamp>,
    pub(super) data_version: i64,
    pub(super) known: Known,
    pub(super) last_number: u32,
    pub(super) last_lead: u32,
}

impl Before {
    /// What is known before anything was read: where memory ends.
    pub(super) fn at(head: Head) -> Self {
        let Head { seq, recorded_at, data_version } = head;
        Self { seq, recorded_at, data_version, ..Self::default() }
    }
}

/// Whom a trip asks, and for what.
struct Trip<'a> {
    statements: &'static str,
    ids: String,
    news: &'a News,
    wanted: &'a Wanted,
    policies: WithPolicies,
}

impl Trip<'_> {
    async fn run(&self, connection: &mut SqliteConnection) -> Result<(Before, Parts), Fault> {
        let query = sqlx::query(self.statements)
            .bind(self.ids.clone())
            .bind(json(self.news.handles.iter()))
            .bind(json(self.news.names.iter()));
        let arguments = LoadArguments { wanted: self.wanted, texts: Texts::Needed, policies: self.policies };
        let query = arguments.bind(query);
        let (mut before, mut parts) = (Before::default(), Parts::default());
        let mut statement = 0;
        let mut rows = connection.fetch_many(query);
        while let Some(step) = rows.try_next().await? {
            match step {
                Either::Left(_) => statement += 1,
                Either::Right(row) if statement < LOOK_STATEMENTS => before.take(statement, &row, &mut parts)?,
                Either::Right(row) if statement < ALL_STATEMENTS => {
                    parts.take(statement - LOOK_STATEMENTS, &row)?;
                }
                Either::Right(_) => {}
            }
        }
        Ok((before, parts))
    }
}

impl Decider {
    /// The read trip of a batch by itself; it begins the transaction.
    pub(super) async fn read(
        &mut self,
        connection: &mut SqliteConnection,
        submissions: &[Submission],
    ) -> Result<Before, Fault> {
        let mentions: Vec<Mentions<'_>> =
            submissions.iter().map(|submission| submission.addressed.command.mentions()).collect();
        let news = News::of(&mentions);
        let wanted = self.wanted(&mentions);
        let policies = if self.head.is_none() { WithPolicies::Yes } else { WithPolicies::No };
        let with_load = !wanted.is_empty() || policies == WithPolicies::Yes;
        let statements = if with_load { BEGIN_AND_LOAD } else { BEGIN };
        let ids = json(submissions.iter().map(|submission| submission.id.0.simple().to_string()));
        let (before, parts) =
            Trip { statements, ids, news: &news, wanted: &wanted, policies }.run(connection).await?;
        if self.head.is_some_and(|head| head.data_version != before.data_version) {
            self.forget();
            self.load(connection, &all_named(&mentions, &news), WithPolicies::Yes).await?;
        } else {
            self.take_in(parts, policies)?;
        }
        let Before { seq, recorded_at, data_version, .. } = before;
        self.head = Some(Head { seq, recorded_at, data_version });
        if self.edge.size() != seq {
            self.edge = tree::edge(connection, seq).await?;
        }
        self.mark_looked_up(&mentions);
        let taken = news.taken_but_unknown(&self.docket);
        if !taken.is_empty() {
            self.load(connection, &taken, WithPolicies::No).await?;
        }
        self.docket.last_number = before.last_number;
        self.docket.last_lead = before.last_lead;
        self.load_erasable(connection, submissions).await?;
        Ok(before)
    }

    /// Reads, while another batch is being written, what commands need that isn't in memory: nothing, mostly.
    pub(super) async fn look_ahead(&mut self, asked: &[Asked]) -> Result<Known, Fault> {
        let submissions = || asked.iter().map(|(submission, _)| submission);
        let mentions: Vec<Mentions<'_>> =
            submissions().map(|submission| submission.addressed.command.mentions()).collect();
        let wanted = self.wanted(&mentions);
        let news = News::of(&mentions);
        let ids: Vec<CommandId> = submissions()
            .filter(|submission| submission.remember != Remember::No)
            .map(|submission| submission.id)
            .collect();
        if wanted.is_empty() && news.is_empty() && ids.is_empty() {
            return Ok(Known::default());
        }
        let known = self.look(&ids, &news, &wanted).await?;
        self.mark_looked_up(&mentions);
        let taken = news.taken_but_unknown(&self.docket);
        if !taken.is_empty() {
            self.look(&[], &News::default(), &taken).await?;
        }
        Ok(known)
    }

    /// How those commands ended that the log or an import knows.
    pub(super) async fn look_for(&mut self, ids: &[CommandId]) -> Result<Known, Fault> {
        self.look(ids, &News::default(), &Wanted::default()).await
    }

    /// One trip on the connection that only reads, of one snapshot.
    async fn look(&mut self, ids: &[CommandId], news: &News, wanted: &Wanted) -> Result<Known, Fault> {
        let statements = if wanted.is_empty() { LOOK } else { LOOK_AND_LOAD };
        let ids = json(ids.iter().map(|id| id.0.simple().to_string()));
        let trip = Trip { statements, ids, news, wanted, policies: WithPolicies::No };
        let mut reader = self.take_reader().await?;
        let (before, parts) = trip.run(&mut reader).await?;
        self.put_back(reader);
        self.take_in(parts, WithPolicies::No)?;
        Ok(before.known)
    }

    /// What the commands refer to that isn't in memory. A reference that is there under one of its forms may also
    /// name something else under another, until it has been looked up once.
    fn wanted(&self, mentions: &[Mentions<'_>]) -> Wanted {
        let mut wanted = Wanted::default();
        for mentions in mentions {
            for reference in &mentions.known {
                if !self.looked_up.contains(reference.as_str()) {
                    wanted.beyond(&self.docket, reference);
                } else if !self.docket.holds(reference) {
                    wanted.reference(reference);
                }
            }
        }
        wanted
    }

    fn mark_looked_up(&mut self, mentions: &[Mentions<'_>]) {
        for mentions in mentions {
            for reference in &mentions.known {
                if !self.looked_up.contains(reference.as_str()) && self.docket.holds(reference) {
                    self.looked_up.insert(reference.to_string());
                }
            }
        }
    }

    pub(super) async fn load(
        &mut self,
        connection: &mut SqliteConnection,
        wanted: &Wanted,
        policies: WithPolicies,
    ) -> Result<(), Fault> {
        let arguments = LoadArguments { wanted, texts: Texts::Needed, policies };
        let query = arguments.bind(sqlx::query(LOAD).bind("[]").bind("[]").bind("[]"));
        let mut parts = Parts::default();
        let mut statement = 0;
        let mut rows = connection.fetch_many(query);
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
        let docket = parts.fold(Texts::Needed)?.docket;
        if policies == WithPolicies::Yes {
            self.docket.policies = docket.policies.clone();
            self.docket.erasures = docket.erasures.clone();
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
    fn of(mentions: &[Mentions<'_>]) -> Self {
        let mut news = Self::default();
        for mentions in mentions {
            news.handles.extend(mentions.new_handles.iter().copied().map(str::to_owned));
            news.names.extend(mentions.new_names.iter().copied().map(fold_name));
        }
        news
    }

    fn is_empty(&self) -> bool {
        self.handles.is_empty() && self.names.is_empty()
    }

    /// Names that are taken already, by sources that aren't in memory.
    fn taken_but_unknown(&self, docket: &hearsay_core::Docket) -> Wanted {
        let unknown =
            |name: &&String| docket.names.get(*name).is_some_and(|source| docket.registry.get(*source).is_none());
        Wanted { names: self.names.iter().filter(unknown).cloned().collect(), ..Wanted::default() }
    }
}

/// Everything that the commands refer to or would take.
fn all_named(mentions: &[Mentions<'_>], news: &News) -> Wanted {
    let mut wanted = Wanted::default();
    for reference in mentions.iter().flat_map(|mentions| &mentions.known) {
        wanted.reference(reference);
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
                self.last_lead = number(row.try_get::<Option<i64>, _>(3)?.unwrap_or(0))?;
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
                self.known.recorded.insert(CommandId(uuid(row, 0)?), receipt);
            }
            4 => {
                self.known.settled.insert(CommandId(uuid(row, 0)?), settled(row)?);
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
        (Fact::LogExported { .. } | Fact::SelfApprovalRefused { .. }, _) => Some(Subject::Log),
        (Fact::FollowUpRecorded { evidence, .. }, Some(claim)) => Some(Subject::Evidence(claim, evidence.id)),
        (Fact::EvidenceWithdrawn { evidence, .. } | Fact::EvidenceStruck { evidence, .. }, Some(claim)) => {
            Some(Subject::Evidence(claim, *evidence))
        }
        (Fact::LeadLaid { lead, .. } | Fact::LeadDismissed { lead, .. }, Some(claim)) => {
            Some(Subject::Lead(claim, *lead))
        }
        (Fact::LeadFolded { into, .. }, Some(claim)) => Some(Subject::Lead(claim, *into)),
        (Fact::ProposalMade { proposal }, Some(claim)) => Some(Subject::Proposal(claim, proposal.id)),
        (Fact::ErasureProposed { erasure }, claim) => Some(Subject::Erasure(claim, erasure.id)),
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
