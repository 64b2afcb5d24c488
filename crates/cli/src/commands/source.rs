//! `hearsay source …`: who says things, how reliable they are, and whose word theirs is.

use clap::{Args, Subcommand};
use hearsay_core::{
    AddSource, AliasSource, Command, MergeSources, RateSource, Reference, RelateSource, Reliability, SourceKind,
};
use jiff::Timestamp;

use crate::desk::Desk;
use crate::exit::Failure;
use crate::render::source::{COLUMNS, source, sources};
use crate::words::{time, word};

/// What can be done with sources.
#[derive(Subcommand, Debug)]
pub(crate) enum SourceVerb {
    /// Adds a source to the register.
    #[command(
        after_help = "Examples:\n  hearsay source add \"Financial Times\" --kind outlet --alias FT --reliability B\n  \
        hearsay source add \"Dmitry Peskov\" --kind person --speaks-for Kremlin --ref peskov"
    )]
    Add(AddArgs),
    /// Lists sources.
    #[command(after_help = "Examples:\n  hearsay source list\n  hearsay source list --text fin --format csv")]
    List(ListArgs),
    /// Shows one source with all its names and relations.
    #[command(after_help = "Examples:\n  hearsay source show FT")]
    Show(ShowArgs),
    /// Rates a source's reliability, from A (completely reliable) to E (unreliable); F: cannot be judged yet.
    #[command(after_help = "Examples:\n  hearsay source rate FT A --reason \"five years without a retraction\"")]
    Rate(RateArgs),
    /// Tells whose word a source's word is, or what it belongs to, over a period.
    #[command(
        after_help = "Examples:\n  hearsay source relate Witkoff --speaks-for \"White House\" --since 2025-01-20T17:00:00Z\n  \
        hearsay source relate RIA --part-of \"Rossiya Segodnya\"\n  \
        hearsay source relate Witkoff --speaks-for-nobody --since 2025-06-01T00:00:00Z"
    )]
    Relate(RelateArgs),
    /// Gives a source another name.
    #[command(after_help = "Examples:\n  hearsay source alias \"Financial Times\" FT")]
    Alias(AliasArgs),
    /// Says that a source turned out to be another: its names and its evidence move there.
    #[command(
        after_help = "Examples:\n  hearsay source merge \"The FT\" --into \"Financial Times\" --reason \"entered twice\""
    )]
    Merge(MergeArgs),
}

/// Arguments of `source add`.
#[derive(Args, Debug)]
pub(crate) struct AddArgs {
    /// The name it goes by.
    #[arg(value_name = "NAME")]
    name: String,
    /// What it is: outlet, agency, institution, person, unnamed or document.
    #[arg(long, value_name = "KIND", value_parser = word::<SourceKind>)]
    kind: SourceKind,
    /// A handle, by which files and people may name it.
    #[arg(long = "ref", value_name = "HANDLE")]
    handle: Option<String>,
    /// Another name; may be given several times.
    #[arg(long = "alias", value_name = "NAME")]
    aliases: Vec<String>,
    /// Its Admiralty reliability, A to F.
    #[arg(long, value_name = "LETTER", value_parser = word::<Reliability>, default_value = "F")]
    reliability: Reliability,
    /// Whose word its word is, always.
    #[arg(long, value_name = "SOURCE")]
    speaks_for: Option<String>,
    /// What it belongs to, always.
    #[arg(long, value_name = "SOURCE")]
    part_of: Option<String>,
}

/// Arguments of `source list`.
#[derive(Args, Debug)]
pub(crate) struct ListArgs {
    /// With this in one of their names.
    #[arg(long, value_name = "TEXT")]
    text: Option<String>,
}

/// Arguments of `source show`.
#[derive(Args, Debug)]
pub(crate) struct ShowArgs {
    /// Which source, by any of its names.
    #[arg(value_name = "SOURCE")]
    source: String,
}

/// Arguments of `source rate`.
#[derive(Args, Debug)]
pub(crate) struct RateArgs {
    /// Which source, by any of its names.
    #[arg(value_name = "SOURCE")]
    source: String,
    /// Its reliability, A to F.
    #[arg(value_name = "LETTER", value_parser = word::<Reliability>)]
    reliability: Reliability,
    /// Why.
    #[arg(long, value_name = "TEXT")]
    reason: Option<String>,
}

/// Arguments of `source relate`.
#[derive(Args, Debug)]
#[command(group = clap::ArgGroup::new("relation").required(true).multiple(true))]
pub(crate) struct RelateArgs {
    /// Which source, by any of its names.
    #[arg(value_name = "SOURCE")]
    source: String,
    /// Whose word its word is.
    #[arg(long, value_name = "SOURCE", group = "relation")]
    speaks_for: Option<String>,
    /// It speaks for nobody in that period.
    #[arg(long, group = "relation", conflicts_with = "speaks_for")]
    speaks_for_nobody: bool,
    /// What it belongs to.
    #[arg(long, value_name = "SOURCE", group = "relation")]
    part_of: Option<String>,
    /// It belongs to nothing in that period.
    #[arg(long, group = "relation", conflicts_with = "part_of")]
    part_of_nothing: bool,
    /// From when on, inclusive (RFC 3339); default: always.
    #[arg(long, value_name = "TIME", value_parser = time)]
    since: Option<Timestamp>,
    /// Until when, exclusive (RFC 3339); default: still.
    #[arg(long, value_name = "TIME", value_parser = time)]
    until: Option<Timestamp>,
    /// Why.
    #[arg(long, value_name = "TEXT")]
    reason: Option<String>,
}

/// Arguments of `source alias`.
#[derive(Args, Debug)]
pub(crate) struct AliasArgs {
    /// Which source, by any of its names.
    #[arg(value_name = "SOURCE")]
    source: String,
    /// Its other name.
    #[arg(value_name = "NAME")]
    alias: String,
}

/// Arguments of `source merge`.
#[derive(Args, Debug)]
pub(crate) struct MergeArgs {
    /// The source that turned out to be another.
    #[arg(value_name = "SOURCE")]
    source: String,
    /// The source that stays.
    #[arg(long, value_name = "SOURCE")]
    into: String,
    /// Why.
    #[arg(long, value_name = "TEXT")]
    reason: Option<String>,
}

/// Runs a verb on sources.
pub(crate) async fn run(verb: SourceVerb, desk: &Desk) -> Result<(), Failure> {
    match verb {
        SourceVerb::Add(args) => desk.do_one(add(args), None).await,
        SourceVerb::List(args) => {
            let rows = desk.store.sources(args.text.as_deref()).await?;
            desk.screen.list(&rows, COLUMNS, || sources(&desk.screen, &rows))
        }
        SourceVerb::Show(args) => {
            let row = desk.store.source(&args.source).await?;
            desk.screen.object(&row, || source(&desk.screen, &row))
        }
        SourceVerb::Rate(args) => {
            let source = Reference(args.source);
            let rate = RateSource { source, reliability: args.reliability, reason: args.reason };
            desk.do_and_restand(Command::RateSource(rate), None).await
        }
        SourceVerb::Relate(args) => desk.do_and_restand(relate(args), None).await,
        SourceVerb::Alias(args) => {
            let alias = AliasSource { source: Reference(args.source), alias: args.alias };
            desk.do_one(Command::AliasSource(alias), None).await
        }
        SourceVerb::Merge(args) => {
            let (source, into) = (Reference(args.source), Reference(args.into));
            desk.do_and_restand(Command::MergeSources(MergeSources { source, into, reason: args.reason }), None)
                .await
        }
    }
}

fn add(args: AddArgs) -> Command {
    Command::AddSource(AddSource {
        handle: args.handle,
        name: args.name,
        kind: args.kind,
        aliases: args.aliases,
        reliability: args.reliability,
        speaks_for: args.speaks_for.map(Reference),
        part_of: args.part_of.map(Reference),
    })
}

fn relate(args: RelateArgs) -> Command {
    let told = |to: Option<String>, nobody: bool| match (to, nobody) {
        (Some(to), _) => Some(Some(Reference(to))),
        (None, true) => Some(None),
        (None, false) => None,
    };
    Command::RelateSource(RelateSource {
        source: Reference(args.source),
        speaks_for: told(args.speaks_for, args.speaks_for_nobody),
        part_of: told(args.part_of, args.part_of_nothing),
        since: args.since,
        until: args.until,
        reason: args.reason,
    })
}
