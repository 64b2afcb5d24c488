//! A small registry, a claim on it, and an item to read.

use hearsay_core::{ClaimId, SourceId, SourceKind};
use hearsay_reading::{Bearing, Item, NamedSource, Names, OpenClaim, bearings, read};
use uuid::Uuid;

pub(crate) const KREMLIN: SourceId = SourceId(Uuid::from_u128(1));
pub(crate) const PESKOV: SourceId = SourceId(Uuid::from_u128(2));
pub(crate) const COURIER: SourceId = SourceId(Uuid::from_u128(3));
pub(crate) const RIA: SourceId = SourceId(Uuid::from_u128(4));
pub(crate) const HERALD: SourceId = SourceId(Uuid::from_u128(5));
pub(crate) const ZELENSKY: SourceId = SourceId(Uuid::from_u128(6));
pub(crate) const KYIV: SourceId = SourceId(Uuid::from_u128(7));

fn source(id: SourceId, kind: SourceKind, speaks_for: Option<SourceId>, names: &[&str]) -> NamedSource {
    let mut names = names.iter().map(|name| (*name).to_owned());
    let name = names.next().expect("a name");
    NamedSource { id, name, aliases: names.collect(), kind, speaks_for, part_of: None }
}

pub(crate) fn names() -> Names {
    Names::new(
        [
            source(KREMLIN, SourceKind::Institution, None, &["Kremlin", "Кремль"]),
            source(PESKOV, SourceKind::Person, Some(KREMLIN), &["Dmitry Peskov", "Песков", "Пєсков"]),
            source(COURIER, SourceKind::Outlet, None, &["Evening Courier"]),
            source(RIA, SourceKind::Agency, None, &["RIA Novosti", "РИА Новости"]),
            source(HERALD, SourceKind::Outlet, None, &["Daily Herald"]),
            source(ZELENSKY, SourceKind::Person, Some(KYIV), &["Volodymyr Zelensky", "Зеленський"]),
            source(KYIV, SourceKind::Institution, None, &["Ukraine's presidency"]),
        ]
        .into_iter(),
    )
}

pub(crate) fn claim() -> OpenClaim {
    OpenClaim {
        id: ClaimId(Uuid::from_u128(100)),
        text: "The Kremlin offered Washington to freeze the war along the present front line".to_owned(),
        language: Some("en".to_owned()),
        topic: None,
        notes: Vec::new(),
        parties: vec![KREMLIN],
        sources: vec![COURIER],
        reported_at: None,
        waits_for: Vec::new(),
    }
}

pub(crate) fn item(title: &str, text: &str) -> Item {
    Item {
        title: title.to_owned(),
        text: text.to_owned(),
        outlet: Some(HERALD),
        outlet_name: "Daily Herald".to_owned(),
        published: Some("2025-04-23T12:00:00Z".parse().expect("a time")),
        ..Item::default()
    }
}

pub(crate) fn heard(title: &str, text: &str) -> Vec<Bearing> {
    let (item, names) = (item(title, text), names());
    bearings(&read(&item, &names), &item, &claim(), &names)
}

/// The bearing of one speaker.
pub(crate) fn of(speaker: SourceId, title: &str, text: &str) -> Bearing {
    let all = heard(title, text);
    let found = all.iter().find(|bearing| bearing.speaker.id == Some(speaker));
    found.cloned().expect("the speaker is heard")
}
