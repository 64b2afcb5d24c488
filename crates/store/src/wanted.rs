//! What of the docket is wanted, by the names that a command or a reader gives.

use std::collections::BTreeSet;

use hearsay_core::{ClaimNumber, Docket, LeadNumber, Reference, Referent, fold_name};
use uuid::Uuid;

/// Names, by the form under which the database finds them.
#[derive(Default, Debug)]
pub(crate) struct Wanted {
    pub(crate) handles: BTreeSet<String>,
    pub(crate) names: BTreeSet<String>,
    pub(crate) numbers: BTreeSet<u32>,
    pub(crate) leads: BTreeSet<u32>,
    pub(crate) ids: BTreeSet<Uuid>,
}

impl Wanted {
    /// Adds a reference in every form that it may be of.
    pub(crate) fn reference(&mut self, reference: &Reference) {
        let text = reference.as_str();
        self.handles.insert(text.to_owned());
        self.names.insert(fold_name(text));
        if let Ok(number) = text.parse::<ClaimNumber>() {
            self.numbers.insert(number.0);
        }
        if let Ok(lead) = text.parse::<LeadNumber>() {
            self.leads.insert(lead.0);
        }
        if let Ok(id) = Uuid::try_parse(text) {
            self.ids.insert(id);
        }
    }

    /// Adds a reference in every form in which the docket does not hold what it names.
    pub(crate) fn beyond(&mut self, docket: &Docket, reference: &Reference) {
        let text = reference.as_str();
        if docket.handles.get(text).is_none_or(|referent| !holds(docket, *referent)) {
            self.handles.insert(text.to_owned());
        }
        let name = fold_name(text);
        if docket.names.get(&name).is_none_or(|source| docket.registry.get(*source).is_none()) {
            self.names.insert(name);
        }
        if let Ok(number) = text.parse::<ClaimNumber>()
            && docket.numbers.get(&number).is_none_or(|claim| !docket.claims.contains_key(claim))
        {
            self.numbers.insert(number.0);
        }
        if let Ok(lead) = text.parse::<LeadNumber>()
            && docket.leads.get(&lead).is_none_or(|claim| !docket.claims.contains_key(claim))
        {
            self.leads.insert(lead.0);
        }
        if let Ok(id) = Uuid::try_parse(text) {
            self.ids.insert(id);
        }
    }

    /// One claim.
    pub(crate) fn claim(number: ClaimNumber) -> Self {
        Self { numbers: BTreeSet::from([number.0]), ..Self::default() }
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.handles.is_empty()
            && self.names.is_empty()
            && self.numbers.is_empty()
            && self.leads.is_empty()
            && self.ids.is_empty()
    }

    pub(crate) fn handles_json(&self) -> String {
        json(self.handles.iter())
    }

    pub(crate) fn names_json(&self) -> String {
        json(self.names.iter())
    }

    pub(crate) fn numbers_json(&self) -> String {
        json(self.numbers.iter())
    }

    pub(crate) fn leads_json(&self) -> String {
        json(self.leads.iter())
    }

    pub(crate) fn ids_json(&self) -> String {
        json(self.ids.iter().map(|id| id.simple().to_string()))
    }
}

fn holds(docket: &Docket, referent: Referent) -> bool {
    match referent {
        Referent::Source(id) => docket.registry.get(id).is_some(),
        Referent::Claim(id) => docket.claims.contains_key(&id),
        Referent::Evidence(id) => docket.evidence.get(&id).is_some_and(|claim| docket.claims.contains_key(claim)),
        Referent::Lead(number) => docket.leads.get(&number).is_some_and(|claim| docket.claims.contains_key(claim)),
    }
}

/// A JSON array of strings or numbers, as `json_each` takes it.
pub(crate) fn json<T: serde::Serialize>(items: impl Iterator<Item = T>) -> String {
    serde_json::Value::Array(items.filter_map(|item| serde_json::to_value(item).ok()).collect()).to_string()
}
