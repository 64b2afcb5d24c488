//! How the worker works, as far as that can be set.

use jiff::SignedDuration;

use super::file::Given;
use crate::exit::Failure;
use crate::words::span;

/// How the worker works.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct WorkerSettings {
    /// How long a task is the worker's without a heartbeat.
    pub(crate) lease: SignedDuration,
    /// How long it finishes what it has begun once it is told to stop.
    pub(crate) drain: SignedDuration,
    /// How often it looks for what other processes put on the queue.
    pub(crate) poll: SignedDuration,
    /// When it looks after the queue itself, in cron's notation.
    pub(crate) sweep: String,
    /// In which time zone, by its IANA name.
    pub(crate) zone: String,
}

impl Default for WorkerSettings {
    fn default() -> Self {
        Self {
            lease: SignedDuration::from_secs(30),
            drain: SignedDuration::from_secs(10),
            poll: SignedDuration::from_millis(250),
            sweep: "*/15 * * * *".to_owned(),
            zone: "UTC".to_owned(),
        }
    }
}

impl WorkerSettings {
    /// As file and variables have it.
    pub(super) fn of(value: impl Fn(&str) -> Option<Given>) -> Result<Self, Failure> {
        let usual = Self::default();
        let time = |key: &str, usual: SignedDuration| match value(key) {
            Some(given) => span(&given.text).map_err(|why| given.wrong(&why)),
            None => Ok(usual),
        };
        let text = |key: &str, usual: String| value(key).map_or(usual, |given| given.text);
        Ok(Self {
            lease: time("worker.lease", usual.lease)?,
            drain: time("worker.drain", usual.drain)?,
            poll: time("worker.poll", usual.poll)?,
            sweep: text("worker.sweep", usual.sweep),
            zone: text("worker.zone", usual.zone),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn given(key: &str, text: &str) -> Given {
        Given { key: key.to_owned(), text: text.to_owned(), place: "h.toml:3:9".to_owned() }
    }

    #[test]
    fn a_time_that_is_none_is_refused_with_its_place() {
        let read = |text: &str| {
            let text = text.to_owned();
            WorkerSettings::of(move |key| (key == "worker.lease").then(|| given(key, &text)))
        };
        assert_eq!(read("45s").unwrap().lease, SignedDuration::from_secs(45));
        for wrong in ["30", "soon", "0s", "-5s", "", "1ns", "25h", "99999999h"] {
            let told = read(wrong).unwrap_err().to_string();
            assert!(told.starts_with("h.toml:3:9: worker.lease: ") && told.contains("such as 30s"), "{told}");
        }
    }
}
