//! `hearsay erase …`, `hearsay hold`, `hearsay release`: texts that are taken out of the log, and what forbids it.

use std::path::PathBuf;

use clap::{Args, Subcommand};
use hearsay_core::{Command, Erase, Hold, ProposalAnswer, Reference, Release};
use hearsay_store::{ErasureRow, StoreError};

use super::claim::OnClaim;
use crate::desk::Desk;
use crate::exit::Failure;
use crate::output::say;
use crate::render::erasure::{COLUMNS, described, listed};
use crate::render::receipt;
use crate::words::count;

/// What can be done about texts that are to be erased.
#[derive(Subcommand, Debug)]
pub(crate) enum EraseVerb {
    /// Proposes to erase texts: of an event, of a piece of evidence, or a source's names. Nothing is erased before a
    /// second person approves it.
    #[command(after_help = "Examples:\n  \
        hearsay erase propose --event 17 --basis \"GDPR, article 17\" --reason \"the person asked\"\n  \
        hearsay erase propose --event 17 --field words.quote --field words.url --basis \"GDPR, article 17\"\n  \
        hearsay erase propose --evidence ft-stop --basis \"court order of 3 May\"\n  \
        hearsay erase propose --source Peskov --basis \"GDPR, article 17\"\n\n\
        `hearsay audit log` shows the positions of events, `hearsay audit log --format json` their fields. Of an event all\n\
        texts are erased but the actor's name, which takes `--field actor.name`. What cannot be erased, as it is part of\n\
        what the log proves: topics, languages, tags, ratings, names of policies, times and ids.")]
    Propose(ProposeArgs),
    /// Erases what another person proposed. It cannot be undone.
    #[command(after_help = "Examples:\n  \
        hearsay erase approve 01900000-0000-7000-8000-000000000001 --yes --actor clara --role editor\n\n\
        The file is written anew, so that no word is left in it; that takes up to a minute for each gigabyte, in which\n\
        nobody else can write. Where it is the name of somebody whose follow-ups or transitions are counted, those are\n\
        counted under no name from then on. Copies that were made of the\n\
        words since they were proposed to be erased go with them.\n\n\
        Backups and copies of the file that were made earlier still hold the words: delete them, or restore none of\n\
        them. A hold keeps a claim's texts, and the names of the sources that it names. The id of a command that was\n\
        imported is a hash of its line under a key in the database: whoever has the database can test whether an\n\
        imported line was what they guess, though its words are erased.")]
    Approve(ApproveArgs),
    /// Declines what was proposed, with the reason.
    #[command(after_help = "Examples:\n  \
        hearsay erase decline 01900000-0000-7000-8000-000000000001 --reason \"the court needs it\"")]
    Decline(DeclineArgs),
    /// Lists what waits for a second person.
    #[command(after_help = "Examples:\n  hearsay erase list\n  hearsay erase list --format json")]
    List,
}

/// Arguments of `erase propose`.
#[derive(Args, Debug)]
#[command(group = clap::ArgGroup::new("what").required(true).args(["event", "evidence", "source"]))]
pub(crate) struct ProposeArgs {
    /// The event whose texts are erased, by its position in the log.
    #[arg(long, value_name = "SEQ")]
    event: Option<u64>,
    /// Which of the event's texts; may be given several times. Default: all but the actor's name.
    #[arg(long = "field", value_name = "FIELD", requires = "event")]
    fields: Vec<String>,
    /// The piece of evidence whose words are erased: its ref or its UUID.
    #[arg(long, value_name = "EVIDENCE")]
    evidence: Option<String>,
    /// The source whose names are erased, by any of its names.
    #[arg(long, value_name = "SOURCE")]
    source: Option<String>,
    /// The legal basis.
    #[arg(long, value_name = "TEXT")]
    basis: String,
    /// Why.
    #[arg(long, value_name = "TEXT")]
    reason: Option<String>,
}

/// Arguments of `erase approve`.
#[derive(Args, Debug)]
pub(crate) struct ApproveArgs {
    /// The proposal's id; `hearsay erase list` shows it.
    #[arg(value_name = "ID")]
    proposal: String,
    /// Erase it: without this, what would be erased is shown and nothing is done.
    #[arg(long)]
    yes: bool,
}

/// Arguments of `erase decline`.
#[derive(Args, Debug)]
pub(crate) struct DeclineArgs {
    /// The proposal's id; `hearsay erase list` shows it.
    #[arg(value_name = "ID")]
    proposal: String,
    /// Why.
    #[arg(long, value_name = "TEXT")]
    reason: String,
}

/// Arguments of `hold`.
#[derive(Args, Debug)]
pub(crate) struct HoldArgs {
    #[command(flatten)]
    on: OnClaim,
    /// Why: the case, and who asked for it.
    #[arg(long, value_name = "TEXT")]
    reason: String,
}

/// Arguments of `release`.
#[derive(Args, Debug)]
pub(crate) struct ReleaseArgs {
    #[command(flatten)]
    on: OnClaim,
    /// Which hold, by the position of its event; needed only where there are several (`claim show` lists them).
    #[arg(long, value_name = "SEQ")]
    hold: Option<u64>,
    /// Why.
    #[arg(long, value_name = "TEXT")]
    reason: String,
}

/// Examples for the help of `hold`.
pub(crate) const HOLD_EXAMPLES: &str = "Examples:\n  hearsay hold C-142 --reason \"case 17 O 4/25; asked for by the publisher's counsel\"\n\n\
    It keeps the claim's texts, and the names of the sources that its evidence and its parties name.";

/// Examples for the help of `release`.
pub(crate) const RELEASE_EXAMPLES: &str = "Examples:\n  hearsay release C-142 --reason \"case 17 O 4/25 is settled\"\n  \
    hearsay release C-142 --hold 310 --reason \"settled\"";

/// Runs a verb on erasures.
pub(crate) async fn run(verb: EraseVerb, desk: &Desk) -> Result<(), Failure> {
    match verb {
        EraseVerb::Propose(args) => propose(args, desk).await,
        EraseVerb::Approve(args) => approve(args, desk).await,
        EraseVerb::Decline(args) => {
            let found = waiting(desk, &args.proposal).await?;
            desk.do_one(Command::Decline(answer(&found, Some(args.reason))), None).await
        }
        EraseVerb::List => {
            let waiting = desk.store.erasures().await?;
            desk.screen.list(&waiting, COLUMNS, || listed(&desk.screen, &waiting))
        }
    }
}

async fn propose(args: ProposeArgs, desk: &Desk) -> Result<(), Failure> {
    let erase = Erase {
        event: args.event,
        fields: args.fields,
        evidence: args.evidence.map(Reference),
        source: args.source.map(Reference),
        basis: args.basis,
        reason: args.reason,
    };
    desk.do_one(Command::Erase(erase), None).await
}

async fn approve(args: ApproveArgs, desk: &Desk) -> Result<(), Failure> {
    let found = waiting(desk, &args.proposal).await?;
    if !args.yes {
        return Err(Failure::Usage(format!(
            "this would erase {}, and cannot be undone; with `--yes` it is done",
            described(&found)
        )));
    }
    let receipt = desk.send(Command::Approve(answer(&found, None)), None).await?;
    receipt::show(&desk.screen, std::slice::from_ref(&receipt))?;
    match receipt.seq {
        Some(seq) => tell_of_words(desk, seq).await,
        None => Ok(()),
    }
}

/// Says where the words still are: nowhere in this database, if all went well.
async fn tell_of_words(desk: &Desk, seq: u64) -> Result<(), Failure> {
    let purges = desk.store.purges(Some(seq)).await?;
    let tasks = purges.first().map_or(0, |purge| purge.tasks);
    if desk.screen.for_people() {
        say(&format!(
            "Erased by event {seq}. Backups that were made earlier still hold the words{}.",
            copies(desk)
        ))?;
        if tasks > 0 {
            say(&format!(
                "The same words stood on {} of the queue; see `hearsay queue show --tasks` and `hearsay queue dead`.",
                count(tasks, "task", "tasks")
            ))?;
        }
    }
    if purges.iter().all(|purge| purge.done) {
        return Ok(());
    }
    Err(Failure::Stopped(format!(
        "event {seq} erased the words, but they are still in the file's free space, as another process reads an older \
         state of it; whatever opens the database next, once that has ended, takes them out: `hearsay doctor`, say"
    )))
}

/// Copies that lie beside the database, and were made of it.
fn copies(desk: &Desk) -> String {
    let database = desk.store.path();
    let (Some(directory), Some(name)) = (database.parent(), database.file_name()) else { return String::new() };
    let directory = if directory.as_os_str().is_empty() { PathBuf::from(".") } else { directory.to_owned() };
    let Ok(files) = std::fs::read_dir(&directory) else { return String::new() };
    let name = name.to_string_lossy();
    let mut beside: Vec<String> = files
        .filter_map(|file| Some(file.ok()?.file_name().to_string_lossy().into_owned()))
        .filter(|file| file.starts_with(&*name) && (file.contains(".backup") || file.contains(".before-restore")))
        .map(|file| format!("`{file}`"))
        .collect();
    beside.sort();
    if beside.is_empty() { String::new() } else { format!(", and so may {} beside it", beside.join(", ")) }
}

/// The erasure of that id.
async fn waiting(desk: &Desk, proposal: &str) -> Result<ErasureRow, Failure> {
    let waiting = desk.store.erasures().await?;
    let found = waiting.into_iter().find(|row| row.proposal.to_string() == proposal);
    Ok(found.ok_or_else(|| StoreError::NotFound { what: "erasure", name: proposal.to_owned() })?)
}

fn answer(row: &ErasureRow, reason: Option<String>) -> ProposalAnswer {
    ProposalAnswer {
        claim: row.claim.map(|claim| Reference(claim.to_string())),
        proposal: Some(Reference(row.proposal.to_string())),
        reason,
    }
}

/// Keeps a claim's texts from being erased.
pub(crate) async fn hold(args: HoldArgs, desk: &Desk) -> Result<(), Failure> {
    let claim = desk.claim(&args.on.name).await?;
    desk.do_one(Command::Hold(Hold { claim, reason: args.reason }), args.on.seen_version).await
}

/// Lifts a hold.
pub(crate) async fn release(args: ReleaseArgs, desk: &Desk) -> Result<(), Failure> {
    let claim = desk.claim(&args.on.name).await?;
    let release = Release { claim, hold: args.hold, reason: args.reason };
    desk.do_one(Command::Release(release), args.on.seen_version).await
}
