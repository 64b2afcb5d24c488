//! Leads as they are listed and shown: each told from the event that laid it, with the words that are left of it.

use hearsay_core::{
    Because, ClaimNumber, Event, EvidenceId, Fact, FeedNumber, ItemNumber, LeadNumber, Permille, Suggested, Words,
};
use jiff::Timestamp;
use sqlx::Row;
use sqlx::sqlite::SqliteRow;

use crate::error::Fault;
use crate::load::bytes_id;
use crate::read::shown::in_place;
use crate::time::from_micros;
use crate::writer::number;
use crate::{Store, StoreError, envelope};

/// How far a lead has come.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum LeadStage {
    /// A person has still to look at it.
    Waiting,
    /// It became a follow-up.
    Accepted,
    /// A person dismissed it.
    Dismissed,
    /// Its follow-up was taken back.
    Undone,
}

impl LeadStage {
    /// Every stage, in the order of the documentation.
    pub const ALL: [Self; 4] = [Self::Waiting, Self::Accepted, Self::Dismissed, Self::Undone];

    /// The word for it in the database, in files and on screen.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::Accepted => "accepted",
            Self::Dismissed => "dismissed",
            Self::Undone => "undone",
        }
    }
}

/// What narrows a listing of leads.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct LeadFilter {
    /// How far they have come.
    pub stage: Option<LeadStage>,
    /// On which claim they were laid.
    pub claim: Option<ClaimNumber>,
    /// Only those that the worker recorded by itself.
    pub automatic: bool,
    /// Which feed brought them.
    pub feed: Option<FeedNumber>,
    /// Only those laid before that one: the next page.
    pub before: Option<LeadNumber>,
    /// How many at most; 200 unless given.
    pub most: Option<u32>,
}

/// A lead as it is listed.
#[derive(Clone, PartialEq, Debug)]
pub struct LeadRow {
    /// Its short reference.
    pub number: LeadNumber,
    /// The claim that it was laid on.
    pub claim: ClaimNumber,
    /// How far it has come.
    pub stage: LeadStage,
    /// Whether the worker recorded it by itself.
    pub automatic: bool,
    /// How sure the worker was.
    pub confidence: Permille,
    /// What was suggested.
    pub suggested: Suggested,
    /// Its words.
    pub words: Words,
    /// The name of the source that was suggested.
    pub source: Option<String>,
    /// The name of the outlet that carried the words.
    pub via: Option<String>,
    /// The name of the source that it relays.
    pub relays: Option<String>,
    /// The item that it was read out of.
    pub item: ItemNumber,
    /// The first item with nearly the same text.
    pub document: ItemNumber,
    /// The feed that brought the item.
    pub feed: Option<FeedNumber>,
    /// Why it was suggested.
    pub because: Vec<Because>,
    /// When it was laid.
    pub laid_at: Timestamp,
    /// When it was settled, and by whom, as far as the name is there.
    pub settled: Option<(Timestamp, Option<String>)>,
    /// The reason that was given when it was settled.
    pub reason: Option<String>,
    /// The evidence that it became.
    pub evidence: Option<EvidenceId>,
    /// How many further items brought the same word.
    pub folded: u32,
}

/// An item that brought a lead's word again.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct FoldedItem {
    /// The item.
    pub item: ItemNumber,
    /// When.
    pub at: Timestamp,
}

/// A lead with all that is known of it.
#[derive(Clone, PartialEq, Debug)]
pub struct LeadDetail {
    /// As it is listed.
    pub row: LeadRow,
    /// The items that brought the same word again.
    pub folded: Vec<FoldedItem>,
}

/// How many leads are listed unless it is said.
const MOST: u32 = 200;

impl Store {
    /// Leads, the newest first.
    pub async fn leads(&self, filter: &LeadFilter) -> Result<Vec<LeadRow>, StoreError> {
        self.read_leads(None, filter).await
    }

    /// One lead.
    pub async fn lead(&self, lead: LeadNumber) -> Result<LeadDetail, StoreError> {
        let found = self.read_leads(Some(lead), &LeadFilter::default()).await?.pop();
        let row = found.ok_or_else(|| StoreError::NotFound { what: "lead", name: lead.to_string() })?;
        let folded: Vec<(i64, i64)> = sqlx::query_as(
            "SELECT f.item, e.recorded_at FROM folded_leads f JOIN events e ON e.seq = f.event WHERE f.lead = $1 ORDER BY f.event",
        )
        .bind(i64::from(lead.0))
        .fetch_all(self.readers())
        .await
        .map_err(|error| self.fault(error))?;
        let read = |(item, at): (i64, i64)| -> Result<FoldedItem, Fault> {
            Ok(FoldedItem { item: ItemNumber(number(item)?), at: from_micros(at)? })
        };
        let folded = folded.into_iter().map(read).collect::<Result<_, Fault>>();
        Ok(LeadDetail { row, folded: folded.map_err(|fault| self.fault(fault))? })
    }

    async fn read_leads(&self, one: Option<LeadNumber>, filter: &LeadFilter) -> Result<Vec<LeadRow>, StoreError> {
        let rows = sqlx::query(include_str!("../sql/leads.sql"))
            .bind(one.map(|lead| i64::from(lead.0)))
            .bind(filter.stage.map(LeadStage::as_str))
            .bind(filter.claim.map(|claim| i64::from(claim.0)))
            .bind(filter.automatic.then_some(1_i64))
            .bind(filter.feed.map(|feed| i64::from(feed.0)))
            .bind(filter.before.map(|before| i64::from(before.0)))
            .bind(i64::from(filter.most.unwrap_or(MOST)))
            .fetch_all(self.readers())
            .await
            .map_err(|error| self.fault(error))?;
        rows.iter().map(read_lead).collect::<Result<_, Fault>>().map_err(|fault| self.fault(fault))
    }
}

/// The event that laid it, with what stands in the place of erased words.
fn laid(row: &SqliteRow) -> Result<Event, Fault> {
    let (body, texts, erased): (String, String, String) = (row.try_get(8)?, row.try_get(9)?, row.try_get(16)?);
    let mut texts: Vec<(String, String)> = serde_json::from_str(&texts).map_err(Fault::damaged)?;
    let erased: Vec<(String, u64)> = serde_json::from_str(&erased).map_err(Fault::damaged)?;
    texts.extend(in_place(&erased));
    envelope::open(&body, &texts).map_err(Fault::damaged)
}

fn read_lead(row: &SqliteRow) -> Result<LeadRow, Fault> {
    let event = laid(row)?;
    let Fact::LeadLaid { lead, arrival, suggested, words, confidence, because } = event.fact else {
        return Err(Fault::damaged(format!("event {} lays no lead", event.seq)));
    };
    let stage: String = row.try_get(2)?;
    let evidence: Option<Vec<u8>> = row.try_get(4)?;
    let settled_at = row.try_get::<Option<i64>, _>(5)?.map(from_micros).transpose()?;
    let settled_by: Option<String> = row.try_get(13)?;
    Ok(LeadRow {
        number: lead,
        claim: ClaimNumber(number(row.try_get(1)?)?),
        stage: LeadStage::ALL.into_iter().find(|known| known.as_str() == stage).unwrap_or(LeadStage::Waiting),
        automatic: row.try_get::<i64, _>(3)? == 1,
        confidence,
        suggested: *suggested,
        words: *words,
        source: row.try_get(10)?,
        via: row.try_get(11)?,
        relays: row.try_get(12)?,
        item: arrival.item,
        document: arrival.document,
        feed: arrival.feed,
        because,
        laid_at: event.recorded_at,
        settled: settled_at.map(|at| (at, settled_by)),
        reason: row.try_get(14)?,
        evidence: evidence.map(|id| bytes_id(&id).map(EvidenceId)).transpose()?,
        folded: number(row.try_get(15)?)?,
    })
}
