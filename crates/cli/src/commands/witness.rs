//! `hearsay witness …`: keeps another desk's checkpoints, and vouches for those that go on from one another.

use std::path::PathBuf;

use clap::{Args, Subcommand};
use hearsay_ledger::{Checkpoint, SignedCheckpoint, VerifyingKey, to_base64};
use serde::Serialize;

use crate::clock;
use crate::config::Settings;
use crate::exit::Failure;
use crate::output::{Screen, say};
use crate::witness::{Log, Witness};
use crate::words::count;

/// What a witness does.
#[derive(Subcommand, Debug)]
pub(crate) enum WitnessVerb {
    /// Shows the witness's key, or makes the witness.
    #[command(
        after_help = "Examples:\n  hearsay witness key --make witness.example/ana\n  hearsay witness key --folder watched"
    )]
    Key(KeyArgs),
    /// Begins to watch another desk's log, by the key that `hearsay audit key` shows there.
    #[command(
        after_help = "Examples:\n  hearsay witness add hearsay.local/ab49c16a+d1a35df2+AZZzNYuBXGghWMoRHMQRqsOcbU6Y0MCi8rkGhDpiAlnK"
    )]
    Add(AddArgs),
    /// Cosigns a checkpoint that goes on from the one seen last, and writes it with the cosignature. Refuses a fork, and
    /// keeps both sides.
    #[command(after_help = "Examples:\n  hearsay witness check first.checkpoint\n  \
        hearsay witness check to-the-witness > cosigned.checkpoint\n\n\
        The first of a log is taken as it is. Every later one needs the proof that\n  \
        `hearsay audit prove --consistency OLD` writes at the desk, where OLD is the size seen last.")]
    Check(CheckArgs),
    /// Lists the logs that are watched, with what was seen of each last.
    #[command(after_help = "Examples:\n  hearsay witness show\n  hearsay witness show --format json")]
    Show(ShowArgs),
}

/// Where the witness keeps what it knows.
#[derive(Args, Debug)]
struct Folder {
    /// The witness's folder.
    #[arg(long, value_name = "FOLDER", default_value = "witness")]
    folder: PathBuf,
}

/// Arguments of `witness key`.
#[derive(Args, Debug)]
pub(crate) struct KeyArgs {
    #[command(flatten)]
    folder: Folder,
    /// Makes the witness, under this name: a domain and a path without a scheme.
    #[arg(long, value_name = "NAME")]
    make: Option<String>,
}

/// Arguments of `witness add`.
#[derive(Args, Debug)]
pub(crate) struct AddArgs {
    /// The log's key.
    #[arg(value_name = "KEY", value_parser = public)]
    key: VerifyingKey,
    #[command(flatten)]
    folder: Folder,
}

/// Arguments of `witness check`.
#[derive(Args, Debug)]
pub(crate) struct CheckArgs {
    /// A checkpoint with its proof, or the first of its log by itself.
    #[arg(value_name = "FILE")]
    file: PathBuf,
    #[command(flatten)]
    folder: Folder,
}

/// Arguments of `witness show`.
#[derive(Args, Debug)]
pub(crate) struct ShowArgs {
    #[command(flatten)]
    folder: Folder,
}

fn public(text: &str) -> Result<VerifyingKey, String> {
    VerifyingKey::parse(text).map_err(|error| error.to_string())
}

/// Runs a verb of the witness; no database is asked for.
pub(crate) async fn run(verb: &WitnessVerb, settings: &Settings) -> Result<(), Failure> {
    let screen = Screen::new(settings.format);
    match verb {
        WitnessVerb::Key(args) => key(args, &screen),
        WitnessVerb::Add(args) => {
            Witness::of(&args.folder.folder).add(&args.key).await?;
            say(&format!("The log `{}` is watched.", args.key.name()))
        }
        WitnessVerb::Check(args) => {
            let cosigned = Witness::of(&args.folder.folder).check(&args.file, clock::now()).await?;
            say(cosigned.to_text())
        }
        WitnessVerb::Show(args) => show(args, &screen),
    }
}

/// A witness's key, as everybody may see it.
#[derive(Serialize)]
struct ShownKey {
    name: String,
    key: String,
}

fn key(args: &KeyArgs, screen: &Screen) -> Result<(), Failure> {
    let witness = Witness::of(&args.folder.folder);
    let key = match &args.make {
        Some(name) => witness.make(name, &clock::seed())?,
        None => witness.key()?,
    };
    let shown = ShownKey { name: key.origin().to_owned(), key: key.witnessing().to_text() };
    screen.object(&shown, || {
        format!("The witness `{}` cosigns. Everybody may check it with:\n{}", shown.name, shown.key)
    })
}

/// A log that is watched, for programs.
#[derive(Serialize)]
struct ShownLog {
    origin: String,
    key: String,
    size: Option<u64>,
    root: Option<String>,
    forks: u64,
}

impl ShownLog {
    fn of(log: &Log) -> Self {
        let seen = log.seen.as_ref().map(SignedCheckpoint::checkpoint);
        Self {
            origin: log.key.name().to_owned(),
            key: log.key.to_text(),
            size: seen.map(Checkpoint::size),
            root: seen.map(|seen| to_base64(&seen.root())),
            forks: log.forks,
        }
    }

    fn line(&self) -> String {
        let seen = match (self.size, &self.root) {
            (Some(size), Some(root)) => format!("{}, root {root}", count(size, "event", "events")),
            (_, _) => "nothing seen yet".to_owned(),
        };
        let forks =
            if self.forks == 0 { String::new() } else { format!("; {} kept", count(self.forks, "FORK", "FORKS")) };
        format!("{}: {seen}{forks}", self.origin)
    }
}

fn show(args: &ShowArgs, screen: &Screen) -> Result<(), Failure> {
    let logs: Vec<ShownLog> = Witness::of(&args.folder.folder).logs()?.iter().map(ShownLog::of).collect();
    let for_people = || {
        if logs.is_empty() {
            return "No log is watched yet; `hearsay witness add KEY` begins to.".to_owned();
        }
        logs.iter().map(ShownLog::line).collect::<Vec<_>>().join("\n")
    };
    screen.list(&logs, &["origin", "key", "size", "root", "forks"], for_people)
}
