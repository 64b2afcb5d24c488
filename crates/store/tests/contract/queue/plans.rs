//! What a turn reads doesn't grow with the backlog: no statement goes through all tasks.

use sqlx::{Connection, Row, SqliteConnection};

use crate::desk::{Desk, raw};

/// The plan of each statement of a file, with nothing bound.
async fn plans(connection: &mut SqliteConnection, sql: &str) -> Vec<String> {
    let bare: Vec<&str> = sql.lines().filter(|line| !line.trim_start().starts_with("--")).collect();
    let mut steps = Vec::new();
    for statement in bare.join("\n").split(';').map(str::trim) {
        if statement.is_empty() || statement.starts_with("BEGIN") || statement.starts_with("COMMIT") {
            continue;
        }
        let explain = sqlx::AssertSqlSafe(format!("EXPLAIN QUERY PLAN {statement}"));
        let rows = sqlx::query(explain).fetch_all(&mut *connection).await.unwrap();
        steps.extend(rows.iter().map(|row| row.get::<String, _>(3)));
    }
    steps
}

/// Tables of a few rows, and what statements make of their parameters.
const FEW: [&str; 19] = [
    "workers",
    "task_kinds",
    "k",
    "a",
    "l",
    "r",
    "level",
    "allowed",
    "candidate",
    "ranked",
    "asked",
    "stream",
    "sole",
    "n",
    "j",
    "w",
    "CONSTANT ROW",
    "4 CONSTANT ROWS",
    "task_kinds EXISTS",
];

#[tokio::test]
async fn what_the_queue_reads_and_writes_does_not_grow_with_the_backlog() {
    let desk = Desk::new().await;
    let mut connection = raw(&desk.path).await;
    for (name, sql) in [
        ("enqueue_tasks.sql", include_str!("../../../src/sql/enqueue_tasks.sql")),
        ("enqueue_alike.sql", include_str!("../../../src/sql/enqueue_alike.sql")),
        ("enqueue_scheduled.sql", include_str!("../../../src/sql/enqueue_scheduled.sql")),
        ("begin_turn.sql", include_str!("../../../src/sql/begin_turn.sql")),
        ("settle_done.sql", include_str!("../../../src/sql/settle_done.sql")),
        ("settle_each.sql", include_str!("../../../src/sql/settle_each.sql")),
        ("lease.sql", include_str!("../../../src/sql/lease.sql")),
        ("heartbeat.sql", include_str!("../../../src/sql/heartbeat.sql")),
        ("begin_boot.sql", include_str!("../../../src/sql/begin_boot.sql")),
    ] {
        let steps = plans(&mut connection, sql).await;
        let scans = steps.iter().filter_map(|step| step.strip_prefix("SCAN "));
        let much = |scan: &&str| {
            let of_leases = scan.contains("INDEX tasks_leased") || scan.contains("INDEX tasks_busy");
            !scan.contains("VIRTUAL TABLE") && !of_leases && !FEW.contains(scan) && !scan.starts_with("(subquery-")
        };
        assert_eq!(scans.filter(much).collect::<Vec<_>>(), Vec::<&str>::new(), "{name}");
    }
    connection.close().await.unwrap();
}
