//! The peer of `hearsay-bench append`: cqrs-es with sqlite-es records the same follow-ups on claims of the same size.
//! Arguments: database, claims, pieces a claim, callers, commands a round, rounds. One JSON line a round.
//! The database is made if it is not there; it is kept, so that several calls share it.

mod claim;

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Instant;

use anyhow::{Context, Result};
use claim::{Claim, Command, Event, Piece};
use sqlite_es::{SqliteCqrs, sqlite_cqrs};
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous};
use sqlx::{Pool, Sqlite};
use uuid::Uuid;

const SCHEMA: &str = "
CREATE TABLE events (
  aggregate_type text                          NOT NULL,
  aggregate_id   text                          NOT NULL,
  sequence       integer CHECK (sequence >= 0) NOT NULL,
  event_type     text                          NOT NULL,
  event_version  text                          NOT NULL,
  payload        text                          NOT NULL,
  metadata       text                          NOT NULL,
  PRIMARY KEY (aggregate_type, aggregate_id, sequence)
) STRICT;
CREATE TABLE snapshots (
  aggregate_type   text                                  NOT NULL,
  aggregate_id     text                                  NOT NULL,
  last_sequence    integer CHECK (last_sequence >= 0)    NOT NULL,
  current_snapshot integer CHECK (current_snapshot >= 0) NOT NULL,
  payload          text                                  NOT NULL,
  PRIMARY KEY (aggregate_type, aggregate_id, last_sequence)
) STRICT;";

/// The schema above is that of sqlite-es 0.5 (its folder `migrations`).
const INSERT: &str = "INSERT INTO events VALUES ('claim', ?, ?, 'FollowUpRecorded', '1.0', ?, '{}')";

#[derive(Clone, Copy)]
struct Sizes {
    claims: usize,
    pieces: usize,
    callers: usize,
    commands: usize,
    rounds: usize,
}

#[tokio::main]
async fn main() -> Result<()> {
    let mut arguments = std::env::args().skip(1);
    let path = arguments.next().context("the database")?;
    let mut number = |what: &'static str| -> Result<usize> {
        arguments.next().context(what)?.parse().with_context(|| format!("{what} is a number"))
    };
    let sizes = Sizes {
        claims: number("claims")?,
        pieces: number("pieces")?,
        callers: number("callers")?,
        commands: number("commands")?,
        rounds: number("rounds")?,
    };
    let is_new = !Path::new(&path).exists();
    let pool = open(&path).await?;
    if is_new {
        fill(&pool, sizes).await?;
    }
    let cqrs = Arc::new(sqlite_cqrs::<Claim>(pool.clone(), Vec::new(), ()));
    round(&cqrs, sizes, sizes.commands / 10).await?;
    for _ in 0..sizes.rounds {
        let (seconds, mut micros) = round(&cqrs, sizes, sizes.commands).await?;
        micros.sort_unstable();
        let at = |part: usize| micros.get(micros.len() * part / 100).copied().unwrap_or(0);
        let line = serde_json::json!({
            "seconds": seconds, "commands": micros.len(), "p50_us": at(50), "p99_us": at(99),
        });
        println!("{line}");
    }
    pool.close().await;
    Ok(())
}

/// As sqlite-es' own default pool (ten connections, WAL), but synced at every commit, as ours is.
async fn open(path: &str) -> Result<Pool<Sqlite>> {
    let options = SqliteConnectOptions::new()
        .filename(path)
        .create_if_missing(true)
        .journal_mode(SqliteJournalMode::Wal)
        .synchronous(SqliteSynchronous::Full)
        .foreign_keys(true)
        .pragma("cache_size", "-16384")
        .pragma("wal_autocheckpoint", "4000");
    Ok(SqlitePoolOptions::new().max_connections(10).connect_with(options).await?)
}

/// The claims with their pieces, in one transaction past the framework: how they came there is not measured.
async fn fill(pool: &Pool<Sqlite>, sizes: Sizes) -> Result<()> {
    sqlx::raw_sql(SCHEMA).execute(pool).await?;
    let mut transaction = pool.begin().await?;
    for sequence in 1..=sizes.pieces {
        for claim in 0..sizes.claims {
            let event = Event::FollowUpRecorded { piece: piece(claim + sequence), affirming: 2, denying: 1 };
            sqlx::query(INSERT)
                .bind(name(claim))
                .bind(i64::try_from(sequence)?)
                .bind(serde_json::to_string(&event)?)
                .execute(&mut *transaction)
                .await?;
        }
    }
    transaction.commit().await?;
    Ok(())
}

/// One round: how long it took, and how long each command took, in microseconds.
async fn round(cqrs: &Arc<SqliteCqrs<Claim>>, sizes: Sizes, commands: usize) -> Result<(f64, Vec<u128>)> {
    let next = Arc::new(AtomicUsize::new(0));
    let began = Instant::now();
    let callers: Vec<_> = (0..sizes.callers)
        .map(|_| {
            let (cqrs, next) = (Arc::clone(cqrs), Arc::clone(&next));
            tokio::spawn(async move { call(&cqrs, &next, sizes.claims, commands).await })
        })
        .collect();
    let mut micros = Vec::with_capacity(commands);
    for caller in callers {
        micros.extend(caller.await??);
    }
    Ok((began.elapsed().as_secs_f64(), micros))
}

async fn call(cqrs: &SqliteCqrs<Claim>, next: &AtomicUsize, claims: usize, commands: usize) -> Result<Vec<u128>> {
    let mut micros = Vec::new();
    loop {
        let turn = next.fetch_add(1, Ordering::Relaxed);
        if turn >= commands {
            return Ok(micros);
        }
        let began = Instant::now();
        // A claim that two callers meet on is refused by its version; the caller tries again, as a desk would.
        while let Err(error) = cqrs
            .execute(&name(turn.wrapping_mul(7_919) % claims), Command::RecordFollowUp(Box::new(piece(turn))))
            .await
        {
            anyhow::ensure!(matches!(error, cqrs_es::AggregateError::AggregateConflict), "{error}");
        }
        micros.push(began.elapsed().as_micros());
    }
}

fn name(claim: usize) -> String {
    format!("C-{}", claim + 1)
}

/// A piece with about 400 bytes of words: every other one relays a source.
fn piece(turn: usize) -> Piece {
    let relays = turn.is_multiple_of(2);
    Piece {
        id: Uuid::now_v7().to_string(),
        source: format!("outlet-{}", turn % 200),
        stance: if turn.is_multiple_of(5) { "denies" } else { "affirms" }.to_owned(),
        footing: if relays { "relays" } else { "unnamed_sources" }.to_owned(),
        relays: relays.then(|| format!("outlet-{}", (turn + 1) % 200)),
        said_at: 1_745_337_600_000_000,
        url: format!("https://outlet-{}.example/2025/04/22/talks-on-the-crossing-{turn}", turn % 200),
        title: format!("Officials weigh a pause in the talks, according to people briefed on item {turn}"),
        quote: format!(
            "The delegation has been told to hold its answer until the second reading of item {turn}, and no date \
             for that reading has been set; nobody in the room expects one before the end of the month, said one."
        ),
        described_as: "two people with knowledge of the discussions".to_owned(),
    }
}
