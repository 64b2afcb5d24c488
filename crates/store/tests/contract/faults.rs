//! SIGKILL at random moments under load: what was acknowledged is there, and nothing is half done.
//! 100 kills; `HEARSAY_SOAK=5000` for as many.

use std::collections::HashSet;
use std::path::Path;
use std::time::Duration;

use hearsay_store::{Create, Store};
use sqlx::{Connection, Row};
use uuid::Uuid;

use crate::desk::{Dice, assert_rebuilds, column, explained, fresh_id, options, raw};
use crate::victim::{Manner, Victim};

/// After so many kills on one database, the next begins.
const KILLS_PER_DATABASE: usize = 10;

fn kills() -> usize {
    std::env::var("HEARSAY_SOAK").map_or(100, |soak| soak.parse().expect("`HEARSAY_SOAK` is a number"))
}

fn dice() -> Dice {
    let seed = u64::try_from(fresh_id().as_u128() & u128::from(u32::MAX)).unwrap();
    println!("seed {seed}");
    Dice(seed)
}

/// Runs a victim and kills it, at its start or in the midst of its work; what it acknowledged.
fn killed(path: &Path, manner: Manner, dice: &mut Dice) -> Vec<Uuid> {
    let victim = Victim::start(path, manner);
    let most = if dice.roll(4) == 0 { 40_000 } else { 300_000 };
    std::thread::sleep(Duration::from_micros(u64::try_from(dice.roll(most)).unwrap()));
    victim.kill()
}

/// Commands that are in the log.
async fn recorded(path: &Path) -> HashSet<Uuid> {
    let mut connection = raw(path).await;
    let rows = sqlx::query("SELECT DISTINCT command FROM events").fetch_all(&mut connection).await.unwrap();
    connection.close().await.unwrap();
    rows.iter().map(|row| Uuid::from_slice(&row.get::<Vec<u8>, _>(0)).unwrap()).collect()
}

/// Acknowledged commands that the log lacks.
async fn lost(path: &Path, acknowledged: &[Uuid]) -> Vec<Uuid> {
    let recorded = recorded(path).await;
    acknowledged.iter().filter(|id| !recorded.contains(id)).copied().collect()
}

/// What a command that was cut in two would leave behind.
async fn halves(path: &Path) -> Vec<String> {
    let gaps = "SELECT 'gap before ' || seq FROM events e WHERE seq > 1 AND NOT EXISTS (SELECT 1 FROM events p WHERE p.seq = e.seq - 1)";
    let parts = "SELECT 'parts of ' || hex(command) FROM events GROUP BY command HAVING count(*) <> max(part) + 1 OR max(seq) - min(seq) <> max(part)";
    let merges = "SELECT 'half a merge at ' || seq FROM events e WHERE kind = 'claim_merged' AND NOT EXISTS (SELECT 1 FROM events n WHERE n.seq = e.seq + 1 AND n.kind = 'claim_absorbed' AND n.command = e.command)";
    let texts = "SELECT 'texts of ' || seq FROM events e WHERE (length(envelope) - length(replace(envelope, '$sha256', ''))) / 7 <> (SELECT count(*) FROM texts t WHERE t.event = e.seq)";
    let mut found = Vec::new();
    for sql in [gaps, parts, merges, texts] {
        found.extend(column(path, sql).await);
    }
    found
}

#[tokio::test(flavor = "multi_thread")]
async fn whatever_was_acknowledged_before_a_kill_is_there_and_nothing_is_half_done() {
    let (mut dice, mut acknowledged, mut directory) = (dice(), Vec::new(), tempfile::tempdir().unwrap());
    let mut total = 0;
    for kill in 0..kills() {
        if kill % KILLS_PER_DATABASE == 0 {
            directory = tempfile::tempdir().unwrap();
            acknowledged.clear();
        }
        let path = directory.path().join("desk.db");
        let told = killed(&path, Manner::Honest, &mut dice);
        total += told.len();
        acknowledged.extend(told);
        let store = Store::open(&path, options(Create::IfMissing)).await.unwrap();
        assert_eq!(lost(&path, &acknowledged).await, Vec::<Uuid>::new(), "kill {kill}: lost");
        assert_eq!(halves(&path).await, Vec::<String>::new(), "kill {kill}: half done");
        let live = explained(&store).await.len();
        assert_rebuilds(&store, &path).await;
        assert_eq!(explained(&store).await.len(), live);
        store.close().await;
    }
    println!("{total} commands were acknowledged before {} kills", kills());
    assert!(total > kills(), "the victims hardly worked: {total} commands");
}

#[tokio::test(flavor = "multi_thread")]
async fn acknowledging_before_the_commit_is_caught() {
    let (mut dice, directory) = (dice(), tempfile::tempdir().unwrap());
    let path = directory.path().join("desk.db");
    for _ in 0..kills() {
        let acknowledged = killed(&path, Manner::Hasty, &mut dice);
        Store::open(&path, options(Create::IfMissing)).await.unwrap().close().await;
        if !lost(&path, &acknowledged).await.is_empty() {
            return;
        }
    }
    panic!("no kill found a command that was acknowledged too early: the check proves nothing");
}
