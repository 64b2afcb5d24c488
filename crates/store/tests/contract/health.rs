//! How the database and the docket fare, in numbers, and what a short look at the record finds.

use crate::desk::{Desk, execute};
use crate::story::STORY;

#[tokio::test]
async fn the_numbers_are_those_of_the_docket() {
    let desk = Desk::new().await;
    let empty = desk.store.health().await.unwrap();
    assert_eq!((empty.events, empty.last_recorded_at, empty.restands), (0, None, 0));
    desk.tell(STORY).await;
    let health = desk.store.health().await.unwrap();
    let events = desk.store.events(&hearsay_store::EventFilter::default()).await.unwrap();
    assert_eq!(health.events, events.len() as u64);
    assert_eq!(health.last_recorded_at, events.last().map(|view| view.event.recorded_at));
    let claims = desk.store.claims(&hearsay_store::ClaimFilter::default()).await.unwrap();
    let number = |due: fn(&hearsay_store::ClaimRow) -> bool| claims.iter().filter(|row| due(row)).count() as u64;
    assert_eq!(health.due_to_advance, number(|row| row.due_to_advance));
    assert_eq!(health.due_to_reopen, number(|row| row.due_to_reopen));
    assert_eq!(health.overdue, number(|row| row.overdue));
    assert!(health.schema >= 1 && health.file_bytes + health.wal_bytes > 0);
}

#[tokio::test]
async fn a_short_look_finds_what_is_wrong_with_the_newest_events() {
    let desk = Desk::told(STORY).await;
    let last = desk.store.head().await.unwrap().unwrap();
    assert_eq!(desk.store.quick_check(1_000).await.unwrap(), Vec::<String>::new());
    execute(
        &desk.path,
        "DROP TRIGGER events_are_never_changed; UPDATE events SET leaf = zeroblob(32) WHERE seq = 4",
    )
    .await
    .unwrap();
    let findings = desk.store.quick_check(last - 3).await.unwrap().join("\n");
    assert!(findings.contains("event 4 does not have the hash"), "{findings}");
    assert_eq!(desk.store.quick_check(last - 4).await.unwrap(), Vec::<String>::new());
}
