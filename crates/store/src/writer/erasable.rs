//! What an erasure needs to know before it is decided: the texts of the events that it names.

use std::collections::BTreeSet;

use hearsay_core::{
    APPROVED_AS, ClaimNumber, Command, Erase, Kept, KeptTexts, ProposalAnswer, RECORDED_AS, Referent, TextCopy,
    WaitingErasure,
};
use sqlx::sqlite::SqliteRow;
use sqlx::{Row, SqliteConnection};

use super::decider::Decider;
use crate::Submission;
use crate::envelope;
use crate::error::Fault;
use crate::load::WithPolicies;
use crate::wanted::{Wanted, json};

/// Events, by position and by what they are about.
#[derive(Default)]
struct Named {
    positions: Vec<u64>,
    evidence: Vec<String>,
    sources: Vec<String>,
}

impl Decider {
    /// Reads the texts that the erasures among the commands name, and the claims that they are texts of.
    pub(super) async fn load_erasable(
        &mut self,
        connection: &mut SqliteConnection,
        submissions: &[Submission],
    ) -> Result<(), Fault> {
        self.docket.texts.clear();
        let mut named = Named::default();
        for submission in submissions {
            if let Command::Erase(line) = &submission.addressed.command {
                self.name_texts(line, &mut named);
            }
            if let Command::Approve(line) = &submission.addressed.command {
                self.name_waiting(line, &mut named);
            }
        }
        if named.positions.is_empty() && named.evidence.is_empty() && named.sources.is_empty() {
            return Ok(());
        }
        let rows = sqlx::query(include_str!("../sql/erasable.sql"))
            .bind(json(named.positions.iter()))
            .bind(json(named.evidence.iter()))
            .bind(json(named.sources.iter()))
            .bind(json(APPROVED_AS.iter()))
            .bind(json(RECORDED_AS.iter()))
            .fetch_all(&mut *connection)
            .await?;
        let mut numbers = BTreeSet::new();
        for row in &rows {
            numbers.extend(row.try_get::<Option<u32>, _>(1)?);
            let kept = kept_texts(row)?;
            self.docket.texts.insert(kept.of.event, kept);
        }
        let wanted = Wanted { numbers, ..Wanted::default() };
        if wanted.is_empty() { Ok(()) } else { self.load(connection, &wanted, WithPolicies::No).await }
    }

    /// The events whose texts an approval may erase: of the erasure that it names, or of those that wait on its claim.
    fn name_waiting(&self, line: &ProposalAnswer, named: &mut Named) {
        let leads_to = |id| self.docket.claims.get(&id).map(|claim| self.docket.leads_to(claim).id);
        let claim =
            line.claim.as_ref().and_then(|claim| self.docket.claim(claim)).and_then(|claim| leads_to(claim.id));
        let meant = |waiting: &&WaitingErasure| match &line.proposal {
            Some(proposal) => waiting.erasure.id.to_string() == proposal.as_str(),
            None => claim.is_some() && waiting.claim.and_then(leads_to) == claim,
        };
        for waiting in self.docket.erasures.values().filter(meant) {
            named.positions.extend(waiting.erasure.texts.iter().map(|texts| texts.event));
        }
    }

    /// What the line names, by ids: the docket holds it already.
    fn name_texts(&self, line: &Erase, named: &mut Named) {
        named.positions.extend(line.event);
        for reference in line.evidence.iter().chain(&line.source) {
            for referent in self.docket.referents(reference) {
                match referent {
                    Referent::Evidence(id) => named.evidence.push(id.0.simple().to_string()),
                    Referent::Source(id) => named.sources.push(id.0.simple().to_string()),
                    Referent::Claim(_) | Referent::Lead(_) => {}
                }
            }
        }
    }
}

/// A row of envelope, claim, fields that are still there, copies, and the hold that covers a source's names.
fn kept_texts(row: &SqliteRow) -> Result<KeptTexts, Fault> {
    let (body, there, copies): (String, String, String) = (row.try_get(0)?, row.try_get(2)?, row.try_get(3)?);
    let there: BTreeSet<String> = serde_json::from_str(&there).map_err(Fault::damaged)?;
    let copies: Vec<(String, u64, String)> = serde_json::from_str(&copies).map_err(Fault::damaged)?;
    let mut kept = KeptTexts::of(&envelope::open_sealed(&body).map_err(Fault::damaged)?);
    for (field, state) in &mut kept.fields {
        *state = if there.contains(field) { Kept::There } else { Kept::Erased };
    }
    if let Some(held) = row.try_get::<Option<String>, _>(4)? {
        let (claim, since): (u32, u64) = serde_json::from_str(&held).map_err(Fault::damaged)?;
        kept.held = Some((ClaimNumber(claim), since));
    }
    kept.copies = copies.into_iter().map(|(field, event, as_field)| TextCopy { field, event, as_field }).collect();
    Ok(kept)
}
