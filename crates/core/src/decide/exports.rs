//! Decides on what is told of exports.

use super::policies::LARGEST_EXACT;
use super::wording::maybe;
use super::{Decision, Desk, Subject};
use crate::{ExportFormat, Fact, RecordExport, Refusal, Text};

/// How many digits a SHA-256 has in hexadecimal.
const DIGITS: usize = 64;

impl Desk<'_, '_, '_> {
    pub(super) fn record_export(&mut self, line: &RecordExport) -> Result<Decision, Refusal> {
        self.no_version()?;
        let filter = maybe("filter", line.filter.as_ref())?;
        let is_digit = |letter: u8| letter.is_ascii_digit() || (b'a'..=b'f').contains(&letter);
        if line.sha256.len() != DIGITS || !line.sha256.bytes().all(is_digit) {
            return Err(Refusal::NotASha256);
        }
        for (field, number) in [("events", Some(line.events)), ("bytes", line.bytes)] {
            if number.is_some_and(|number| number > LARGEST_EXACT) {
                return Err(Refusal::CountTooLarge { field });
            }
        }
        let claim = match (line.format, &line.claim) {
            (ExportFormat::Bundle, Some(claim)) => Some(self.named_claim("claim", claim)?.number),
            (ExportFormat::Jsonl | ExportFormat::Csv, None) => None,
            (ExportFormat::Bundle, None) | (ExportFormat::Jsonl | ExportFormat::Csv, Some(_)) => {
                return Err(Refusal::BundleOfAClaim);
            }
        };
        let sha256 = Text::from(line.sha256.as_str());
        let RecordExport { format, events, bytes, .. } = *line;
        let fact = Fact::LogExported { format, claim, filter, events, bytes, sha256 };
        let event = self.registry_event(fact);
        Ok(Decision { events: vec![event], subject: Subject::Log })
    }
}
