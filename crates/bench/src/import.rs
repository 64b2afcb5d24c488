//! `import`: lines of the interchange file, parsed and given to the store as `hearsay import` does.

use std::collections::VecDeque;
use std::time::Instant;

use anyhow::{Result, bail};
use hearsay_core::{Actor, Addressed, Command, Reference, Role, Text, parse_line};
use hearsay_store::{Pending, Remember, Store, Submission, import_namespace};
use tokio::sync::mpsc;

use crate::callers::{float, median};
use crate::docket::{self, ACTOR, OUTLETS};
use crate::place::Place;
use crate::report::{Cell, Goal, Report};
use crate::{Bench, clock};

/// How many rounds are measured; the medians are shown.
const ROUNDS: usize = 3;

/// As the command line's: how many lines may be on their way through the writer.
const PIPELINE: usize = 4_096;

/// As the command line's: how many parsed lines may wait.
const WAITING: usize = 256;

/// Runs it.
pub(crate) async fn run(bench: &Bench) -> Result<Report> {
    let count = if bench.quick { 2_000 } else { 100_000 };
    let lines = lines(count)?;
    let bytes: usize = lines.iter().map(String::len).sum();
    let mut report = Report::new("import", &["where", "lines", "MB", "parse only/s", "import/s", "again/s"]);
    for place in Place::all(bench.dir.as_deref())? {
        let (mut parsed, mut imported, mut again) = (Vec::new(), Vec::new(), Vec::new());
        for turn in 0..ROUNDS {
            eprintln!("{}, round {} …", place.name, turn + 1);
            let began = Instant::now();
            for line in &lines {
                parse(line)?;
            }
            parsed.push(float(count) / began.elapsed().as_secs_f64());
            let path = place.file(&format!("import-{turn}.db"));
            let store = Store::open(&path, clock::options()).await?;
            imported.push(import(&store, &lines).await?);
            again.push(import(&store, &lines).await?);
            store.close().await;
            crate::place::remove(&path)?;
        }
        let found = median(imported);
        report.goals.push(Goal::at_least(format!("{}: lines a second", place.name), 20_000.0, found));
        report.rows.push(vec![
            Cell::from(place.name),
            Cell::Count(count),
            Cell::Figure(float(bytes) / 1e6, 1),
            Cell::Figure(median(parsed), 0),
            Cell::Figure(found, 0),
            Cell::Figure(median(again), 0),
        ]);
    }
    report.notes.push(format!("a new database each round; medians of {ROUNDS}; again: the same lines once more"));
    Ok(report)
}

/// The lines: outlets, then each claim with its nine follow-ups spread over the file; claims go by their handle.
fn lines(count: usize) -> Result<Vec<String>> {
    let claims = (count - OUTLETS) / 10;
    let handle = |claim: usize| format!("claim-{claim}");
    let outlets = (0..OUTLETS).map(docket::add_outlet);
    let reports = (0..claims).map(|claim| docket::report(claim, Some(handle(claim))));
    let follow_ups = (OUTLETS + claims..count).map(|turn| {
        let mut command = docket::follow_up(0, turn);
        if let Command::RecordFollowUp(line) = &mut command {
            line.claim = Reference(handle(turn % claims));
        }
        command
    });
    let commands = outlets.chain(reports).chain(follow_ups);
    commands.map(|command| Ok(serde_json::to_string(&Addressed::from(command))?)).collect()
}

fn parse(line: &str) -> Result<Addressed> {
    match parse_line(line) {
        Ok(addressed) => Ok(addressed),
        Err(error) => bail!("{}: {error}", error.field),
    }
}

/// Parses in a thread of its own, as the command line does; gives lines a second.
async fn import(store: &Store, lines: &[String]) -> Result<f64> {
    let began = Instant::now();
    let (sender, mut parsed) = mpsc::channel(WAITING);
    let texts = lines.to_vec();
    let reader = std::thread::spawn(move || -> Result<()> {
        for text in texts {
            let addressed = parse(&text)?;
            sender.blocking_send((text, addressed))?;
        }
        Ok(())
    });
    let namespace = import_namespace("bench");
    let mut waiting: VecDeque<Pending> = VecDeque::new();
    while let Some((text, addressed)) = parsed.recv().await {
        let actor = Actor { name: Text::from(ACTOR), role: Role::Admin };
        let id = store.command_id(namespace, &text, 0);
        waiting.push_back(
            store.enqueue(Submission { addressed, id, actor, remember: Remember::Yes, sequence: None }).await?,
        );
        if waiting.len() >= PIPELINE {
            settle(&mut waiting, PIPELINE / 2).await?;
        }
    }
    settle(&mut waiting, 0).await?;
    if reader.join().is_err() {
        bail!("the reading thread panicked");
    }
    Ok(float(lines.len()) / began.elapsed().as_secs_f64())
}

async fn settle(waiting: &mut VecDeque<Pending>, left: usize) -> Result<()> {
    while waiting.len() > left {
        let Some(pending) = waiting.pop_front() else { break };
        if let Err(error) = pending.receipt().await {
            bail!("{error}");
        }
    }
    Ok(())
}
