//! What a reader is shown of an event's words: those that were erased as such, confidential ones only to those who may
//! read them. Every read of the log's texts, and of submitted lines, goes through here.

use hearsay_core::{Actor, Confidence, Event, Fact, Role, Text, Words, fold_name};
use serde_json::Value;

/// What stands in the place of words that the reader may not read.
pub(crate) const CONFIDENTIAL: &str = "[confidential]";

/// How the words begin that stand in the place of erased ones.
const ERASED: &str = "[erased by event ";

/// Who reads; nobody in particular may read nothing that is confidential.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub(crate) struct Reader(pub(crate) Option<Actor>);

impl Reader {
    /// Whether nothing is kept from this reader.
    pub(crate) fn may_read_all(&self) -> bool {
        matches!(&self.0, Some(Actor { role: Role::Editor | Role::Admin | Role::Auditor, .. }))
    }

    /// Editors, admins and auditors may read everything; a checker what was recorded under the checker's own name.
    pub(crate) fn may_read(&self, event: &Event) -> bool {
        let Some(Actor { name, role }) = &self.0 else { return false };
        match role {
            Role::Editor | Role::Admin | Role::Auditor => true,
            Role::Worker => false,
            Role::Checker => match (name.body(), event.actor.name.body()) {
                (Some(reader), Some(writer)) => {
                    !writer.starts_with(ERASED) && fold_name(reader) == fold_name(writer)
                }
                (Some(_) | None, _) => false,
            },
        }
    }

    /// Replaces the words that this reader may not read.
    #[expect(clippy::wildcard_enum_match_arm, reason = "only three facts may be confidential")]
    pub(crate) fn veil(&self, event: &mut Event) {
        if self.may_read(event) {
            return;
        }
        match &mut event.fact {
            Fact::NoteAdded { text, confidence: Confidence::Confidential } => *text = Text::from(CONFIDENTIAL),
            Fact::ClaimReported { words, .. } | Fact::FollowUpRecorded { words, .. } => veil_words(words),
            _ => {}
        }
    }
}

impl Reader {
    /// Replaces a submitted line that this reader may not read, in the payload of its task; tells whether it did.
    pub(crate) fn veil_line(&self, payload: &mut Value) -> bool {
        let is_own = match &self.0 {
            Some(Actor { name, role: Role::Checker }) => match (name.body(), payload["actor"].as_str()) {
                (Some(reader), Some(submitter)) => fold_name(reader) == fold_name(submitter),
                (Some(_) | None, _) => false,
            },
            Some(_) | None => false,
        };
        let veiled = !self.may_read_all() && !is_own && payload["text"].as_str().is_some_and(is_confidential);
        if veiled {
            payload["text"] = Value::from(CONFIDENTIAL);
        }
        veiled
    }
}

/// Whether a line asks for confidence, or may do so where it cannot be read.
fn is_confidential(line: &str) -> bool {
    match serde_json::from_str::<Value>(line) {
        Ok(line) => line["confidential"] == true || line["evidence"]["confidential"] == true,
        Err(_) => line.contains("confidential"),
    }
}

fn veil_words(words: &mut Words) {
    let Words { url, title, quote, prefix, suffix, snapshot, described_as, confidence } = words;
    if *confidence == Confidence::Open {
        return;
    }
    for text in [url, title, quote, prefix, suffix, snapshot, described_as].into_iter().flatten() {
        *text = Text::from(CONFIDENTIAL);
    }
}

/// The fields of an event whose words are confidential.
pub(crate) fn confidential_fields(event: &Event) -> Vec<&'static str> {
    if let Fact::NoteAdded { confidence: Confidence::Confidential, .. } = &event.fact {
        return vec!["text"];
    }
    if let Fact::ClaimReported { words, .. } | Fact::FollowUpRecorded { words, .. } = &event.fact
        && words.confidence == Confidence::Confidential
    {
        return hearsay_core::RECORDED_AS.to_vec();
    }
    Vec::new()
}

/// What stands in the place of a text that an event erased. Handles are left out: they would be taken for handles.
pub(crate) fn in_place(erased: &[(String, u64)]) -> impl Iterator<Item = (String, String)> {
    erased
        .iter()
        .filter(|(field, _)| field != "ref" && field != "evidence.ref")
        .map(|(field, by)| (field.clone(), format!("{ERASED}{by}]")))
}
