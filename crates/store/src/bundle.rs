//! A claim's events as an evidence bundle has them, and the check of each against its own commitments, without a database.
//! Invariant: confidential words leave the desk only where that was asked for by somebody who may read them.

use std::collections::HashMap;

use hearsay_core::{ClaimId, ClaimNumber, Event, Fact};
use serde::{Deserialize, Serialize};
use sqlx::Row;
use sqlx::sqlite::SqliteRow;

use crate::error::Fault;
use crate::read::shown::confidential_fields;
use crate::{Store, StoreError, envelope};

/// The form of a bundle that this program writes and reads.
pub const BUNDLE_FORMAT: &str = "hearsay-bundle-1";

/// Whether confidential words go into a bundle.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Confidences {
    /// They stay behind; the bundle says where.
    Withheld,
    /// They go with it, as far as the reader may read them.
    Included,
}

/// A claim's events, with what opens their commitments.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Bundle {
    /// [`BUNDLE_FORMAT`].
    pub format: String,
    /// The claim's reference.
    pub reference: ClaimNumber,
    /// Its id.
    pub id: ClaimId,
    /// Its events and those of claims that were merged into it, in the order of the log.
    pub events: Vec<BundledEvent>,
    /// Hashes of what was fetched: none yet.
    pub snapshots: Vec<String>,
}

/// An event as it was hashed.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct BundledEvent {
    /// Its position.
    pub seq: u64,
    /// The canonical JSON whose hash is the leaf.
    pub envelope: String,
    /// The texts that are there.
    pub texts: Vec<BundledText>,
    /// Fields whose texts were erased, and the events that erased them.
    pub erased: Vec<(String, u64)>,
    /// Fields whose texts are confidential, and stayed behind.
    pub withheld: Vec<String>,
}

/// A text with what its commitment is made of.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct BundledText {
    /// Where it stands in the event.
    pub field: String,
    /// Sixteen bytes, in hexadecimal.
    pub salt: String,
    /// The words.
    pub body: String,
}

impl Store {
    /// A claim's events up to a position of the log.
    pub async fn bundle(
        &self,
        claim: ClaimNumber,
        up_to: u64,
        confidences: Confidences,
    ) -> Result<Bundle, StoreError> {
        let id = self.claim_now(claim).await?.id;
        let rows = sqlx::query(include_str!("sql/bundle_events.sql"))
            .bind(i64::from(claim.0))
            .bind(i64::try_from(up_to).unwrap_or(i64::MAX))
            .fetch_all(self.readers())
            .await
            .map_err(|error| self.fault(error))?;
        let bundled = |row: &SqliteRow| self.bundled(row, confidences).map_err(|fault| self.fault(fault));
        Ok(Bundle {
            format: BUNDLE_FORMAT.to_owned(),
            reference: claim,
            id,
            events: rows.iter().map(bundled).collect::<Result<_, _>>()?,
            snapshots: Vec::new(),
        })
    }

    fn bundled(&self, row: &SqliteRow, confidences: Confidences) -> Result<BundledEvent, Fault> {
        let (envelope, texts, erased): (String, String, String) =
            (row.try_get(1)?, row.try_get(2)?, row.try_get(3)?);
        let texts: Vec<(String, String, String)> = serde_json::from_str(&texts).map_err(Fault::damaged)?;
        let actor = texts.iter().find(|(field, ..)| field == "actor.name");
        let actor: Vec<(String, String)> =
            actor.map(|(field, _, body)| (field.clone(), body.clone())).into_iter().collect();
        let event = envelope::open(&envelope, &actor).map_err(Fault::damaged)?;
        let withheld = match confidences {
            Confidences::Included if self.reader.may_read(&event) => Vec::new(),
            Confidences::Included | Confidences::Withheld => confidential_fields(&event),
        };
        let (kept, left): (Vec<_>, Vec<_>) =
            texts.into_iter().partition(|(field, ..)| !withheld.contains(&field.as_str()));
        Ok(BundledEvent {
            seq: event.seq,
            envelope,
            texts: kept.into_iter().map(|(field, salt, body)| BundledText { field, salt, body }).collect(),
            erased: serde_json::from_str(&erased).map_err(Fault::damaged)?,
            withheld: left.into_iter().map(|(field, ..)| field).collect(),
        })
    }
}

impl Bundle {
    /// What is wrong with the events, each held against what it says itself: nothing of it needs the log.
    pub fn findings(&self) -> Vec<String> {
        let mut findings = Vec::new();
        let mut erasing: HashMap<(u64, String), u64> = HashMap::new();
        let mut last = 0;
        for bundled in &self.events {
            let seq = bundled.seq;
            if seq <= last {
                findings.push(format!("event {seq} does not follow event {last}"));
            }
            last = seq;
            match envelope::open_sealed(&bundled.envelope) {
                Ok(event) if event.seq != seq => {
                    findings.push(format!("event {seq} says that it is event {}", event.seq));
                }
                Ok(event) => learn_erased(&event, &mut erasing),
                Err(error) => findings.push(format!("event {seq} cannot be read: {error}")),
            }
        }
        for bundled in &self.events {
            findings.extend(bundled.findings(&erasing));
        }
        findings
    }

    /// Its events as far as they can be read, with their words.
    pub fn opened(&self) -> Vec<Event> {
        let texts = |bundled: &BundledEvent| -> Vec<(String, String)> {
            bundled.texts.iter().map(|text| (text.field.clone(), text.body.clone())).collect()
        };
        self.events.iter().filter_map(|bundled| envelope::open(&bundled.envelope, &texts(bundled)).ok()).collect()
    }
}

fn learn_erased(event: &Event, erasing: &mut HashMap<(u64, String), u64>) {
    if let Fact::TextErased { texts, .. } = &event.fact {
        for text in texts {
            for field in &text.fields {
                erasing.entry((text.event, field.clone())).or_insert(event.seq);
            }
        }
    }
}

impl BundledEvent {
    /// Holds every text against its commitment, and every commitment against its text or what is said of it.
    fn findings(&self, erasing: &HashMap<(u64, String), u64>) -> Vec<String> {
        let seq = self.seq;
        let Ok(committed) = envelope::commitments(&self.envelope) else { return Vec::new() };
        let mut committed: HashMap<String, String> = committed.into_iter().collect();
        let mut findings = Vec::new();
        for text in &self.texts {
            let field: String = text.field.chars().take(80).collect();
            let recomputed =
                envelope::from_hex(&text.salt).map(|salt| envelope::commitment(&salt, &text.field, &text.body));
            let hash = committed.remove(&text.field);
            if hash.is_none() || hash != recomputed {
                findings.push(format!("the text `{field}` of event {seq} is not the one that was recorded"));
            }
        }
        for (field, by) in &self.erased {
            if committed.remove(field).is_none() || erasing.get(&(seq, field.clone())) != Some(by) {
                let field: String = field.chars().take(80).collect();
                findings.push(format!("no event of the bundle says that it erased `{field}` of event {seq}"));
            }
        }
        let event = envelope::open_sealed(&self.envelope).ok();
        let confidential = event.as_ref().map(confidential_fields).unwrap_or_default();
        for field in &self.withheld {
            if !confidential.contains(&field.as_str()) || committed.remove(field).is_none() {
                let field: String = field.chars().take(80).collect();
                findings.push(format!("the text `{field}` of event {seq} is kept back, and is not confidential"));
            }
        }
        let mut gone: Vec<String> = committed.into_keys().collect();
        gone.sort();
        findings.extend(gone.into_iter().map(|field| format!("the text `{field}` of event {seq} is missing")));
        findings
    }
}
