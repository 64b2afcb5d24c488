//! `hearsay audit …`: what the record answers along both of its times.

mod as_of;
mod bundle;
pub(crate) mod checkpoint;
mod count;
mod decided_on;
mod diff;
mod export;
mod filter;
mod history;
pub(crate) mod key;
mod log;
mod names;
mod out_of_course;
mod prove;
mod source_record;
pub(crate) mod verify;
mod verify_bundle;
mod verify_proof;

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
    /// Tells a claim, or the docket, as it was true at one time and known at another.
    #[command(after_help = as_of::EXAMPLES)]
    AsOf(as_of::AsOfArgs),
    /// Tells what changed between two times, claim by claim.
    #[command(after_help = diff::EXAMPLES)]
    Diff(diff::DiffArgs),
    /// Counts follow-ups and transitions, or the claims in each state.
    #[command(after_help = count::EXAMPLES)]
    Count(count::CountArgs),
    /// Lists what was recorded long after it happened.
    #[command(after_help = out_of_course::RETROACTIVE)]
    Retroactive(Box<out_of_course::RetroactiveArgs>),
    /// Lists the declared states that rested on a piece of evidence or a source.
    #[command(after_help = decided_on::EXAMPLES)]
    DecidedOn(decided_on::DecidedOnArgs),
    /// Lists overrides, rulings, erasures, holds, exports, and approvals that were refused to the proposer.
    #[command(after_help = out_of_course::EXCEPTIONS)]
    Exceptions(out_of_course::ExceptionsArgs),
    /// Tells what became of the claims that a source originated, and how it was rated.
    #[command(after_help = source_record::EXAMPLES)]
    SourceRecord(source_record::SourceRecordArgs),
    /// Shows the key that signs the log, or makes one.
    #[command(after_help = key::EXAMPLES)]
    Key(key::KeyArgs),
    /// Signs what the log is now, and keeps that; or shows what was signed last.
    #[command(after_help = checkpoint::EXAMPLES)]
    Checkpoint(checkpoint::CheckpointArgs),
    /// Proves to strangers that the log has an event, or that it has only grown.
    #[command(after_help = prove::EXAMPLES)]
    Prove(prove::ProveArgs),
    /// Verifies the whole database, and names what is wrong with it.
    #[command(after_help = verify::EXAMPLES)]
    Verify(verify::VerifyArgs),
    /// Writes the log to a file, as JSON Lines that can be checked or as CSV, and records that.
    #[command(after_help = export::EXAMPLES)]
    Export(Box<export::ExportArgs>),
    /// Writes one claim's evidence, and what proves it, to one file that can be checked without the database.
    #[command(after_help = bundle::EXAMPLES)]
    Bundle(bundle::BundleArgs),
}

/// Runs a verb on the log.
pub(crate) async fn run(verb: AuditVerb, desk: &Desk) -> Result<(), Failure> {
    match verb {
        AuditVerb::Log(args) => log::run(*args, desk).await,
        AuditVerb::History(args) => history::run(&args, desk).await,
        AuditVerb::AsOf(args) => as_of::run(&args, desk).await,
        AuditVerb::Diff(args) => diff::run(&args, desk).await,
        AuditVerb::Count(args) => count::run(&args, desk).await,
        AuditVerb::Retroactive(args) => out_of_course::retroactive(*args, desk).await,
        AuditVerb::DecidedOn(args) => decided_on::run(&args, desk).await,
        AuditVerb::Exceptions(args) => out_of_course::exceptions(&args, desk).await,
        AuditVerb::Export(args) => export::run(*args, desk).await,
        AuditVerb::SourceRecord(args) => source_record::run(&args, desk).await,
        AuditVerb::Key(args) => key::run(&args, desk).await,
        AuditVerb::Checkpoint(args) => checkpoint::run(&args, desk).await,
        AuditVerb::Prove(args) => prove::run(&args, desk).await,
        AuditVerb::Verify(args) => verify::run(&args, desk).await,
        AuditVerb::Bundle(args) => bundle::run(&args, desk).await,
    }
}
