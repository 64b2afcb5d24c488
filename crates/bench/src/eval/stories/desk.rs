//! A desk's registry and open claims, made of the stories' names.

use std::collections::BTreeMap;

use anyhow::{Context, Result};
use hearsay_core::{ClaimId, Interest, SourceId, SourceKind, fold_name};
use hearsay_reading::{Bearing, Item, NamedSource, Names, OpenClaim, Speaker};
use jiff::Timestamp;
use serde_json::Value;
use uuid::Uuid;

use super::strings;

/// What heads of state and their houses also go by, as any desk's registry has them.
const ALSO: [(&str, &[&str]); 3] = [
    (
        "Vladimir Putin",
        &["Russian president", "Russia's president", "Russian leader", "Russia's leader", "Путин", "Путін"],
    ),
    (
        "Volodymyr Zelensky",
        &["Ukrainian president", "Ukraine's president", "Zelenskyy", "Зеленский", "Зеленський"],
    ),
    ("Kremlin", &["Russian presidency", "présidence russe", "Кремль"]),
];

/// A claim with whom it is about.
pub(crate) struct Story {
    pub(crate) open: OpenClaim,
    pub(crate) parties: Vec<(SourceId, Interest)>,
    pub(crate) reported_at: Timestamp,
}

/// A document as an item.
pub(crate) struct Document {
    pub(crate) item: Item,
}

/// The desk.
pub(crate) struct Desk {
    pub(crate) names: Names,
    pub(crate) sources: Vec<NamedSource>,
    pub(crate) claims: BTreeMap<String, Story>,
    pub(crate) documents: BTreeMap<String, Document>,
}

#[derive(Default)]
struct Book {
    sources: Vec<NamedSource>,
}

impl Book {
    fn add(&mut self, name: &str, kind: SourceKind, speaks_for: Option<SourceId>) -> SourceId {
        if let Some(known) = self.sources.iter_mut().find(|source| fold_name(&source.name) == fold_name(name)) {
            known.speaks_for = known.speaks_for.or(speaks_for);
            return known.id;
        }
        let number = u128::try_from(self.sources.len()).unwrap_or_default() + 1;
        let also = ALSO.iter().find(|(known, _)| *known == name).map_or(&[][..], |(_, also)| also);
        let aliases = also.iter().map(|alias| (*alias).to_owned()).collect();
        let id = SourceId(Uuid::from_u128(number));
        self.sources.push(NamedSource { id, name: name.to_owned(), aliases, kind, speaks_for, part_of: None });
        id
    }
}

impl Desk {
    /// The desk that knows these names. Who spoke on a claim is not among what it is told of a party.
    pub(crate) fn of(claims: &[Value], documents: &[Value], labels: &[Value]) -> Result<Self> {
        let mut book = Book::default();
        for document in documents {
            book.add(&field(document, "outlet")?, SourceKind::Outlet, None);
        }
        for claim in claims {
            book.add(&field(claim, "first_source")?, SourceKind::Outlet, None);
        }
        for label in labels {
            let carriers = strings(&label["relays"]).into_iter().chain(strings(&label["via"]));
            for name in carriers {
                book.add(&name, SourceKind::Outlet, None);
            }
        }
        let stories = claims.iter().zip(1_u128..).map(|(claim, number)| story(claim, number, &mut book));
        let stories: BTreeMap<String, Story> = stories.collect::<Result<_>>()?;
        let documents = documents.iter().map(|record| document(record, &mut book)).collect::<Result<_>>()?;
        let names = Names::new(book.sources.iter().cloned());
        Ok(Self { names, sources: book.sources, claims: stories, documents })
    }

    /// Whether a name means that source.
    pub(crate) fn is_source(&self, speaker: &Speaker, name: &str) -> bool {
        let id =
            self.sources.iter().find(|source| fold_name(&source.name) == fold_name(name)).map(|source| source.id);
        match (speaker.id, id) {
            (Some(one), Some(other)) => one == other,
            _ => fold_name(&speaker.name) == fold_name(name),
        }
    }

    /// Whether a bearing's speaker is the one that a label names: the same source, somebody of the same party where the
    /// label names nobody, or a name that shares its last word.
    pub(crate) fn is_speaker(&self, bearing: &Bearing, name: &str, claim: &str) -> bool {
        if bearing.footing.relays.is_some() {
            return false;
        }
        if self.is_source(&bearing.speaker, name) {
            return true;
        }
        let parties = self.claims.get(claim).map_or(&[][..], |story| story.parties.as_slice());
        let nobody = name.starts_with("a ") || name.starts_with("the ");
        let of_party = bearing.speaker.id.is_some_and(|id| {
            parties.iter().any(|(party, _)| {
                let named = self.names.get(*party).is_some_and(|source| name.contains(&source.name));
                named && self.names.speaks_for(id, *party)
            })
        });
        let last = |name: &str| name.split_whitespace().last().map(str::to_lowercase);
        let bare = name.split(" (").next().unwrap_or(name);
        let unknown = bearing.speaker.id.is_none();
        let described = name.split_once('(').map(|(_, inner)| inner.trim_end_matches(')'));
        (nobody && of_party)
            || (unknown && last(&bearing.speaker.name) == last(bare))
            || (unknown && described.is_some_and(|word| bearing.speaker.name.contains(word)))
    }
}

fn story(claim: &Value, number: u128, book: &mut Book) -> Result<(String, Story)> {
    let first = book.add(&field(claim, "first_source")?, SourceKind::Outlet, None);
    let reported_at = day(&field(claim, "first_reported")?)?;
    let mut parties = Vec::new();
    for party in claim["parties"].as_array().into_iter().flatten() {
        let id = book.add(&field(party, "source")?, SourceKind::Institution, None);
        let interest = serde_json::from_value(party["interest"].clone()).context("a party's interest")?;
        parties.push((id, interest));
        for voice in strings(&party["spoken_for_by"]) {
            if !voice.starts_with("a ") && !voice.starts_with("the ") {
                book.add(&voice, SourceKind::Person, Some(id));
            }
        }
    }
    let open = OpenClaim {
        id: ClaimId(Uuid::from_u128(number)),
        text: field(claim, "claim")?,
        language: Some("en".to_owned()),
        topic: None,
        notes: Vec::new(),
        parties: parties.iter().map(|(party, _)| *party).collect(),
        sources: vec![first],
        reported_at: Some(reported_at),
        waits_for: Vec::new(),
    };
    Ok((field(claim, "claim_id")?, Story { open, parties, reported_at }))
}

fn document(record: &Value, book: &mut Book) -> Result<(String, Document)> {
    let outlet_name = field(record, "outlet")?;
    let item = Item {
        title: record["title"].as_str().unwrap_or_default().to_owned(),
        text: field(record, "text")?,
        language: record["lang"].as_str().map(str::to_owned),
        outlet: Some(book.add(&outlet_name, SourceKind::Outlet, None)),
        outlet_name,
        credited: None,
        published: Some(day(&field(record, "date")?)?),
    };
    Ok((field(record, "doc_id")?, Document { item }))
}

fn field(record: &Value, name: &str) -> Result<String> {
    record[name].as_str().map(str::to_owned).with_context(|| format!("a record of the stories has no `{name}`"))
}

fn day(date: &str) -> Result<Timestamp> {
    format!("{date}T12:00:00Z").parse().with_context(|| format!("`{date}` is no day"))
}
