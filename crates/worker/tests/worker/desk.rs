//! A desk: a database in a temporary directory, a clock that stands where it is set, and a worker.
//! A line may begin with who says it: `ben {"do": …}`; else it is `ana`.

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, AtomicU8, Ordering};
use std::time::Duration;

use hearsay_core::{Actor, Clock, CommandId, Fact, Role, Text, parse_line};
use hearsay_store::{
    ClockSource, Create, DeadFilter, Durability, EventFilter, EventView, Fresh, KindOverview, LeaseRequest,
    NewTask, OpenOptions, Receipt, Remember, Settle, Settlement, Store, Submission, TaskFilter, TaskKind, Term,
    Turn,
};
use hearsay_worker::{CancellationToken, SubmittedLine, Until, Worked, Worker, WorkerError, WorkerOptions};
use jiff::{SignedDuration, Timestamp};
use tokio::task::JoinHandle;
use uuid::Uuid;

/// When the desk opens.
pub(crate) const START: &str = "2025-04-22T16:00:00Z";

/// Sources, a claim with a party, and one without.
pub(crate) const BASICS: &str = r#"
{"do":"add_source","ref":"kremlin","name":"Kremlin","kind":"institution"}
{"do":"add_source","ref":"peskov","name":"Dmitry Peskov","kind":"person","speaks_for":"kremlin"}
{"do":"add_source","ref":"ft","name":"Financial Times","kind":"outlet","reliability":"B"}
{"do":"add_source","ref":"reuters","name":"Reuters","kind":"agency","reliability":"A"}
{"do":"add_source","ref":"blog","name":"A blog","kind":"outlet"}
{"do":"report_claim","ref":"offer","text":"An offer was made","kind":"event","parties":[{"source":"kremlin","interest":"against"}],"evidence":{"ref":"e1","source":"ft","stance":"affirms","footing":"unnamed_sources","said_at":"2025-04-22T15:00:00Z"}}
{"do":"report_claim","ref":"truce","text":"The truce was broken","kind":"event","evidence":{"ref":"t1","source":"reuters","stance":"affirms","footing":"own","said_at":"2025-04-22T15:00:00Z"}}
"#;

/// What asking for an id does.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Ids {
    /// Gives one.
    Given = 0,
    /// Panics: whoever needs one has a defect.
    Panic = 1,
    /// Takes until that is set otherwise: whoever needs one hangs, the writer among them.
    Hang = 2,
}

/// A desk with one store and a clock of its own.
pub(crate) struct Desk {
    _directory: tempfile::TempDir,
    path: PathBuf,
    clock: Arc<AtomicI64>,
    ids: Arc<AtomicU8>,
    options: OpenOptions,
    pub(crate) store: Store,
}

#[expect(clippy::disallowed_methods, reason = "a test's ids need not be given")]
fn id() -> Uuid {
    Uuid::now_v7()
}

fn id_or(ids: &AtomicU8) -> Uuid {
    let wanted = |what: Ids| ids.load(Ordering::SeqCst) == what as u8;
    if wanted(Ids::Hang) {
        // Told that this blocks, the runtime moves what else this thread had, its timers among it, to another.
        tokio::task::block_in_place(|| {
            while wanted(Ids::Hang) {
                std::thread::sleep(Duration::from_millis(1));
            }
        });
    }
    assert!(!wanted(Ids::Panic), "no more ids");
    id()
}

/// A time.
pub(crate) fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

impl Desk {
    pub(crate) async fn new() -> Self {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("desk.db");
        let clock = Arc::new(AtomicI64::new(at(START).as_microsecond()));
        let ids = Arc::new(AtomicU8::new(Ids::Given as u8));
        let (read, asked) = (Arc::clone(&clock), Arc::clone(&ids));
        let now = move || Timestamp::from_microsecond(read.load(Ordering::SeqCst)).unwrap();
        let options = OpenOptions {
            create: Create::IfMissing,
            durability: Durability::Relaxed,
            clock: ClockSource { kind: Clock::Story, now: Arc::new(now) },
            fresh: Fresh { ids: Arc::new(move || id_or(&asked)), salts: Arc::new(rand::random) },
        };
        let store = Store::open(&path, options.clone()).await.unwrap();
        Self { _directory: directory, path, clock, ids, options, store }
    }

    /// A desk to which the basics, and these lines, were told.
    pub(crate) async fn told(lines: &str) -> Self {
        let desk = Self::new().await;
        desk.tell(BASICS).await;
        desk.tell(lines).await;
        desk
    }

    /// Another store on the same file: as of another process.
    pub(crate) async fn again(&self) -> Store {
        Store::open(&self.path, self.options.clone()).await.unwrap()
    }

    /// Sets the clock.
    pub(crate) fn set(&self, text: &str) {
        self.clock.store(at(text).as_microsecond(), Ordering::SeqCst);
    }

    /// Moves the clock on.
    pub(crate) fn pass(&self, seconds: i64) {
        self.clock.fetch_add(seconds * 1_000_000, Ordering::SeqCst);
    }

    /// Says what asking for an id does.
    pub(crate) fn ids(&self, what: Ids) {
        self.ids.store(what as u8, Ordering::SeqCst);
    }

    /// Submits lines one after the other; none may be refused.
    pub(crate) async fn tell(&self, lines: &str) -> Vec<Receipt> {
        let mut receipts = Vec::new();
        for line in lines.lines().filter(|line| !line.trim().is_empty()) {
            match self.store.submit(submission(line)).await {
                Ok(receipt) => receipts.push(receipt),
                Err(error) => panic!("{line}\n{error}"),
            }
        }
        receipts
    }

    /// Submits many lines at once; none may be refused.
    pub(crate) async fn tell_at_once(&self, lines: impl Iterator<Item = String>) {
        let mut pending = Vec::new();
        for line in lines {
            pending.push(self.store.enqueue(submission(&line)).await.unwrap());
        }
        for pending in pending {
            pending.receipt().await.unwrap();
        }
    }

    /// Puts lines on the queue, in ana's name, each as the task of its command.
    pub(crate) async fn put(&self, lines: &str) {
        let lines = lines.lines().filter(|line| !line.trim().is_empty());
        let mut tasks = Vec::new();
        for (number, line) in (1..).zip(lines) {
            tasks.push(self.put_task(number, line).await);
        }
        self.store.enqueue_tasks(tasks).await.unwrap();
    }

    /// The task of a submitted line.
    pub(crate) async fn put_task(&self, line: u64, text: &str) -> NewTask {
        let value: serde_json::Value = serde_json::from_str(text).unwrap_or_default();
        let kind = value["do"].as_str().and_then(|name| name.parse().ok()).unwrap_or(TaskKind::RecordFollowUp);
        let claim = self.store.find_claim(value["claim"].as_str().unwrap_or("?")).await.ok();
        let submitted = SubmittedLine {
            line,
            source: "lines.jsonl".to_owned(),
            command_id: CommandId(id()),
            actor: "ana".to_owned(),
            role: Role::Checker,
            text: text.to_owned(),
        };
        submitted.into_task(kind, claim).unwrap()
    }

    /// Puts tasks on the queue.
    pub(crate) async fn enqueue(&self, tasks: Vec<NewTask>) {
        self.store.enqueue_tasks(tasks).await.unwrap();
    }

    /// Works until nothing is left to do.
    pub(crate) async fn work(&self) -> Worked {
        work(self.store.clone()).await
    }

    /// Starts a worker that ends when it is stopped.
    pub(crate) async fn start(&self) -> Working {
        self.start_with(options()).await
    }

    pub(crate) async fn start_with(&self, options: WorkerOptions) -> Working {
        let worker = Worker::begin(self.store.clone(), options).await.unwrap();
        let stop = CancellationToken::new();
        let run = tokio::spawn(worker.run(stop.clone()));
        Working { stop, run }
    }

    /// The events of a claim, by name: their facts with when they occurred, the first first.
    pub(crate) async fn events(&self, claim: &str) -> Vec<EventView> {
        let claim = self.store.find_claim(claim).await.unwrap();
        let filter = EventFilter { claims: Term::only(claim), ..EventFilter::default() };
        self.store.events(&filter).await.unwrap()
    }

    /// The names of a claim's events.
    pub(crate) async fn facts(&self, claim: &str) -> Vec<&'static str> {
        self.events(claim).await.iter().map(|view| view.event.fact.kind()).collect()
    }

    /// How many events of a claim are of that kind.
    pub(crate) async fn count(&self, claim: &str, kind: &str) -> usize {
        self.facts(claim).await.into_iter().filter(|fact| *fact == kind).count()
    }

    /// How a kind of task fares.
    pub(crate) async fn kind(&self, kind: TaskKind) -> KindOverview {
        let all = self.store.queue_overview().await.unwrap();
        all.into_iter().find(|overview| overview.kind == kind).unwrap()
    }

    /// The dead letters, the oldest first: kind, field and error.
    pub(crate) async fn dead(&self) -> Vec<String> {
        let mut dead = self.store.dead_tasks(&DeadFilter::default()).await.unwrap();
        dead.sort_by_key(|task| task.id);
        let line = |line: Option<u64>| line.map(|line| format!(" line {line}")).unwrap_or_default();
        dead.into_iter()
            .map(|task| {
                let field = task.field.unwrap_or_default();
                format!("{}{} [{field}] {}", task.kind, line(task.line), task.error)
            })
            .collect()
    }

    /// How many tasks are on the queue, dead ones aside.
    pub(crate) async fn left(&self) -> usize {
        self.store.tasks(&TaskFilter::default()).await.unwrap().len()
    }

    /// Loses the tasks of these kinds that are due: leases and settles them undone.
    pub(crate) async fn lose(&self, kinds: &[TaskKind]) -> usize {
        let boot = self.store.begin_boot(1, "loser").await.unwrap();
        let (mut settles, mut lost) = (Vec::new(), 0);
        loop {
            let lease = SignedDuration::from_mins(1);
            let lease = LeaseRequest { kinds: kinds.to_vec(), most: 1_000, lease };
            let turn = Turn { boot: boot.number(), settles, lease: Some(lease) };
            let leased = self.store.turn(turn).await.unwrap().leased;
            if leased.is_empty() {
                break;
            }
            lost += leased.len();
            let done = |task: &hearsay_store::LeasedTask| Settle {
                id: task.id,
                token: task.token,
                kind: task.kind,
                how: Settlement::Done,
            };
            settles = leased.iter().map(done).collect();
        }
        self.store.end_boot(boot).await.unwrap();
        lost
    }
}

/// Options of a worker whose clock is looked at often.
pub(crate) fn options() -> WorkerOptions {
    WorkerOptions { poll: Duration::from_millis(10), ..WorkerOptions::new(std::process::id(), "test") }
}

/// Works until nothing is left to do.
pub(crate) async fn work(store: Store) -> Worked {
    let options = WorkerOptions { until: Until::Idle, ..options() };
    let worker = Worker::begin(store.clone(), options).await.unwrap();
    let run = worker.run(CancellationToken::new());
    match tokio::time::timeout(Duration::from_mins(1), run).await {
        Ok(ended) => ended.unwrap(),
        Err(late) => panic!("it does not become idle, {late}: {:#?}", store.tasks(&TaskFilter::default()).await),
    }
}

/// A worker at work.
pub(crate) struct Working {
    stop: CancellationToken,
    run: JoinHandle<Result<Worked, WorkerError>>,
}

impl Working {
    /// Tells it to stop.
    pub(crate) fn stop(&self) {
        self.stop.cancel();
    }

    /// Stops it; what its run came to.
    pub(crate) async fn end(self) -> Worked {
        self.stop.cancel();
        tokio::time::timeout(Duration::from_mins(1), self.run).await.expect("it ends").unwrap().unwrap()
    }
}

/// Looks again and again until something holds.
pub(crate) async fn until<F: Future<Output = bool>>(what: &str, mut holds: impl FnMut() -> F) {
    for _ in 0..2_000 {
        if holds().await {
            return;
        }
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    panic!("in ten seconds it did not come about that {what}");
}

/// A line, and who says it.
fn submission(line: &str) -> Submission {
    let (who, line) = line.split_at(line.find('{').unwrap_or(0));
    let who = if who.trim().is_empty() { "ana" } else { who.trim() };
    Submission {
        addressed: parse_line(line).unwrap_or_else(|error| panic!("{line}\n{}: {error}", error.field)),
        id: CommandId(id()),
        actor: Actor { name: Text::from(who), role: Role::Admin },
        remember: Remember::No,
        sequence: None,
    }
}

/// A follow-up that affirms or denies, as a line.
pub(crate) fn follow_up(claim: &str, source: &str, stance: &str, said_at: &str) -> String {
    format!(
        r#"{{"do":"record_follow_up","claim":"{claim}","evidence":{{"source":"{source}","stance":"{stance}","footing":"own","said_at":"{said_at}"}}}}"#
    )
}

/// A claim with a party, as a line.
pub(crate) fn report(number: usize, party: &str) -> String {
    format!(
        r#"{{"do":"report_claim","text":"Claim {number}","kind":"event","parties":[{{"source":"{party}","interest":"against"}}],"evidence":{{"source":"ft","stance":"affirms","footing":"own","said_at":"2025-04-22T15:00:00Z"}}}}"#
    )
}

/// The event that records a silence, if it is one: when it occurred.
pub(crate) fn silence(view: &EventView) -> Option<Timestamp> {
    matches!(view.event.fact, Fact::SilenceRecorded { .. }).then_some(view.event.occurred_at)
}
