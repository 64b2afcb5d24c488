//! Texts that may be erased, and what waits for a second person to erase it.
//! Invariant: an erasure names texts by event and field, and never by their words.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::{ClaimId, ClaimNumber, Event, EvidenceId, Fact, LeadNumber, ProposalId, SourceId, Text};

/// The actor's name: a field that every event has, and that is erased only where it is named.
pub(crate) const ACTOR: &str = "actor.name";

/// What the rules copy once a proposal is approved: the field of the event that proposed, and that of the one that the
/// approval made. The two events bear the same proposal.
pub const APPROVED_AS: [(&str, &str); 4] = [
    ("proposal.proposed.ruling.summary", "ruling.summary"),
    ("proposal.reason", "reason"),
    ("erasure.basis", "basis"),
    ("erasure.reason", "reason"),
];

/// What the rules copy of a ruling when they record what it becomes: known by the same words on the same claim.
pub const CORRECTED_AS: (&str, &str) = ("ruling.summary", "was.summary");

/// The words of a lead that become those of the evidence recorded from it, under the same names. They are erased
/// together, corrected or not: both are of one document.
pub const RECORDED_AS: [&str; 7] = [
    "words.url",
    "words.title",
    "words.quote",
    "words.prefix",
    "words.suffix",
    "words.described_as",
    "words.snapshot",
];

/// Texts of one event that are erased, and what they are texts of.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct ErasedTexts {
    /// The event's position.
    pub event: u64,
    /// The fields, as the event's data names them: `words.quote`, `actor.name`.
    pub fields: Vec<String>,
    /// The claim that the event belongs to.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub claim: Option<ClaimId>,
    /// The source that the event names.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub source: Option<SourceId>,
    /// The piece of evidence that the event brought.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub evidence: Option<EvidenceId>,
    /// The lead that the event laid.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub lead: Option<LeadNumber>,
    /// The proposal that the event made.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub proposal: Option<ProposalId>,
}

impl ErasedTexts {
    pub(crate) fn has(&self, field: &str) -> bool {
        self.fields.iter().any(|erased| erased == field)
    }
}

/// Whether the words of a text are still there.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Kept {
    /// They are.
    There,
    /// They were erased.
    Erased,
}

/// The same words in another text: of a later event that took them over, or of the one that they were taken from.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct TextCopy {
    /// The field of this event.
    pub field: String,
    /// The other event.
    pub event: u64,
    /// Its field.
    pub as_field: String,
}

/// The texts of one event: what a decision on an erasure needs to know of it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct KeptTexts {
    /// All of them, with no fields chosen: what they are texts of.
    pub of: ErasedTexts,
    /// Every text's field.
    pub fields: Vec<(String, Kept)>,
    /// Where the same words stand because the rules copied them.
    pub copies: Vec<TextCopy>,
    /// The hold that covers them though they are of no claim: of a claim that names this source, and since which event.
    pub held: Option<(ClaimNumber, u64)>,
}

impl KeptTexts {
    /// The texts of an event, as far as the event itself tells: none known to be erased or copied.
    pub fn of(event: &Event) -> Self {
        let mut fields = Vec::new();
        if let Ok(value) = serde_json::to_value(&event.fact) {
            collect(value.get("data").unwrap_or(&Value::Null), "", &mut fields);
        }
        fields.push(ACTOR.to_owned());
        let mut of = ErasedTexts {
            event: event.seq,
            fields: Vec::new(),
            claim: event.claim,
            source: None,
            evidence: None,
            lead: None,
            proposal: None,
        };
        of.learn(&event.fact);
        let fields = fields.into_iter().map(|field| (field, Kept::There)).collect();
        Self { of, fields, copies: Vec::new(), held: None }
    }

    /// The fields that are still there of those that were chosen; with none chosen, of all but the actor's name.
    pub(crate) fn there(&self, chosen: &[String]) -> Vec<String> {
        let mut there: Vec<String> = self
            .fields
            .iter()
            .filter(|(field, kept)| *kept == Kept::There && is_chosen(field, chosen))
            .map(|(field, _)| field.clone())
            .collect();
        there.sort();
        there
    }
}

/// Who proposed something is the actor by another name.
fn is_chosen(field: &str, chosen: &[String]) -> bool {
    let has = |name: &str| chosen.iter().any(|chosen| chosen == name);
    match field {
        ACTOR | "proposal.by" | "erasure.by" => has(ACTOR) || has("proposal.by") || has("erasure.by"),
        other => chosen.is_empty() || has(other),
    }
}

impl ErasedTexts {
    #[expect(
        clippy::wildcard_enum_match_arm,
        reason = "most facts name nothing that docket or registry keep words of"
    )]
    fn learn(&mut self, fact: &Fact) {
        match fact {
            Fact::SourceAdded { source, .. } | Fact::SourceAliased { source, .. } => self.source = Some(*source),
            Fact::ClaimReported { evidence, .. } | Fact::FollowUpRecorded { evidence, .. } => {
                self.evidence = Some(evidence.id);
            }
            Fact::LeadLaid { lead, .. } => self.lead = Some(*lead),
            Fact::ProposalMade { proposal } => self.proposal = Some(proposal.id),
            Fact::ErasureProposed { erasure } => self.proposal = Some(erasure.id),
            _ => {}
        }
    }
}

/// Every place in an event's data where a text stands.
fn collect(value: &Value, path: &str, fields: &mut Vec<String>) {
    let deeper = |step: &str| if path.is_empty() { step.to_owned() } else { format!("{path}.{step}") };
    match value {
        Value::Object(map) if map.contains_key(Text::BODY_KEY) => fields.push(path.to_owned()),
        Value::Object(map) => map.iter().for_each(|(key, inner)| collect(inner, &deeper(key), fields)),
        Value::Array(items) => {
            for (index, inner) in items.iter().enumerate() {
                collect(inner, &deeper(&index.to_string()), fields);
            }
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

/// An erasure that somebody proposed.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Erasure {
    /// Its identity.
    pub id: ProposalId,
    /// What is to be erased.
    pub texts: Vec<ErasedTexts>,
    /// The legal basis.
    pub basis: Text,
    /// Who proposed it: the one person who cannot approve it.
    pub by: Text,
    /// Why.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub reason: Option<Text>,
}

/// An erasure that waits for a second person.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct WaitingErasure {
    /// The claim whose texts it is about; none for those of sources and policies.
    pub claim: Option<ClaimId>,
    /// What was proposed.
    pub erasure: Erasure,
}
