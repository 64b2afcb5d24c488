//! `hearsay queue …`: what waits for the worker, what failed for good, and what a person may do about it.

mod dead;
mod line;
mod show;
mod steer;

use clap::Subcommand;
use hearsay_store::TaskKind;

use self::dead::{DeadArgs, DropArgs, RetryArgs};
use self::show::ShowArgs;
use self::steer::{KindArgs, RateArgs};
use crate::desk::Desk;
use crate::exit::Failure;
use crate::words::nearest;

/// What can be done with the queue.
#[derive(Subcommand, Debug)]
pub(crate) enum QueueVerb {
    /// Shows how each kind of task fares, the schedules and the worker; with `--tasks`, each task and why it waits.
    #[command(after_help = show::EXAMPLES)]
    Show(ShowArgs),
    /// Lists dead letters: tasks that failed for good, with line, field and reason.
    #[command(after_help = "Examples:\n  hearsay queue dead\n  \
        hearsay queue dead --kind record_follow_up --format jsonl")]
    Dead(DeadArgs),
    /// Puts dead letters back on the queue, as they were or with their line mended.
    #[command(after_help = dead::RETRY_EXAMPLES)]
    Retry(RetryArgs),
    /// Throws dead letters away for good; the reason is noted on the claim that they are about.
    #[command(after_help = "Examples:\n  hearsay queue drop 17 --reason \"the outlet does not exist\"\n  \
        hearsay queue drop 17 18 19 --reason \"sent twice\"")]
    Drop(DropArgs),
    /// Leaves all tasks of a kind undone until they are resumed; what is being done is finished.
    #[command(after_help = "Examples:\n  hearsay queue pause record_follow_up\n  hearsay queue pause answer-due")]
    Pause(KindArgs),
    /// Has tasks of a kind done again.
    #[command(after_help = "Examples:\n  hearsay queue resume record_follow_up")]
    Resume(KindArgs),
    /// Limits how many tasks of a kind are begun in a minute, or takes the limit off.
    #[command(after_help = "Examples:\n  hearsay queue rate record_follow_up 600/min\n  \
        hearsay queue rate record_follow_up off")]
    Rate(RateArgs),
}

/// Runs a verb on the queue.
pub(crate) async fn run(verb: QueueVerb, desk: &Desk) -> Result<(), Failure> {
    match verb {
        QueueVerb::Show(args) => show::run(&args, desk).await,
        QueueVerb::Dead(args) => dead::list(&args, desk).await,
        QueueVerb::Retry(args) => dead::retry(&args, desk).await,
        QueueVerb::Drop(args) => dead::throw_away(&args, desk).await,
        QueueVerb::Pause(args) => steer::pause(&args, desk).await,
        QueueVerb::Resume(args) => steer::resume(&args, desk).await,
        QueueVerb::Rate(args) => steer::rate_of(&args, desk).await,
    }
}

/// A kind of task, as the queue shows it; hyphens stand for underscores.
fn kind(text: &str) -> Result<TaskKind, String> {
    let spelled = text.replace('-', "_");
    let known = TaskKind::ALL.map(TaskKind::as_str);
    spelled.parse().map_err(|_| match nearest(&spelled, &known) {
        Some(near) => format!("no kind of task is called `{text}`; did you mean `{near}`?"),
        None => format!("no kind of task is called `{text}`; there are {}", known.join(", ")),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn kinds_are_read_as_they_are_shown_and_misspelt_ones_come_with_a_suggestion() {
        assert_eq!(kind("answer-due"), Ok(TaskKind::AnswerDue));
        let told = |text: &str| kind(text).err().unwrap_or_default();
        assert_eq!(told("restant"), "no kind of task is called `restant`; did you mean `restand`?");
        assert!(told("mail").contains("there are record_follow_up, withdraw_evidence"), "{}", told("mail"));
    }
}
