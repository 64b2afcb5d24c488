//! The world around the queue: the clock, the worker's processes, their attempts and what these record.
//! Invariant: what may never happen is judged by who rightfully holds what, whatever the queue's rows say.

use super::queue::{Boot, Enqueued, Flaw, How, KeyTaken, Most, Order, Place, Queue, Token};

/// How long a lease lasts, in steps of the clock.
pub(super) const LEASE: i64 = 1;

/// As the queue's, but fewer, so that every history can be gone through.
const MOST: Most = Most { attempts: 3, interruptions: 2 };

/// How many attempts are alive at once, stale ones included.
const ALIVE: usize = 2;

/// What must never happen.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Fault {
    /// A settle was taken from an attempt whose task is another's or nobody's: it was settled, or taken back, before.
    StaleSettle,
    /// A settle was taken from an attempt whose lease ran out.
    SettledAfterExpiry,
    /// A task that an attempt still holds was given to another.
    TwoHolders,
    /// Two tasks of one claim were held at once.
    TwoOfOneClaim,
    /// A task was attempted or interrupted more often than is allowed.
    TooOften,
    /// A task could not wait again, since its key was held.
    RetryBlocked,
    /// Who enqueued was told that his key is held, by a task whose attempt had begun before.
    Swallowed,
    /// Who enqueued was told that his key is held, by a task that is due later than his.
    Late,
    /// A task's effect was recorded twice.
    RecordedTwice,
    /// Whatever happens from here on, a task never ends.
    Stuck,
}

/// Whether an attempt hears that its settle was taken.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Answer {
    Heard,
    Lost,
}

/// What can happen next. Tasks and attempts are named by their place in the world.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Action {
    Enqueue {
        task: usize,
        delay: Option<i64>,
    },
    Claim {
        task: usize,
    },
    Heartbeat {
        attempt: usize,
    },
    /// The attempt's command reaches the log.
    Record {
        attempt: usize,
    },
    Settle {
        attempt: usize,
        how: How,
        answer: Answer,
    },
    Rescue,
    /// A worker starts.
    Begin,
    /// The worker dies with its attempts.
    Crash,
    /// The worker's process is stopped for long; another may begin, and its attempts go on when they like.
    Stop,
    /// The stopped processes die.
    Kill,
    /// The worker ends, all its attempts settled or released.
    Leave,
    Forward,
    Back,
}

/// One attempt at a task, in a process that lives.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Attempt {
    pub(super) task: usize,
    pub(super) token: Token,
    pub(super) boot: Boot,
    /// Its command was recorded, or recorded before.
    pub(super) recorded: bool,
    /// Its lease ran out, as the clock now stands.
    pub(super) ran_out: bool,
}

/// What is true of a task, whatever its row says.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub(super) struct Truth {
    /// Who rightfully works on it.
    pub(super) holder: Token,
    /// Whether the log has it.
    pub(super) recorded: bool,
}

/// Everything.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct World {
    pub(super) orders: &'static [Order],
    pub(super) queue: Queue,
    pub(super) truths: Vec<Truth>,
    pub(super) attempts: Vec<Attempt>,
    pub(super) boot: Boot,
    pub(super) now: i64,
}

impl From<KeyTaken> for Fault {
    fn from(_: KeyTaken) -> Self {
        Self::RetryBlocked
    }
}

impl World {
    pub(super) fn new(orders: &'static [Order], flaw: Option<Flaw>) -> Self {
        let truths = vec![Truth::default(); orders.len()];
        Self { orders, queue: Queue::new(orders.len(), MOST, flaw), truths, attempts: Vec::new(), boot: 0, now: 0 }
    }

    /// Whether every task that was enqueued has ended.
    pub(super) fn is_settled(&self) -> bool {
        !self.queue.rows.iter().any(|row| matches!(row.place, Place::Waiting | Place::Leased))
    }

    /// Everything that can happen next.
    pub(super) fn actions(&self) -> Vec<Action> {
        let mut actions = vec![Action::Rescue, Action::Forward, Action::Back];
        let rows = &self.queue.rows;
        if let Some(task) = rows.iter().position(|row| row.place == Place::Unborn) {
            actions.extend([None, Some(1)].map(|delay| Action::Enqueue { task, delay }));
        }
        if self.boot == 0 {
            actions.push(Action::Begin);
        } else {
            actions.extend([Action::Crash, Action::Stop]);
            let mine = |attempt: &Attempt| attempt.boot == self.boot;
            actions.extend((!self.attempts.iter().any(mine)).then_some(Action::Leave));
        }
        if self.attempts.iter().any(|attempt| attempt.boot != self.boot) {
            actions.push(Action::Kill);
        }
        if self.boot != 0 && self.attempts.len() < ALIVE {
            let claimable = |task: &usize| self.queue.claimable(self.orders, *task, self.now);
            actions.extend((0..rows.len()).filter(claimable).map(|task| Action::Claim { task }));
        }
        for attempt in 0..self.attempts.len() {
            self.add_actions_of(attempt, &mut actions);
        }
        actions
    }

    /// A settle that ought to be refused is tried in one way only.
    fn add_actions_of(&self, attempt: usize, actions: &mut Vec<Action>) {
        let one = &self.attempts[attempt];
        actions.push(Action::Heartbeat { attempt });
        actions.extend((!one.recorded).then_some(Action::Record { attempt }));
        if self.truths[one.task].holder != one.token || one.ran_out {
            actions.push(Action::Settle { attempt, how: How::Dead, answer: Answer::Heard });
            return;
        }
        let ends = [How::Done, How::Dead, How::Retry { at: self.now + 1 }, How::Release];
        for how in ends.into_iter().filter(|how| *how != How::Done || one.recorded) {
            actions.extend([Answer::Heard, Answer::Lost].map(|answer| Action::Settle { attempt, how, answer }));
        }
    }

    /// Has it happen.
    pub(super) fn act(&mut self, action: Action) -> Result<(), Fault> {
        match action {
            Action::Enqueue { task, delay } => self.enqueue(task, delay.map(|delay| self.now + delay)),
            Action::Claim { task } => self.claim(task),
            Action::Heartbeat { attempt } => {
                let Attempt { task, token, .. } = self.attempts[attempt];
                self.queue.heartbeat(task, token, self.now, self.now + LEASE);
                Ok(())
            }
            Action::Record { attempt } => self.record(attempt),
            Action::Settle { attempt, how, answer } => self.settle(attempt, how, answer),
            Action::Rescue => {
                let taken = self.queue.rescue(self.orders, self.now)?;
                self.take_from_holders(&taken);
                Ok(())
            }
            Action::Begin => {
                self.boot = 1 + self.attempts.iter().map(|attempt| attempt.boot).max().unwrap_or(0);
                let taken = self.queue.begin(self.orders, self.boot)?;
                self.take_from_holders(&taken);
                Ok(())
            }
            Action::Crash => {
                self.attempts.retain(|attempt| attempt.boot != self.boot);
                self.boot = 0;
                Ok(())
            }
            Action::Stop | Action::Leave => {
                self.boot = 0;
                Ok(())
            }
            Action::Kill => {
                self.attempts.retain(|attempt| attempt.boot == self.boot);
                Ok(())
            }
            Action::Forward => {
                self.tick(1);
                Ok(())
            }
            Action::Back => {
                self.tick(-1);
                Ok(())
            }
        }
    }

    fn enqueue(&mut self, task: usize, run_at: Option<i64>) -> Result<(), Fault> {
        let Enqueued::HeldBy(holder) = self.queue.enqueue(self.orders, task, run_at) else { return Ok(()) };
        if self.truths[holder].holder != 0 {
            return Err(Fault::Swallowed);
        }
        if self.queue.rows[holder].run_at > run_at { Err(Fault::Late) } else { Ok(()) }
    }

    fn claim(&mut self, task: usize) -> Result<(), Fault> {
        let token = self.fresh_token();
        self.queue.claim(task, token, self.boot, self.now + LEASE);
        if self.truths[task].holder != 0 {
            return Err(Fault::TwoHolders);
        }
        let row = self.queue.rows[task];
        if row.attempts > MOST.attempts || row.interruptions >= MOST.interruptions {
            return Err(Fault::TooOften);
        }
        let claim = self.orders[task].claim;
        let mut others = self.orders.iter().zip(&self.truths);
        if claim.is_some() && others.any(|(order, truth)| order.claim == claim && truth.holder != 0) {
            return Err(Fault::TwoOfOneClaim);
        }
        self.truths[task].holder = token;
        let boot = self.boot;
        self.attempts.push(Attempt { task, token, boot, recorded: false, ran_out: false });
        Ok(())
    }

    fn fresh_token(&self) -> Token {
        let used = |token: &Token| {
            self.attempts.iter().any(|attempt| attempt.token == *token)
                || self.queue.rows.iter().any(|row| row.token == *token)
                || self.truths.iter().any(|truth| truth.holder == *token)
        };
        (1..=Token::MAX).find(|token| !used(token)).unwrap()
    }

    fn record(&mut self, attempt: usize) -> Result<(), Fault> {
        let attempt = &mut self.attempts[attempt];
        attempt.recorded = true;
        let truth = &mut self.truths[attempt.task];
        if !std::mem::replace(&mut truth.recorded, true) {
            return Ok(());
        }
        if self.queue.has(Flaw::FreshCommandIds) { Err(Fault::RecordedTwice) } else { Ok(()) }
    }

    fn settle(&mut self, attempt: usize, how: How, answer: Answer) -> Result<(), Fault> {
        let one = self.attempts[attempt];
        let taken = self.queue.settle(self.orders, one.task, one.token, how, self.now)?;
        if taken {
            if self.truths[one.task].holder != one.token {
                return Err(Fault::StaleSettle);
            }
            if one.ran_out {
                return Err(Fault::SettledAfterExpiry);
            }
            self.truths[one.task].holder = 0;
        }
        match answer {
            Answer::Heard => drop(self.attempts.remove(attempt)),
            // It will say so again.
            Answer::Lost => {}
        }
        Ok(())
    }

    fn take_from_holders(&mut self, tasks: &[usize]) {
        for task in tasks {
            self.truths[*task].holder = 0;
        }
    }

    /// A clock that goes forward makes leases run out, one that goes back makes them run again.
    fn tick(&mut self, by: i64) {
        self.now += by;
        for attempt in &mut self.attempts {
            let until = self.queue.rows[attempt.task].lease_until;
            let holds = self.truths[attempt.task].holder == attempt.token;
            let still = by > 0 && attempt.ran_out;
            attempt.ran_out = holds && (still || until <= self.now);
        }
    }
}
