//! Callers: tasks that each submit one command after the other, all at once, and what that took.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Instant;

use anyhow::Result;

/// What one round took.
#[derive(Clone, Copy, Default)]
pub(crate) struct Round {
    /// Commands a second.
    pub(crate) per_second: f64,
    /// Median of the time that a caller waited, in microseconds.
    pub(crate) p50: f64,
    /// The time that 99 % of the callers waited less than, in microseconds.
    pub(crate) p99: f64,
    /// Pages of 4 KiB handed to `write(2)` for each command, checkpoints included, as `/proc/self/io` counts them.
    pub(crate) pages: Option<f64>,
}

/// Has so many callers work off so many commands; `submit` is given the turn of each, from `first` on.
pub(crate) async fn round<F, Fut>(callers: usize, first: usize, commands: usize, submit: F) -> Result<Round>
where
    F: Fn(usize) -> Fut + Clone + Send + 'static,
    Fut: Future<Output = Result<()>> + Send,
{
    let next = Arc::new(AtomicUsize::new(0));
    let written = bytes_written();
    let began = Instant::now();
    let mut tasks = Vec::with_capacity(callers);
    for _ in 0..callers {
        let (submit, next) = (submit.clone(), Arc::clone(&next));
        tasks.push(tokio::spawn(async move {
            let mut micros = Vec::with_capacity(commands / callers + 1);
            loop {
                let turn = next.fetch_add(1, Ordering::Relaxed);
                if turn >= commands {
                    return anyhow::Ok(micros);
                }
                let began = Instant::now();
                submit(first + turn).await?;
                micros.push(began.elapsed().as_secs_f64() * 1e6);
            }
        }));
    }
    let mut micros = Vec::with_capacity(commands);
    for task in tasks {
        micros.extend(task.await??);
    }
    let seconds = began.elapsed().as_secs_f64();
    let pages = bytes_written().zip(written).map(|(after, before)| float(after - before) / 4_096.0);
    micros.sort_by(f64::total_cmp);
    let at = |percent: usize| micros.get(micros.len() * percent / 100).copied().unwrap_or_default();
    let count = float(micros.len());
    Ok(Round { per_second: count / seconds, p50: at(50), p99: at(99), pages: pages.map(|pages| pages / count) })
}

/// Bytes that this process has handed to `write(2)` and its kin; none where the kernel doesn't say.
pub(crate) fn bytes_written() -> Option<usize> {
    let counters = std::fs::read_to_string("/proc/self/io").ok()?;
    counters.lines().find_map(|line| line.strip_prefix("wchar: "))?.parse().ok()
}

/// Each figure's median over some rounds.
pub(crate) fn medians(rounds: &[Round]) -> Round {
    let of = |figure: fn(&Round) -> f64| median(rounds.iter().map(figure).collect());
    let pages: Vec<f64> = rounds.iter().filter_map(|round| round.pages).collect();
    Round {
        per_second: of(|round| round.per_second),
        p50: of(|round| round.p50),
        p99: of(|round| round.p99),
        pages: (!pages.is_empty()).then(|| median(pages)),
    }
}

/// The median.
pub(crate) fn median(mut figures: Vec<f64>) -> f64 {
    figures.sort_by(f64::total_cmp);
    figures.get(figures.len() / 2).copied().unwrap_or_default()
}

/// A count as a figure to reckon with.
#[expect(clippy::cast_precision_loss, reason = "counts of a benchmark lie far below 2^52")]
pub(crate) fn float(count: usize) -> f64 {
    count as f64
}
