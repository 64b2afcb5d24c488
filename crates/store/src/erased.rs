//! Which texts the log says were erased: the one place that tells a missing text from a lost one.
//! Invariant: the derived table only leads to the events; what counts is what their envelopes say.

use std::collections::HashMap;

use hearsay_core::Fact;
use sqlx::{Row, SqlitePool};

use crate::envelope;
use crate::error::Fault;

/// Texts by position and field, with the event that erased them.
pub(crate) struct Erased(HashMap<(u64, String), u64>);

impl Erased {
    /// Reads every erasure there is.
    pub(crate) async fn read(readers: &SqlitePool) -> Result<Self, Fault> {
        let found =
            "SELECT e.envelope FROM events e WHERE e.seq IN (SELECT erased_by FROM erased_texts) ORDER BY e.seq";
        let rows = sqlx::query(found).fetch_all(readers).await?;
        let mut erased = HashMap::new();
        for row in &rows {
            let Ok(event) = envelope::open_sealed(&row.try_get::<String, _>(0)?) else { continue };
            let Fact::TextErased { texts, .. } = event.fact else { continue };
            for text in texts {
                for field in text.fields {
                    erased.entry((text.event, field)).or_insert(event.seq);
                }
            }
        }
        Ok(Self(erased))
    }

    /// The event that erased a text, if one did.
    pub(crate) fn by(&self, seq: u64, field: &str) -> Option<u64> {
        self.0.get(&(seq, field.to_owned())).copied()
    }
}
