//! `queue dead`, `queue retry`, `queue drop`: tasks that failed for good, and what a person makes of them.

use clap::Args;
use hearsay_core::{ClaimNumber, Command, Note, Reference};
use hearsay_store::{DeadFilter, DeadSelection, DeadTask, FoundTask, StoreError, TaskId, TaskKind};

use super::kind;
use super::line::{edited, mended};
use crate::desk::Desk;
use crate::exit::Failure;
use crate::output::say;
use crate::render::queue::{DEAD_COLUMNS, dead_letters};
use crate::words::{count, listed};

/// Examples for the help of `queue retry`.
pub(super) const RETRY_EXAMPLES: &str = "Examples:\n  hearsay queue retry 17\n  hearsay queue retry 17 --edit\n  \
    hearsay queue retry 17 --line '{\"do\":\"withdraw_evidence\",\"evidence\":\"ft-stop\"}'\n  \
    hearsay queue retry --kind record_follow_up\n  hearsay queue retry --all\n\n\
    `--edit` opens the submitted line in $VISUAL or $EDITOR. A mended line is read before it is taken; it keeps the\n\
    id of the line that it mends, so that the file it came from adds nothing when it is submitted again.";

/// Arguments of `queue dead`.
#[derive(Args, Debug)]
pub(crate) struct DeadArgs {
    /// Of this kind.
    #[arg(long, value_name = "KIND", value_parser = kind)]
    kind: Option<TaskKind>,
    /// About this claim: C-142, its ref, its UUID, or a unique start of that.
    #[arg(long, value_name = "CLAIM")]
    claim: Option<String>,
    /// At most so many, the newest.
    #[arg(long, value_name = "N")]
    limit: Option<u32>,
}

/// Arguments of `queue retry`.
#[derive(Args, Debug)]
#[command(group = clap::ArgGroup::new("which").required(true).args(["ids", "all", "kind"]))]
pub(crate) struct RetryArgs {
    /// Which dead letters, by their numbers.
    #[arg(value_name = "ID")]
    ids: Vec<TaskId>,
    /// All of them.
    #[arg(long)]
    all: bool,
    /// All of this kind.
    #[arg(long, value_name = "KIND", value_parser = kind)]
    kind: Option<TaskKind>,
    /// Mend its line in an editor first; for one ID.
    #[arg(long, requires = "ids", conflicts_with = "line")]
    edit: bool,
    /// The mended line; for one ID.
    #[arg(long, value_name = "JSON", requires = "ids")]
    line: Option<String>,
}

/// Arguments of `queue drop`.
#[derive(Args, Debug)]
pub(crate) struct DropArgs {
    /// Which dead letters, by their numbers.
    #[arg(value_name = "ID", required = true)]
    ids: Vec<TaskId>,
    /// Why.
    #[arg(long, value_name = "TEXT")]
    reason: String,
}

/// Lists dead letters.
pub(super) async fn list(args: &DeadArgs, desk: &Desk) -> Result<(), Failure> {
    let claim = claim_of(args.claim.as_deref(), desk).await?;
    let letters = desk.store.dead_tasks(&DeadFilter { kind: args.kind, claim, limit: args.limit }).await?;
    desk.screen.list(&letters, DEAD_COLUMNS, || dead_letters(&desk.screen, &letters))
}

/// The claim of that name.
pub(super) async fn claim_of(name: Option<&str>, desk: &Desk) -> Result<Option<ClaimNumber>, Failure> {
    match name {
        Some(name) => Ok(Some(desk.store.find_claim(name).await?)),
        None => Ok(None),
    }
}

/// Puts dead letters back on the queue.
pub(super) async fn retry(args: &RetryArgs, desk: &Desk) -> Result<(), Failure> {
    let payload = if args.edit || args.line.is_some() {
        let letter = only_one(args, desk).await?;
        let payload = match &args.line {
            Some(line) => Some(mended(&letter, line)?),
            None => edited(&letter)?,
        };
        if payload.is_none() {
            return say(&format!("{} stays a dead letter: the file was emptied.", letter.id));
        }
        payload
    } else {
        None
    };
    let which = match args.kind {
        Some(kind) => DeadSelection::Kind(kind),
        None if args.all => DeadSelection::All,
        None => DeadSelection::Ids(args.ids.clone()),
    };
    let put = desk.store.retry_dead(which, payload).await?;
    if put.is_empty() {
        return say("There was no dead letter to put back.");
    }
    let back = match put.as_slice() {
        several if several.len() > 12 => count(several.len() as u64, "task", "tasks"),
        few => listed(&few.iter().map(ToString::to_string).collect::<Vec<_>>()),
    };
    say(&format!("Back on the queue: {back}."))?;
    if desk.store.worker_now().await?.is_none() {
        eprintln!("no worker is running: `hearsay work` does them, `hearsay work --until-idle` once");
    }
    Ok(())
}

/// The one dead letter whose line is to be mended.
async fn only_one(args: &RetryArgs, desk: &Desk) -> Result<DeadTask, Failure> {
    let [id] = args.ids.as_slice() else {
        return Err(Failure::Usage("a line is mended one by one: give one ID".to_owned()));
    };
    letter(*id, desk).await
}

async fn letter(id: TaskId, desk: &Desk) -> Result<DeadTask, Failure> {
    match desk.store.task(id).await? {
        FoundTask::Dead(letter) => Ok(letter),
        FoundTask::Live(_) => Err(StoreError::NotFound { what: "dead letter", name: id.to_string() }.into()),
    }
}

/// Throws dead letters away, and notes why where they are about a claim.
pub(super) async fn throw_away(args: &DropArgs, desk: &Desk) -> Result<(), Failure> {
    if args.reason.trim().is_empty() {
        return Err(Failure::Usage("`--reason` is empty; say why nobody will need it".to_owned()));
    }
    let mut letters = Vec::with_capacity(args.ids.len());
    for id in &args.ids {
        letters.push(letter(*id, desk).await?);
    }
    for letter in &letters {
        if let Some(claim) = letter.claim {
            desk.send(note(letter, claim, &args.reason), None).await?;
        }
    }
    let dropped = desk.store.drop_dead(DeadSelection::Ids(args.ids.clone())).await?;
    say(&format!("Threw away {}: {}", count(dropped, "dead letter", "dead letters"), args.reason))
}

/// What a claim's file keeps of a letter that was thrown away.
fn note(letter: &DeadTask, claim: ClaimNumber, reason: &str) -> Command {
    let origin = match (&letter.source, letter.line) {
        (Some(source), Some(line)) => format!(" ({source}:{line})"),
        _ => String::new(),
    };
    let text = format!("Threw away the failed task {} to {}{origin}: {reason}", letter.id, letter.kind);
    Command::Note(Note { claim: Reference(claim.to_string()), text, confidential: None })
}
