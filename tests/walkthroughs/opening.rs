//! Walkthrough 6, as far as a stranger's file goes, and backups: what the program makes of a file that it is given.

use std::fs;

use crate::harness::Desk;

const SOURCE: &str = r#"{"do":"add_source","ref":"a","name":"Alpha","kind":"outlet"}"#;

#[test]
fn a_file_that_is_no_database_is_left_alone() {
    let desk = Desk::new();
    let path = desk.folder().join("letter.txt");
    fs::write(&path, "Dear desk, this is no database at all.\n").expect("a file");
    let ended = desk.run(&["claim", "list"]).done();
    assert_eq!(ended.code, Some(0));
    let other = Desk::new();
    fs::copy(&path, other.database()).expect("a copy");
    for name in ["desk.db-wal", "desk.db-shm"] {
        if other.folder().join(name).exists() {
            fs::remove_file(other.folder().join(name)).expect("a leftover");
        }
    }
    let ended = other.run(&["claim", "list"]);
    assert_eq!(ended.code, Some(5), "{}", ended.stderr);
    assert!(ended.stderr.contains("no Hearsay database"), "{}", ended.stderr);
    assert_eq!(fs::read(other.database()).expect("the file"), fs::read(&path).expect("the letter"));
}

#[test]
fn a_backup_is_restored() {
    let desk = Desk::new();
    desk.import(SOURCE).done();
    let copy = desk.folder().join("copy.db").to_string_lossy().into_owned();
    desk.run(&["backup", &copy]).done();
    let twice = desk.run(&["backup", &copy]);
    assert_ne!(twice.code, Some(0), "a backup must not be overwritten");
    desk.import(r#"{"do":"alias_source","source":"a","alias":"Alfa"}"#).done();
    let restored = desk.folder().join("restored.db").to_string_lossy().into_owned();
    desk.run(&["restore", &copy, "--to", &restored]).done();
    let sources = desk.run(&["source", "list", "--format", "json"]).done().stdout;
    assert!(sources.contains("Alfa"));
    let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_hearsay"));
    let output =
        command.args(["--db", &restored, "source", "list", "--format", "json"]).output().expect("it runs");
    let sources = String::from_utf8(output.stdout).expect("UTF-8");
    assert!(sources.contains("Alpha") && !sources.contains("Alfa"), "{sources}");
}

#[test]
fn an_import_makes_a_missing_database_and_a_missing_file_makes_none() {
    let desk = Desk::new();
    let fresh = desk.folder().join("fresh.db");
    let run = |file: &str| {
        let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_hearsay"));
        let db = fresh.to_string_lossy().into_owned();
        command.current_dir(desk.folder()).args(["--db", &db, "import", file]).output().expect("it runs")
    };
    assert!(!run("nothing.jsonl").status.success());
    assert!(!fresh.exists(), "a database was made for nothing");
    desk.file("one.jsonl", SOURCE);
    let ended = run("one.jsonl");
    assert!(ended.status.success() && fresh.exists());
    assert!(String::from_utf8_lossy(&ended.stderr).contains("made the database"));
}
