//! Decides on the commands of one batch, each on the state staged by those before it.
//! Invariant: a refusal, and a panic in the rules, leave no trace, but for a self-approval that was refused, which is an
//! event; an event is applied once it is sealed.

use std::panic::{AssertUnwindSafe, catch_unwind};

use hearsay_core::{
    Actor, ClaimId, ClaimNumber, CommandId, Decision, Event, EventId, Fact, Policy, Refusal, Role, Stamp, Subject,
    Text, decide,
};
use jiff::Timestamp;

use super::Stage;
use super::audit::Was;
use super::decider::{Decider, Head};
use super::read::{Before, Known};
use crate::error::Fault;
use crate::{ClaimNow, Outcome, Receipt, Remember, Sequence, Submission, SubmitError, tree};

/// Why a command is not even decided.
const BROKEN_OFF: &str = "an earlier command that this one builds on could not be taken in";

/// Who records what no person asked for.
const ENGINE: &str = "hearsay";

/// A batch that is being decided.
pub(super) struct Staging {
    /// What was read of commands' ids; it may lack what the batch before brings.
    read: Known,
    /// How the commands of this batch ended.
    ended: Known,
    data_version: i64,
    next_seq: u64,
    last: Timestamp,
    stage: Stage,
    /// Those that were recorded, in case that the batch is not kept.
    self_approvals: Vec<SelfApproval>,
}

/// An approval that was refused because its approver was the proposer.
#[derive(Clone)]
pub(super) struct SelfApproval {
    actor: Actor,
    command: CommandId,
    what: &'static str,
    claim: Option<ClaimNumber>,
}

impl SelfApproval {
    fn of(decider: &Decider, submission: &Submission, refusal: &Refusal) -> Option<Self> {
        let Refusal::SecondPersonNeeded { what, .. } = refusal else { return None };
        let mentions = submission.addressed.command.mentions();
        let claim = mentions.known.iter().find_map(|reference| decider.docket.claim(reference));
        let claim = claim.map(|claim| claim.number);
        Some(Self { actor: submission.actor.clone(), command: submission.id, what, claim })
    }
}

impl Staging {
    pub(super) fn new(before: Before) -> Self {
        Self {
            read: before.known,
            ended: Known::default(),
            data_version: before.data_version,
            next_seq: before.seq + 1,
            last: before.recorded_at.unwrap_or(Timestamp::MIN),
            stage: Stage::default(),
            self_approvals: Vec::new(),
        }
    }

    /// Ends the batch: memory goes up to its last event from now on.
    pub(super) fn end(self, decider: &mut Decider) -> (Stage, Vec<SelfApproval>) {
        let Self { read: _, ended, data_version, next_seq, last, stage, self_approvals } = self;
        decider.head = Some(Head { seq: next_seq - 1, recorded_at: Some(last), data_version });
        decider.earlier = ended;
        (stage, self_approvals)
    }

    /// Adds what was read of commands' ids.
    pub(super) fn learn(&mut self, known: Known) {
        self.read.recorded.extend(known.recorded);
        self.read.settled.extend(known.settled);
    }

    /// Takes one command: what the log or an import remembers of its id, else what the rules decide.
    pub(super) fn take(
        &mut self,
        decider: &mut Decider,
        submission: &Submission,
    ) -> Result<Result<Receipt, SubmitError>, Fault> {
        let broken_off = |sequence: &Sequence| sequence.is_broken_off() || decider.broken_off.contains(sequence);
        if submission.sequence.as_ref().is_some_and(broken_off) {
            return Ok(Err(SubmitError::Unavailable(BROKEN_OFF.to_owned())));
        }
        if let Some(answer) = self.known(decider, submission) {
            return Ok(answer.map(|receipt| up_to_now(receipt, decider)));
        }
        let first = self.first_seq();
        let outcome = self.decide(decider, submission)?;
        if submission.remember != Remember::No {
            self.settle(submission.id, &outcome);
        }
        self.remember(submission, &outcome, first);
        Ok(outcome)
    }

    /// What is known of a command's id already. What was decided last goes before what was read, which may be older.
    fn known(&self, decider: &Decider, submission: &Submission) -> Option<Result<Receipt, SubmitError>> {
        let newest_first = [&self.ended, &decider.earlier, &self.read];
        let id = &submission.id;
        if let Some(receipt) = newest_first.iter().find_map(|known| known.recorded.get(id)) {
            return Some(Ok(receipt.clone()));
        }
        let settled = newest_first.iter().find_map(|known| known.settled.get(id))?;
        match (submission.remember, settled) {
            (Remember::No, _) | (Remember::Retry, Err(_)) => None,
            (Remember::Yes | Remember::Retry, settled) => Some(settled.clone()),
        }
    }

    /// Keeps for the rest of this batch, and for the next, what would be read of this command's id.
    fn remember(&mut self, submission: &Submission, outcome: &Result<Receipt, SubmitError>, first: u64) {
        let (id, kept) = (submission.id, submission.remember != Remember::No);
        match outcome {
            Ok(receipt) if receipt.outcome == Outcome::Recorded => {
                let again = Receipt { outcome: Outcome::RecordedBefore, seq: Some(first), ..receipt.clone() };
                self.ended.recorded.insert(id, again);
            }
            Ok(receipt) if kept => {
                self.ended.settled.insert(id, Ok(receipt.clone()));
            }
            Err(SubmitError::Refused(refusal)) if kept => {
                let (field, reason) = (refusal.field().to_owned(), refusal.to_string());
                self.ended.settled.insert(id, Err(SubmitError::RefusedBefore { field, reason }));
            }
            Ok(_) | Err(_) => {}
        }
    }

    /// The position of the next command's first event; before the very first comes the event that opens the log.
    fn first_seq(&self) -> u64 {
        self.next_seq.max(2)
    }

    fn decide(
        &mut self,
        decider: &mut Decider,
        submission: &Submission,
    ) -> Result<Result<Receipt, SubmitError>, Fault> {
        let now = (decider.clock.now)().max(self.last);
        let first = self.next_seq == 1;
        let next_seq = self.first_seq();
        let mut ids = || (decider.fresh.ids)();
        let mut stamp = Stamp {
            now,
            clock: decider.clock.kind,
            actor: submission.actor.clone(),
            command: submission.id,
            next_seq,
            fresh: &mut ids,
        };
        let docket = &decider.docket;
        let ended = catch_unwind(AssertUnwindSafe(|| decide(docket, &submission.addressed, &mut stamp)));
        match ended {
            Err(panic) => {
                decider.broken_off.extend(submission.sequence.clone());
                Ok(Err(SubmitError::Defect(words_of(panic.as_ref()))))
            }
            Ok(Err(refusal)) => {
                if let Some(refused) = SelfApproval::of(decider, submission, &refusal) {
                    self.record_self_approval(decider, refused, now)?;
                }
                Ok(Err(SubmitError::Refused(refusal)))
            }
            Ok(Ok(decision)) if decision.events.is_empty() => {
                Ok(Ok(receipt(decider, Outcome::Unchanged, decision.subject, None)))
            }
            Ok(Ok(decision)) => {
                if first {
                    self.open_log(decider, now)?;
                }
                self.record(decider, decision).map(Ok)
            }
        }
    }

    /// Records that somebody would have approved what they proposed themselves: by a command of its own, as the refused one
    /// is not done and may be given again.
    fn record_self_approval(
        &mut self,
        decider: &mut Decider,
        refused: SelfApproval,
        now: Timestamp,
    ) -> Result<(), Fault> {
        let SelfApproval { actor, command, what, claim } = refused.clone();
        let event = Event {
            seq: self.first_seq(),
            id: EventId((decider.fresh.ids)()),
            command: CommandId((decider.fresh.ids)()),
            actor,
            occurred_at: now,
            recorded_at: now,
            clock: decider.clock.kind,
            claim: None,
            weighed: None,
            fact: Fact::SelfApprovalRefused { command, what: what.to_owned(), claim },
        };
        self.self_approvals.push(refused);
        self.stage_event(decider, &event, 0)
    }

    /// Records the refused self-approvals of a batch of which nothing else is kept. A claim after the `last` number was
    /// reported by that batch: there is none.
    pub(super) fn record_self_approvals(
        &mut self,
        decider: &mut Decider,
        refused: Vec<SelfApproval>,
        last: u32,
    ) -> Result<(), Fault> {
        let now = (decider.clock.now)().max(self.last);
        if self.next_seq == 1 {
            self.open_log(decider, now)?;
        }
        for one in refused {
            let claim = one.claim.filter(|claim| claim.0 <= last);
            self.record_self_approval(decider, SelfApproval { claim, ..one }, now)?;
        }
        Ok(())
    }

    /// The log's first event: the version of the default policy that everything is judged under from the start.
    fn open_log(&mut self, decider: &mut Decider, now: Timestamp) -> Result<(), Fault> {
        let event = Event {
            seq: 1,
            id: EventId((decider.fresh.ids)()),
            command: CommandId((decider.fresh.ids)()),
            actor: Actor { name: Text::from(ENGINE), role: Role::Worker },
            occurred_at: now,
            recorded_at: now,
            clock: decider.clock.kind,
            claim: None,
            weighed: None,
            fact: Fact::PolicySet { policy: Box::new(Policy::first(Policy::DEFAULT_NAME)), reason: None },
        };
        self.stage_event(decider, &event, 0)
    }

    fn record(&mut self, decider: &mut Decider, decision: Decision) -> Result<Receipt, Fault> {
        let mut seq = None;
        for (part, event) in decision.events.iter().enumerate() {
            self.stage_event(decider, event, part)?;
            seq = Some(event.seq);
        }
        Ok(receipt(decider, Outcome::Recorded, decision.subject, seq))
    }

    fn stage_event(&mut self, decider: &mut Decider, event: &Event, part: usize) -> Result<(), Fault> {
        let docket = &mut decider.docket;
        let before = Was::of(event, docket);
        docket.apply(event);
        let number = event.claim.and_then(|id| docket.claims.get(&id)).map(|claim| claim.number.0);
        let leaf = self.stage.log(event, part, number, &*decider.fresh.salts).map_err(Fault::damaged)?;
        decider.edge.append(leaf, |node, hash| tree::push(&mut self.stage.tree, node, &hash));
        self.stage.derive(event, docket, before).map_err(Fault::damaged)?;
        self.stage.follow(event, docket);
        self.next_seq = event.seq + 1;
        self.last = event.recorded_at;
        Ok(())
    }

    /// Keeps the outcome of a command that added nothing to the log.
    fn settle(&mut self, id: CommandId, outcome: &Result<Receipt, SubmitError>) {
        match outcome {
            Ok(receipt) if receipt.outcome == Outcome::Unchanged => {
                let subject = receipt.subject.as_ref().and_then(|subject| serde_json::to_string(subject).ok());
                let claim = receipt.claim.map(|claim| i64::from(claim.number.0));
                self.stage.settled.push(|row| {
                    row.hex(id.0.as_bytes())
                        .text("unchanged")
                        .maybe_text(None)
                        .maybe_text(None)
                        .maybe_text(subject.as_deref())
                        .maybe_int(claim);
                });
            }
            Err(SubmitError::Refused(refusal)) => self.settle_refusal(id, refusal),
            Ok(_) | Err(_) => {}
        }
    }

    fn settle_refusal(&mut self, id: CommandId, refusal: &Refusal) {
        self.stage.settled.push(|row| {
            row.hex(id.0.as_bytes())
                .text("refused")
                .text(refusal.field())
                .text(&refusal.to_string())
                .maybe_text(None)
                .maybe_int(None);
        });
    }
}

/// The receipt with its claim as it is now: what was read of it may lack what commands before brought.
fn up_to_now(receipt: Receipt, decider: &Decider) -> Receipt {
    let now = receipt.claim.and_then(|claim| decider.docket.claims.get(&claim.id)).map(ClaimNow::of);
    Receipt { claim: now.or(receipt.claim), ..receipt }
}

fn receipt(decider: &Decider, outcome: Outcome, subject: Subject, seq: Option<u64>) -> Receipt {
    let claim = claim_of(&subject).and_then(|id| decider.docket.claims.get(&id)).map(ClaimNow::of);
    Receipt { outcome, subject: Some(subject), claim, seq }
}

/// The claim that a command was about.
fn claim_of(subject: &Subject) -> Option<ClaimId> {
    match subject {
        Subject::Claim(id) | Subject::Evidence(id, _) | Subject::Lead(id, _) | Subject::Proposal(id, _) => {
            Some(*id)
        }
        Subject::Erasure(claim, _) => *claim,
        Subject::Source(_) | Subject::Policy(_) | Subject::Log => None,
    }
}

/// What a panic said.
fn words_of(panic: &(dyn std::any::Any + Send)) -> String {
    let text = panic.downcast_ref::<&str>().map(|text| (*text).to_owned());
    text.or_else(|| panic.downcast_ref::<String>().cloned()).unwrap_or_else(|| "a panic without words".to_owned())
}
