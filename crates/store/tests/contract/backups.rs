//! Copies made while others write, and put back: each a prefix of the log, sound, and never over what is there.

use hearsay_store::{Create, EventFilter, Store, StoreError, move_aside, restore};

use crate::desk::{Desk, assert_rebuilds, dump, explained, options, tell};
use crate::story::{BASICS, STORY, note};

#[tokio::test(flavor = "multi_thread")]
async fn a_backup_while_another_store_writes_is_a_prefix_of_the_log() {
    let desk = Desk::told(BASICS).await;
    let other = desk.again().await.unwrap();
    let writing = tokio::spawn(async move {
        for number in 0..300 {
            tell(&other, &note("offer", &format!("note {number}"))).await;
        }
        other.close().await;
    });
    let mut copies = Vec::new();
    for number in 0..6 {
        let to = desk.directory.path().join(format!("copy-{number}.db"));
        desk.store.backup(&to).await.unwrap();
        copies.push(to);
    }
    writing.await.unwrap();
    for to in copies {
        let copy = Store::open(&to, options(Create::Never)).await.unwrap();
        assert_rebuilds(&copy, &to).await;
        let all = copy.events(&EventFilter::default()).await.unwrap();
        let prefix = EventFilter { limit: Some(u32::try_from(all.len()).unwrap()), ..EventFilter::default() };
        assert_eq!(all, desk.store.events(&prefix).await.unwrap());
        copy.submit(crate::desk::submission(&note("offer", "in the copy"))).await.unwrap();
        copy.close().await;
    }
    let names: Vec<String> = std::fs::read_dir(desk.directory.path())
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    assert!(!names.iter().any(|name| name.contains(".part")), "{names:?}");
    desk.assert_sound().await;
}

#[tokio::test]
async fn what_is_restored_is_what_was_copied() {
    let desk = Desk::told(STORY).await;
    let (copy, back) = (desk.directory.path().join("copy.db"), desk.directory.path().join("back.db"));
    desk.store.backup(&copy).await.unwrap();
    restore(&copy, &back).await.unwrap();
    let restored = Store::open(&back, options(Create::Never)).await.unwrap();
    assert_eq!(explained(&restored).await, explained(&desk.store).await);
    assert_eq!(dump(&back, "events").await, dump(&desk.path, "events").await);
    assert_eq!(dump(&back, "restands").await, dump(&desk.path, "restands").await);
    restored.close().await;
}

#[tokio::test]
async fn nothing_is_written_over_and_nothing_unsound_is_put_back() {
    let desk = Desk::told(STORY).await;
    let there = desk.directory.path().join("there");
    std::fs::write(&there, b"precious").unwrap();
    assert!(matches!(desk.store.backup(&there).await, Err(StoreError::Exists { .. })));
    let copy = desk.directory.path().join("copy.db");
    desk.store.backup(&copy).await.unwrap();
    assert!(matches!(restore(&copy, &there).await, Err(StoreError::Exists { .. })));
    assert!(matches!(restore(&copy, &desk.path).await, Err(StoreError::Exists { .. })));
    let stale = desk.directory.path().join("stale.db");
    std::fs::write(desk.directory.path().join("stale.db-wal"), "left over").unwrap();
    assert!(matches!(restore(&copy, &stale).await, Err(StoreError::Exists { .. })));
    assert_eq!(std::fs::read(&there).unwrap(), b"precious");
    let new = desk.directory.path().join("new.db");
    assert!(matches!(restore(&there, &new).await, Err(StoreError::NotADatabase { .. })));
    assert!(matches!(restore(&desk.directory.path().join("gone"), &new).await, Err(StoreError::Missing { .. })));
    let whole = std::fs::read(&copy).unwrap();
    let mut forged = whole.clone();
    let middle = whole.len() / 2 / 4_096 * 4_096;
    forged[middle..middle + 4_096].fill(0xa5);
    for (name, bytes) in [("cut", &whole[..whole.len() / 2]), ("forged", &forged)] {
        let unsound = desk.directory.path().join(name);
        std::fs::write(&unsound, bytes).unwrap();
        let error = restore(&unsound, &new).await.unwrap_err();
        assert!(matches!(error, StoreError::Damaged { .. }), "{name}: {error}");
        assert!(!new.exists(), "{name}");
        assert!(std::fs::read(&unsound).unwrap() == bytes, "{name}: the file was changed");
    }
}

#[tokio::test]
async fn a_backup_into_nowhere_is_refused() {
    let desk = Desk::told(BASICS).await;
    let error = desk.store.backup(&desk.directory.path().join("no/such/copy.db")).await.unwrap_err();
    assert!(error.to_string().contains("copy.db"), "{error}");
    desk.tell(&note("offer", "the desk goes on")).await;
}

#[tokio::test]
async fn a_database_is_moved_aside_whole_and_only_when_nobody_has_it_open() {
    let desk = Desk::told(STORY).await;
    let aside = desk.directory.path().join("aside.db");
    assert!(matches!(move_aside(&desk.path, &aside).await, Err(StoreError::Busy { .. })));
    assert!(desk.path.exists() && !aside.exists());
    let before = explained(&desk.store).await;
    let Desk { directory, path, store, .. } = desk;
    store.close().await;
    move_aside(&path, &aside).await.unwrap();
    assert!(!path.exists());
    let moved = Store::open(&aside, options(Create::Never)).await.unwrap();
    assert_eq!(explained(&moved).await, before);
    moved.close().await;
    drop(directory);
}
