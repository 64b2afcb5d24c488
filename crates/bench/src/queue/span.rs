//! What it took to enqueue some tasks and to do them.

use std::time::Instant;

use crate::callers::{bytes_written, float, median};

/// What one round took, for each task.
#[derive(Clone, Copy)]
pub(super) struct Span {
    /// Tasks a second, enqueued.
    pub(super) enqueue: f64,
    /// Tasks a second, leased and settled.
    pub(super) work: f64,
    /// Pages of 4 KiB handed to `write(2)` for each task, checkpoints included.
    pub(super) pages: Option<f64>,
}

/// Takes the time of one round.
pub(super) struct Stopwatch {
    tasks: usize,
    written: Option<usize>,
    began: Instant,
    enqueue: f64,
}

impl Span {
    /// Tasks a second, from the first enqueued to the last settled.
    pub(super) fn both(self) -> f64 {
        1.0 / (1.0 / self.enqueue + 1.0 / self.work)
    }

    /// Each figure's median.
    pub(super) fn medians(spans: &[Self]) -> Option<Self> {
        let of = |figure: fn(&Self) -> f64| median(spans.iter().map(figure).collect());
        let pages: Vec<f64> = spans.iter().filter_map(|span| span.pages).collect();
        let pages = (!pages.is_empty()).then(|| median(pages));
        (!spans.is_empty()).then(|| Self { enqueue: of(|span| span.enqueue), work: of(|span| span.work), pages })
    }
}

impl Stopwatch {
    pub(super) fn start(tasks: usize) -> Self {
        Self { tasks, written: bytes_written(), began: Instant::now(), enqueue: 0.0 }
    }

    /// The tasks are on the queue.
    pub(super) fn enqueued(&mut self) {
        self.enqueue = float(self.tasks) / self.began.elapsed().as_secs_f64();
        self.began = Instant::now();
    }

    /// The tasks are done.
    pub(super) fn worked(self) -> Span {
        let tasks = float(self.tasks);
        let work = tasks / self.began.elapsed().as_secs_f64();
        let written = bytes_written().zip(self.written).map(|(after, before)| float(after - before) / 4_096.0);
        Span { enqueue: self.enqueue, work, pages: written.map(|pages| pages / tasks) }
    }
}
