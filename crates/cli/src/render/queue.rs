//! The queue for people: how each kind fares, each task with why it waits, and dead letters.

use hearsay_store::{DeadTask, KindOverview, ScheduleView, TaskKind, TaskView, WaitsFor, WorkerNow};
use jiff::Timestamp;

use crate::output::{Screen, table, width_of, wrapped};
use crate::words::{ago, count, soon, when};

/// The columns of a kind in CSV.
pub(crate) const KIND_COLUMNS: &[&str] = &[
    "kind",
    "waiting",
    "scheduled",
    "leased",
    "dead",
    "oldest",
    "next_at",
    "paused.since",
    "paused.by",
    "per_minute",
    "done_today",
    "retried_today",
    "dead_today",
    "schedules",
    "worker.pid",
    "worker.name",
    "worker.since",
    "worker.seen_at",
];

/// The columns of a task in CSV.
pub(crate) const TASK_COLUMNS: &[&str] = &[
    "id",
    "kind",
    "state",
    "claim",
    "priority",
    "attempts",
    "interruptions",
    "run_at",
    "enqueued_at",
    "waits_for.why",
    "key",
    "last_error",
];

/// The columns of a dead letter in CSV.
pub(crate) const DEAD_COLUMNS: &[&str] = &[
    "id",
    "kind",
    "claim",
    "source",
    "line",
    "field",
    "error",
    "attempts",
    "enqueued_at",
    "died_at",
    "payload.actor",
    "payload.text",
    "key",
];

/// The whole queue, in short.
pub(crate) fn overview(
    screen: &Screen,
    kinds: &[KindOverview],
    schedules: &[ScheduleView],
    worker: Option<&WorkerNow>,
    now: Timestamp,
) -> String {
    let shown = kinds.iter().filter(|kind| kind.kind != TaskKind::Nothing || !is_empty(kind));
    let headers = ["kind", "waiting", "scheduled", "leased", "dead", "next due", "done today", ""];
    let mut lines = vec![table(screen, &headers, shown.map(|kind| kind_row(kind, now)).collect()), String::new()];
    lines.extend(schedules.iter().map(|schedule| {
        let last = schedule.last_at.map(|at| format!(", last {}", when(at))).unwrap_or_default();
        let (name, cron, zone) = (&schedule.name, &schedule.cron, &schedule.zone);
        format!(" {name}: at `{cron}` ({zone}), next {}{last}", when(schedule.next_at))
    }));
    lines.push(match worker {
        Some(worker) => format!(" Worker: {}", working(worker, now)),
        None => " No worker is running; `hearsay work` starts one.".to_owned(),
    });
    if kinds.iter().any(|kind| kind.dead > 0) {
        lines.push(" Dead letters need a person: `hearsay queue dead` says why.".to_owned());
    }
    lines.join("\n")
}

/// Who works, and since when.
pub(crate) fn working(worker: &WorkerNow, now: Timestamp) -> String {
    let (pid, name) = (worker.pid, &worker.name);
    format!("process {pid} (`{name}`), since {}, last heard of {}.", when(worker.since), ago(worker.seen_at, now))
}

fn is_empty(kind: &KindOverview) -> bool {
    kind.waiting + kind.scheduled + kind.leased + kind.dead + kind.done_today == 0
}

fn kind_row(kind: &KindOverview, now: Timestamp) -> Vec<String> {
    let number = |number: u64| if number == 0 { "·".to_owned() } else { number.to_string() };
    let next = match (kind.waiting, kind.next_at) {
        (0, None) => String::new(),
        (0, Some(at)) => soon(at, now),
        (_, _) => kind.oldest.map_or_else(|| "now".to_owned(), |at| format!("now, put on {}", ago(at, now))),
    };
    let mut notes = Vec::new();
    notes.extend(kind.paused.as_ref().map(|paused| format!("paused by {} {}", paused.by, ago(paused.since, now))));
    notes.extend(kind.per_minute.map(|rate| format!("at most {rate}/min")));
    vec![
        kind.kind.to_string(),
        number(kind.waiting),
        number(kind.scheduled),
        number(kind.leased),
        number(kind.dead),
        next,
        number(kind.done_today),
        notes.join(", "),
    ]
}

/// Tasks, each with why it is not being done.
pub(crate) fn tasks(screen: &Screen, tasks: &[TaskView], now: Timestamp) -> String {
    if tasks.is_empty() {
        return "No task is like that; `hearsay queue show` counts what there is.".to_owned();
    }
    let rows = tasks.iter().map(|task| {
        vec![
            task.id.to_string(),
            task.kind.to_string(),
            task.claim.map(|claim| claim.to_string()).unwrap_or_default(),
            task.priority.as_str().to_owned(),
            sentence(task, now),
        ]
    });
    table(screen, &["task", "kind", "claim", "priority", "why it waits"], rows.collect())
}

fn sentence(task: &TaskView, now: Timestamp) -> String {
    let tried = if task.attempts == 0 {
        String::new()
    } else {
        format!(" ({} so far)", count(task.attempts, "attempt", "attempts"))
    };
    let error = task.last_error.as_ref().map(|error| format!(": {error}")).unwrap_or_default();
    format!("{}{tried}{error}", why(&task.waits_for, now))
}

/// Why a task is not being done, or that it is.
pub(crate) fn why(waits_for: &WaitsFor, now: Timestamp) -> String {
    match waits_for {
        WaitsFor::Lease { boot, since, until } if *until < now => format!(
            "run {boot} of the worker took it {}, and its lease ran out {}",
            ago(*since, now),
            ago(*until, now)
        ),
        WaitsFor::Lease { boot, since, until } => {
            format!(
                "being done by run {boot} of the worker since {}, leased until {}",
                when(*since),
                soon(*until, now)
            )
        }
        WaitsFor::Resume(paused) => format!("its kind was paused by {} {}", paused.by, ago(paused.since, now)),
        WaitsFor::Time { at } => format!("due {}", soon(*at, now)),
        WaitsFor::Worker => "no worker is running".to_owned(),
        WaitsFor::Claim { task, until } => {
            format!("task {task} of the same claim is being done, leased until {}", soon(*until, now))
        }
        WaitsFor::Rate { per_minute, at } => {
            format!("its kind may be begun {per_minute} times a minute; the next at {}", soon(*at, now))
        }
        WaitsFor::Turn => "waits for its turn".to_owned(),
    }
}

/// Dead letters, each with what is wrong.
pub(crate) fn dead_letters(screen: &Screen, letters: &[DeadTask]) -> String {
    if letters.is_empty() {
        return "No dead letters.".to_owned();
    }
    let mut lines: Vec<String> = letters.iter().flat_map(|letter| dead_letter(screen, letter)).collect();
    lines.push(String::new());
    let next = "`hearsay queue retry ID --edit` mends a line and tries it again; `hearsay queue drop ID --reason TEXT` \
                throws it away.";
    lines.extend(wrapped(next, screen.width, ""));
    lines.join("\n")
}

fn dead_letter(screen: &Screen, letter: &DeadTask) -> Vec<String> {
    let head = format!("{:<6} ", letter.id.to_string());
    let indent = " ".repeat(width_of(&head));
    let origin = match (&letter.source, letter.line) {
        (Some(source), Some(line)) => format!("{source}:{line}: "),
        _ => String::new(),
    };
    let field = letter.field.as_ref().map(|field| format!("{field}: ")).unwrap_or_default();
    let mut lines = wrapped(&format!("{origin}{field}{}", letter.error), screen.width, &indent);
    if let Some(first) = lines.first_mut() {
        *first = format!("{}{}", screen.paint.strong(&head), first.trim_start());
    }
    let mut facts = vec![letter.kind.to_string()];
    facts.extend(letter.claim.map(|claim| claim.to_string()));
    facts.extend(letter.payload["actor"].as_str().map(|actor| format!("by {actor}")));
    facts.push(count(letter.attempts, "attempt", "attempts"));
    facts.push(format!("dead since {}", when(letter.died_at)));
    lines.push(format!("{indent}{}", screen.paint.faint(&facts.join(" · "))));
    lines
}
