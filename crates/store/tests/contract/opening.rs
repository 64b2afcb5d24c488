//! Opening what is a database, and what is not: each refusal a sentence, and the file left as it was.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::Command;

use hearsay_core::CommandId;
use hearsay_store::{Create, Outcome, Remember, Sequence, Store, StoreError, Submission, SubmitError};
use sqlx::{Connection, Executor, SqliteConnection};

use crate::desk::{Desk, execute, fresh_id, options, raw, submission, submission_with};
use crate::story::{BASICS, note};

/// Opens the file, which must be refused and left as it was; the sentence, without the path.
async fn refused(path: &Path, create: Create) -> String {
    let before = std::fs::read(path).ok();
    let error = match Store::open(path, options(create)).await {
        Ok(_) => panic!("{} was opened", path.display()),
        Err(error) => error.to_string(),
    };
    assert!(std::fs::read(path).ok() == before, "the file was changed: {error}");
    error.replace(&path.display().to_string(), "FILE")
}

async fn made_by(path: &Path, sql: &str) {
    SqliteConnection::connect(&format!("sqlite://{}?mode=rwc", path.display()))
        .await
        .unwrap()
        .close()
        .await
        .unwrap();
    execute(path, sql).await.unwrap();
}

#[tokio::test]
async fn what_is_no_database_is_refused_and_left_as_it_was() {
    let directory = tempfile::tempdir().unwrap();
    let file = |name: &str| directory.path().join(name);
    for (name, content) in
        [("letter.txt", &b"Dear desk, this is no database at all."[..]), ("short", b"SQL"), ("zip", b"PK\x03\x04")]
    {
        std::fs::write(file(name), content).unwrap();
        assert_eq!(
            refused(&file(name), Create::IfMissing).await,
            "`FILE` is no Hearsay database: it is a file of another kind"
        );
    }
    std::fs::write(file("garbage"), [&b"SQLite format 3\0"[..], &[0xa5; 9_000]].concat()).unwrap();
    let garbage = refused(&file("garbage"), Create::IfMissing).await;
    assert!(garbage.starts_with("`FILE` is no Hearsay database"), "{garbage}");
    std::fs::write(file("empty"), b"").unwrap();
    assert_eq!(refused(&file("empty"), Create::Never).await, "`FILE` is no Hearsay database: it is empty");
    assert_eq!(
        refused(directory.path(), Create::IfMissing).await,
        "`FILE` is no Hearsay database: it is a directory"
    );
    let missing = refused(&file("missing"), Create::Never).await;
    assert_eq!(missing, "there is no database at `FILE`; `hearsay init --db FILE` makes one");
    assert!(!file("missing").exists());
    let nowhere = refused(&file("no/such/place.db"), Create::IfMissing).await;
    assert!(nowhere.contains("there is no such directory"), "{nowhere}");
}

#[tokio::test]
async fn a_database_of_another_program_is_left_as_it_was() {
    let directory = tempfile::tempdir().unwrap();
    for (name, sql) in [
        ("plain", "CREATE TABLE recipes (name TEXT); INSERT INTO recipes VALUES ('soup')"),
        (
            "of sqlx",
            "CREATE TABLE _sqlx_migrations (version BIGINT PRIMARY KEY, description TEXT); INSERT INTO _sqlx_migrations VALUES (1, 'theirs')",
        ),
        ("with an id", "PRAGMA application_id = 42; CREATE TABLE x (y)"),
    ] {
        let path = directory.path().join(name);
        made_by(&path, sql).await;
        let sentence = refused(&path, Create::IfMissing).await;
        assert_eq!(
            sentence, "`FILE` is no Hearsay database: it is an SQLite database of another program",
            "{name}"
        );
        let left: Vec<PathBuf> =
            std::fs::read_dir(directory.path()).unwrap().map(|entry| entry.unwrap().path()).collect();
        assert_eq!(left, std::slice::from_ref(&path), "{name}: something was left beside it");
        std::fs::remove_file(path).unwrap();
    }
}

#[tokio::test]
async fn an_empty_file_becomes_a_database() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("desk.db");
    std::fs::write(&path, b"").unwrap();
    let store = Store::open(&path, options(Create::IfMissing)).await.unwrap();
    store.submit(submission(r#"{"do":"add_source","name":"FT","kind":"outlet"}"#)).await.unwrap();
    store.close().await;
}

#[tokio::test]
async fn a_newer_database_is_refused_and_left_as_it_was() {
    let Desk { directory, path, store, .. } = Desk::told(BASICS).await;
    store.close().await;
    execute(&path, "INSERT INTO _sqlx_migrations (version, description, success, checksum, execution_time) VALUES (9999, 'later', 1, x'00', 0)").await.unwrap();
    let sentence = refused(&path, Create::Never).await;
    assert!(
        sentence.starts_with("`FILE` was written by a newer Hearsay (schema 9999; this one knows "),
        "{sentence}"
    );
    assert_eq!(std::fs::read_dir(directory.path()).unwrap().count(), 1, "something was left beside it");
}

#[tokio::test]
async fn a_database_cut_in_the_middle_is_refused_or_found_damaged() {
    let Desk { directory, path, store, .. } = Desk::told(crate::story::STORY).await;
    store.close().await;
    let whole = std::fs::read(&path).unwrap();
    for (cut, length) in [100, 4_096, 5_000, whole.len() / 2, whole.len() - 4_096].into_iter().enumerate() {
        let path = directory.path().join(format!("cut-{cut}.db"));
        std::fs::write(&path, &whole[..length]).unwrap();
        match Store::open(&path, options(Create::Never)).await {
            Ok(store) => {
                let told = store.check(&mut |_, _| {}).await;
                assert!(told.is_err() || !told.unwrap().is_empty(), "cut at {length}: nothing was found");
                store.close().await;
            }
            Err(error) => {
                assert!(matches!(error, StoreError::Damaged { .. } | StoreError::NotADatabase { .. }), "{error}");
            }
        }
        assert!(std::fs::read(&path).unwrap() == whole[..length], "cut at {length}: the file was changed");
    }
}

#[tokio::test]
async fn a_database_that_another_process_holds_is_busy_and_nothing_is_lost() {
    let desk = Desk::told(BASICS).await;
    let mut holder = raw(&desk.path).await;
    holder.execute("BEGIN IMMEDIATE").await.unwrap();
    let (first, second) = tokio::join!(
        desk.store.submit(submission(&note("offer", "one"))),
        desk.store.submit(submission(&note("offer", "two"))),
    );
    for ended in [first, second] {
        let sentence = ended.unwrap_err().to_string();
        assert!(
            sentence.ends_with("is locked by another process for over 5 seconds; try again when it is done"),
            "{sentence}"
        );
    }
    let waiting = desk.store.enqueue(submission(&note("offer", "three"))).await.unwrap();
    holder.execute("ROLLBACK").await.unwrap();
    waiting.receipt().await.unwrap();
    desk.tell(&note("offer", "four")).await;
    let notes = desk.store.claim_file("C-1".parse().unwrap()).await.unwrap().notes;
    assert_eq!(notes.len(), 2);
    desk.assert_sound().await;
}

#[tokio::test]
async fn what_builds_on_a_command_that_could_not_be_taken_in_is_not_decided() {
    let desk = Desk::told(BASICS).await;
    let mut holder = raw(&desk.path).await;
    holder.execute("BEGIN IMMEDIATE").await.unwrap();
    let lines = [
        r#"{"do":"add_source","ref":"late","name":"Late Edition","kind":"outlet"}"#,
        r#"{"do":"alias_source","source":"late","alias":"LE"}"#,
        r#"{"do":"note","claim":"offer","text":"from the late edition"}"#,
    ];
    let ids: Vec<CommandId> = lines.iter().map(|_| CommandId(fresh_id())).collect();
    let import = |sequence: Sequence| {
        let command = move |(line, id): (&&str, &CommandId)| Submission {
            sequence: Some(sequence.clone()),
            ..submission_with(*id, Remember::Yes, line)
        };
        lines.iter().zip(&ids).map(command).collect::<Vec<_>>()
    };
    let mut waiting = Vec::new();
    for (number, command) in import(Sequence::default()).into_iter().enumerate() {
        waiting.push(desk.store.enqueue(command).await.unwrap());
        if number == 0 {
            tokio::time::sleep(std::time::Duration::from_millis(200)).await;
        }
    }
    let mut waiting = waiting.into_iter();
    waiting.next().unwrap().receipt().await.unwrap_err();
    holder.execute("ROLLBACK").await.unwrap();
    for pending in waiting {
        let error = pending.receipt().await.unwrap_err();
        assert!(matches!(error, SubmitError::Unavailable(_)), "{error}");
    }
    for command in import(Sequence::default()) {
        assert_eq!(desk.store.submit(command).await.unwrap().outcome, Outcome::Recorded);
    }
    desk.assert_sound().await;
}

/// Runs the child half of a test in a shell of its own mounts, and gives what it told; none, said aloud, where the
/// system lets nobody prepare the place. With `CI=true` that is a failure.
fn in_a_shell(setup: &str, test: &str, place: &Path) -> Option<String> {
    let shell = |script: &str| {
        let exe = std::env::current_exe().unwrap();
        Command::new("unshare").args(["-m", "sh", "-c", script]).arg(exe).env("HEARSAY_PLACE", place).output()
    };
    if !shell(setup).is_ok_and(|output| output.status.success()) {
        let said = format!("SKIPPED {test}: this system does not let `{setup}`\n");
        std::io::stderr().write_all(said.as_bytes()).unwrap();
        assert!(std::env::var("CI").as_deref() != Ok("true"), "{test} may not be skipped in CI");
        return None;
    }
    let output = shell(&format!("{setup} && exec \"$0\" --exact {test} --ignored --nocapture")).unwrap();
    let told = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(output.status.success(), "{told}{}", String::from_utf8_lossy(&output.stderr));
    Some(told)
}

fn place() -> Option<PathBuf> {
    std::env::var_os("HEARSAY_PLACE").map(PathBuf::from)
}

#[tokio::test]
#[ignore = "another test runs it as a process of its own"]
async fn fills_a_disk() {
    let Some(place) = place() else { return };
    let path = place.join("desk.db");
    let store = Store::open(&path, options(Create::IfMissing)).await.unwrap();
    for line in BASICS.lines().filter(|line| !line.is_empty()) {
        store.submit(submission(line)).await.unwrap();
    }
    let (mut taken, text) = (0, "x".repeat(20_000));
    let error = loop {
        match store.submit(submission(&note("offer", &text))).await {
            Ok(_) => taken += 1,
            Err(error) => break error,
        }
    };
    println!("told: {error}");
    std::fs::remove_file(place.join("ballast")).unwrap();
    store.submit(submission(&note("offer", "after some space was freed"))).await.unwrap();
    let notes = store.claim_file("C-1".parse().unwrap()).await.unwrap().notes.len();
    assert_eq!(notes, taken + 1);
    crate::desk::assert_rebuilds(&store, &path).await;
    store.close().await;
    println!("told: all is there");
}

#[tokio::test]
async fn on_a_full_disk_nothing_is_lost_and_space_helps() {
    let directory = tempfile::tempdir().unwrap();
    let setup = "mount -t tmpfs -o size=6m tmpfs \"$HEARSAY_PLACE\" && head -c 3000000 /dev/zero > \"$HEARSAY_PLACE/ballast\"";
    let Some(told) = in_a_shell(setup, "opening::fills_a_disk", directory.path()) else {
        return;
    };
    assert!(told.contains("free some space and run it again; nothing was lost"), "{told}");
    assert!(told.contains("told: all is there"), "{told}");
}

#[tokio::test]
#[ignore = "another test runs it as a process of its own"]
async fn opens_what_is_read_only() {
    let Some(place) = place() else { return };
    for name in ["desk.db", "new.db"] {
        match Store::open(&place.join(name), options(Create::IfMissing)).await {
            Err(error) => println!("told: {name}: {error}"),
            Ok(store) => {
                println!("told: {name}: {}", store.submit(submission(&note("offer", "x"))).await.unwrap_err());
            }
        }
    }
}

#[tokio::test]
async fn a_read_only_directory_is_told_in_a_sentence() {
    let Desk { directory, path, store, .. } = Desk::told(BASICS).await;
    store.close().await;
    let before = std::fs::read(&path).unwrap();
    let setup =
        "mount --bind \"$HEARSAY_PLACE\" \"$HEARSAY_PLACE\" && mount -o remount,bind,ro \"$HEARSAY_PLACE\"";
    let Some(told) = in_a_shell(setup, "opening::opens_what_is_read_only", directory.path()) else {
        return;
    };
    assert_eq!(told.matches("cannot be written to").count(), 2, "{told}");
    assert!(std::fs::read(&path).unwrap() == before, "the file was changed");
}
