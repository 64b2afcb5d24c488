//! The docket that the benchmarks work on: outlets, claims, and follow-ups with about 400 bytes of words.
//! Invariant: what the n-th follow-up says depends on n alone, so that ours and the limit record the same.

use anyhow::{Result, bail};
use hearsay_core::{
    Actor, AddSource, Addressed, ClaimKind, Command, CommandId, EvidenceLine, FootingWord, RecordFollowUp,
    Reference, Reliability, ReportClaim, Role, SourceKind, Stance, Text,
};
use hearsay_store::{Pending, Remember, Store, Submission};
use jiff::Timestamp;

use crate::clock;

/// How many outlets there are.
pub(crate) const OUTLETS: usize = 200;

/// How many commands are on their way at once while a docket is built.
const PIPELINE: usize = 4_096;

/// Who records.
pub(crate) const ACTOR: &str = "ana";

/// How the report describes its sources.
const DESCRIBED_AS: &str = "two people with knowledge of the discussions";

/// 2025-04-22T16:00:00Z.
const SAID_AT: i64 = 1_745_337_600;

/// The words of a follow-up.
pub(crate) struct Words {
    /// Where.
    pub(crate) url: String,
    /// Title.
    pub(crate) title: String,
    /// What was said.
    pub(crate) quote: String,
    /// How an original report describes its sources.
    pub(crate) described_as: Option<&'static str>,
}

/// A follow-up, before it is a command of ours or a row of the limit's.
pub(crate) struct FollowUp {
    /// The outlet that says it.
    pub(crate) outlet: usize,
    /// The outlet that it relays; an original piece relays none.
    pub(crate) relays: Option<usize>,
    /// Whether it denies.
    pub(crate) stance: Stance,
    /// Its words.
    pub(crate) words: Words,
    /// When it was said.
    pub(crate) said_at: Timestamp,
}

impl FollowUp {
    /// The n-th follow-up: every other one relays an outlet, every fifth denies.
    pub(crate) fn nth(turn: usize) -> Self {
        let outlet = turn % OUTLETS;
        let relays = turn.is_multiple_of(2).then_some((turn + 1) % OUTLETS);
        let stance = if turn.is_multiple_of(5) { Stance::Denies } else { Stance::Affirms };
        let words = Words {
            url: format!("https://outlet-{outlet}.example/2025/04/22/talks-on-the-crossing-{turn}"),
            title: format!("Officials weigh a pause in the talks, according to people briefed on item {turn}"),
            quote: format!(
                "The delegation has been told to hold its answer until the second reading of item {turn}, and no \
                 date for that reading has been set; nobody in the room expects one before the end of the month."
            ),
            described_as: relays.is_none().then_some(DESCRIBED_AS),
        };
        Self { outlet, relays, stance, words, said_at: said_at(turn) }
    }

    fn line(self) -> EvidenceLine {
        let footing = if self.relays.is_some() { FootingWord::Relays } else { FootingWord::UnnamedSources };
        EvidenceLine {
            handle: None,
            source: outlet(self.outlet),
            stance: self.stance,
            manner: None,
            footing: Some(footing),
            count: None,
            relays: self.relays.map(outlet),
            via: None,
            framed_as: None,
            described_as: self.words.described_as.map(str::to_owned),
            credibility: None,
            url: Some(self.words.url),
            title: Some(self.words.title),
            quote: Some(self.words.quote),
            prefix: None,
            suffix: None,
            snapshot: None,
            confidential: None,
            said_at: self.said_at,
        }
    }
}

fn said_at(turn: usize) -> Timestamp {
    let second = SAID_AT + i64::try_from(turn % 100_000).unwrap_or(0);
    Timestamp::from_second(second).unwrap_or(Timestamp::UNIX_EPOCH)
}

/// The handle of an outlet.
pub(crate) fn outlet_handle(outlet: usize) -> String {
    format!("outlet-{outlet}")
}

fn outlet(outlet: usize) -> Reference {
    Reference(outlet_handle(outlet))
}

/// The claim that the n-th of the measured follow-ups is about: all claims in turn, neighbours far apart.
pub(crate) fn claim_of(turn: usize, claims: usize) -> usize {
    turn.wrapping_mul(7_919) % claims
}

/// A command with a fresh id.
pub(crate) fn submission(command: Command) -> Submission {
    Submission {
        addressed: Addressed::from(command),
        id: CommandId(clock::fresh_id()),
        actor: Actor { name: Text::from(ACTOR), role: Role::Admin },
        remember: Remember::No,
        sequence: None,
    }
}

/// The n-th follow-up on a claim; claims are counted from 0 here, and from `C-1` on the docket.
pub(crate) fn follow_up(claim: usize, turn: usize) -> Command {
    let claim = Reference(format!("C-{}", claim + 1));
    Command::RecordFollowUp(Box::new(RecordFollowUp { claim, evidence: FollowUp::nth(turn).line() }))
}

/// Registers an outlet: some rated, some not.
pub(crate) fn add_outlet(outlet: usize) -> Command {
    let reliability = match outlet % 4 {
        0 => Reliability::B,
        1 | 2 => Reliability::C,
        _ => Reliability::F,
    };
    Command::AddSource(AddSource {
        handle: Some(outlet_handle(outlet)),
        name: format!("Outlet No. {outlet}"),
        kind: SourceKind::Outlet,
        aliases: Vec::new(),
        reliability,
        speaks_for: None,
        part_of: None,
    })
}

/// Reports a claim.
pub(crate) fn report(claim: usize, handle: Option<String>) -> Command {
    let mut evidence = FollowUp::nth(claim * 10 + 1).line();
    evidence.stance = Stance::Affirms;
    Command::ReportClaim(Box::new(ReportClaim {
        handle,
        text: format!("The delegation left the talks on item {claim} before the vote."),
        kind: ClaimKind::Event,
        topic: Some("talks".to_owned()),
        language: None,
        priority: None,
        tags: Vec::new(),
        policy: None,
        parties: Vec::new(),
        evidence,
    }))
}

/// Adds claims with that many pieces each to a store that has `from` claims already.
pub(crate) async fn build(store: &Store, from: usize, to: usize, pieces: usize) -> Result<()> {
    let outlets = (0..if from == 0 { OUTLETS } else { 0 }).map(add_outlet);
    let reports = (from..to).map(|claim| report(claim, None));
    let follow_ups =
        (1..pieces).flat_map(|piece| (from..to).map(move |claim| follow_up(claim, claim * 10 + piece + 1)));
    tell(store, outlets.chain(reports).chain(follow_ups)).await
}

/// Gives commands to the store, many on their way at once; none may be refused.
pub(crate) async fn tell(store: &Store, commands: impl Iterator<Item = Command>) -> Result<()> {
    let mut waiting = Vec::with_capacity(PIPELINE);
    for command in commands {
        waiting.push(store.enqueue(submission(command)).await?);
        if waiting.len() == PIPELINE {
            settle(&mut waiting).await?;
        }
    }
    settle(&mut waiting).await
}

async fn settle(waiting: &mut Vec<Pending>) -> Result<()> {
    for pending in waiting.drain(..) {
        if let Err(error) = pending.receipt().await {
            bail!("while the docket was built: {error}");
        }
    }
    Ok(())
}
