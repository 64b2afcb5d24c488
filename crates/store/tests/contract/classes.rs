//! What the database is made of: every table in one class, a log that is never changed, the settings that were decided,
//! and statements whose cost does not grow with the log.

use hearsay_store::tables;
use sqlx::{Connection, Executor, Row, SqliteConnection};

use crate::desk::{Desk, column, execute, raw, tell};
use crate::story::{STORY, note};

#[tokio::test]
async fn every_table_is_in_exactly_one_class_and_strict() {
    let desk = Desk::new().await;
    let tables = column(
        &desk.path,
        "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'claim_search_%'
            AND name NOT IN ('_sqlx_migrations', 'sqlite_sequence') ORDER BY name",
    )
    .await;
    let mut classed = [tables::RECORD, tables::DERIVED, tables::OPERATIONAL].concat();
    classed.sort_unstable();
    assert_eq!(tables, classed);
    let lax = "SELECT name FROM pragma_table_list WHERE type = 'table' AND strict = 0 AND schema = 'main'
                  AND name NOT IN ('_sqlx_migrations', 'sqlite_schema', 'sqlite_sequence')";
    assert_eq!(column(&desk.path, lax).await, Vec::<String>::new());
}

#[tokio::test]
async fn the_log_refuses_to_be_changed() {
    let desk = Desk::told(STORY).await;
    for sql in [
        "UPDATE events SET kind = 'x' WHERE seq = 3",
        "UPDATE events SET seq = 100000 WHERE seq = 3",
        "DELETE FROM events WHERE seq = (SELECT max(seq) FROM events)",
        "DELETE FROM events",
        "UPDATE texts SET body = 'x'",
        "INSERT INTO events SELECT * FROM events WHERE seq = 3",
    ] {
        assert!(execute(&desk.path, sql).await.is_err(), "{sql}");
    }
    desk.assert_sound().await;
}

#[tokio::test]
async fn a_check_finds_what_was_forged() {
    for (forgery, finding) in [
        ("UPDATE events SET envelope = replace(envelope, 'story', 'other') WHERE seq = 3", "event 3"),
        ("UPDATE events SET leaf = zeroblob(32) WHERE seq = 4", "event 4 does not have the hash"),
        ("UPDATE texts SET body = 'forged' WHERE event = 5 AND field = 'actor.name'", "`actor.name` of event 5"),
        ("PRAGMA foreign_keys = OFF; DELETE FROM events WHERE seq = 6", "no event 6"),
    ] {
        let desk = Desk::told(STORY).await;
        execute(
            &desk.path,
            "DROP TRIGGER events_are_never_changed; DROP TRIGGER events_are_never_deleted; DROP TRIGGER texts_are_never_changed",
        )
        .await
        .unwrap();
        execute(&desk.path, forgery).await.unwrap();
        let findings = desk.store.check(&mut |_, _| {}).await.unwrap().join("\n");
        assert!(findings.contains(finding), "{forgery}: {findings}");
    }
}

#[tokio::test]
async fn a_check_finds_nothing_however_often_it_is_made_while_others_write() {
    let desk = Desk::told(STORY).await;
    let other = desk.again().await.unwrap();
    for number in 0..12 {
        let store = if number % 3 == 0 { &other } else { &desk.store };
        tell(store, &note("offer", &format!("word{number}"))).await;
        for store in [&desk.store, &other] {
            assert_eq!(store.check(&mut |_, _| {}).await.unwrap(), Vec::<String>::new(), "after {number}");
        }
    }
    other.close().await;
}

#[tokio::test]
async fn a_text_that_is_gone_is_named_and_all_else_goes_on() {
    let desk = Desk::told(STORY).await;
    execute(&desk.path, "DELETE FROM texts WHERE field = 'words.quote'").await.unwrap();
    let findings = desk.store.check(&mut |_, _| {}).await.unwrap();
    assert!(
        !findings.is_empty() && findings.iter().all(|finding| finding.contains("`words.quote`")),
        "{findings:?}"
    );
    let file = desk.store.claim_file("C-1".parse().unwrap()).await.unwrap();
    assert!(file.evidence.iter().all(|piece| piece.quote.is_none()));
    desk.store.rebuild(&mut |_, _| {}).await.unwrap();
}

#[tokio::test]
async fn sqlite_is_not_older_than_the_one_without_the_wal_bug() {
    let desk = Desk::new().await;
    let version = column(&desk.path, "SELECT sqlite_version()").await.remove(0);
    let parts: Vec<u32> = version.split('.').map(|part| part.parse().unwrap()).collect();
    assert!(parts >= vec![3, 51, 3], "{version}");
    assert_eq!(column(&desk.path, "SELECT journal_mode FROM pragma_journal_mode").await, ["wal"]);
    let application = "SELECT printf('%x', application_id) FROM pragma_application_id";
    assert_eq!(column(&desk.path, application).await, ["48525359"], "`HRSY`");
}

/// The whole tables that a file's statements would read, with nothing bound.
async fn scans(connection: &mut SqliteConnection, sql: &str) -> Vec<String> {
    let (mut scans, mut planned) = (Vec::new(), 0);
    let sql = without_comments(sql);
    for statement in sql.split(';').map(str::trim).filter(|statement| !statement.is_empty()) {
        if ["BEGIN", "PRAGMA", "SELECT RAISE"].iter().any(|first| statement.starts_with(first)) {
            continue;
        }
        let explain = format!("EXPLAIN QUERY PLAN {statement}");
        let rows = sqlx::query(sqlx::AssertSqlSafe(explain)).fetch_all(&mut *connection).await.unwrap();
        planned += rows.len();
        let scanned =
            rows.iter().filter_map(|row| row.get::<String, _>(3).strip_prefix("SCAN ").map(str::to_owned));
        let mut scanned: Vec<String> = scanned.collect();
        // Names that the statement itself gives to few rows: one scan is due for each place at which it reads them.
        for (name, reads) in
            [("n", "FROM named n"), ("w", "wanted w"), ("b", "FROM below b"), ("t", "FROM touched t")]
        {
            for _ in statement.matches(reads) {
                if let Some(at) = scanned.iter().position(|scan| scan == name) {
                    scanned.remove(at);
                }
            }
        }
        scans.extend(scanned);
    }
    assert!(planned > 1);
    scans
}

fn without_comments(sql: &str) -> String {
    sql.lines().filter(|line| !line.trim_start().starts_with("--")).collect::<Vec<_>>().join("\n")
}

/// The statements of the triggers in a file, with a parameter for each new column.
fn of_triggers(sql: &str) -> String {
    let sql = without_comments(sql);
    let bodies: String = sql.split("\nBEGIN\n").skip(1).filter_map(|rest| rest.split("\nEND;").next()).collect();
    let named = |letter: char| letter.is_alphanumeric() || letter == '_';
    let mut parts = bodies.split("NEW.");
    let first = parts.next().unwrap_or_default().to_owned();
    parts.fold(first, |told, part| told + "$1" + part.trim_start_matches(named))
}

#[tokio::test]
async fn what_a_command_reads_and_writes_does_not_grow_with_the_log() {
    let desk = Desk::told(STORY).await;
    let mut connection = raw(&desk.path).await;
    let at_once = include_str!("../../src/sql/written_at_once.sql");
    connection.execute(at_once).await.unwrap();
    let triggers = of_triggers(at_once);
    assert_eq!(triggers.matches("INSERT INTO events").count(), 2);
    for (name, sql) in [
        ("look.sql", include_str!("../../src/sql/look.sql")),
        ("load.sql", include_str!("../../src/sql/load.sql")),
        ("written_at_once.sql", &triggers),
        ("write_rest.sql", include_str!("../../src/sql/write_rest.sql")),
        ("claims_touched_by_source.sql", include_str!("../../src/sql/claims_touched_by_source.sql")),
    ] {
        // The parameters' rows, and what they name; the log's last row, which an index's end gives; the policies, few, and read once.
        let due = |scan: &String| {
            scan.contains("VIRTUAL TABLE INDEX")
                || scan == "CONSTANT ROW"
                || ["p", "named", "first_pieces", "events"].contains(&scan.as_str())
        };
        let scans: Vec<String> = scans(&mut connection, sql).await.into_iter().filter(|scan| !due(scan)).collect();
        assert_eq!(scans, Vec::<String>::new(), "{name} reads whole tables");
    }
    connection.close().await.unwrap();
}
