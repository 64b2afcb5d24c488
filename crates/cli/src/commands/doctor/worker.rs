//! Whether a worker is there, and well.

use hearsay_store::{KindOverview, WorkerNow};
use jiff::{SignedDuration, Timestamp};

use super::finding::{About, Care, Finding};
use crate::render::queue::working;
use crate::words::ago;

/// What can be said of the worker. That none is there while tasks are due is told with the tasks.
pub(super) fn finding(
    worker: Option<&WorkerNow>,
    kinds: &[KindOverview],
    lease: SignedDuration,
    now: Timestamp,
) -> Option<Finding> {
    let Some(worker) = worker else {
        let due = kinds.iter().any(|kind| kind.waiting > 0 && kind.paused.is_none());
        return (!due).then(|| {
            Finding::new(About::Worker, "none", Care::Fine, "none is running, and nothing is due")
                .then("`hearsay work` starts one")
        });
    };
    if now.duration_since(worker.seen_at) <= lease {
        return Some(Finding::new(About::Worker, "well", Care::Fine, working(worker, now)));
    }
    let (pid, name) = (worker.pid, &worker.name);
    let says =
        format!("process {pid} (`{name}`) holds the file and was last heard of {}", ago(worker.seen_at, now));
    let next = format!("see whether process {pid} hangs or was stopped; end it, and start `hearsay work` anew");
    Some(Finding::new(About::Worker, "silent", Care::Person, says).then(next))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_worker_that_is_not_heard_of_needs_a_person() {
        let at = |text: &str| text.parse::<Timestamp>().unwrap();
        let (since, seen_at) = (at("2026-11-24T11:00:00Z"), at("2026-11-24T12:00:00Z"));
        let worker = WorkerNow { boot: None, pid: 7, name: "ana".to_owned(), since, seen_at };
        let lease = SignedDuration::from_secs(30);
        let told = |now: &str| finding(Some(&worker), &[], lease, at(now)).map(|found| (found.reason, found.care));
        assert_eq!(told("2026-11-24T12:00:30Z"), Some(("well", Care::Fine)));
        assert_eq!(told("2026-11-24T12:00:31Z"), Some(("silent", Care::Person)));
        assert_eq!(finding(None, &[], lease, since).map(|found| found.reason), Some("none"));
    }
}
