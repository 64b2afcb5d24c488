//! `hearsay audit …`: what the record answers along both of its times.

mod filter;
mod history;
mod log;
mod names;

use clap::Subcommand;

pub(crate) use self::names::Names;
use crate::desk::Desk;
use crate::exit::Failure;

/// What can be asked of the log.
#[derive(Subcommand, Debug)]
pub(crate) enum AuditVerb {
    /// Lists events, oldest first.
    #[command(after_help = log::EXAMPLES)]
    Log(Box<log::LogArgs>),
    /// Tells a claim's history, and that of the claims that were merged into it.
    #[command(after_help = history::EXAMPLES)]
    History(history::HistoryArgs),
}

/// Runs a verb on the log.
pub(crate) async fn run(verb: AuditVerb, desk: &Desk) -> Result<(), Failure> {
    match verb {
        AuditVerb::Log(args) => log::run(*args, desk).await,
        AuditVerb::History(args) => history::run(&args, desk).await,
    }
}
