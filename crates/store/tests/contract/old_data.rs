//! Rows that an older program wrote: each migration has a data file, inserted after it, which later migrations meet.
//! `cargo test -p hearsay-store --test contract writes_the_data_file -- --ignored` writes the last one anew.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use hearsay_core::{Standing, State};
use hearsay_store::{Create, Store, tables};
use sqlx::migrate::Migrator;
use sqlx::{Connection, SqliteConnection};

use crate::desk::{Desk, assert_rebuilds, column, counted, execute, options, submission, tell};
use crate::story::{STORY, note};

/// The last migration, whose rows today's program writes.
const LAST: i64 = 12;

fn data_file(version: i64) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("tests/contract/data/{version:04}.sql"))
}

/// A database as the program of that version left it.
async fn as_left_by(version: i64, path: &Path) {
    let migrations = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../migrations/sqlite");
    let mut migrator = Migrator::new(migrations).await.unwrap();
    migrator.migrations.to_mut().retain(|migration| migration.version <= version);
    let url = format!("sqlite://{}?mode=rwc", path.display());
    let mut connection = SqliteConnection::connect(&url).await.unwrap();
    migrator.run(&mut connection).await.unwrap();
    connection.close().await.unwrap();
    execute(path, &std::fs::read_to_string(data_file(version)).unwrap()).await.unwrap();
}

/// The numbers of the migrations, in order.
fn versions() -> Vec<i64> {
    let migrations = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../migrations/sqlite");
    let version = |file: std::io::Result<std::fs::DirEntry>| -> i64 {
        let name = file.unwrap().file_name().into_string().unwrap();
        name.split('_').next().unwrap().parse().unwrap()
    };
    let mut versions: Vec<i64> = std::fs::read_dir(migrations).unwrap().map(version).collect();
    versions.sort_unstable();
    versions
}

#[tokio::test]
async fn every_migration_has_a_data_file() {
    for version in versions() {
        assert!(version <= LAST, "migration {version}: write its data file, and raise LAST");
        assert!(data_file(version).exists(), "migration {version} has no data file");
    }
}

#[tokio::test]
async fn what_an_older_program_wrote_is_read_and_goes_on() {
    for version in versions() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("desk.db");
        as_left_by(version, &path).await;
        let store = Store::open(&path, options(Create::Never)).await.unwrap();
        let offer = store.claim_file("C-1".parse().unwrap()).await.unwrap();
        assert_eq!((offer.row.state, offer.row.standing), (State::Disputed, Standing::Disputed), "{version}");
        assert_eq!((offer.evidence.len(), offer.notes.len(), offer.parties.len()), (9, 4, 1), "{version}");
        assert_eq!(offer.row.assignee.as_deref(), Some("benedict"));
        let crimea = store.claim_file("C-2".parse().unwrap()).await.unwrap();
        assert_eq!(crimea.ruling.unwrap().rating, "True");
        let found = hearsay_store::ClaimFilter { text: Some("elysee".into()), ..Default::default() };
        assert_eq!(store.claims(&found).await.unwrap().len(), 1);
        assert_rebuilds(&store, &path).await;
        tell(&store, &note("triplet", "years later")).await;
        store.restand(&mut |_| {}).await.unwrap();
        assert_rebuilds(&store, &path).await;
        store.close().await;
    }
}

#[tokio::test]
#[ignore = "writes the data file of the last migration: for whoever adds one"]
async fn writes_the_data_file() {
    let desk = Desk::with(counted()).await;
    desk.tell(STORY).await;
    let kept =
        hearsay_store::Submission { remember: hearsay_store::Remember::Yes, ..submission(&note("nobody", "x")) };
    desk.store.submit(kept).await.unwrap_err();
    crate::queue::busy(&desk.store).await;
    crate::intake::busy(&desk.store).await;
    let key = crate::signing::key(&desk);
    let kept = desk.store.sign_checkpoint(&key).await.unwrap();
    let witness = crate::cosigning::witness("witness.example/ana", 1);
    let cosigned = kept.signed.cosign(&witness, 1_750_000_000).unwrap();
    let known = [crate::cosigning::public(&witness)];
    desk.store.take_cosigned(&cosigned, &key.verifying(), &known).await.unwrap();
    let mut out = String::from(
        "-- The contract's story, as the program of this migration wrote it. Never edited by hand.\n",
    );
    let mut all = [tables::RECORD, tables::DERIVED, tables::OPERATIONAL].concat();
    // The migration itself makes the secret.
    all.retain(|table| *table != "secrets");
    for table in all {
        let names = column(&desk.path, &format!("SELECT name FROM pragma_table_info('{table}')")).await;
        let rowid = if table == "claim_search" { "rowid, " } else { "" };
        let quoted: Vec<String> = names.iter().map(|name| format!("quote(\"{name}\")")).collect();
        let quoted_rowid = if table == "claim_search" { "rowid || ', ' || " } else { "" };
        let rows = format!("SELECT {quoted_rowid}{} FROM {table}", quoted.join(" || ', ' || "));
        for row in column(&desk.path, &rows).await {
            writeln!(out, "INSERT INTO {table} ({rowid}{}) VALUES ({row});", names.join(", ")).unwrap();
        }
    }
    std::fs::create_dir_all(data_file(LAST).parent().unwrap()).unwrap();
    std::fs::write(data_file(LAST), out).unwrap();
}
