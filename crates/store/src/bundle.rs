//! A claim's events as an evidence bundle has them, with all that they are weighed by; and their check against their own
//! commitments, without a database.
//! Invariants: confidential words leave the desk only where that was asked for by somebody who may read them; and a bundle
//! has no event that its claim does not need.

mod gather;
mod needed;

use std::collections::HashMap;

use hearsay_core::{
    Attribution, ClaimId, ClaimNumber, Docket, Event, Explanation, Fact, MAX_FIELD_BYTES, attribution, explain,
    weigh,
};
use serde::{Deserialize, Serialize};

use crate::envelope;
use crate::read::shown::confidential_fields;

/// The form of a bundle that this program writes and reads. Whatever changes what lies in one, what its events are
/// explained to be included, takes the next number.
pub const BUNDLE_FORMAT: &str = "hearsay-bundle-3";

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
    /// Its events and those of claims that were merged into it; those of the sources that it leads to and of its policy;
    /// and those that erased a text of any of them. In the order of the log.
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
        findings.extend(self.weighed_otherwise());
        findings.extend(self.snapshots.iter().map(|_| "no event of the bundle names its snapshots".to_owned()));
        let needed = self.needed();
        let unneeded = self.events.iter().filter(|event| !needed.contains(&event.seq));
        findings.extend(unneeded.map(|event| format!("event {} is not needed by {}", event.seq, self.reference)));
        findings
    }

    /// Where the events do not come to what the log recorded that they came to: then some are missing before.
    fn weighed_otherwise(&self) -> Option<String> {
        let mut docket = Docket::default();
        for event in self.opened() {
            docket.apply(&event);
            let Some(recorded) = event.weighed.filter(|_| event.claim == Some(self.id)) else { continue };
            let claim = docket.claims.get(&self.id)?;
            if weigh(claim, &docket.registry, docket.policies.of(claim)).weighed != recorded {
                let seq = event.seq;
                return Some(format!(
                    "the events up to {seq} do not come to what event {seq} says of them: some are missing"
                ));
            }
        }
        None
    }

    /// Why the claim's standing is what it is, by the bundle's events alone; none where none of them reports the claim.
    /// Links are left out: what became of other claims lies outside of it.
    pub fn explanation(&self) -> Option<Explanation> {
        self.attribution().map(|(explanation, _)| explanation)
    }

    /// The same, and who said what on whose word.
    pub fn attribution(&self) -> Option<(Explanation, Attribution)> {
        let mut docket = Docket::default();
        for event in self.opened() {
            docket.apply(&event);
        }
        let claim = docket.claims.get(&self.id).filter(|claim| claim.number == self.reference)?;
        let policy = docket.policies.of(claim);
        Some((explain(claim, &docket.registry, policy), attribution(claim, &docket.registry, policy)))
    }

    /// Its events as far as they can be read, with their words.
    pub fn opened(&self) -> Vec<Event> {
        self.events.iter().filter_map(BundledEvent::opened).collect()
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
    /// The event with its words; none where it cannot be read.
    pub fn opened(&self) -> Option<Event> {
        let texts: Vec<(String, String)> =
            self.texts.iter().map(|text| (text.field.clone(), text.body.clone())).collect();
        envelope::open(&self.envelope, &texts).ok()
    }

    /// Holds every text against its commitment, and every commitment against its text or what is said of it.
    fn findings(&self, erasing: &HashMap<(u64, String), u64>) -> Vec<String> {
        let seq = self.seq;
        let Ok(committed) = envelope::commitments(&self.envelope) else { return Vec::new() };
        let mut committed: HashMap<String, String> = committed.into_iter().collect();
        let mut findings = Vec::new();
        for text in &self.texts {
            let field: String = text.field.chars().take(80).collect();
            if text.body.len() > MAX_FIELD_BYTES {
                let have = text.body.len();
                findings.push(format!(
                    "the text `{field}` of event {seq} has {have} bytes; the log takes at most {MAX_FIELD_BYTES}"
                ));
                committed.remove(&text.field);
                continue;
            }
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
