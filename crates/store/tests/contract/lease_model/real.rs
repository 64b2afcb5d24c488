//! The model beside the store's own queue: the same random steps through both, compared after each.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use hearsay_core::{ClaimNumber, Clock};
use hearsay_store::{
    Boot, BootNumber, ClockSource, Create, LeaseRequest, LeaseToken, MAX_ATTEMPTS, MAX_INTERRUPTIONS, NewTask,
    OpenOptions, Settle, Settlement, StoreError, TaskId, TaskKind, Turn,
};
use jiff::{SignedDuration, Timestamp};
use serde_json::json;

use super::queue::{Enqueued, How, Most, Order, Place, Queue, Row, Token};
use crate::desk::{Desk, Dice, START, column, options};

const SECOND: i64 = 1_000_000;
const LEASE: i64 = 30 * SECOND;

/// Where each task stands, with its attempts and its interruptions.
const TOLD: &str = "SELECT id || ': ' || iif(token IS NULL, 'waits for ' || due_at, 'leased by ' || boot || ' until ' \
    || lease_until) || ', ' || attempts || ' and ' || interruptions FROM tasks \
    UNION ALL SELECT id || ': dead' FROM dead_tasks ORDER BY 1";

/// How often each thing happens, of a hundred times; what is left goes to turns.
struct Habits {
    enqueue: usize,
    heartbeat: usize,
    clock: usize,
    restart: usize,
}

/// An attempt that some process believes in, whoever's its task is by now.
struct Attempt {
    task: usize,
    token: Token,
    real: LeaseToken,
}

/// Both queues.
struct Both {
    desk: Desk,
    clock: Arc<AtomicI64>,
    boot: Option<Boot>,
    model: Queue,
    orders: Vec<Order>,
    /// The number of each task, by its place in the model.
    ids: Vec<Option<TaskId>>,
    enqueued: Vec<i64>,
    attempts: Vec<Attempt>,
    turns: Token,
    dice: Dice,
}

impl Both {
    async fn new(seed: u64) -> Self {
        let clock = Arc::new(AtomicI64::new(START));
        let hand = Arc::clone(&clock);
        let now = Arc::new(move || Timestamp::from_microsecond(hand.load(Ordering::SeqCst)).unwrap());
        let source = ClockSource { kind: Clock::System, now };
        let desk = Desk::with(OpenOptions { clock: source, ..options(Create::IfMissing) }).await;
        let boot = Some(desk.store.begin_boot(1, "first").await.unwrap());
        let most = Most {
            attempts: u8::try_from(MAX_ATTEMPTS).unwrap(),
            interruptions: u8::try_from(MAX_INTERRUPTIONS).unwrap(),
        };
        let (model, orders, ids, attempts) = (Queue::new(0, most, None), Vec::new(), Vec::new(), Vec::new());
        let enqueued = Vec::new();
        Self { desk, clock, boot, model, orders, ids, enqueued, attempts, turns: 0, dice: Dice(seed) }
    }

    fn now(&self) -> i64 {
        self.clock.load(Ordering::SeqCst)
    }

    fn boot_number(&self) -> BootNumber {
        self.boot.as_ref().unwrap().number()
    }

    async fn step(&mut self, habits: &Habits) {
        let mut roll = self.dice.roll(100);
        let mut falls = |share: usize| {
            let falls = roll < share;
            roll = roll.wrapping_sub(share);
            falls
        };
        if falls(habits.enqueue) {
            self.enqueue().await;
        } else if falls(habits.heartbeat) {
            self.heartbeat().await;
        } else if falls(habits.clock) {
            let by = [1, 5, 12, 31, -1, -7, -40][self.dice.roll(7)];
            self.clock.fetch_add(by * SECOND, Ordering::SeqCst);
        } else if falls(habits.restart) {
            self.restart().await;
        } else {
            self.turn().await;
        }
        self.compare().await;
    }

    /// One to three tasks in one transaction; keys and claims are few, so that they meet.
    async fn enqueue(&mut self) {
        let (mut tasks, mut expected) = (Vec::new(), Vec::new());
        for _ in 0..=self.dice.roll(3) {
            let some = |dice: &mut Dice| [None, None, Some(1), Some(2)][dice.roll(4)];
            let order = Order { key: some(&mut self.dice), claim: some(&mut self.dice) };
            let at = [None, None, Some(-3), Some(3), Some(50)][self.dice.roll(5)];
            let at = at.map(|seconds: i64| self.now() + seconds * SECOND);
            self.orders.push(order);
            self.enqueued.push(self.now());
            self.model.rows.push(Row::empty(Place::Unborn));
            expected.push(self.model.enqueue(&self.orders, self.orders.len() - 1, at) == Enqueued::Added);
            tasks.push(NewTask {
                key: order.key.map(|key| format!("key {key}")),
                claim: order.claim.map(|claim| ClaimNumber(u32::from(claim))),
                run_at: at.map(|at| Timestamp::from_microsecond(at).unwrap()),
                ..NewTask::now(TaskKind::Nothing, json!({}))
            });
        }
        let ids = self.desk.store.enqueue_tasks(tasks).await.unwrap();
        assert_eq!(ids.iter().map(Option::is_some).collect::<Vec<_>>(), expected, "what was added");
        self.ids.extend(ids);
    }

    /// Of any attempts that are believed in, stale ones too.
    async fn heartbeat(&mut self) {
        let (now, mut leases, mut lost) = (self.now(), Vec::new(), BTreeSet::new());
        for Attempt { task, token, real } in &self.attempts {
            if self.dice.roll(2) == 0 {
                continue;
            }
            leases.push((self.ids[*task].unwrap(), *real));
            if !self.model.heartbeat(*task, *token, now, now + LEASE) {
                lost.insert(self.ids[*task].unwrap());
            }
        }
        let told =
            self.desk.store.heartbeat(self.boot_number(), &leases, SignedDuration::from_micros(LEASE)).await;
        assert_eq!(told.unwrap().into_iter().collect::<BTreeSet<_>>(), lost, "what was lost");
    }

    /// The worker's process dies, and another begins; or it is stopped for so long, and its attempts go on.
    async fn restart(&mut self) {
        let before = self.boot_number();
        self.boot = None;
        self.boot = Some(self.desk.store.begin_boot(2, "next").await.unwrap());
        let boot = u16::try_from(self.boot_number().0).unwrap();
        self.model.begin(&self.orders, boot).unwrap();
        if self.dice.roll(2) == 0 {
            self.attempts.clear();
            return;
        }
        let turn = Turn { boot: before, settles: self.settles(), lease: Some(lease_request(3)) };
        let refused = self.desk.store.turn(turn).await;
        assert!(matches!(refused, Err(StoreError::AnotherWorker { .. })), "an earlier boot's turn: {refused:?}");
        self.model.rescue(&self.orders, self.now()).unwrap();
    }

    /// Settles for attempts that are believed in, at most one of each task; those attempts end, but for some that will
    /// say it again.
    fn settles(&mut self) -> Vec<Settle> {
        let (mut settles, mut named, mut kept) = (Vec::new(), BTreeSet::new(), Vec::new());
        for attempt in std::mem::take(&mut self.attempts) {
            if self.dice.roll(2) == 0 || !named.insert(attempt.task) {
                kept.push(attempt);
                continue;
            }
            let error = || "it failed".to_owned();
            let at = Timestamp::from_microsecond(self.now() + [0, 4, 45][self.dice.roll(3)] * SECOND).unwrap();
            let how = match self.dice.roll(8) {
                0..=2 => Settlement::Done,
                3 => Settlement::Dead { field: None, error: error() },
                4 => Settlement::Release,
                5 => Settlement::Postpone { at },
                _ => Settlement::Retry { at, error: error() },
            };
            settles.push(Settle {
                id: self.ids[attempt.task].unwrap(),
                token: attempt.real,
                kind: TaskKind::Nothing,
                how,
            });
            if self.dice.roll(5) == 0 {
                kept.push(attempt);
            }
        }
        self.attempts = kept;
        settles
    }

    async fn turn(&mut self) {
        let (now, boot) = (self.now(), self.boot_number());
        let believed: Vec<_> = self.attempts.iter().map(|one| (one.real, one.task, one.token)).collect();
        let settles = self.settles();
        let mut refused = BTreeSet::new();
        for settle in &settles {
            let its = |(real, task, _): &&(LeaseToken, usize, Token)| {
                *real == settle.token && self.ids[*task] == Some(settle.id)
            };
            let (_, task, token) = believed.iter().find(its).unwrap();
            let how = match &settle.how {
                Settlement::Done => How::Done,
                Settlement::Dead { .. } => How::Dead,
                Settlement::Release => How::Release,
                Settlement::Postpone { at } => How::Postpone { at: at.as_microsecond() },
                Settlement::Retry { at, .. } => How::Retry { at: at.as_microsecond() },
            };
            if !self.model.settle(&self.orders, *task, *token, how, now).unwrap() {
                refused.insert(settle.id);
            }
        }
        self.model.rescue(&self.orders, now).unwrap();
        let most = self.dice.roll(4);
        let expected = self.due(now, most);
        let lease = (most > 0).then(|| lease_request(most));
        let turned = self.desk.store.turn(Turn { boot, settles, lease }).await.unwrap();
        assert_eq!(turned.refused.into_iter().collect::<BTreeSet<_>>(), refused, "what was refused");
        let mut leased: Vec<_> = turned.leased.iter().map(|task| task.id).collect();
        leased.sort();
        let mut ids: Vec<_> = expected.iter().map(|task| self.ids[*task].unwrap()).collect();
        ids.sort();
        assert_eq!(leased, ids, "what was leased");
        self.turns += 1;
        for task in expected {
            let real = turned.leased.iter().find(|leased| Some(leased.id) == self.ids[task]).unwrap();
            self.model.claim(task, self.turns, u16::try_from(boot.0).unwrap(), now + LEASE);
            assert_eq!(real.attempts, u32::from(self.model.rows[task].attempts), "attempts of {:?}", real.id);
            self.attempts.push(Attempt { task, token: self.turns, real: real.token });
        }
    }

    /// What has been due longest, of those that are due at any time the ones that came first; a claim that is busy waits.
    fn due(&self, now: i64, most: usize) -> Vec<usize> {
        let claimable = |task: &usize| self.model.claimable(&self.orders, *task, now);
        let at = |task: &usize| self.model.rows[*task].run_at;
        let (mut due, mut timed): (Vec<usize>, Vec<usize>) =
            (0..self.orders.len()).filter(claimable).partition(|task| at(task).is_none());
        timed.sort_by_key(|task| (at(task), *task));
        due.truncate(most);
        due.extend(timed.into_iter().take(most));
        due.sort_by_key(|task| (at(task).unwrap_or(self.enqueued[*task]), *task));
        due.truncate(most);
        due
    }

    async fn compare(&self) {
        let real = column(&self.desk.path, TOLD).await;
        let rows = self.model.rows.iter().zip(&self.ids);
        let mut expected: Vec<String> = rows.filter_map(|(row, id)| told(row, (*id)?)).collect();
        expected.sort();
        assert_eq!(real, expected);
    }
}

fn lease_request(most: usize) -> LeaseRequest {
    LeaseRequest { kinds: vec![TaskKind::Nothing], most, lease: SignedDuration::from_micros(LEASE) }
}

fn told(row: &Row, id: TaskId) -> Option<String> {
    let Row { attempts, interruptions, run_at, boot, lease_until, .. } = row;
    match row.place {
        Place::Unborn | Place::Done => None,
        Place::Dead => Some(format!("{id}: dead")),
        Place::Waiting => {
            let at = run_at.unwrap_or_default();
            Some(format!("{id}: waits for {at}, {attempts} and {interruptions}"))
        }
        Place::Leased => {
            Some(format!("{id}: leased by {boot} until {lease_until}, {attempts} and {interruptions}"))
        }
    }
}

/// Goes so many steps; gives how many tasks ended.
async fn assert_alike(seed: u64, habits: &Habits) -> usize {
    let mut both = Both::new(seed).await;
    for _ in 0..300 {
        both.step(habits).await;
    }
    both.model.rows.iter().filter(|row| matches!(row.place, Place::Done | Place::Dead)).count()
}

#[tokio::test]
async fn the_queue_does_what_the_model_does() {
    let soak = std::env::var("HEARSAY_SOAK").map_or(2, |soak| soak.parse().expect("`HEARSAY_SOAK` is a number"));
    let habits = [
        Habits { enqueue: 25, heartbeat: 10, clock: 18, restart: 5 },
        Habits { enqueue: 3, heartbeat: 2, clock: 30, restart: 5 },
        Habits { enqueue: 2, heartbeat: 1, clock: 1, restart: 45 },
    ];
    let mut ended = 0;
    for seed in 0..u64::min(soak, 1_000) {
        for habits in &habits {
            ended += assert_alike(seed, habits).await;
        }
    }
    assert!(ended > 20, "only {ended} tasks ended: no fair mixture");
}
