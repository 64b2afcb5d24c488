//! Listings of claims, and finding one by name.

use hearsay_core::{ClaimId, ClaimNumber, ClaimRelation, Priority, fold_name};
use sqlx::Row;
use sqlx::sqlite::SqliteRow;
use uuid::Uuid;

use crate::error::Fault;
use crate::load::{uuid, word};
use crate::search_words;
use crate::time::{from_micros, to_micros};
use crate::wanted::json;
use crate::{ClaimFilter, ClaimRow, Need, Store, StoreError};

/// All claims, gone through.
const ALL: &str = concat!(
    include_str!("../sql/claims.sql"),
    "FROM claims c JOIN claim_heads h ON h.number = c.number LEFT JOIN (SELECT NULL AS rank) f ON false ",
    include_str!("../sql/claims_that.sql")
);

/// The claims that a search finds.
const FOUND: &str = concat!(
    include_str!("../sql/claims.sql"),
    "FROM found f CROSS JOIN claims c ON c.number = f.number JOIN claim_heads h ON h.number = c.number ",
    include_str!("../sql/claims_that.sql")
);

/// The claims of some numbers.
const ONE: &str = concat!(
    include_str!("../sql/claims.sql"),
    "FROM json_each($1) n CROSS JOIN claims c ON c.number = n.value JOIN claim_heads h ON h.number = c.number \
     LEFT JOIN (SELECT NULL AS rank) f ON false ",
    include_str!("../sql/claims_that.sql")
);

/// A link of one claim to another, seen from either end.
pub(crate) struct Incoming {
    pub(crate) relation: ClaimRelation,
    pub(crate) other: ClaimId,
}

impl Store {
    /// The claims that fit; best matches first where words are searched for, else in the order of their numbers.
    pub async fn claims(&self, filter: &ClaimFilter) -> Result<Vec<ClaimRow>, StoreError> {
        self.claim_rows(filter, None).await
    }

    pub(crate) async fn claim_row(&self, number: ClaimNumber) -> Result<ClaimRow, StoreError> {
        let rows = self.claim_rows(&ClaimFilter::default(), Some(number)).await?;
        let missing = || StoreError::NotFound { what: "claim", name: number.to_string() };
        rows.into_iter().next().ok_or_else(missing)
    }

    async fn claim_rows(
        &self,
        filter: &ClaimFilter,
        only: Option<ClaimNumber>,
    ) -> Result<Vec<ClaimRow>, StoreError> {
        let words = match filter.text.as_deref().map(search_words::query) {
            Some(None) => return Ok(Vec::new()),
            Some(query) => query,
            None => None,
        };
        for name in filter.party.iter().chain(&filter.source) {
            self.source(name).await?;
        }
        let party = self.source_id(filter.party.as_deref()).await?;
        let source = self.source_id(filter.source.as_deref()).await?;
        let needs = |need: Need| i64::from(filter.needs.contains(&need));
        let unassigned = i64::from(filter.assignee == Some(None));
        let time = |at: Option<jiff::Timestamp>| at.map(to_micros);
        let statement = match (only, &words) {
            (Some(_), _) => ONE,
            (None, Some(_)) => FOUND,
            (None, None) => ALL,
        };
        let rows = sqlx::query(statement)
            .bind(only.map(|number| json(std::iter::once(number.0))))
            .bind(words_json(filter.states.iter().map(|state| state.as_str())))
            .bind(words_json(filter.standings.iter().map(|standing| standing.as_str())))
            .bind(needs(Need::Advance))
            .bind(needs(Need::Reopen))
            .bind(needs(Need::Overdue))
            .bind(to_micros((self.options.clock.now)()))
            .bind(filter.assignee.clone().flatten())
            .bind(unassigned)
            .bind(filter.topic.clone())
            .bind(filter.tag.clone())
            .bind(filter.priority.map(Priority::as_str))
            .bind(filter.party.as_deref().map(fold_name))
            .bind(filter.source.as_deref().map(fold_name))
            .bind(words)
            .bind(time(filter.opened_since))
            .bind(time(filter.opened_until))
            .bind(time(filter.updated_since))
            .bind(time(filter.updated_until))
            .bind(filter.limit)
            .bind(party)
            .bind(source)
            .fetch_all(self.readers())
            .await
            .map_err(|error| self.fault(error))?;
        rows.iter().map(|row| claim_row(row).map_err(|fault| self.fault(fault))).collect()
    }

    /// The id, in hexadecimal, of a source named by its handle or its UUID.
    async fn source_id(&self, name: Option<&str>) -> Result<Option<String>, StoreError> {
        let Some(name) = name else { return Ok(None) };
        if let Ok(id) = Uuid::try_parse(name) {
            return Ok(Some(id.simple().to_string()));
        }
        sqlx::query_scalar("SELECT lower(hex(id)) FROM handles WHERE handle = $1 AND kind = 'source'")
            .bind(name)
            .fetch_optional(self.readers())
            .await
            .map_err(|error| self.fault(error))
    }

    /// The claim of that name: a handle, `C-142`, a UUID, or a beginning of one of at least four letters.
    pub async fn find_claim(&self, name: &str) -> Result<ClaimNumber, StoreError> {
        let simple = name.replace('-', "").to_lowercase();
        let begins_an_id = (4..=32).contains(&simple.len()) && simple.bytes().all(|byte| byte.is_ascii_hexdigit());
        let rows = sqlx::query(include_str!("../sql/find_claim.sql"))
            .bind(name)
            .bind(name.parse::<ClaimNumber>().ok().map(|number| number.0))
            .bind(begins_an_id.then(|| format!("{simple:0<32}")))
            .bind(begins_an_id.then(|| format!("{simple:f<32}")))
            .fetch_all(self.readers())
            .await
            .map_err(|error| self.fault(error))?;
        let number =
            |row: &SqliteRow| row.try_get::<u32, _>(0).map(ClaimNumber).map_err(|error| self.fault(error));
        let exact = rows.iter().find(|row| row.try_get::<i64, _>(1).is_ok_and(|rank| rank == 0));
        match (exact, rows.as_slice()) {
            (Some(row), _) | (None, [row]) => number(row),
            (None, []) => Err(StoreError::NotFound { what: "claim", name: name.to_owned() }),
            (None, several) => {
                let candidates = several.iter().map(|row| number(row).map(|number| number.to_string()));
                Err(StoreError::Ambiguous {
                    name: name.to_owned(),
                    candidates: candidates.collect::<Result<_, _>>()?,
                })
            }
        }
    }

    pub(crate) async fn incoming_links(&self, id: ClaimId) -> Result<Vec<Incoming>, StoreError> {
        let rows = sqlx::query(include_str!("../sql/incoming_links.sql"))
            .bind(id.0.as_bytes().as_slice())
            .fetch_all(self.readers())
            .await
            .map_err(|error| self.fault(error))?;
        let incoming = |row: &SqliteRow| -> Result<Incoming, Fault> {
            Ok(Incoming { relation: word(row, 0)?, other: ClaimId(uuid(row, 1)?) })
        };
        rows.iter().map(|row| incoming(row).map_err(|fault| self.fault(fault))).collect()
    }
}

/// Words as JSON; none where nothing narrows.
fn words_json<'a>(words: impl Iterator<Item = &'a str>) -> Option<String> {
    let words: Vec<&str> = words.collect();
    (!words.is_empty()).then(|| json(words.iter()))
}

fn claim_row(row: &SqliteRow) -> Result<ClaimRow, Fault> {
    let due: Option<String> = row.try_get(7)?;
    let time = |column: usize| -> Result<Option<jiff::Timestamp>, Fault> {
        row.try_get::<Option<i64>, _>(column)?.map(from_micros).transpose()
    };
    let tags: String = row.try_get(15)?;
    Ok(ClaimRow {
        reference: ClaimNumber(row.try_get(0)?),
        id: ClaimId(uuid(row, 1)?),
        handle: row.try_get(2)?,
        text: row.try_get(3)?,
        kind: word(row, 4)?,
        state: word(row, 5)?,
        standing: word(row, 6)?,
        due_to_advance: due.as_deref() == Some("advance"),
        due_to_reopen: due.as_deref() == Some("reopen"),
        overdue: row.try_get(24)?,
        affirming: row.try_get(8)?,
        denying: row.try_get(9)?,
        documents: row.try_get(10)?,
        outlets: row.try_get(11)?,
        topic: row.try_get(12)?,
        language: row.try_get(13)?,
        priority: word(row, 14)?,
        tags: serde_json::from_str(&tags).map_err(Fault::damaged)?,
        assignee: row.try_get(16)?,
        policy: row.try_get(17)?,
        version: row.try_get::<i64, _>(18)?.unsigned_abs(),
        opened_at: from_micros(row.try_get(19)?)?,
        updated_at: from_micros(row.try_get(20)?)?,
        review_by: time(21)?,
        answer_by: time(22)?,
        merged_into: row.try_get::<Option<u32>, _>(23)?.map(ClaimNumber),
    })
}
