//! A worker that runs in a process of its own while the walkthrough goes on, and the signals that it is sent.

use std::fs::{self, File};
use std::path::PathBuf;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::time::{Duration, Instant};

use serde_json::Value;

use crate::harness::Desk;

/// How long a walkthrough waits for what is about to happen.
pub(crate) const PATIENCE: Duration = Duration::from_mins(1);

/// `hearsay work …` in a process of its own; killed with this.
pub(crate) struct Running {
    child: Child,
    said: PathBuf,
}

impl Running {
    /// Starts `hearsay work ARGS`, and waits until it has begun.
    #[track_caller]
    pub(crate) fn work(desk: &Desk, args: &[&str]) -> Self {
        let running = Self::started(desk, args);
        until("the worker begins", || running.said().contains("work: began"));
        running
    }

    /// Starts `hearsay work ARGS`.
    #[track_caller]
    pub(crate) fn started(desk: &Desk, args: &[&str]) -> Self {
        let said = desk.folder().join("work.stderr");
        let stderr = File::create(&said).expect("a file for what the worker says");
        let args: Vec<&str> = ["work"].iter().chain(args).copied().collect();
        let child = desk.command("wendy", "worker", &args).stdout(Stdio::null()).stderr(stderr).spawn();
        Self { child: child.expect("the worker starts"), said }
    }

    /// What it has said so far.
    pub(crate) fn said(&self) -> String {
        fs::read_to_string(&self.said).expect("what the worker says can be read")
    }

    /// Its process.
    pub(crate) fn pid(&self) -> u32 {
        self.child.id()
    }

    /// Sends a signal: `TERM`, `STOP`, `CONT`.
    #[track_caller]
    pub(crate) fn signal(&self, signal: &str) {
        let sent = Command::new("kill").args([&format!("-{signal}"), &self.pid().to_string()]).status();
        assert!(sent.expect("kill can be run").success(), "the worker is gone:\n{}", self.said());
    }

    /// Ends it with SIGKILL.
    #[track_caller]
    pub(crate) fn killed(mut self) {
        self.child.kill().expect("the worker is killed");
        self.child.wait().expect("the worker ends");
    }

    /// Waits for its end.
    #[track_caller]
    pub(crate) fn ended(mut self) -> (ExitStatus, String) {
        let began = Instant::now();
        loop {
            if let Some(status) = self.child.try_wait().expect("the worker can be asked") {
                return (status, self.said());
            }
            assert!(began.elapsed() < PATIENCE, "the worker does not end:\n{}", self.said());
            std::thread::sleep(Duration::from_millis(5));
        }
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        if let Err(error) = self.child.kill().and_then(|()| self.child.wait()) {
            eprintln!("a worker could not be ended: {error}");
        }
    }
}

/// Waits until it is so.
#[track_caller]
pub(crate) fn until(what: &str, mut so: impl FnMut() -> bool) {
    let began = Instant::now();
    while !so() {
        assert!(began.elapsed() < PATIENCE, "not so in time: {what}");
        std::thread::sleep(Duration::from_millis(5));
    }
}

/// Does all that is due.
#[track_caller]
pub(crate) fn work_until_idle(desk: &Desk) -> String {
    desk.run_as("wendy", "worker", &["work", "--until-idle"]).done().stderr
}

/// A number of the queue, of one kind of task.
#[track_caller]
pub(crate) fn tally(desk: &Desk, kind: &str, number: &str) -> u64 {
    let kinds = desk.json(&["queue", "show"]);
    let of_kind = kinds.as_array().into_iter().flatten().find(|row| row["kind"] == kind);
    of_kind.and_then(|row| row[number].as_u64()).expect("each kind has its numbers")
}

/// What the log has of one kind of event.
#[track_caller]
pub(crate) fn events(desk: &Desk, kind: &str) -> Vec<Value> {
    let log = desk.json(&["audit", "log", "--kind", kind]);
    log.as_array().cloned().unwrap_or_default()
}
