//! `standing`: weighing and explaining one claim, from ten pieces to ten thousand, chains and circles included.

use std::hint::black_box;
use std::time::{Duration, Instant};

use anyhow::{Context, Result};
use hearsay_core::{
    Actor, Addressed, Claim, Clock, CommandId, Credibility, Docket, Evidence, EvidenceId, Footing, Policy,
    Registry, Relayed, Reliability, Role, Source, SourceId, SourceKind, Stamp, Stance, Text, Timeline, decide,
    explain, weigh,
};
use uuid::Uuid;

use crate::callers::{float, median};
use crate::report::{Cell, Report};
use crate::{Bench, clock, docket};

/// Runs it.
pub(crate) fn run(bench: &Bench) -> Result<Report> {
    let mut report =
        Report::new("standing", &["claim", "pieces", "weigh µs", "µs/piece", "explain µs", "explain µs/piece"]);
    let patience = Duration::from_millis(if bench.quick { 5 } else { 500 });
    let sizes: &[usize] = if bench.quick { &[10, 100] } else { &[10, 1_000, 10_000] };
    for size in sizes {
        measure(&mut report, "mixed", mixed(*size)?, patience);
    }
    for length in &sizes[..2] {
        measure(&mut report, "chain", chain(*length)?, patience);
    }
    let outlets = if bench.quick { 10 } else { 100 };
    measure(&mut report, "all relay all", all_relay_all(outlets)?, patience);
    report.notes.push("medians; a chain's explanation names every link of each of its chains".to_owned());
    Ok(report)
}

fn measure(report: &mut Report, name: &str, (claim, registry): (Claim, Registry), patience: Duration) {
    let policy = Policy::first(Policy::DEFAULT_NAME);
    let pieces = float(claim.evidence.len());
    let weighing = micros(patience, || {
        black_box(weigh(&claim, &registry, &policy).weighed);
    });
    let explaining = micros(patience, || {
        black_box(explain(&claim, &registry, &policy));
    });
    report.rows.push(vec![
        Cell::from(name),
        Cell::Count(claim.evidence.len()),
        Cell::Figure(weighing, 1),
        Cell::Figure(weighing / pieces, 2),
        Cell::Figure(explaining, 1),
        Cell::Figure(explaining / pieces, 2),
    ]);
}

/// The median of as many runs as patience allows, three at least.
fn micros(patience: Duration, work: impl Fn()) -> f64 {
    let (began, mut runs) = (Instant::now(), Vec::new());
    while runs.len() < 3 || began.elapsed() < patience {
        let began = Instant::now();
        work();
        runs.push(began.elapsed().as_secs_f64() * 1e6);
    }
    median(runs)
}

fn source(number: usize) -> SourceId {
    SourceId(Uuid::from_u128(0x5000 + number as u128))
}

fn evidence_id(number: usize) -> EvidenceId {
    EvidenceId(Uuid::from_u128(0xE_0000_0000 + number as u128))
}

/// A claim as the rules open it, its evidence replaced, and a registry of so many rated outlets.
fn claim(sources: usize, evidence: Vec<Evidence>) -> Result<(Claim, Registry)> {
    let opened = opened()?;
    let mut registry = Registry::default();
    for number in 0..sources {
        registry.put(Source {
            id: source(number),
            name: format!("Outlet No. {number}"),
            aliases: Vec::new(),
            kind: SourceKind::Outlet,
            reliability: Reliability::C,
            speaks_for: Timeline::default(),
            part_of: Timeline::default(),
            merged_into: None,
        });
    }
    Ok((Claim { evidence, ..opened }, registry))
}

fn piece(number: usize, by: usize, footing: Footing) -> Evidence {
    Evidence {
        id: evidence_id(number),
        handle: None,
        source: source(by),
        via: None,
        stance: Stance::Affirms,
        manner: None,
        footing,
        credibility: Credibility::default(),
        framed_as: None,
        said_at: docket::FollowUp::nth(number).said_at,
        withdrawn_at: None,
        struck: false,
    }
}

/// One piece in ten is original; one relays the piece before it, the others a source.
fn mixed(pieces: usize) -> Result<(Claim, Registry)> {
    let footing = |number: usize| match number % 10 {
        0 => Footing::UnnamedSources { count: None },
        1 => Footing::Relays(Relayed::Evidence(evidence_id(number - 1))),
        _ => Footing::Relays(Relayed::Source(source(number * 7 % 50))),
    };
    claim(50, (0..pieces).map(|number| piece(number, number % 50, footing(number))).collect())
}

/// Each piece relays the one before it; the first is original.
fn chain(length: usize) -> Result<(Claim, Registry)> {
    let footing = |number: usize| match number {
        0 => Footing::Own,
        _ => Footing::Relays(Relayed::Evidence(evidence_id(number - 1))),
    };
    claim(50, (0..length).map(|number| piece(number, number % 50, footing(number))).collect())
}

/// Outlets, each of which relays every other.
fn all_relay_all(outlets: usize) -> Result<(Claim, Registry)> {
    let pairs = (0..outlets).flat_map(|by| (0..outlets).map(move |relayed| (by, relayed)));
    let pieces = pairs.filter(|(by, relayed)| by != relayed).enumerate();
    let relaying =
        pieces.map(|(number, (by, relayed))| piece(number, by, Footing::Relays(Relayed::Source(source(relayed)))));
    claim(outlets, relaying.collect())
}

/// A claim as the rules open it.
pub(crate) fn opened() -> Result<Claim> {
    let mut docket = Docket::default();
    let mut fresh = clock::fresh_id;
    for command in [docket::add_outlet(1), docket::report(0, None)] {
        let mut stamp = Stamp {
            now: clock::now(),
            clock: Clock::System,
            actor: Actor { name: Text::from(docket::ACTOR), role: Role::Admin },
            command: CommandId(clock::fresh_id()),
            next_seq: 1,
            fresh: &mut fresh,
        };
        let decision = decide(&docket, &Addressed::from(command), &mut stamp)?;
        decision.events.iter().for_each(|event| docket.apply(event));
    }
    docket.claims.into_values().next().context("no claim was opened")
}
