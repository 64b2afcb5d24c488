//! `hearsay doctor`: says for each task that doesn't move why, and what to do; looks at the database, the disk, the
//! clock, the worker and the docket. Whatever needs a person makes the exit code 1.

mod database;
mod disk;
mod docket;
mod finding;
mod intake;
mod letters;
mod tasks;
mod worker;

use hearsay_store::{DeadFilter, KindOverview, TaskFilter, TaskState, TaskView};

use self::finding::{COLUMNS, Care, Finding};
use crate::clock;
use crate::desk::Desk;
use crate::exit::Failure;
use crate::output::{Screen, width_of, wrapped};
use crate::words::count;

/// Examples for its help.
pub(crate) const EXAMPLES: &str = "Examples:\n  hearsay doctor\n  hearsay doctor --format json\n\n\
    Exit code 1 when something needs a person: dead letters, due tasks that are paused or that no worker is there\n\
    to do, a worker that hangs, a feed that is gone or has failed for long, a damaged database, a clock that is\n\
    behind, a disk that is nearly full.";

/// How many of the newest events are looked at.
const NEWEST: u64 = 1_000;

/// How many tasks of one kind are looked at one by one.
const LOOKED_AT: u32 = 1_000;

/// Looks at everything, and says what it found.
pub(crate) async fn run(desk: &Desk) -> Result<(), Failure> {
    let findings = findings(desk).await?;
    desk.screen.list(&findings, COLUMNS, || for_people(&desk.screen, &findings))?;
    match findings.iter().filter(|finding| finding.care == Care::Person).count() {
        0 => Ok(()),
        number => {
            let number = u64::try_from(number).unwrap_or(u64::MAX);
            Err(Failure::Found(format!("{} a person", count(number, "thing needs", "things need"))))
        }
    }
}

async fn findings(desk: &Desk) -> Result<Vec<Finding>, Failure> {
    let store = &desk.store;
    let health = store.health().await?;
    let wrong = store.quick_check(NEWEST).await?;
    let (kinds, worker) = (store.queue_overview().await?, store.worker_now().await?);
    let letters = store.dead_tasks(&DeadFilter { limit: Some(LOOKED_AT), ..DeadFilter::default() }).await?;
    let now = clock::now();
    let mut all = database::findings(&health, &wrong, NEWEST, now);
    all.push(disk::finding(&health, store.path())?);
    all.extend(worker::finding(worker.as_ref(), &kinds, desk.worker.lease, now));
    all.extend(letters::findings(&letters, &kinds));
    all.extend(tasks::unknown(&store.unknown_kinds().await?));
    for kind in &kinds {
        for state in [TaskState::Leased, TaskState::Waiting, TaskState::Scheduled] {
            let tasks = looked_at(kind, state, desk).await?;
            let found = tasks::findings(&tasks, number(kind, state), worker.as_ref(), now);
            all.extend(tasks::unless_weighed(found, kind.kind, health.restands));
        }
    }
    all.extend(intake::findings(&store.feeds().await?, now));
    all.extend(docket::findings(&health));
    all.sort_by_key(|finding| finding.care);
    Ok(all)
}

async fn looked_at(kind: &KindOverview, state: TaskState, desk: &Desk) -> Result<Vec<TaskView>, Failure> {
    if number(kind, state) == 0 {
        return Ok(Vec::new());
    }
    let filter = TaskFilter { kind: Some(kind.kind), state: Some(state), claim: None, limit: Some(LOOKED_AT) };
    Ok(desk.store.tasks(&filter).await?)
}

fn number(kind: &KindOverview, state: TaskState) -> u64 {
    match state {
        TaskState::Leased => kind.leased,
        TaskState::Waiting => kind.waiting,
        TaskState::Scheduled => kind.scheduled,
    }
}

fn for_people(screen: &Screen, findings: &[Finding]) -> String {
    let mut lines: Vec<String> = Vec::new();
    for (care, heading) in
        [(Care::Person, "Needs a person"), (Care::Patience, "Moves by itself"), (Care::Fine, "In order")]
    {
        let mut of_it = findings.iter().filter(|finding| finding.care == care).peekable();
        if of_it.peek().is_some() {
            lines.extend((!lines.is_empty()).then(String::new));
            lines.push(screen.paint.strong(heading));
        }
        lines.extend(of_it.flat_map(|finding| told(screen, finding)));
    }
    lines.join("\n")
}

fn told(screen: &Screen, finding: &Finding) -> Vec<String> {
    let head = format!("  {:<9} ", finding.about.as_str());
    let indent = " ".repeat(width_of(&head));
    let mut lines = wrapped(&finding.says, screen.width, &indent);
    if let Some(first) = lines.first_mut() {
        *first = format!("{head}{}", first.trim_start());
    }
    let next = finding.next.iter().flat_map(|next| wrapped(&format!("→ {next}"), screen.width, &indent));
    lines.extend(next);
    lines
}
