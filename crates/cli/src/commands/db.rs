//! `hearsay db …`: the database itself.

use clap::Subcommand;

use crate::desk::Desk;
use crate::exit::Failure;
use crate::output::say;
use crate::progress::Progress;
use crate::words::count;

/// What can be done with the database.
#[derive(Subcommand, Debug)]
pub(crate) enum DbVerb {
    /// Empties and refills from the log everything that is derived from it.
    #[command(after_help = "Examples:\n  hearsay db rebuild\n  hearsay db rebuild --db desk.db")]
    Rebuild,
    /// Checks that the database is sound: the file, the log's sequence and hashes, the texts. Exit code 1 if it isn't.
    #[command(after_help = "Examples:\n  hearsay db check\n  hearsay db check --db desk.db --format json")]
    Check,
}

/// Runs a verb on the database.
pub(crate) async fn run(verb: DbVerb, desk: &Desk) -> Result<(), Failure> {
    match verb {
        DbVerb::Rebuild => rebuild(desk).await,
        DbVerb::Check => check(desk).await,
    }
}

async fn rebuild(desk: &Desk) -> Result<(), Failure> {
    let mut progress = Progress::begin("rebuilding", None);
    let rebuilt = desk.store.rebuild(&mut |done, of| progress.at_of(done, of)).await;
    progress.end();
    let rebuilt = rebuilt?;
    let (events, claims) = (count(rebuilt.events, "event", "events"), count(rebuilt.claims, "claim", "claims"));
    say(&format!("Rebuilt from {events}: {claims}."))
}

async fn check(desk: &Desk) -> Result<(), Failure> {
    let mut progress = Progress::begin("checking", None);
    let wrong = desk.store.check(&mut |done, of| progress.at_of(done, of)).await;
    progress.end();
    let wrong = wrong?;
    let findings: Vec<Finding<'_>> = wrong.iter().map(|what| Finding { wrong: what }).collect();
    let for_people = || if wrong.is_empty() { "Sound.".to_owned() } else { wrong.join("\n") };
    desk.screen.list(&findings, &["wrong"], for_people)?;
    if wrong.is_empty() {
        return Ok(());
    }
    let number = u64::try_from(wrong.len()).unwrap_or(u64::MAX);
    Err(Failure::Found(format!(
        "{} found; restore a backup (`hearsay restore`)",
        count(number, "fault", "faults")
    )))
}

/// One fault.
#[derive(serde::Serialize)]
struct Finding<'a> {
    wrong: &'a str,
}
