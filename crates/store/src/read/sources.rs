//! Listings of sources and policies.

use hearsay_core::{Policy, SourceId, fold_name};
use sqlx::Row;
use sqlx::sqlite::SqliteRow;
use uuid::Uuid;

use crate::error::Fault;
use crate::load::{uuid, word};
use crate::time::from_micros;
use crate::{PolicyView, RelationView, SourceRow, Store, StoreError};

impl Store {
    /// All sources, or those of which a name contains the text, by name.
    pub async fn sources(&self, text: Option<&str>) -> Result<Vec<SourceRow>, StoreError> {
        self.source_rows(text.map(fold_name), None).await
    }

    /// The source of that name: a handle, a name, an alias or a UUID.
    pub async fn source(&self, name: &str) -> Result<SourceRow, StoreError> {
        let id = self.find_source(name).await?;
        let missing = || StoreError::NotFound { what: "source", name: name.to_owned() };
        self.source_rows(None, id).await?.into_iter().next().filter(|_| id.is_some()).ok_or_else(missing)
    }

    /// The id of the source of that name; none where there is none.
    pub(crate) async fn find_source(&self, name: &str) -> Result<Option<SourceId>, StoreError> {
        if let Ok(id) = Uuid::try_parse(name) {
            return Ok(Some(SourceId(id)));
        }
        let row = sqlx::query(include_str!("../sql/find_source.sql"))
            .bind(name)
            .bind(fold_name(name))
            .fetch_optional(self.readers())
            .await
            .map_err(|error| self.fault(error))?;
        row.map(|row| uuid(&row, 0).map(SourceId).map_err(|fault| self.fault(fault))).transpose()
    }

    async fn source_rows(
        &self,
        text: Option<String>,
        only: Option<SourceId>,
    ) -> Result<Vec<SourceRow>, StoreError> {
        let rows = sqlx::query(include_str!("../sql/sources.sql"))
            .bind(text)
            .bind(only.map(|id| id.0.as_bytes().to_vec()))
            .fetch_all(self.readers())
            .await
            .map_err(|error| self.fault(error))?;
        rows.iter().map(|row| source_row(row).map_err(|fault| self.fault(fault))).collect()
    }

    /// The version of every policy that is in force, by name.
    pub async fn policies(&self) -> Result<Vec<PolicyView>, StoreError> {
        self.policy_rows(None).await
    }

    /// Every version of one policy, the first first.
    pub async fn policy_versions(&self, name: &str) -> Result<Vec<PolicyView>, StoreError> {
        let versions = self.policy_rows(Some(name)).await?;
        if versions.is_empty() {
            return Err(StoreError::NotFound { what: "policy", name: name.to_owned() });
        }
        Ok(versions)
    }

    async fn policy_rows(&self, name: Option<&str>) -> Result<Vec<PolicyView>, StoreError> {
        let rows = sqlx::query(include_str!("../sql/policies.sql"))
            .bind(name)
            .fetch_all(self.readers())
            .await
            .map_err(|error| self.fault(error))?;
        let mut views = rows
            .iter()
            .map(|row| policy_view(row).map_err(|fault| self.fault(fault)))
            .collect::<Result<Vec<_>, _>>()?;
        if views.is_empty() && name.is_none_or(|name| name == Policy::DEFAULT_NAME) {
            views.push(PolicyView { policy: Policy::first(Policy::DEFAULT_NAME), recorded_at: None });
        }
        Ok(views)
    }
}

fn policy_view(row: &SqliteRow) -> Result<PolicyView, Fault> {
    let body: String = row.try_get(0)?;
    let policy = serde_json::from_str(&body).map_err(Fault::damaged)?;
    Ok(PolicyView { policy, recorded_at: Some(from_micros(row.try_get(1)?)?) })
}

/// A relation as the statement groups it: relation, name of the other, since, until.
type RelationCells = (String, String, Option<i64>, Option<i64>);

fn source_row(row: &SqliteRow) -> Result<SourceRow, Fault> {
    let aliases: String = row.try_get(7)?;
    let relations: String = row.try_get(8)?;
    let relations: Vec<RelationCells> = serde_json::from_str(&relations).map_err(Fault::damaged)?;
    let relations = relations.into_iter().map(|(relation, to, since, until)| {
        let relation = if relation == "speaks_for" { "speaks_for" } else { "part_of" };
        let since = since.map(from_micros).transpose()?;
        Ok(RelationView { relation, to, since, until: until.map(from_micros).transpose()? })
    });
    Ok(SourceRow {
        id: SourceId(uuid(row, 0)?),
        handle: row.try_get(1)?,
        name: row.try_get(2)?,
        kind: word(row, 3)?,
        reliability: word(row, 4)?,
        merged_into: row.try_get(5)?,
        evidence: row.try_get::<i64, _>(6)?.unsigned_abs(),
        aliases: serde_json::from_str(&aliases).map_err(Fault::damaged)?,
        relations: relations.collect::<Result<_, Fault>>()?,
    })
}
