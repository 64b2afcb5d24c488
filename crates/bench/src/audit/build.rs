//! A year of a desk: claims, sources and people of very unequal weight (Zipf), written by the store itself.
//! Invariant: the same size gives the same commands.

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use anyhow::{Result, bail};
use hearsay_core::{Actor, Command, Interest, Note, Override, PartyLine, Reference, Role, State, Text};
use hearsay_store::{ClockSource, Durability, OpenOptions, Pending, Store, Submission};
use jiff::Timestamp;
use rusqlite::Connection;

use crate::clock;
use crate::docket::{OUTLETS, add_outlet, follow_up, outlet_handle, report, submission};

/// How large a docket is.
#[derive(Clone, Copy)]
pub(crate) struct Size {
    pub(crate) events: usize,
    pub(crate) claims: usize,
}

/// How many people there are.
pub(crate) const PEOPLE: usize = 60;

/// How many topics there are.
const TOPICS: usize = 100;

/// How many commands are on their way at once.
const PIPELINE: usize = 4_096;

/// The log's first and last time.
pub(crate) const YEAR: (i64, i64) = (1_745_337_600, 1_745_337_600 + 365 * 86_400);

/// Numbers that look random and are the same at every run (`SplitMix64`).
pub(crate) struct Dice(pub(crate) u64);

impl Dice {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// From 0 to below `sides`, each as likely.
    pub(crate) fn roll(&mut self, sides: usize) -> usize {
        usize::try_from(self.next() % sides.max(1) as u64).unwrap_or(0)
    }

    /// From 0 to below `sides`, the n-th as likely as 1/n (Zipf's law, by inverting its integral).
    #[expect(
        clippy::cast_precision_loss,
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "a draw from a distribution: its last digit does not matter"
    )]
    pub(crate) fn skewed(&mut self, sides: usize) -> usize {
        let unit = (self.next() >> 11) as f64 / (1_u64 << 53) as f64;
        let drawn = ((sides as f64 + 1.0).powf(unit) - 1.0) as usize;
        drawn.min(sides.saturating_sub(1))
    }
}

/// As the command line opens a store, but for the clock, which goes through the year, and for the wait for the disk.
fn options(size: Size) -> OpenOptions {
    let step = (YEAR.1 - YEAR.0) * 1_000_000 / i64::try_from(size.events.max(1)).unwrap_or(i64::MAX);
    let at = Arc::new(AtomicI64::new(YEAR.0 * 1_000_000));
    let now = move || {
        Timestamp::from_microsecond(at.fetch_add(step, Ordering::Relaxed)).unwrap_or(Timestamp::UNIX_EPOCH)
    };
    let clock = ClockSource { kind: hearsay_core::Clock::Story, now: Arc::new(now) };
    OpenOptions { durability: Durability::Relaxed, clock, ..clock::options() }
}

/// Builds the database.
pub(crate) async fn build(path: &Path, size: Size) -> Result<()> {
    let store = Store::open(path, options(size)).await?;
    let mut dice = Dice(1);
    let mut waiting: Vec<Pending> = Vec::with_capacity(PIPELINE);
    for outlet in 0..OUTLETS {
        waiting.push(store.enqueue(submission(add_outlet(outlet))).await?);
    }
    settle(&mut waiting).await?;
    let mut reported = 0;
    for turn in OUTLETS..size.events {
        let due = reported * size.events / size.claims.max(1) <= turn - OUTLETS;
        let command = if reported == 0 || (due && reported < size.claims) {
            reported += 1;
            opening(reported - 1)
        } else {
            next(&mut dice, turn, reported)
        };
        waiting.push(store.enqueue(by_somebody(&mut dice, command)).await?);
        if waiting.len() == PIPELINE {
            settle(&mut waiting).await?;
        }
        if turn % 1_000_000 == 0 {
            eprintln!("  {turn} events");
        }
    }
    settle(&mut waiting).await?;
    store.close().await;
    Ok(())
}

/// What comes next to one of the claims that are there: the newest are the likeliest.
fn next(dice: &mut Dice, turn: usize, reported: usize) -> Command {
    let claim = reported - 1 - dice.skewed(reported);
    let reference = Reference(format!("C-{}", claim + 1));
    match dice.roll(100) {
        0..5 => {
            let to = [State::Reported, State::Corroborated, State::Denied, State::Disputed][dice.roll(4)];
            let reason = "as the desk sees it now".to_owned();
            Command::Override(Override { claim: reference, to, reason })
        }
        5..10 => Command::Note(Note {
            claim: reference,
            text: format!("Called again about item {turn}."),
            confidential: None,
        }),
        _ => follow_up(claim, turn * 7 + dice.skewed(OUTLETS)),
    }
}

/// A claim with a topic and a party of very unequal weight.
fn opening(claim: usize) -> Command {
    let mut dice = Dice(claim as u64);
    let Command::ReportClaim(mut line) = report(claim, None) else { return report(claim, None) };
    line.topic = Some(format!("topic-{}", dice.skewed(TOPICS)));
    let party = Reference(outlet_handle(OUTLETS - 1 - dice.skewed(40)));
    line.parties = vec![PartyLine { source: party, interest: Interest::Against }];
    Command::ReportClaim(line)
}

/// The person's name; the first record most.
pub(crate) fn person(number: usize) -> String {
    format!("person-{number}")
}

fn by_somebody(dice: &mut Dice, command: Command) -> Submission {
    let name = person(dice.skewed(PEOPLE));
    Submission { actor: Actor { name: Text::from(name.as_str()), role: Role::Admin }, ..submission(command) }
}

/// Waits for all; an override to the state that a claim has is the one refusal that may come.
async fn settle(waiting: &mut Vec<Pending>) -> Result<()> {
    for pending in waiting.drain(..) {
        if let Err(error) = pending.receipt().await
            && !matches!(error, hearsay_store::SubmitError::Refused(_))
        {
            bail!("while the docket was built: {error}");
        }
    }
    Ok(())
}

/// Fails unless a rebuild leaves every derived row of audit queries as the writer wrote it.
pub(crate) async fn check(path: &Path) -> Result<()> {
    let before = sums(path)?;
    let store = Store::open(path, clock::options()).await?;
    store.rebuild(&mut |_, _| {}).await?;
    store.close().await;
    if before != sums(path)? {
        bail!("a rebuild changed derived rows");
    }
    Ok(())
}

/// All derived rows of audit queries as one text each.
fn sums(path: &Path) -> Result<Vec<String>> {
    let connection = Connection::open(path)?;
    let all = [
        "SELECT group_concat(hex(source) || registry || '.' || event) FROM mentions",
        "SELECT group_concat(event || from_state || to_state || claim) FROM transitions",
        "SELECT group_concat(claim || '.' || since || state || standing) FROM claim_spans",
        "SELECT group_concat(axis || hour || kind || actor || '.' || number) FROM counts",
        "SELECT group_concat(axis || hour || kind || hex(party) || number) FROM party_counts",
        "SELECT group_concat(hour || state || net) FROM state_changes",
    ];
    let sum = |sql: &&str| connection.query_row(sql, [], |row| row.get::<_, Option<String>>(0));
    Ok(all.iter().map(|sql| sum(sql).map(Option::unwrap_or_default)).collect::<Result<_, _>>()?)
}
