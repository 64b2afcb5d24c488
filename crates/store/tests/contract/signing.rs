//! Checkpoints: kept before they are shown, one root for one size, and none of a log that forgot.

use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use hearsay_ledger::SignedCheckpoint;
use hearsay_store::{Create, LogKey, Store, StoreError, restore, retire_key};

use crate::desk::{Desk, column, execute, options, submission, tell};
use crate::story::{BASICS, STORY, note};

const ORIGIN: &str = "hearsay.local/desk";

pub(crate) fn key(desk: &Desk) -> LogKey {
    let path = LogKey::beside(&desk.path);
    if path.exists() { LogKey::open(&path).unwrap() } else { LogKey::make(&path, ORIGIN, &[5; 32]).unwrap() }
}

fn state(desk: &Desk) -> PathBuf {
    desk.directory.path().join("desk.db.key.state")
}

async fn sign(store: &Store, key: &LogKey) -> Result<SignedCheckpoint, StoreError> {
    Ok(store.sign_checkpoint(key).await?.signed)
}

#[tokio::test]
async fn a_checkpoint_is_signed_once_for_a_size_and_kept() {
    let desk = Desk::told(STORY).await;
    let key = key(&desk);
    let first = desk.store.sign_checkpoint(&key).await.unwrap();
    first.signed.verify(&key.verifying()).unwrap();
    let (size, root) = desk.store.tree_now().await.unwrap();
    assert_eq!((first.signed.checkpoint().size(), first.signed.checkpoint().root()), (size, root));
    assert_eq!(desk.store.sign_checkpoint(&key).await.unwrap(), first, "nothing is new");
    assert_eq!(desk.store.newest_checkpoint(Some(ORIGIN)).await.unwrap(), Some(first.clone()));
    assert_eq!(desk.store.newest_checkpoint(Some("elsewhere")).await.unwrap(), None);

    desk.tell(&note("offer", "something new")).await;
    let second = desk.store.sign_checkpoint(&key).await.unwrap();
    assert_eq!(second.signed.checkpoint().size(), size + 1);
    assert_eq!(desk.store.checkpoints().await.unwrap(), [first, second.clone()]);
    assert_eq!(std::fs::read_to_string(state(&desk)).unwrap(), second.signed.to_text());
    let mode = std::fs::metadata(state(&desk)).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
    desk.assert_sound().await;
    assert_eq!(desk.store.checkpoints().await.unwrap().len(), 2, "a rebuild keeps what was signed");
}

#[tokio::test]
async fn a_log_without_events_is_not_signed() {
    let desk = Desk::new().await;
    let refused = sign(&desk.store, &key(&desk)).await.unwrap_err();
    assert!(matches!(refused, StoreError::NothingToSign), "{refused}");
    assert!(!state(&desk).exists());
}

#[tokio::test]
async fn checkpoints_refuse_to_be_changed() {
    let desk = Desk::told(STORY).await;
    sign(&desk.store, &key(&desk)).await.unwrap();
    for sql in [
        "UPDATE checkpoints SET root = zeroblob(32)",
        "DELETE FROM checkpoints",
        "INSERT INTO checkpoints SELECT origin, size, zeroblob(32), note, signed_at FROM checkpoints",
        "INSERT OR REPLACE INTO checkpoints SELECT origin, size, zeroblob(32), note, signed_at FROM checkpoints",
        "INSERT INTO checkpoints SELECT origin, size + 1, root, note, signed_at FROM checkpoints",
    ] {
        assert!(execute(&desk.path, sql).await.is_err(), "{sql}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn two_processes_that_race_sign_one_root_for_one_size() {
    let desk = Desk::told(STORY).await;
    key(&desk);
    let mut racing = Vec::new();
    for racer in 0..3 {
        let store = desk.again().await.unwrap();
        let path = LogKey::beside(&desk.path);
        racing.push(tokio::spawn(async move {
            let key = LogKey::open(&path).unwrap();
            let mut signed = Vec::new();
            for number in 0..15 {
                store.submit(submission(&note("offer", &format!("{racer} {number}")))).await.unwrap();
                signed.push(sign(&store, &key).await.unwrap());
            }
            store.close().await;
            signed
        }));
    }
    let mut shown = Vec::new();
    for racer in racing {
        shown.extend(racer.await.unwrap());
    }
    let kept = desk.store.checkpoints().await.unwrap();
    for signed in shown {
        let size = signed.checkpoint().size();
        let same: Vec<_> = kept.iter().filter(|kept| kept.signed.checkpoint().size() == size).collect();
        assert_eq!(same.len(), 1, "size {size}");
        assert_eq!(same[0].signed, signed, "what was shown is what is kept");
        assert_eq!(desk.store.root_of(size).await.unwrap(), signed.checkpoint().root());
    }
    desk.assert_sound().await;
}

async fn restored(desk: &Desk, backup: &Path, name: &str) -> Store {
    let to = desk.directory.path().join(name);
    restore(backup, &to).await.unwrap();
    Store::open(&to, options(Create::Never)).await.unwrap()
}

#[tokio::test]
async fn a_database_that_was_restored_to_an_older_state_is_not_signed() {
    let desk = Desk::told(BASICS).await;
    let key = key(&desk);
    let old = desk.directory.path().join("old.db");
    desk.store.backup(&old).await.unwrap();
    desk.tell(&format!("{}\n{}", note("offer", "one"), note("offer", "two"))).await;
    let newer = desk.directory.path().join("newer.db");
    desk.store.backup(&newer).await.unwrap();
    let signed = sign(&desk.store, &key).await.unwrap();

    let store = restored(&desk, &old, "restored.db").await;
    let refused = sign(&store, &key).await.unwrap_err();
    assert!(matches!(refused, StoreError::LogIsBehind { .. }), "{refused}");
    for number in 0..4 {
        tell(&store, &note("offer", &format!("another past {number}"))).await;
        let refused = sign(&store, &key).await.unwrap_err();
        let told = matches!(refused, StoreError::LogIsBehind { .. } | StoreError::LogWasRewritten { .. });
        assert!(told, "{refused}");
    }
    let refused = sign(&store, &key).await.unwrap_err();
    assert!(matches!(refused, StoreError::LogWasRewritten { .. }), "{refused}");
    assert_eq!(store.checkpoints().await.unwrap(), []);

    let caught_up = restored(&desk, &newer, "caught-up.db").await;
    assert_eq!(sign(&caught_up, &key).await.unwrap(), signed, "the same size, the same root, the same note");
    tell(&caught_up, &note("offer", "goes on")).await;
    sign(&caught_up, &key).await.unwrap();
    caught_up.close().await;

    let aside = retire_key(key.path()).await.unwrap();
    assert!(aside.exists() && !key.path().exists() && !state(&desk).exists());
    let renewed = LogKey::make(key.path(), "hearsay.local/renewed", &[6; 32]).unwrap();
    sign(&store, &renewed).await.unwrap();
    store.close().await;
}

#[tokio::test]
async fn a_forgotten_state_file_does_not_make_the_database_forget() {
    let desk = Desk::told(STORY).await;
    let key = key(&desk);
    let first = sign(&desk.store, &key).await.unwrap();
    std::fs::remove_file(state(&desk)).unwrap();
    assert_eq!(sign(&desk.store, &key).await.unwrap(), first);
    desk.tell(&note("offer", "more")).await;
    sign(&desk.store, &key).await.unwrap();
}

#[tokio::test]
async fn another_log_under_the_same_key_is_not_signed() {
    let (desk, other) = (Desk::told(BASICS).await, Desk::told(STORY).await);
    let key = key(&desk);
    sign(&desk.store, &key).await.unwrap();
    let refused = sign(&other.store, &key).await.unwrap_err();
    assert!(matches!(refused, StoreError::LogWasRewritten { .. }), "{refused}");
}

#[tokio::test]
async fn a_past_that_was_rewritten_is_not_signed() {
    let desk = Desk::told(STORY).await;
    let key = key(&desk);
    sign(&desk.store, &key).await.unwrap();
    execute(
        &desk.path,
        "DROP TRIGGER events_are_never_changed; UPDATE events SET leaf = zeroblob(32) WHERE seq = 3",
    )
    .await
    .unwrap();
    desk.store.rebuild(&mut |_, _| {}).await.unwrap();
    desk.tell(&note("offer", "more")).await;
    let refused = sign(&desk.store, &key).await.unwrap_err();
    assert!(matches!(refused, StoreError::LogWasRewritten { .. }), "{refused}");
}

#[tokio::test]
async fn a_key_is_its_owners_alone() {
    let desk = Desk::told(STORY).await;
    let key = key(&desk);
    let mode = || std::fs::metadata(key.path()).unwrap().permissions().mode() & 0o777;
    assert_eq!(mode(), 0o600);
    let secret = std::fs::read_to_string(key.path()).unwrap();
    assert!(!format!("{key:?}").contains(secret.trim_end()));
    assert!(matches!(LogKey::make(key.path(), ORIGIN, &[1; 32]), Err(StoreError::Exists { .. })));
    for open in [0o640, 0o604, 0o660, 0o666] {
        std::fs::set_permissions(key.path(), std::fs::Permissions::from_mode(open)).unwrap();
        let refused = LogKey::open(key.path()).unwrap_err().to_string();
        assert!(refused.contains(&format!("mode {open:o}")) && !refused.contains("PRIVATE"), "{refused}");
    }
    std::fs::set_permissions(key.path(), std::fs::Permissions::from_mode(0o400)).unwrap();
    LogKey::open(key.path()).unwrap();
    let backup = desk.directory.path().join("copy.db");
    desk.store.backup(&backup).await.unwrap();
    let bytes = std::fs::read(&backup).unwrap();
    let data = secret.trim_end().rsplit('+').next().unwrap();
    assert!(!bytes.windows(data.len()).any(|window| window == data.as_bytes()), "a backup holds the key");
}

#[tokio::test]
async fn files_that_are_no_key_are_refused() {
    let desk = Desk::told(STORY).await;
    let path = LogKey::beside(&desk.path);
    assert!(matches!(LogKey::open(&path), Err(StoreError::NoKey { .. })));
    for text in ["", "PRIVATE+KEY+a+00000000+AAAA", "\u{fffd}", "hello"] {
        std::fs::write(&path, text).unwrap();
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o600)).unwrap();
        let refused = LogKey::open(&path).unwrap_err();
        assert!(matches!(refused, StoreError::BadKey { .. }), "{text:?}: {refused}");
    }
    std::fs::remove_file(&path).unwrap();
    let key = key(&desk);
    sign(&desk.store, &key).await.unwrap();
    std::fs::write(state(&desk), "torn").unwrap();
    let refused = sign(&desk.store, &key).await.unwrap_err();
    assert!(matches!(refused, StoreError::BadKey { .. }), "{refused}");
    assert!(LogKey::make(&path, "two words", &[1; 32]).is_err());
    assert_eq!(column(&desk.path, "SELECT CAST(count(*) AS TEXT) FROM checkpoints").await, ["1"]);
}

#[tokio::test]
async fn a_key_that_was_retired_meanwhile_signs_nothing_more() {
    let desk = Desk::told(STORY).await;
    let held = key(&desk);
    sign(&desk.store, &held).await.unwrap();
    retire_key(held.path()).await.unwrap();
    desk.tell(&note("offer", "something new")).await;
    let refused = sign(&desk.store, &held).await.unwrap_err();
    assert!(matches!(refused, StoreError::NoKey { .. }), "{refused}");
    let renewed = LogKey::make(held.path(), "hearsay.local/renewed", &[6; 32]).unwrap();
    let refused = sign(&desk.store, &held).await.unwrap_err().to_string();
    assert!(refused.contains("another key has taken its place"), "{refused}");
    sign(&desk.store, &renewed).await.unwrap();
    assert_eq!(
        desk.store.newest_checkpoint(None).await.unwrap().unwrap().signed.checkpoint().origin(),
        renewed.origin()
    );
}

#[tokio::test]
async fn a_key_knows_what_it_signed_by_whatever_name_it_is_opened() {
    let desk = Desk::told(STORY).await;
    let path = key(&desk).path().to_owned();
    let (link, other) = (desk.directory.path().join("linked.key"), desk.directory.path().join("other.key"));
    std::os::unix::fs::symlink(&path, &link).unwrap();
    sign(&desk.store, &LogKey::open(&link).unwrap()).await.unwrap();
    assert!(state(&desk).exists() && !desk.directory.path().join("linked.key.state").exists());
    std::fs::hard_link(&path, &other).unwrap();
    let refused = LogKey::open(&other).unwrap_err().to_string();
    assert!(refused.contains("another name"), "{refused}");
}

#[tokio::test]
async fn a_kept_checkpoint_that_was_forged_is_not_shown_as_signed() {
    let desk = Desk::told(STORY).await;
    let key = key(&desk);
    let signed = sign(&desk.store, &key).await.unwrap();
    let line = signed.to_text().lines().last().unwrap().to_owned();
    let forged = format!("{}A{}", &line[..line.len() - 8], &line[line.len() - 7..]);
    let forged = if forged == line { line.replacen('A', "B", 1) } else { forged };
    let forge = format!(
        "DROP TRIGGER checkpoints_are_never_changed; UPDATE checkpoints SET note = replace(note, '{line}', '{forged}')"
    );
    execute(&desk.path, &forge).await.unwrap();
    let refused = sign(&desk.store, &key).await.unwrap_err();
    assert!(matches!(refused, StoreError::Ledger(_)), "{refused}");
}
