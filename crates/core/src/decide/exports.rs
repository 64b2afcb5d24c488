//! Decides on what is told of exports.

use super::policies::LARGEST_EXACT;
use super::wording::{maybe, sha256};
use super::{Decision, Desk, Subject};
use crate::{ExportFormat, Fact, RecordExport, Refusal};

impl Desk<'_, '_, '_> {
    pub(super) fn record_export(&mut self, line: &RecordExport) -> Result<Decision, Refusal> {
        self.no_version()?;
        let filter = maybe("filter", line.filter.as_ref())?;
        let sha256 = sha256("sha256", &line.sha256)?;
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
        let RecordExport { format, events, bytes, .. } = *line;
        let fact = Fact::LogExported { format, claim, filter, events, bytes, sha256 };
        let event = self.registry_event(fact);
        Ok(Decision { events: vec![event], subject: Subject::Log })
    }
}
