//! One lane: takes turns at the queue for its kinds of tasks, and does what it leased.
//! Invariant: settling what ended and leasing what comes next is one transaction; a task that takes long holds up
//! neither the others of its batch nor the lane.

use std::collections::{HashMap, HashSet};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use hearsay_core::ClaimNumber;
use hearsay_store::{LeaseRequest, LeasedTask, Settle, Settlement, StoreError, TaskKind, Turn, Turned, Wake};
use jiff::Timestamp;
use tokio::sync::oneshot;

use crate::Worked;
use crate::attempt::{TurnOnClaim, attempt};
use crate::context::Context;
use crate::held::Held;
use crate::running::Running;
use crate::shared::{Shared, is_final};
use crate::tasks::{
    AnswerDue, AutoAdvance, FetchItem, Nothing, PollFeed, Recheck, RecordFollowUp, Restand, ReviewDue, Sweep,
    WithdrawEvidence,
};

/// How long the rest of a batch is waited for once one of it has ended: they are settled together.
const LINGER: Duration = Duration::from_millis(20);

/// The least time between a turn that leased nothing and the next that nobody asked for.
const PAUSE: Duration = Duration::from_millis(2);

/// The pause after a turn that failed.
const RECOVERY: Duration = Duration::from_millis(500);

/// The target of what an operator is told by default, once and not at each try.
const TELLS: &str = "work";

/// Which tasks go through a lane, and how many at once.
#[derive(Debug)]
pub(crate) struct LaneKinds {
    pub(crate) name: &'static str,
    pub(crate) kinds: &'static [TaskKind],
    pub(crate) most: usize,
}

/// The lanes: none waits for another.
pub(crate) const LANES: [LaneKinds; 5] = [
    LaneKinds {
        name: "follow_ups",
        kinds: &[RecordFollowUp::NAME, WithdrawEvidence::NAME, Nothing::NAME],
        most: 256,
    },
    LaneKinds {
        name: "deadlines",
        kinds: &[AnswerDue::NAME, ReviewDue::NAME, AutoAdvance::NAME, Sweep::NAME],
        most: 128,
    },
    LaneKinds { name: "restand", kinds: &[Restand::NAME], most: 1 },
    LaneKinds { name: "feeds", kinds: &[PollFeed::NAME], most: 8 },
    LaneKinds { name: "items", kinds: &[FetchItem::NAME, Recheck::NAME], most: 16 },
];

/// A lane at work.
pub(crate) struct Lane {
    of: &'static LaneKinds,
    shared: Arc<Shared>,
    wake: Wake,
    held: Held,
    running: Running,
    /// What the next turn settles.
    ended: Vec<Settle>,
    next_at: Option<Timestamp>,
    /// Why its turns fail, while they do.
    fails: Option<String>,
    worked: Worked,
}

impl Lane {
    pub(crate) fn new(of: &'static LaneKinds, shared: Arc<Shared>) -> Self {
        Self {
            of,
            wake: shared.store.wake(of.kinds),
            shared,
            held: Held::default(),
            running: Running::default(),
            ended: Vec::new(),
            next_at: None,
            fails: None,
            worked: Worked::default(),
        }
    }

    /// The leases that it holds, for the heartbeat.
    pub(crate) fn held(&self) -> Held {
        self.held.clone()
    }

    /// Works until the worker stops; then lets running tasks end within the bound, and settles.
    pub(crate) async fn run(mut self) -> Result<Worked, StoreError> {
        let shared = Arc::clone(&self.shared);
        while !shared.stop.is_cancelled() {
            let turn = shared.store.turn(self.turn(self.room()));
            let in_time = async {
                tokio::select! {
                    turned = turn => Some(turned),
                    () = shared.time_is_up() => None,
                }
            };
            match self.running.beside(in_time).await {
                None => break,
                Some(Ok(turned)) => self.take(turned),
                Some(Err(error)) if is_final(&error) => return Err(error),
                Some(Err(error)) => self.recover(&error).await,
            }
            self.wait().await;
        }
        self.drain().await;
        Ok(self.worked)
    }

    fn room(&self) -> usize {
        self.of.most.saturating_sub(self.running.len())
    }

    /// Settles what ended, and leases so many at most.
    fn turn(&mut self, most: usize) -> Turn {
        self.ended.extend(self.running.take_ended());
        let lease =
            (most > 0).then(|| LeaseRequest { kinds: self.of.kinds.to_vec(), most, lease: self.shared.lease() });
        Turn { boot: self.shared.boot, settles: self.ended.clone(), lease }
    }

    /// Counts what was settled, and begins what was leased.
    fn take(&mut self, turned: Turned) {
        if self.fails.take().is_some() {
            tracing::warn!(target: TELLS, "{}: it goes on", self.of.name);
        }
        for settle in self.ended.drain(..) {
            self.held.give_back(settle.id, settle.token);
            if turned.refused.contains(&settle.id) {
                tracing::warn!(id = %settle.id, "its lease had ended before it was settled; it will be done again");
                self.worked.refused += 1;
            } else {
                self.worked.count(&settle.how);
            }
        }
        self.next_at = turned.next_at;
        self.begin(turned.leased);
    }

    /// Begins tasks in their order: each at once, or right behind the one before it on the same claim.
    fn begin(&mut self, leased: Vec<LeasedTask>) {
        let mut last_of: HashMap<ClaimNumber, TurnOnClaim> = HashMap::new();
        for task in leased {
            self.held.take(task.id, task.token, task.kind);
            let (place, behind) = oneshot::channel();
            let before = task.claim.and_then(|claim| last_of.insert(claim, behind));
            let context = Context {
                store: self.shared.store.clone(),
                intake: Arc::clone(&self.shared.intake),
                id: task.id,
                attempts: task.attempts,
                run_at: task.run_at,
                stop: self.shared.stop.clone(),
                place: Mutex::new(Some(place)),
            };
            self.running.begin(attempt(task, context, before, self.shared.options.task_within));
        }
    }

    async fn recover(&mut self, error: &StoreError) {
        let error = error.to_string();
        if self.fails.as_ref() != Some(&error) {
            tracing::error!(target: TELLS, "{}: waits, and tries again until it can go on: {error}", self.of.name);
        }
        self.fails = Some(error);
        self.next_at = Some(self.shared.store.now());
        let (shared, pause) = (&self.shared, tokio::time::sleep(RECOVERY));
        let paused = async {
            tokio::select! {
                () = pause => {}
                () = shared.stop.cancelled() => {}
            }
        };
        self.running.beside(paused).await;
    }

    /// Waits until there is reason for another turn.
    async fn wait(&mut self) {
        let quiet = self.running.is_empty() && self.ended.is_empty();
        if quiet {
            self.shared.quiet.send_modify(|quiet| *quiet += 1);
        }
        self.wait_for_a_reason().await;
        if quiet {
            self.shared.quiet.send_modify(|quiet| *quiet -= 1);
        }
    }

    async fn wait_for_a_reason(&mut self) {
        let shared = Arc::clone(&self.shared);
        loop {
            let (has_room, pause) = (self.room() > 0, self.pause());
            tokio::select! {
                biased;
                () = self.running.one_ended() => return self.gather().await,
                () = shared.stop.cancelled() => return,
                () = self.wake.woken(), if has_room => return,
                () = tokio::time::sleep(pause), if has_room => {
                    if self.next_at.is_some_and(|at| at <= shared.store.now()) {
                        return;
                    }
                }
            }
        }
    }

    /// How long until something is due, but no longer than until the next look at the clock, which may jump.
    fn pause(&self) -> Duration {
        let ahead = self.next_at.map(|at| at.duration_since(self.shared.store.now()));
        let ahead = ahead.map(|ahead| Duration::try_from(ahead).unwrap_or(Duration::ZERO));
        ahead.map_or(self.shared.options.poll, |ahead| ahead.clamp(PAUSE, self.shared.options.poll.max(PAUSE)))
    }

    /// Takes in what else has ended, or does so in a moment.
    async fn gather(&mut self) {
        if tokio::time::timeout(LINGER, self.running.all_ended()).await.is_err() {
            tracing::trace!(lane = self.of.name, left = self.running.len(), "the rest of a batch takes longer");
        }
    }

    /// Lets running tasks end, gives back what did not, and settles, all within the bound.
    async fn drain(&mut self) {
        let shared = Arc::clone(&self.shared);
        tokio::select! {
            () = self.running.all_ended() => {}
            () = shared.time_is_up() => {}
        }
        self.running.abandon();
        self.ended.extend(self.running.take_ended());
        self.give_back_the_rest();
        if self.ended.is_empty() {
            return;
        }
        let turned = tokio::time::timeout(shared.last_turn(), shared.store.turn(self.turn(0))).await;
        match turned {
            Ok(Ok(turned)) => self.take(turned),
            Ok(Err(error)) => tracing::warn!(%error, lane = self.of.name, "the last turn failed"),
            Err(_) => {
                tracing::warn!(
                    lane = self.of.name,
                    "the last turn took too long; the next worker makes up for it"
                );
            }
        }
    }

    /// What runs still, or was leased and never begun, goes back as it was: a repeat of its command is recorded once.
    fn give_back_the_rest(&mut self) {
        let settled: HashSet<_> = self.ended.iter().map(|settle| (settle.id, settle.token)).collect();
        let rest = self.held.with_kinds().into_iter().filter(|(lease, _)| !settled.contains(lease));
        self.ended.extend(rest.map(|((id, token), kind)| Settle { id, token, kind, how: Settlement::Release }));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_of_task_goes_through_one_lane() {
        let mut kinds: Vec<TaskKind> = LANES.iter().flat_map(|lane| lane.kinds).copied().collect();
        kinds.sort();
        assert_eq!(kinds, TaskKind::ALL);
    }
}
