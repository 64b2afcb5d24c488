//! What the target `reading` does with some bytes: it reads them as an item, headline first, and fails where a span lies
//! outside of the text, or a second reading gives something else.

use hearsay_core::{ClaimId, SourceId, SourceKind};
use hearsay_reading::{Item, NamedSource, Names, OpenClaim, bearings, read};
use uuid::Uuid;

fn source(number: u128, name: &str, kind: SourceKind, speaks_for: Option<SourceId>) -> NamedSource {
    let id = SourceId(Uuid::from_u128(number));
    NamedSource { id, name: name.to_owned(), aliases: Vec::new(), kind, speaks_for, part_of: None }
}

/// An item.
pub(crate) fn reading(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    let (title, text) = text.split_once('\n').unwrap_or(("", &text));
    let item = Item { title: title.to_owned(), text: text.to_owned(), ..Item::default() };
    let house = SourceId(Uuid::from_u128(1));
    let names = Names::new(
        [
            source(1, "Kremlin", SourceKind::Institution, None),
            source(2, "Dmitry Peskov", SourceKind::Person, Some(house)),
            source(3, "Evening Courier", SourceKind::Outlet, None),
            source(4, "Кремль", SourceKind::Institution, Some(house)),
        ]
        .into_iter(),
    );
    let claim = OpenClaim {
        id: ClaimId(Uuid::from_u128(9)),
        text: "The Kremlin offered to freeze the war along the front line".to_owned(),
        language: None,
        topic: None,
        notes: Vec::new(),
        parties: vec![house],
        sources: vec![SourceId(Uuid::from_u128(3))],
        reported_at: None,
        waits_for: Vec::new(),
    };
    let first = read(&item, &names);
    let found = bearings(&first, &item, &claim, &names);
    let spans = found.iter().flat_map(|one| one.because.iter().filter_map(|because| because.span));
    for span in spans.chain(first.sentences.iter().copied()) {
        assert!(item.part(span.part).get(span.start..span.end).is_some(), "{span:?}");
    }
    assert_eq!(read(&item, &names), first);
}
