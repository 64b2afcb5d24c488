//! Open claims, with what items are matched by, and those that changed: so that an index in memory is filled and kept up.
//! Invariant: what is given is of one snapshot of the log, and says up to which event.

use std::collections::BTreeSet;

use hearsay_core::{Claim, ClaimId, ClaimNumber, Confidence, Event, Fact, SourceId, Text};
use jiff::Timestamp;
use sqlx::{Connection, Row, SqliteConnection};

use crate::error::Fault;
use crate::load::{Loaded, Texts, WithPolicies, load};
use crate::wanted::Wanted;
use crate::writer::number;
use crate::{Store, StoreError};

/// How many claims are folded at a time.
const CHUNK: usize = 200;

/// An answer that a claim waits for.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Waiting {
    /// From whom.
    pub party: SourceId,
    /// Since when.
    pub since: Timestamp,
    /// By when.
    pub until: Timestamp,
}

/// An open claim, as far as items are matched to it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct OpenClaim {
    /// Its identity.
    pub id: ClaimId,
    /// Its short reference.
    pub number: ClaimNumber,
    /// The proposition; empty where it was erased.
    pub text: String,
    /// Language of the text, BCP 47.
    pub language: Option<String>,
    /// What it is about.
    pub topic: Option<String>,
    /// The notes in its file that are not confidential.
    pub notes: Vec<String>,
    /// Whom it is about.
    pub parties: Vec<SourceId>,
    /// Who spoke on it; the first reported it.
    pub sources: Vec<SourceId>,
    /// When it was said first.
    pub reported_at: Timestamp,
    /// The answers that it waits for, or has waited for in vain.
    pub waits_for: Vec<Waiting>,
}

/// Open claims as they stood at one event of the log.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct OpenClaims {
    /// The event.
    pub up_to: u64,
    /// Claims that are open.
    pub open: Vec<OpenClaim>,
    /// Claims that changed and are open no more.
    pub closed: Vec<ClaimId>,
    /// Whether sources or their names changed.
    pub sources_changed: bool,
}

const CHANGED: &str = "SELECT DISTINCT claim FROM events WHERE seq > $1 AND claim IS NOT NULL ORDER BY claim";
const SOURCES_CHANGED: &str = "SELECT EXISTS (SELECT 1 FROM events WHERE seq > $1
    AND kind IN ('source_added', 'source_aliased', 'source_related', 'sources_merged', 'text_erased'))";

impl Store {
    /// Every open claim.
    pub async fn open_claims(&self) -> Result<OpenClaims, StoreError> {
        self.of_one_snapshot(None).await
    }

    /// The claims that changed after an event: those that are open, and those that no longer are.
    pub async fn open_claims_since(&self, seq: u64) -> Result<OpenClaims, StoreError> {
        self.of_one_snapshot(Some(seq)).await
    }

    async fn of_one_snapshot(&self, since: Option<u64>) -> Result<OpenClaims, StoreError> {
        let mut reader = self.reader().await?;
        let read = async {
            let mut snapshot = reader.begin().await?;
            read(&mut snapshot, since).await
        };
        read.await.map_err(|fault: Fault| self.fault(fault))
    }
}

async fn read(connection: &mut SqliteConnection, since: Option<u64>) -> Result<OpenClaims, Fault> {
    let mut found = OpenClaims::default();
    let up_to: i64 =
        sqlx::query_scalar("SELECT coalesce(max(seq), 0) FROM events").fetch_one(&mut *connection).await?;
    found.up_to = up_to.unsigned_abs();
    match since {
        None => {
            let numbers =
                "SELECT number FROM claims WHERE state IN ('reported', 'corroborated', 'denied', 'disputed')";
            add(connection, numbers, 0, &mut found).await?;
            found.sources_changed = true;
        }
        Some(seq) => {
            let seq = i64::try_from(seq).unwrap_or(i64::MAX);
            add(connection, CHANGED, seq, &mut found).await?;
            found.sources_changed =
                sqlx::query_scalar(SOURCES_CHANGED).bind(seq).fetch_one(&mut *connection).await?;
        }
    }
    Ok(found)
}

async fn add(
    connection: &mut SqliteConnection,
    numbers: &'static str,
    seq: i64,
    found: &mut OpenClaims,
) -> Result<(), Fault> {
    let rows = sqlx::query(numbers).bind(seq).fetch_all(&mut *connection).await?;
    let numbers: Vec<u32> =
        rows.iter().map(|row| number(row.try_get::<i64, _>(0)?)).collect::<Result<_, Fault>>()?;
    for chunk in numbers.chunks(CHUNK) {
        let wanted = Wanted { numbers: chunk.iter().copied().collect(), ..Wanted::default() };
        let loaded = load(connection, &wanted, Texts::All, WithPolicies::No).await?;
        for number in chunk {
            let claim = loaded.docket.numbers.get(&ClaimNumber(*number));
            let Some(claim) = claim.and_then(|id| loaded.docket.claims.get(id)) else { continue };
            if claim.state.is_open() {
                found.open.push(open_claim(claim, &loaded));
            } else {
                found.closed.push(claim.id);
            }
        }
    }
    Ok(())
}

fn open_claim(claim: &Claim, loaded: &Loaded) -> OpenClaim {
    let events: Vec<&Event> = loaded.events.iter().filter(|event| event.claim == Some(claim.id)).collect();
    let note = |event: &&Event| {
        if let Fact::NoteAdded { text: Text::Body(note), confidence: Confidence::Open } = &event.fact {
            return Some(note.clone());
        }
        None
    };
    let asked_at = |party: SourceId| {
        let asks = |event: &&&Event| {
            if let Fact::PartySet { source, answer_by, .. } = &event.fact {
                return *source == party && answer_by.is_some();
            }
            matches!(&event.fact, Fact::AnswerRequested { of, .. } if *of == party)
        };
        events.iter().rfind(asks).map_or(claim.opened_at, |event| event.recorded_at)
    };
    let mut sources = Vec::new();
    let mut seen = BTreeSet::new();
    for piece in &claim.evidence {
        if seen.insert(piece.source) {
            sources.push(piece.source);
        }
    }
    OpenClaim {
        id: claim.id,
        number: claim.number,
        text: claim.text.body().unwrap_or_default().to_owned(),
        language: claim.language.clone(),
        topic: claim.topic.clone(),
        notes: events.iter().filter_map(note).collect(),
        parties: claim.parties.iter().map(|party| party.source).collect(),
        sources,
        reported_at: claim.evidence.iter().map(|piece| piece.said_at).min().unwrap_or(claim.opened_at),
        // A party that is silent at its deadline may speak after it.
        waits_for: claim
            .answers
            .iter()
            .map(|(party, answer)| Waiting { party: *party, since: asked_at(*party), until: answer.until })
            .collect(),
    }
}
