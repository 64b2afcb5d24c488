//! `hearsay follow-up submit`: puts lines on the queue, for the worker to record.
//! Invariant: what was said to be on the queue is on disk; the same file submitted again adds nothing.

use std::collections::{HashMap, HashSet};
use std::time::Duration;

use clap::Args;
use hearsay_core::{ClaimNumber, CommandId, Priority};
use hearsay_store::{DeadFilter, NewTask, TaskId, TaskKind};

use super::submitted::{Became, Report, Told};
use crate::desk::Desk;
use crate::exit::Failure;
use crate::interchange::{Fault, FileArgs, Incoming, Line, Queueable, QueuedLine};
use crate::words::word;

/// Examples for its help.
pub(crate) const EXAMPLES: &str = "Examples:\n  hearsay follow-up submit evening.jsonl\n  \
    hearsay follow-up submit evening.jsonl --priority urgent\n  \
    hearsay follow-up submit - --namespace wire-2025-04-22\n\n\
    Takes record_follow_up and withdraw_evidence lines. A line that cannot go on the queue is reported as\n\
    FILE:LINE: field: reason; the others do, and the exit code is 2. `hearsay work` records them; what the\n\
    rules refuse then is in `hearsay queue dead`.";

/// How many lines go on the queue in one transaction.
const CHUNK: usize = 400;

/// How many bytes of lines go on the queue in one transaction, about.
const CHUNK_BYTES: usize = 8 << 20;

/// For how long lines that came wait for others to go on the queue with.
const LINGER: Duration = Duration::from_millis(100);

/// Arguments of `follow-up submit`.
#[derive(Args, Debug)]
pub(crate) struct SubmitArgs {
    #[command(flatten)]
    file: FileArgs,
    /// How urgent they are: low, normal, high or urgent; default: normal.
    #[arg(long, value_name = "PRIORITY", value_parser = word::<Priority>)]
    priority: Option<Priority>,
}

/// A line whose turn to be reported has not come.
enum Waiting {
    Unfit(u64, Option<&'static str>, Fault),
    Ready(Box<QueuedLine>, Told),
}

/// Puts the lines of a file on the queue.
pub(super) async fn run(args: &SubmitArgs, desk: &Desk) -> Result<(), Failure> {
    let mut ids = args.file.ids(&desk.store)?;
    let (mut lines, bytes) = args.file.open()?;
    let file = args.file.shown();
    let priority = args.priority.unwrap_or_default();
    let mut queue = Queue::new(desk, file.clone(), priority).await?;
    let mut report = Report::begin(&desk.screen, file, bytes)?;
    let mut ended = Ok(());
    while let Some(line) = next(&mut lines, &queue.waiting).await.transpose() {
        match line {
            Ok(Came::Line(line)) => {
                report.at(line.end);
                queue.add(fit(*line, |text| ids.next(text)));
                if queue.is_full() {
                    queue.put(&mut report).await?;
                }
            }
            Ok(Came::Nothing) => queue.put(&mut report).await?,
            Err(failure) => {
                ended = Err(failure);
                break;
            }
        }
    }
    queue.put(&mut report).await?;
    ended?;
    let worker = desk.store.worker_now().await?;
    report.end(lines.signal(), worker.as_ref())
}

/// What came within a moment.
enum Came {
    Line(Box<Line>),
    Nothing,
}

/// The next line. If others wait already, only for a moment: whoever feeds lines one by one is not kept waiting.
async fn next(lines: &mut Incoming, waiting: &[Waiting]) -> Result<Option<Came>, Failure> {
    let line = if waiting.is_empty() {
        lines.next().await?
    } else {
        match tokio::time::timeout(LINGER, lines.next()).await {
            Ok(line) => line?,
            Err(_) => return Ok(Some(Came::Nothing)),
        }
    };
    Ok(line.map(|line| Came::Line(Box::new(line))))
}

/// A line as it may go on the queue, or why it may not.
fn fit(line: Line, id: impl FnOnce(&str) -> CommandId) -> Waiting {
    let number = line.number;
    let (text, addressed) = match line.read {
        Ok(read) => read,
        Err(fault) => return Waiting::Unfit(number, None, fault),
    };
    let name = addressed.command.name();
    let Some(what) = Queueable::of(&addressed.command) else {
        let reason = format!(
            "`{name}` does not go on the queue, only record_follow_up and withdraw_evidence; `hearsay import` takes it"
        );
        return Waiting::Unfit(number, Some(name), Fault::of_field("do", reason));
    };
    let told = Told { number, name, handle: what.brings.clone() };
    Waiting::Ready(Box::new(QueuedLine { what, id: id(&text), number, text }), told)
}

/// Lines on their way to the queue.
struct Queue<'a> {
    desk: &'a Desk,
    file: String,
    priority: Priority,
    waiting: Vec<Waiting>,
    bytes: usize,
    /// Dead letters of submitted lines, by their keys.
    dead: HashMap<String, TaskId>,
    /// The keys of submitted lines that are being recorded, or are to be tried again.
    tried: HashSet<String>,
    /// Claims of the handles that lines of this file bring along.
    brought: HashMap<String, ClaimNumber>,
}

impl<'a> Queue<'a> {
    async fn new(desk: &'a Desk, file: String, priority: Priority) -> Result<Self, Failure> {
        let dead = desk.store.dead_tasks(&DeadFilter::default()).await?;
        let dead = dead.into_iter().filter_map(|task| Some((task.key?, task.id))).collect();
        let tried = desk.store.keys_tried(&[TaskKind::RecordFollowUp, TaskKind::WithdrawEvidence]).await?;
        Ok(Self { desk, file, priority, waiting: Vec::new(), bytes: 0, dead, tried, brought: HashMap::new() })
    }

    fn add(&mut self, line: Waiting) {
        if let Waiting::Ready(line, _) = &line {
            self.bytes += line.text.len();
        }
        self.waiting.push(line);
    }

    fn is_full(&self) -> bool {
        self.waiting.len() >= CHUNK || self.bytes >= CHUNK_BYTES
    }

    /// Puts what waits on the queue, then tells of each line.
    async fn put(&mut self, report: &mut Report) -> Result<(), Failure> {
        let waiting = std::mem::take(&mut self.waiting);
        self.bytes = 0;
        let lines = waiting.iter().filter_map(|line| match line {
            Waiting::Ready(line, _) => Some(line.as_ref()),
            Waiting::Unfit(..) => None,
        });
        let became = self.enqueue(lines.collect()).await?;
        let mut became = became.into_iter();
        for line in &waiting {
            match line {
                Waiting::Unfit(number, name, fault) => report.unfit(*number, *name, fault)?,
                Waiting::Ready(_, told) => {
                    if let Some(became) = became.next() {
                        report.fit(told, &became)?;
                    }
                }
            }
        }
        Ok(())
    }

    /// What becomes of each line, in their order.
    async fn enqueue(&mut self, lines: Vec<&QueuedLine>) -> Result<Vec<Became>, Failure> {
        let ids: Vec<CommandId> = lines.iter().map(|line| line.id).collect();
        let recorded = self.desk.store.recorded_commands(&ids).await?;
        let claims = self.claims(&lines).await?;
        let is_fresh = |key: &String| !self.dead.contains_key(key) && !self.tried.contains(key);
        let fresh: Vec<bool> =
            lines.iter().map(|line| !recorded.contains(&line.id) && is_fresh(&line.key())).collect();
        let chosen = lines.iter().zip(&claims).zip(&fresh).filter(|(_, fresh)| **fresh);
        let tasks = chosen.map(|((line, claim), _)| self.task(line, *claim)).collect::<Result<Vec<_>, _>>()?;
        let put = if tasks.is_empty() { Vec::new() } else { self.desk.store.enqueue_tasks(tasks).await? };
        let mut put = put.into_iter();
        let one = |((line, claim), fresh): ((&&QueuedLine, &Option<ClaimNumber>), &bool)| {
            if *fresh {
                match put.next().flatten() {
                    Some(task) => Became::Queued { task, claim: *claim },
                    None => Became::WaitsAlready,
                }
            } else if recorded.contains(&line.id) {
                Became::RecordedBefore
            } else {
                self.dead.get(&line.key()).map_or(Became::WaitsAlready, |task| Became::Dead { task: *task })
            }
        };
        Ok(lines.iter().zip(&claims).zip(&fresh).map(one).collect())
    }

    /// The claim that each line is about, where it is known; by it the worker does one after the other.
    async fn claims(&mut self, lines: &[&QueuedLine]) -> Result<Vec<Option<ClaimNumber>>, Failure> {
        let names: HashSet<&str> = lines.iter().map(|line| line.what.about.as_str()).collect();
        let names: Vec<&str> = names.into_iter().collect();
        let known = self.desk.store.claims_of_names(&names).await?;
        let one = |line: &&QueuedLine| {
            let claim = known.get(&line.what.about).or_else(|| self.brought.get(&line.what.about)).copied();
            if let (Some(handle), Some(claim)) = (&line.what.brings, claim) {
                self.brought.insert(handle.clone(), claim);
            }
            claim
        };
        Ok(lines.iter().map(one).collect())
    }

    fn task(&self, line: &QueuedLine, claim: Option<ClaimNumber>) -> Result<NewTask, Failure> {
        let task = line.task(&self.file, &self.desk.actor, claim)?;
        Ok(NewTask { priority: self.priority, ..task })
    }
}
