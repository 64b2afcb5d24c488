//! `verify`: how fast a log is hashed anew, beside a loop on rusqlite that reads and hashes the same bytes, and how long
//! a whole verification takes, part by part.

use std::path::Path;
use std::time::Instant;

use anyhow::{Result, bail};
use hearsay_store::{Phase, Store};
use rusqlite::Connection;
use sha2::{Digest, Sha256};

use crate::callers::{float, median};
use crate::docket;
use crate::place::Place;
use crate::report::{Cell, Goal, Report};
use crate::{Bench, clock};

/// How many rounds are measured; the medians are shown.
const ROUNDS: usize = 3;

/// How many pieces each claim has, and so events.
const PIECES: usize = 10;

/// Arguments of `verify`.
#[derive(clap::Args, Debug)]
pub(crate) struct VerifyArgs {
    /// How many events the log has; a million take some 1.5 GB of disk.
    #[arg(long, value_name = "N", default_value_t = 1_000_000)]
    events: usize,
}

/// Runs it.
pub(crate) async fn run(args: &VerifyArgs, bench: &Bench) -> Result<Report> {
    let events = if bench.quick { 5_000 } else { args.events };
    let columns = ["events", "MB", "raw loop/s", "hashed/s", "of raw", "texts/s", "rebuilt/s", "all s"];
    let mut report = Report::new("verify", &columns);
    let place = Place::disk(bench.dir.as_deref())?;
    let path = place.file("verify.db");
    eprintln!("building {events} events …");
    let store = Store::open(&path, clock::options()).await?;
    let claims = events / PIECES;
    let step = 20_000.min(claims);
    for from in (0..claims).step_by(step) {
        docket::build(&store, from, claims.min(from + step), PIECES).await?;
    }
    let (mut raws, mut hashed, mut bytes, mut size) = (Vec::new(), Vec::new(), 0, 0);
    for turn in 0..ROUNDS {
        eprintln!("round {} …", turn + 1);
        let began = Instant::now();
        let read = raw(&path)?;
        raws.push(float(read.0) / began.elapsed().as_secs_f64());
        let began = Instant::now();
        let (found, _) = store.rehash(&mut |_, _| {}).await?;
        (bytes, size) = (read.1, usize::try_from(found)?);
        hashed.push(float(size) / began.elapsed().as_secs_f64());
        if size != read.0 {
            bail!("the loop read {} events, and the store hashed {size}", read.0);
        }
    }
    let began = Instant::now();
    let (texts, rebuilt) = whole(&store).await?;
    let all = began.elapsed().as_secs_f64();
    store.close().await;
    let (raw, hashed) = (median(raws), median(hashed));
    report.goals.push(Goal::at_least("events hashed a second".to_owned(), 1_000_000.0, hashed));
    report.rows.push(vec![
        Cell::Count(size),
        Cell::Figure(float(bytes) / 1e6, 0),
        Cell::Figure(raw, 0),
        Cell::Figure(hashed, 0),
        Cell::Figure(hashed / raw, 2),
        Cell::Figure(float(size) / texts, 0),
        Cell::Figure(float(size) / rebuilt, 0),
        Cell::Figure(all, 1),
    ]);
    report.notes.push(format!(
        "raw loop: rusqlite on one core, each envelope read and hashed once; hashed: on all cores, with leaves and tree \
         compared, medians of {ROUNDS}; texts: what events are filed under and their texts; rebuilt: derived tables beside"
    ));
    Ok(report)
}

/// Reads and hashes every envelope; gives how many, and their bytes.
fn raw(path: &Path) -> Result<(usize, usize)> {
    let connection = Connection::open(path)?;
    let mut statement = connection.prepare("SELECT envelope FROM events ORDER BY seq")?;
    let mut rows = statement.query([])?;
    let (mut events, mut bytes, mut all) = (0, 0, [0_u8; 32]);
    while let Some(row) = rows.next()? {
        let envelope = row.get_ref(0)?.as_str()?;
        let mut hasher = Sha256::new();
        hasher.update([0]);
        hasher.update(envelope.as_bytes());
        for (sum, byte) in all.iter_mut().zip(hasher.finalize()) {
            *sum ^= byte;
        }
        events += 1;
        bytes += envelope.len();
    }
    std::hint::black_box(all);
    Ok((events, bytes))
}

/// A whole verification: how many seconds its checks of texts took, and its rebuild.
async fn whole(store: &Store) -> Result<(f64, f64)> {
    let mut ended: Vec<(Phase, Instant)> = Vec::new();
    let mut tell = |phase, _, _| {
        if ended.last().is_some_and(|(last, _)| *last == phase) {
            ended.pop();
        }
        ended.push((phase, Instant::now()));
    };
    let verified = store.verify(None, &[], &mut tell).await?;
    let done = Instant::now();
    if let Some(finding) = verified.findings.first() {
        bail!("{}", finding.wrong);
    }
    let at = |phase| ended.iter().find(|(ended, _)| *ended == phase).map_or(done, |(_, at)| *at);
    let texts = at(Phase::Events).duration_since(at(Phase::Hashes)).as_secs_f64();
    Ok((texts, done.duration_since(at(Phase::Events)).as_secs_f64()))
}
