//! Erasures as rows, and the words taken out of every table in the transaction that records it.
//! Invariant: what is left of derived tables is what a rebuild gives once the texts are gone.

use std::collections::{BTreeSet, HashMap};

use hearsay_core::{ClaimId, ClaimNumber, Confidence, ErasedTexts, Event, Fact, Source, SourceId, Text};
use sqlx::{Row, SqliteConnection};

use super::recount::Renamed;
use super::stage::Stage;
use crate::envelope;
use crate::error::Fault;
use crate::jsonb::Rows;
use crate::load::uuid;
use crate::search_words::fold_words;

/// What stands in the place of a refusal's words once something was erased.
const WORDS_GONE: &str = "the words of this refusal were taken out when a text was erased; \
    `hearsay import --retry-refused` decides its line anew";

/// What one batch derives of erasures.
#[derive(Default)]
pub(crate) struct ErasureRows {
    proposed: Rows,
    settled: Rows,
    /// What was erased, and by which events.
    erased: Vec<(u64, ErasedTexts)>,
}

impl ErasureRows {
    /// Adds what an event says of erasures; `number`: its claim's.
    #[expect(clippy::wildcard_enum_match_arm, reason = "only three facts tell of erasures")]
    pub(super) fn derive(&mut self, event: &Event, number: Option<ClaimNumber>) {
        match &event.fact {
            Fact::ErasureProposed { erasure } => self.proposed.push(|row| {
                row.hex(erasure.id.0.as_bytes())
                    .int(signed(event.seq))
                    .maybe_int(number.map(|number| i64::from(number.0)));
            }),
            Fact::ErasureDeclined { proposal, .. } => self.settled.push(|row| {
                row.hex(proposal.0.as_bytes());
            }),
            Fact::TextErased { texts, proposal, .. } => {
                self.settled.push(|row| {
                    row.hex(proposal.0.as_bytes());
                });
                self.erased.extend(texts.iter().map(|texts| (event.seq, texts.clone())));
            }
            _ => {}
        }
    }

    /// The claims whose texts an event erases.
    pub(super) fn claims_of(event: &Event) -> impl Iterator<Item = ClaimId> {
        let texts = if let Fact::TextErased { texts, .. } = &event.fact { texts.as_slice() } else { &[] };
        texts.iter().filter_map(|texts| texts.claim)
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.proposed.is_empty() && self.settled.is_empty()
    }

    /// Whether texts are erased.
    pub(crate) fn erases(&self) -> bool {
        !self.erased.is_empty()
    }

    /// Writes what is derived of erasures; of texts that were erased, the words are in no table any more.
    pub(crate) async fn write_derived(&mut self, connection: &mut SqliteConnection) -> Result<(), Fault> {
        let erased = self.rows();
        sqlx::query(include_str!("../sql/write_erasures.sql"))
            .bind(std::mem::take(&mut self.settled).into_jsonb())
            .bind(std::mem::take(&mut self.proposed).into_jsonb())
            .bind(erased.into_jsonb())
            .execute(connection)
            .await?;
        Ok(())
    }

    /// Writes what is derived, then takes the words out of every table, within the transaction that records it.
    pub(super) async fn write(mut self, connection: &mut SqliteConnection) -> Result<(), Fault> {
        self.write_derived(connection).await?;
        if !self.erases() {
            return Ok(());
        }
        let sources = self.renamed();
        let mut names = Rows::default();
        for id in &sources {
            names.push(|row| {
                row.hex(id.0.as_bytes()).text(&Source::erased_name(*id));
            });
        }
        sqlx::query(include_str!("../sql/erase_words.sql"))
            .bind(self.rows().into_jsonb())
            .bind(WORDS_GONE)
            .bind(names.into_jsonb())
            .execute(&mut *connection)
            .await?;
        let claims = self.searched(connection, &sources).await?;
        let renamed = Renamed::find(connection, self.rows()).await?;
        sqlx::query(include_str!("../sql/delete_texts.sql"))
            .bind(self.rows().into_jsonb())
            .bind(i64::from(!claims.is_empty()))
            .execute(&mut *connection)
            .await?;
        for (_, texts) in self.erased.iter().filter(|(_, texts)| texts.source.is_some()) {
            derive_names(connection, texts.event).await?;
        }
        for number in claims {
            derive_search(connection, number).await?;
        }
        renamed.write(connection).await
    }

    /// The texts as rows of event, field and the event that erases them.
    fn rows(&self) -> Rows {
        let mut rows = Rows::default();
        for (by, texts) in &self.erased {
            for field in &texts.fields {
                rows.push(|row| {
                    row.int(signed(texts.event)).text(field).int(signed(*by));
                });
            }
        }
        rows
    }

    /// The sources that lose the name they go by.
    fn renamed(&self) -> BTreeSet<SourceId> {
        let named = self.erased.iter().filter(|(_, texts)| texts.fields.iter().any(|field| field == "name"));
        named.filter_map(|(_, texts)| texts.source).collect()
    }

    /// The claims whose words for search change.
    async fn searched(
        &self,
        connection: &mut SqliteConnection,
        renamed: &BTreeSet<SourceId>,
    ) -> Result<Vec<i64>, Fault> {
        let mut sources = Rows::default();
        for id in renamed {
            sources.push(|row| {
                row.hex(id.0.as_bytes());
            });
        }
        Ok(sqlx::query_scalar(include_str!("../sql/searched_claims.sql"))
            .bind(self.rows().into_jsonb())
            .bind(sources.into_jsonb())
            .fetch_all(connection)
            .await?)
    }
}

fn signed(seq: u64) -> i64 {
    i64::try_from(seq).unwrap_or(i64::MAX)
}

/// An event with the words that are left of it.
async fn reopened(
    connection: &mut SqliteConnection,
    statement: &'static str,
    of: i64,
) -> Result<Vec<Event>, Fault> {
    let rows = sqlx::query(statement).bind(of).fetch_all(connection).await?;
    let mut events = Vec::with_capacity(rows.len());
    for row in &rows {
        let (body, texts): (String, String) = (row.try_get(0)?, row.try_get(1)?);
        let texts: Vec<(String, String)> = serde_json::from_str(&texts).map_err(Fault::damaged)?;
        events.push(envelope::open(&body, &texts).map_err(Fault::damaged)?);
    }
    Ok(events)
}

/// Tells anew the names that an event gave a source.
async fn derive_names(connection: &mut SqliteConnection, seq: u64) -> Result<(), Fault> {
    let seq = signed(seq);
    sqlx::query("DELETE FROM source_names WHERE event = $1").bind(seq).execute(&mut *connection).await?;
    let events = reopened(connection, include_str!("../sql/one_event.sql"), seq).await?;
    let mut stage = Stage::default();
    for event in &events {
        stage.derive_names(event);
    }
    sqlx::query(include_str!("../sql/write_names.sql")).bind(stage.names.into_jsonb()).execute(connection).await?;
    Ok(())
}

/// Tells anew the words by which a claim is found.
async fn derive_search(connection: &mut SqliteConnection, number: i64) -> Result<(), Fault> {
    let events = reopened(connection, include_str!("../sql/searched_events.sql"), number).await?;
    let rows = sqlx::query(
        "SELECT s.id, s.name FROM claim_parties p JOIN sources s ON s.id = p.source WHERE p.claim = $1",
    )
    .bind(number)
    .fetch_all(&mut *connection)
    .await?;
    let mut named = HashMap::new();
    for row in &rows {
        named.insert(SourceId(uuid(row, 0)?), row.try_get::<String, _>(1)?);
    }
    let name = |id: &SourceId| named.get(id).map(|name| fold_words(name)).unwrap_or_default();
    let (mut text, mut parties, mut notes) = (String::new(), String::new(), String::new());
    for event in &events {
        if let Fact::ClaimReported { text: sentence, parties: first, .. } = &event.fact {
            text = fold_words(sentence.body().unwrap_or_default());
            parties = first.iter().map(|party| name(&party.source)).collect::<Vec<_>>().join(" ");
        } else if let Fact::PartySet { source, .. } = &event.fact {
            parties.push(' ');
            parties.push_str(&name(source));
        } else if let Fact::NoteAdded { text: Text::Body(note), confidence: Confidence::Open } = &event.fact {
            notes.push(' ');
            notes.push_str(&fold_words(note));
        }
    }
    sqlx::query("UPDATE claim_search SET text = $2, parties = $3, notes = $4 WHERE rowid = $1")
        .bind(number)
        .bind(text)
        .bind(parties)
        .bind(notes)
        .execute(connection)
        .await?;
    Ok(())
}
