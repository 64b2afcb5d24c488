//! Progress bars on standard error: only on a terminal, and only for what takes over a second.

use std::io::IsTerminal;
use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressStyle};

/// A bar that shows itself once a second has passed.
pub(crate) struct Progress {
    label: &'static str,
    total: Option<u64>,
    began: Instant,
    terminal: bool,
    bar: Option<ProgressBar>,
}

impl Progress {
    /// Begins; `total` is what `at` counts to, where that is known.
    pub(crate) fn begin(label: &'static str, total: Option<u64>) -> Self {
        Self { label, total, began: Instant::now(), terminal: std::io::stderr().is_terminal(), bar: None }
    }

    /// So far.
    pub(crate) fn at(&mut self, done: u64) {
        if !self.terminal || self.began.elapsed() < Duration::from_secs(1) {
            return;
        }
        let bar = self.bar.get_or_insert_with(|| bar(self.label, self.total));
        bar.set_position(done);
    }

    /// So far, of a total that is only now known.
    pub(crate) fn at_of(&mut self, done: u64, total: u64) {
        self.total = Some(total);
        if let Some(bar) = &self.bar {
            bar.set_length(total);
        }
        self.at(done);
    }

    /// Writes a line to standard error without tearing the bar.
    pub(crate) fn tell(&self, line: &str) {
        match &self.bar {
            Some(bar) => bar.suspend(|| eprintln!("{line}")),
            None => eprintln!("{line}"),
        }
    }

    /// Takes the bar away.
    pub(crate) fn end(self) {
        if let Some(bar) = self.bar {
            bar.finish_and_clear();
        }
    }
}

fn bar(label: &'static str, total: Option<u64>) -> ProgressBar {
    let (bar, template) = match total {
        Some(total) => (ProgressBar::new(total), "{msg}  {bar:30}  {percent} %  {elapsed}"),
        None => (ProgressBar::new_spinner(), "{msg}  {human_pos}  {elapsed}"),
    };
    let style = ProgressStyle::with_template(template).unwrap_or_else(|_| ProgressStyle::default_bar());
    bar.set_style(style);
    bar.set_message(label);
    bar
}
