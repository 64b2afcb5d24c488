//! Decides on what is told of exports.

use super::policies::LARGEST_EXACT;
use super::wording::{maybe, sha256};
use super::{Decision, Desk, Subject};
use crate::{Fact, RecordExport, Refusal};

impl Desk<'_, '_, '_> {
    pub(super) fn record_export(&mut self, line: &RecordExport) -> Result<Decision, Refusal> {
        self.no_version()?;
        let filter = maybe("filter", line.filter.as_ref())?;
        let sha256 = sha256("sha256", &line.sha256)?;
        if line.events > LARGEST_EXACT {
            return Err(Refusal::CountTooLarge { field: "events" });
        }
        let fact = Fact::LogExported { format: line.format, filter, events: line.events, sha256 };
        let event = self.registry_event(fact);
        Ok(Decision { events: vec![event], subject: Subject::Log })
    }
}
