//! `append`: concurrent callers record follow-ups through the store; the limit and the peer do the same beside it.

use std::path::{Path, PathBuf};

use anyhow::{Result, bail};
use clap::{Args, ValueEnum};
use hearsay_core::{Command, RecordStanding, Reference};
use hearsay_store::Store;

use crate::callers::{Round, medians, round};
use crate::docket::{self, FollowUp, claim_of, follow_up, submission};
use crate::limit::Limit;
use crate::peer::{Ask, Peer};
use crate::place::{Place, into_one_file};
use crate::report::{Cell, Goal, Report};
use crate::{Bench, clock};

/// Whom to measure.
#[derive(Clone, Copy, PartialEq, Eq, Debug, ValueEnum)]
enum Contender {
    /// The store.
    Ours,
    /// The hand-written writer.
    Limit,
    /// cqrs-es.
    Peer,
}

/// Arguments of `append`.
#[derive(Args, Debug)]
pub(crate) struct AppendArgs {
    /// How many callers submit at once.
    #[arg(long, value_delimiter = ',', default_values_t = [1, 16, 64, 256])]
    callers: Vec<usize>,
    /// How many times each contender is measured, in turn; the medians are shown.
    #[arg(long, default_value_t = 3)]
    rounds: usize,
    /// Whom to measure.
    #[arg(long, value_enum, value_delimiter = ',', default_values_t = [Contender::Ours, Contender::Limit, Contender::Peer])]
    only: Vec<Contender>,
    /// Do not fill the writer's memory with the claims first.
    #[arg(long)]
    cold: bool,
    /// Only on disk.
    #[arg(long)]
    no_tmpfs: bool,
}

struct Sizes {
    claims: usize,
    pieces: usize,
}

/// What was measured at one place, for one number of callers.
struct Measured {
    ours: Option<Round>,
    limit: Option<Round>,
    peer: Option<Round>,
}

/// Runs it.
pub(crate) async fn run(args: &AppendArgs, bench: &Bench) -> Result<Report> {
    let sizes = if bench.quick { Sizes { claims: 200, pieces: 3 } } else { Sizes { claims: 20_000, pieces: 10 } };
    let mut report = Report::new(
        "append",
        &[
            "where",
            "callers",
            "ours/s",
            "p50 µs",
            "p99 µs",
            "pages",
            "limit/s",
            "limit p50",
            "limit p99",
            "limit pages",
            "peer/s",
            "peer p50",
            "of limit",
            "x peer",
            "p50 of limit",
        ],
    );
    let peer = find_peer(args, &mut report);
    let mut places = Place::all(bench.dir.as_deref())?;
    if args.no_tmpfs {
        places.truncate(1);
    }
    let base = places[0].file("base.db");
    eprintln!("building {} claims of {} pieces …", sizes.claims, sizes.pieces);
    let store = Store::open(&base, clock::options()).await?;
    docket::build(&store, 0, sizes.claims, sizes.pieces).await?;
    store.close().await;
    into_one_file(&base)?;
    for place in &places {
        for callers in &args.callers {
            eprintln!("{}, {callers} callers …", place.name);
            let level =
                Level { args, sizes: &sizes, place, callers: *callers, commands: commands(*callers, bench) };
            let measured = level.measure(&base, peer.as_ref()).await?;
            take(&mut report, place, *callers, &measured);
        }
    }
    report.notes.push(format!(
        "{} claims of {} pieces; medians of {} rounds, contenders in turn; pages: 4 KiB handed to write(2) for each \
         command, checkpoints included (/proc/self/io, wchar)",
        sizes.claims, sizes.pieces, args.rounds
    ));
    Ok(report)
}

fn find_peer(args: &AppendArgs, report: &mut Report) -> Option<Peer> {
    if !args.only.contains(&Contender::Peer) {
        return None;
    }
    match Peer::build() {
        Ok(peer) => Some(peer),
        Err(error) => {
            eprintln!("THE PEER IS LEFT OUT: {error:#}");
            report.notes.push(format!("THE PEER IS LEFT OUT: {error:#}"));
            None
        }
    }
}

/// How many commands a round has.
fn commands(callers: usize, bench: &Bench) -> usize {
    match (bench.quick, callers) {
        (true, _) => 100,
        (false, 0..=4) => 2_000,
        (false, 5..=31) => 8_000,
        (false, _) => 20_000,
    }
}

/// One place with one number of callers.
struct Level<'a> {
    args: &'a AppendArgs,
    sizes: &'a Sizes,
    place: &'a Place,
    callers: usize,
    commands: usize,
}

impl Level<'_> {
    async fn measure(&self, base: &Path, peer: Option<&Peer>) -> Result<Measured> {
        let only = &self.args.only;
        let store = if only.contains(&Contender::Ours) { Some(self.open(base).await?) } else { None };
        let limit = if only.contains(&Contender::Limit) {
            Some(Limit::open(&self.place.copy_of(base, "limit.db")?)?)
        } else {
            None
        };
        let (mut ours, mut limits, mut peers) = (Vec::new(), Vec::new(), Vec::new());
        for turn in 0..=self.args.rounds {
            let (first, commands) =
                if turn == 0 { (0, self.commands / 4) } else { (turn * self.commands, self.commands) };
            if let Some(store) = &store {
                ours.push(self.ours(store, first, commands).await?);
            }
            if let Some(limit) = &limit {
                limits.push(self.limit(limit, first, commands).await?);
            }
            if let (Some(peer), true) = (peer, turn > 0) {
                peers.extend(peer.run(&self.place.file("peer.db"), &self.ask())?);
            }
        }
        if let Some(store) = store {
            store.close().await;
        }
        limit.map_or(Ok(()), Limit::close)?;
        let counted = |rounds: &[Round]| rounds.get(1..).filter(|rounds| !rounds.is_empty()).map(medians);
        let peer = (!peers.is_empty()).then(|| medians(&peers));
        Ok(Measured { ours: counted(&ours), limit: counted(&limits), peer })
    }

    /// The peer is slow: it gets fewer commands. It warms itself.
    fn ask(&self) -> Ask {
        let Sizes { claims, pieces } = *self.sizes;
        let commands = if self.callers == 1 { self.commands / 4 } else { self.commands / 8 };
        Ask { claims, pieces, callers: self.callers, commands, rounds: 1 }
    }

    /// The store on a copy of the base, with every claim in its writer's memory, as in a desk that has been at work.
    async fn open(&self, base: &Path) -> Result<Store> {
        let copy: PathBuf = self.place.copy_of(base, "ours.db")?;
        let store = Store::open(&copy, clock::options()).await?;
        if !self.args.cold {
            let weighing = |claim: usize| {
                Command::RecordStanding(RecordStanding { claim: Reference(format!("C-{}", claim + 1)) })
            };
            docket::tell(&store, (0..self.sizes.claims).map(weighing)).await?;
        }
        Ok(store)
    }

    async fn ours(&self, store: &Store, first: usize, commands: usize) -> Result<Round> {
        let (store, claims) = (store.clone(), self.sizes.claims);
        round(self.callers, first, commands, move |turn| {
            let store = store.clone();
            async move {
                match store.submit(submission(follow_up(claim_of(turn, claims), turn))).await {
                    Ok(_) => Ok(()),
                    Err(error) => bail!("{error}"),
                }
            }
        })
        .await
    }

    async fn limit(&self, limit: &Limit, first: usize, commands: usize) -> Result<Round> {
        let (caller, claims) = (limit.caller(), self.sizes.claims);
        round(self.callers, first, commands, move |turn| {
            let caller = caller.clone();
            async move {
                caller.submit(claim_of(turn, claims), clock::fresh_id(), FollowUp::nth(turn)).await?;
                Ok(())
            }
        })
        .await
    }
}

fn take(report: &mut Report, place: &Place, callers: usize, measured: &Measured) {
    let Measured { ours, limit, peer } = measured;
    let rate = |round: &Option<Round>| round.map(|round| round.per_second);
    let ratio = |over: Option<f64>, under: Option<f64>| over.zip(under).map(|(over, under)| over / under);
    let of_limit = ratio(rate(ours), rate(limit));
    let of_peer = ratio(rate(ours), rate(peer));
    let wait = ratio(ours.map(|round| round.p50), limit.map(|round| round.p50));
    let mut row = vec![Cell::from(place.name), Cell::Count(callers)];
    for round in [ours, limit] {
        row.push(Cell::maybe(rate(round), 0));
        row.push(Cell::maybe(round.map(|round| round.p50), 0));
        row.push(Cell::maybe(round.map(|round| round.p99), 0));
        row.push(Cell::maybe(round.and_then(|round| round.pages), 1));
    }
    row.push(Cell::maybe(rate(peer), 0));
    row.push(Cell::maybe(peer.map(|round| round.p50), 0));
    row.extend([Cell::maybe(of_limit, 2), Cell::maybe(of_peer, 1), Cell::maybe(wait, 2)]);
    report.rows.push(row);
    let name = |what: &str| format!("{}, {callers} callers: {what}", place.name);
    if callers >= 16 {
        let goal = |found| Goal::at_least(name("part of the limit (0.8 is wished)"), 0.5, found);
        report.goals.extend(of_limit.map(goal));
        report.goals.extend(of_peer.map(|found| Goal::at_least(name("times the peer"), 3.0, found)));
    }
    if callers == 1 {
        report.goals.extend(wait.map(|found| Goal::at_most(name("p50 over the limit's"), 1.6, found)));
    }
}
