//! What is known of submitted lines before they are decided on: whether the log has them, and which claims they are about.

use std::collections::{HashMap, HashSet};

use hearsay_core::{ClaimNumber, CommandId};
use sqlx::Row;
use uuid::Uuid;

use crate::load::uuid;
use crate::wanted::json;
use crate::{Store, StoreError};

impl Store {
    /// Those of the commands that the log has taken in.
    pub async fn recorded_commands(&self, ids: &[CommandId]) -> Result<HashSet<CommandId>, StoreError> {
        let wanted = json(ids.iter().map(|id| id.0.simple().to_string()));
        let found = "SELECT DISTINCT command FROM json_each($1) j JOIN events ON command = unhex(j.value)";
        let rows = sqlx::query(found).bind(wanted).fetch_all(self.readers()).await;
        let rows = rows.map_err(|error| self.fault(error))?;
        rows.iter().map(|row| uuid(row, 0).map(CommandId).map_err(|fault| self.fault(fault))).collect()
    }

    /// The claims on which names bear: handles, references and ids of claims, handles and ids of evidence. Names that
    /// nothing goes by are left out.
    pub async fn claims_of_names(&self, names: &[&str]) -> Result<HashMap<String, ClaimNumber>, StoreError> {
        let wanted = json(names.iter().map(|name| {
            let number = name.parse::<ClaimNumber>().ok().map(|number| number.0);
            (*name, number, Uuid::try_parse(name).ok().map(|id| id.simple().to_string()))
        }));
        let statement = include_str!("../sql/claims_of_names.sql");
        let rows = sqlx::query(statement).bind(wanted).fetch_all(self.readers()).await;
        let mut claims = HashMap::new();
        for row in rows.map_err(|error| self.fault(error))? {
            let read = || -> sqlx::Result<(String, Option<u32>)> { Ok((row.try_get(0)?, row.try_get(1)?)) };
            let (name, number) = read().map_err(|error| self.fault(error))?;
            claims.extend(number.map(|number| (name, ClaimNumber(number))));
        }
        Ok(claims)
    }
}
