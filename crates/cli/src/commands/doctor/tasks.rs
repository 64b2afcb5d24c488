//! Why tasks don't move: those of one kind that wait for the same thing in one line, with what to do about it.

use hearsay_store::{BootNumber, TaskKind, TaskView, WaitsFor, WorkerNow};
use jiff::Timestamp;

use super::finding::{About, Care, Finding, NAMED};
use crate::words::{ago, count, soon};

/// A line for each thing that tasks of one kind and one state wait for. There are `number` of them; those that were
/// not looked at wait for what the last does, or behind it.
pub(super) fn findings(
    tasks: &[TaskView],
    number: u64,
    worker: Option<&WorkerNow>,
    now: Timestamp,
) -> Vec<Finding> {
    let mut groups: Vec<Vec<&TaskView>> = Vec::new();
    for task in tasks {
        let reason = reason(task, worker, now);
        let alike = |group: &&mut Vec<&TaskView>| {
            group.first().is_some_and(|first| self::reason(first, worker, now) == reason)
        };
        match groups.iter_mut().find(alike) {
            Some(group) => group.push(task),
            None => groups.push(vec![task]),
        }
    }
    let more = number.saturating_sub(tasks.len() as u64);
    let last = groups.len().saturating_sub(1);
    let told = |(index, group): (usize, &Vec<&TaskView>)| {
        let more = if index == last { more } else { 0 };
        told(group, group.len() as u64 + more, worker, now)
    };
    groups.iter().enumerate().filter_map(told).collect()
}

/// The worker whose run it is, if it still runs.
fn holder(boot: BootNumber, worker: Option<&WorkerNow>) -> Option<&WorkerNow> {
    worker.filter(|worker| worker.boot == Some(boot))
}

/// As they are, but for tasks that weigh claims again where all are weighed already: whoever changed a source at the
/// command line had them weighed at once, and the task will find nothing to do.
pub(super) fn unless_weighed(findings: Vec<Finding>, kind: TaskKind, restands: u64) -> Vec<Finding> {
    if kind != TaskKind::Restand || restands > 0 {
        return findings;
    }
    let spared = |finding: Finding| match finding.care {
        Care::Person => Finding {
            reason: "nothing_left",
            care: Care::Patience,
            says: format!("{}; the claims are weighed already, so nothing is missed", finding.says),
            ..finding
        },
        Care::Patience | Care::Fine => finding,
    };
    findings.into_iter().map(spared).collect()
}

/// Of kinds that this program does not know, with how many tasks they have.
pub(super) fn unknown(kinds: &[(String, u64)]) -> Vec<Finding> {
    let told = |(kind, number): &(String, u64)| {
        let tasks = count(*number, "task is", "tasks are");
        let says =
            format!("{tasks} of the kind `{kind}`, which a newer Hearsay put there and this one does not know");
        let finding = Finding::new(About::Queue, "unknown_kind", Care::Person, says).of(*number);
        finding.then("update this program, and have the new one's `hearsay work` do them")
    };
    kinds.iter().map(told).collect()
}

/// What a task waits for, in one word.
fn reason(task: &TaskView, worker: Option<&WorkerNow>, now: Timestamp) -> &'static str {
    match &task.waits_for {
        WaitsFor::Lease { boot, .. } if holder(*boot, worker).is_none() => "left_behind",
        WaitsFor::Lease { until, .. } if *until < now => "lease_ran_out",
        WaitsFor::Lease { .. } => "leased",
        WaitsFor::Resume(_) => "paused",
        WaitsFor::Time { .. } if task.attempts > 0 => "retrying",
        WaitsFor::Time { .. } => "scheduled",
        WaitsFor::Worker => "no_worker",
        WaitsFor::Claim { .. } => "claim_busy",
        WaitsFor::Rate { .. } => "rate_limit",
        WaitsFor::Turn => "turn",
    }
}

fn told(group: &[&TaskView], number: u64, worker: Option<&WorkerNow>, now: Timestamp) -> Option<Finding> {
    let first = group.first()?;
    let (says, next) = sentence(group, number, worker, now)?;
    let due = group.iter().any(|task| task.run_at <= now);
    let care = match &first.waits_for {
        WaitsFor::Resume(_) if due => Care::Person,
        WaitsFor::Worker => Care::Person,
        WaitsFor::Lease { .. } if worker.is_none() => Care::Person,
        WaitsFor::Resume(_)
        | WaitsFor::Lease { .. }
        | WaitsFor::Time { .. }
        | WaitsFor::Claim { .. }
        | WaitsFor::Rate { .. }
        | WaitsFor::Turn => Care::Patience,
    };
    let mut finding = Finding::new(About::Queue, reason(first, worker, now), care, says);
    finding.kind = Some(first.kind);
    finding.tasks = group.iter().take(NAMED).map(|task| task.id).collect();
    finding.next = next;
    Some(finding.of(number))
}

/// Which tasks, as a sentence begins: `task 7 (restand) waits`, `12 restand wait`.
fn which(first: &TaskView, number: u64, one: &str, several: &str) -> String {
    if number == 1 {
        format!("task {} ({}) {one}", first.id, first.kind)
    } else {
        format!("{number} {} {several}", first.kind)
    }
}

fn sentence(
    group: &[&TaskView],
    number: u64,
    worker: Option<&WorkerNow>,
    now: Timestamp,
) -> Option<(String, Option<String>)> {
    let first = group.first()?;
    let kind = first.kind;
    let waits = which(first, number, "waits", "wait");
    let told = match &first.waits_for {
        WaitsFor::Lease { boot, since, until } => {
            return Some(leased(&which(first, number, "is", "are"), (*boot, *since, *until), worker, now));
        }
        WaitsFor::Resume(paused) => (
            format!("{waits}: {kind} was paused by {} {}", paused.by, ago(paused.since, now)),
            Some(format!("`hearsay queue resume {kind}`")),
        ),
        WaitsFor::Time { .. } => return Some(later(group, number, now)),
        WaitsFor::Worker => (
            format!("{waits}, due {}, and no worker is running", ago(first.run_at, now)),
            Some("`hearsay work` starts one; `hearsay work --until-idle` only works off what is due".to_owned()),
        ),
        WaitsFor::Claim { task, until } => {
            let claim = first.claim.map(|claim| format!(" ({claim})")).unwrap_or_default();
            let until = soon(*until, now);
            let other = match number {
                1 => format!(": task {task} of the same claim{claim} is being done, leased until {until}"),
                _ => format!(" for other tasks of their claims, such as {task}{claim}, leased until {until}"),
            };
            (
                format!("{waits}{other}"),
                Some("it follows by itself, at the latest when that lease runs out".to_owned()),
            )
        }
        WaitsFor::Rate { per_minute, at } => (
            format!("{waits}: at most {per_minute} {kind} are begun in a minute, the next at {}", soon(*at, now)),
            Some(format!("`hearsay queue rate {kind} off` takes the limit off")),
        ),
        WaitsFor::Turn => {
            let behind =
                if number == 1 { String::new() } else { format!(", the last behind {} others", number - 1) };
            (format!("{waits} for {} turn{behind}", if number == 1 { "its" } else { "their" }), None)
        }
    };
    Some(told)
}

/// Of tasks that a worker has: by whom, until when.
fn leased(
    are: &str,
    (boot, since, until): (BootNumber, Timestamp, Timestamp),
    worker: Option<&WorkerNow>,
    now: Timestamp,
) -> (String, Option<String>) {
    let Some(holder) = holder(boot, worker) else {
        let says = format!("{are} still leased by run {boot} of the worker, which has ended");
        let next = if worker.is_some() { "the worker takes it up" } else { "`hearsay work` takes it up at once" };
        return (says, Some(next.to_owned()));
    };
    let by = format!("process {} (`{}`, run {boot})", holder.pid, holder.name);
    if until >= now {
        let begun = ago(since, now);
        return (format!("{are} being done by {by}, begun {begun}, leased until {}", soon(until, now)), None);
    }
    let says = format!("{are} leased by {by}, and the lease ran out {}", ago(until, now));
    (says, Some("the worker's next turn takes it back".to_owned()))
}

/// Of tasks that are due later: the first time, or why they are to be tried again.
fn later(group: &[&TaskView], number: u64, now: Timestamp) -> (String, Option<String>) {
    let Some(first) = group.iter().min_by_key(|task| task.run_at) else { return (String::new(), None) };
    let (at, kind) = (soon(first.run_at, now), first.kind);
    if first.attempts > 0 {
        let error = first.last_error.as_deref().unwrap_or("it failed");
        let says = format!(
            "{} to be tried again{} {at}: {error}",
            which(first, number, "is", "are"),
            if number == 1 { " at" } else { ", the first at" }
        );
        return (says, Some(format!("`hearsay queue show --tasks --kind {kind}` says how often each was tried")));
    }
    let says = if number == 1 {
        format!("task {} ({kind}) is scheduled for {at}", first.id)
    } else {
        format!("{number} {kind} are scheduled, the first for {at}")
    };
    (says, None)
}

#[cfg(test)]
mod tests {
    use hearsay_core::{ClaimNumber, Priority};
    use hearsay_store::{Paused, TaskId, TaskState};

    use super::*;

    fn at(text: &str) -> Timestamp {
        format!("2026-11-24T{text}Z").parse().unwrap()
    }

    fn task(number: u64, waits_for: WaitsFor) -> TaskView {
        TaskView {
            id: TaskId(number),
            kind: TaskKind::RecordFollowUp,
            state: TaskState::Waiting,
            waits_for,
            key: None,
            claim: Some(ClaimNumber(3)),
            payload: serde_json::Value::Null,
            priority: Priority::Normal,
            run_at: at("11:59:00"),
            enqueued_at: at("11:59:00"),
            attempts: 0,
            interruptions: 0,
            last_error: None,
        }
    }

    /// Reason, care and sentence of what is found at noon, while a worker runs.
    fn found(tasks: &[TaskView], number: u64) -> Vec<(&'static str, Care, String)> {
        let worker = WorkerNow {
            boot: Some(BootNumber(4)),
            pid: 7,
            name: "wendy".to_owned(),
            since: at("11:00:00"),
            seen_at: at("12:00:00"),
        };
        let found = findings(tasks, number, Some(&worker), at("12:00:00"));
        found.into_iter().map(|finding| (finding.reason, finding.care, finding.says)).collect()
    }

    #[track_caller]
    fn one(waits_for: WaitsFor, reason: &str, care: Care, says: &str) {
        let all = found(&[task(9, waits_for)], 1);
        assert_eq!(all, [(all[0].0, care, says.to_owned())]);
        assert_eq!(all[0].0, reason);
    }

    #[test]
    fn each_reason_has_its_sentence() {
        let lease = |until: &str| WaitsFor::Lease { boot: BootNumber(4), since: at("11:59:50"), until: at(until) };
        one(
            lease("12:00:20"),
            "leased",
            Care::Patience,
            "task 9 (record_follow_up) is being done by process 7 (`wendy`, run 4), begun 10 s ago, leased until \
             12:00:20 UTC",
        );
        one(
            lease("11:59:58"),
            "lease_ran_out",
            Care::Patience,
            "task 9 (record_follow_up) is leased by process 7 (`wendy`, run 4), and the lease ran out 2 s ago",
        );
        one(
            WaitsFor::Resume(Paused { since: at("11:00:00"), by: "ana".to_owned() }),
            "paused",
            Care::Person,
            "task 9 (record_follow_up) waits: record_follow_up was paused by ana 60 min ago",
        );
        one(
            WaitsFor::Worker,
            "no_worker",
            Care::Person,
            "task 9 (record_follow_up) waits, due 60 s ago, and no worker is running",
        );
        one(
            WaitsFor::Claim { task: TaskId(2), until: at("12:00:30") },
            "claim_busy",
            Care::Patience,
            "task 9 (record_follow_up) waits: task 2 of the same claim (C-3) is being done, leased until 12:00:30 UTC",
        );
        one(
            WaitsFor::Rate { per_minute: 60, at: at("12:00:01") },
            "rate_limit",
            Care::Patience,
            "task 9 (record_follow_up) waits: at most 60 record_follow_up are begun in a minute, the next at \
             12:00:01 UTC",
        );
        one(WaitsFor::Turn, "turn", Care::Patience, "task 9 (record_follow_up) waits for its turn");
    }

    #[test]
    fn what_a_worker_that_is_gone_had_is_told() {
        let lease = WaitsFor::Lease { boot: BootNumber(3), since: at("11:59:50"), until: at("12:00:20") };
        let found = findings(&[task(9, lease)], 1, None, at("12:00:00"));
        assert_eq!((found[0].reason, found[0].care), ("left_behind", Care::Person));
        assert!(found[0].says.ends_with("is still leased by run 3 of the worker, which has ended"), "{found:?}");
    }

    #[test]
    fn what_is_due_later_says_when_and_what_failed_says_why() {
        let later = WaitsFor::Time { at: at("13:00:00") };
        let scheduled = TaskView { run_at: at("13:00:00"), ..task(9, later.clone()) };
        let failed = TaskView { attempts: 2, last_error: Some("no such claim".to_owned()), ..scheduled.clone() };
        assert_eq!(
            found(&[scheduled, failed], 2),
            [
                (
                    "scheduled",
                    Care::Patience,
                    "task 9 (record_follow_up) is scheduled for 13:00:00 UTC".to_owned()
                ),
                (
                    "retrying",
                    Care::Patience,
                    "task 9 (record_follow_up) is to be tried again at 13:00:00 UTC: no such claim".to_owned()
                ),
            ]
        );
    }

    #[test]
    fn tasks_that_wait_for_the_same_are_one_line_with_their_number() {
        let tasks: Vec<TaskView> = (1..=3).map(|number| task(number, WaitsFor::Turn)).collect();
        let told = found(&tasks, 1_000);
        assert_eq!(told.len(), 1);
        assert_eq!(told[0].2, "1000 record_follow_up wait for their turn, the last behind 999 others");
    }

    #[test]
    fn tasks_of_a_newer_program_need_a_person() {
        let found = unknown(&[("send_webhook".to_owned(), 2)]);
        assert_eq!((found[0].reason, found[0].care, found[0].count), ("unknown_kind", Care::Person, Some(2)));
        assert!(found[0].says.starts_with("2 tasks are of the kind `send_webhook`"), "{found:?}");
    }

    #[test]
    fn a_pause_needs_nobody_before_something_is_due() {
        let paused = WaitsFor::Resume(Paused { since: at("11:00:00"), by: "ana".to_owned() });
        let ahead = TaskView { run_at: at("13:00:00"), ..task(9, paused) };
        assert_eq!(found(&[ahead], 1)[0].1, Care::Patience);
    }
}
