//! The queue's statements on its rows, as rules of Rust: each right, or with one flaw that is known to do harm.
//! Invariant: nothing here knows what ought to be; `world` does, and finds the flawed rules out.

/// A mark of one attempt; 0 is none.
pub(super) type Token = u16;

/// A boot of the worker; 0 is none, or one of which nothing but that it is over matters any more.
pub(super) type Boot = u16;

/// How often a task is tried at most.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Most {
    pub(super) attempts: u8,
    /// How often its worker stops while it runs.
    pub(super) interruptions: u8,
}

/// Where a task is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Place {
    /// Nobody has enqueued it yet.
    Unborn,
    Waiting,
    Leased,
    Done,
    Dead,
}

/// What is enqueued.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Order {
    pub(super) key: Option<u8>,
    pub(super) claim: Option<u8>,
}

/// A task's row.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Row {
    pub(super) place: Place,
    /// Whether it was never leased: only then does it hold its key.
    pub(super) fresh: bool,
    pub(super) attempts: u8,
    /// How often its worker stopped, or its lease ran out, while it ran: that is no attempt.
    pub(super) interruptions: u8,
    /// None: due whatever the clock does.
    pub(super) run_at: Option<i64>,
    pub(super) token: Token,
    pub(super) lease_until: i64,
    pub(super) boot: Boot,
}

/// How an attempt ends.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum How {
    Done,
    Retry { at: i64 },
    Dead,
    Release,
    Postpone { at: i64 },
}

/// What is wrong with the queue.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Flaw {
    /// A settle names the task, not the token.
    SettleIgnoresToken,
    /// A settle is taken from whoever has the token, though his lease ran out.
    SettleIgnoresExpiry,
    /// A rescue makes the task wait again, and leaves the token.
    RescueKeepsToken,
    /// A restart makes the task wait again, and leaves the token.
    RestartKeepsToken,
    /// Neither a restart nor a rescue takes back a lease.
    NobodyRescues,
    /// Whoever waits holds the key, the retried task too.
    WaitingHoldsKey,
    /// Whoever runs or waits holds the key.
    RunningHoldsKey,
    /// A released or interrupted task that was never attempted otherwise holds its key again.
    GivenBackTakesKey,
    /// Who asks for a held key earlier than it is due is told that all is well.
    HeldStaysLate,
    /// A heartbeat prolongs a lease that ran out.
    HeartbeatRevives,
    /// Tasks are claimed whatever their claim is busy with.
    ClaimIsNeverBusy,
    /// A rescue never gives a task up.
    RescueForEver,
    /// A restart never gives a task up.
    RestartForEver,
    /// Every attempt's command has an id of its own.
    FreshCommandIds,
}

/// The answer to an enqueue.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Enqueued {
    Added,
    HeldBy(usize),
}

/// A statement that the unique index refuses.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct KeyTaken;

/// The table.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct Queue {
    pub(super) rows: Vec<Row>,
    pub(super) most: Most,
    flaw: Option<Flaw>,
}

impl Row {
    pub(super) fn empty(place: Place) -> Self {
        let (fresh, attempts, interruptions, run_at) = (false, 0, 0, None);
        Self { place, fresh, attempts, interruptions, run_at, token: 0, lease_until: 0, boot: 0 }
    }
}

impl Queue {
    pub(super) fn new(tasks: usize, most: Most, flaw: Option<Flaw>) -> Self {
        Self { rows: vec![Row::empty(Place::Unborn); tasks], most, flaw }
    }

    pub(super) fn has(&self, flaw: Flaw) -> bool {
        self.flaw == Some(flaw)
    }

    /// Whether a row holds its key against others.
    fn holds(&self, row: &Row) -> bool {
        let (waits, runs) = (row.place == Place::Waiting, row.place == Place::Leased);
        if self.has(Flaw::WaitingHoldsKey) {
            waits
        } else if self.has(Flaw::RunningHoldsKey) {
            waits || runs
        } else {
            (waits || runs) && row.fresh
        }
    }

    fn holder_of_key(&self, orders: &[Order], task: usize) -> Option<usize> {
        orders[task].key?;
        let same = |other: &usize| orders[*other].key == orders[task].key && self.holds(&self.rows[*other]);
        (0..orders.len()).filter(|other| *other != task).find(same)
    }

    pub(super) fn enqueue(&mut self, orders: &[Order], task: usize, run_at: Option<i64>) -> Enqueued {
        if let Some(holder) = self.holder_of_key(orders, task) {
            let held = &mut self.rows[holder];
            if self.flaw != Some(Flaw::HeldStaysLate) {
                held.run_at = held.run_at.min(run_at);
            }
            return Enqueued::HeldBy(holder);
        }
        self.rows[task] = Row { run_at, fresh: true, ..Row::empty(Place::Waiting) };
        Enqueued::Added
    }

    /// Whether a claim may take it now.
    pub(super) fn claimable(&self, orders: &[Order], task: usize, now: i64) -> bool {
        let row = &self.rows[task];
        let busy = |(other, order): (usize, &Order)| {
            other != task && order.claim == orders[task].claim && self.rows[other].place == Place::Leased
        };
        let is_busy = orders[task].claim.is_some() && orders.iter().enumerate().any(busy);
        row.place == Place::Waiting && row.run_at <= Some(now) && (!is_busy || self.has(Flaw::ClaimIsNeverBusy))
    }

    pub(super) fn claim(&mut self, task: usize, token: Token, boot: Boot, lease_until: i64) {
        let row = &mut self.rows[task];
        let attempts = row.attempts + 1;
        *row = Row { place: Place::Leased, fresh: false, attempts, token, lease_until, boot, ..*row };
    }

    /// Whether the lease was prolonged.
    pub(super) fn heartbeat(&mut self, task: usize, token: Token, now: i64, until: i64) -> bool {
        let revives = self.has(Flaw::HeartbeatRevives);
        let row = &mut self.rows[task];
        let holds = row.token == token && (row.lease_until > now || revives);
        if holds {
            row.lease_until = until;
        }
        holds
    }

    /// Whether the settle was taken.
    pub(super) fn settle(
        &mut self,
        orders: &[Order],
        task: usize,
        token: Token,
        how: How,
        now: i64,
    ) -> Result<bool, KeyTaken> {
        let row = self.rows[task];
        let names_it = row.token == token || (self.has(Flaw::SettleIgnoresToken) && row.place == Place::Leased);
        let in_time = row.lease_until > now || self.has(Flaw::SettleIgnoresExpiry);
        if !names_it || !in_time {
            return Ok(false);
        }
        match how {
            How::Done => self.end(task, Place::Done),
            How::Retry { at } if row.attempts < self.most.attempts => self.wait_again(orders, task, Some(at))?,
            How::Dead | How::Retry { at: _ } => self.end(task, Place::Dead),
            How::Release => self.give_back(orders, task)?,
            How::Postpone { at } => {
                self.rows[task].run_at = Some(at);
                self.give_back(orders, task)?;
            }
        }
        Ok(true)
    }

    fn end(&mut self, task: usize, place: Place) {
        self.rows[task] = Row::empty(place);
    }

    /// Makes it wait as if this attempt had not been, but for its key: another may hold that by now.
    fn give_back(&mut self, orders: &[Order], task: usize) -> Result<(), KeyTaken> {
        let takes_key = self.has(Flaw::GivenBackTakesKey);
        let row = &mut self.rows[task];
        row.attempts -= 1;
        row.fresh = takes_key && row.attempts == 0;
        let run_at = row.run_at;
        self.wait_again(orders, task, run_at)
    }

    /// Takes a lease back; one that was taken back too often is dead.
    fn interrupt(&mut self, orders: &[Order], task: usize, gives_up: bool) -> Result<(), KeyTaken> {
        self.rows[task].interruptions += 1;
        if gives_up && self.rows[task].interruptions >= self.most.interruptions {
            self.end(task, Place::Dead);
            return Ok(());
        }
        self.give_back(orders, task)
    }

    fn wait_again(&mut self, orders: &[Order], task: usize, run_at: Option<i64>) -> Result<(), KeyTaken> {
        let row = &mut self.rows[task];
        *row = Row { place: Place::Waiting, run_at, token: 0, lease_until: 0, boot: 0, ..*row };
        let collides = self.holds(&self.rows[task]) && self.holder_of_key(orders, task).is_some();
        if collides { Err(KeyTaken) } else { Ok(()) }
    }

    /// Takes back every lease that ran out; gives the tasks.
    pub(super) fn rescue(&mut self, orders: &[Order], now: i64) -> Result<Vec<usize>, KeyTaken> {
        let taken = self.leased(|row| row.lease_until <= now);
        for task in &taken {
            let row = self.rows[*task];
            self.interrupt(orders, *task, !self.has(Flaw::RescueForEver))?;
            if self.has(Flaw::RescueKeepsToken) {
                (self.rows[*task].token, self.rows[*task].lease_until) = (row.token, row.lease_until);
            }
        }
        Ok(taken)
    }

    /// Takes back every lease of an earlier boot; gives the tasks.
    pub(super) fn begin(&mut self, orders: &[Order], boot: Boot) -> Result<Vec<usize>, KeyTaken> {
        let taken = self.leased(|row| row.boot != boot);
        for task in &taken {
            let row = self.rows[*task];
            self.interrupt(orders, *task, !self.has(Flaw::RestartForEver))?;
            if self.has(Flaw::RestartKeepsToken) {
                (self.rows[*task].token, self.rows[*task].lease_until) = (row.token, row.lease_until);
            }
        }
        Ok(taken)
    }

    fn leased(&self, whose: impl Fn(&Row) -> bool) -> Vec<usize> {
        let taken = |task: &usize| self.rows[*task].place == Place::Leased && whose(&self.rows[*task]);
        if self.has(Flaw::NobodyRescues) { Vec::new() } else { (0..self.rows.len()).filter(taken).collect() }
    }
}
