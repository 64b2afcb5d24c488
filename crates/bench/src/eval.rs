//! `eval`: how well texts are read and matched, by the official metrics on outside data, beside the goals and what
//! others reach. The data are never part of the project: a folder that is not there is told, and nothing passes by it.

pub(crate) mod attribution;
mod bootstrap;
mod checkthat2a;
mod checkthat2b;
pub(crate) mod emergent;
mod extraction;
mod feeds;
mod files;
pub(crate) mod fnc1;
mod folds;
mod options;
pub(crate) mod pairs;
mod ranker;
mod reliability;
mod retrieval;
mod scored;
mod speed;
mod stories;

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use anyhow::{Result, bail};

pub(crate) use self::options::Options;
pub(crate) use self::ranker::{LearnArgs, learn};
pub(crate) use self::scored::Scored;
use crate::{Bench, Format};

/// Scores one task on the folder of all data.
type Score = fn(&Path, &Options) -> Result<Vec<Scored>>;

/// One task: its name, the folder of its data, and how it is scored.
struct Task {
    name: &'static str,
    /// Below the folder that `--data` names; none where the task makes its own material.
    folder: Option<&'static str>,
    score: Score,
}

/// Every task: one line each.
const TASKS: &[Task] = &[
    Task { name: "checkthat2a", folder: Some("retrieval-checkthat2a"), score: checkthat2a::score },
    Task { name: "checkthat2b", folder: Some("retrieval-checkthat2b"), score: checkthat2b::score },
    Task { name: "extraction", folder: Some("extraction-aeb"), score: extraction::score },
    Task { name: "feeds", folder: Some("feeds-feedparser"), score: feeds::score },
    Task { name: "speed", folder: None, score: speed::score },
    Task { name: "stories", folder: Some("cases"), score: stories::score },
    Task { name: "emergent", folder: Some("stance-emergent"), score: emergent::score },
    Task { name: "fnc1", folder: Some("stance-fnc1"), score: fnc1::score },
    Task { name: "attribution", folder: Some("attribution-polnear"), score: attribution::score },
];

/// Arguments of `eval`.
#[derive(clap::Args, Debug)]
#[command(after_help = EXAMPLES)]
pub(crate) struct EvalArgs {
    /// The folder of the data; whichever of its known subfolders are there are scored.
    #[arg(long, value_name = "DIR")]
    data: PathBuf,
    /// Only these tasks, separated by commas; one whose data is missing is then an error.
    #[arg(long, value_name = "TASK", value_delimiter = ',')]
    only: Vec<String>,
    /// Score the shipped rules and weights on all of the data, and learn nothing from it.
    #[arg(long)]
    as_shipped: bool,
    /// How often the data are drawn anew for an interval.
    #[arg(long, value_name = "N", default_value_t = 1_000)]
    resamples: usize,
    /// What all drawing begins with: the same seed gives the same figures.
    #[arg(long, value_name = "N", default_value_t = 1)]
    seed: u64,
}

const EXAMPLES: &str = "\
Examples:
  hearsay-bench eval --data ../shared/data
  hearsay-bench eval --data ../shared/data --only stories,checkthat2a
  hearsay-bench eval --data elsewhere --as-shipped --format json";

/// Runs it, and prints what was found.
pub(crate) fn run(args: &EvalArgs, bench: &Bench) -> Result<()> {
    let options = Options {
        as_shipped: args.as_shipped,
        resamples: if bench.quick { 50 } else { args.resamples },
        seed: args.seed,
        quick: bench.quick,
    };
    let mut found = Vec::new();
    for task in wanted(args)? {
        eprintln!("{} …", task.name);
        found.extend((task.score)(&args.data, &options)?);
    }
    match bench.format {
        Format::Table => println!("{}", scored::table(&found)),
        Format::Json => println!("{}", scored::json(&found)),
    }
    Ok(())
}

/// The tasks to score: all whose data are there, or those that were named.
fn wanted(args: &EvalArgs) -> Result<Vec<&'static Task>> {
    let names: Vec<&str> = TASKS.iter().map(|task| task.name).collect();
    if let Some(unknown) = args.only.iter().find(|name| !names.contains(&name.as_str())) {
        bail!("there is no task `{unknown}`; the tasks are {}", names.join(", "));
    }
    if !args.data.is_dir() {
        bail!("the data are missing: `{}` is no folder", args.data.display());
    }
    let asked_for: BTreeSet<&str> = args.only.iter().map(String::as_str).collect();
    let asked = TASKS.iter().filter(|task| asked_for.is_empty() || asked_for.contains(task.name));
    let (there, missing): (Vec<_>, Vec<_>) = asked.partition(|task| is_there(task, &args.data));
    for (task, folder) in missing.iter().filter_map(|task| task.folder.map(|folder| (task, folder))) {
        eprintln!("{}: missing, `{}` is not there", task.name, args.data.join(folder).display());
    }
    if !missing.is_empty() && !asked_for.is_empty() {
        bail!("the data of a task that was asked for are missing");
    }
    if !missing.is_empty() && there.iter().all(|task| task.folder.is_none()) {
        bail!("the data are missing: `{}` has none of the known folders", args.data.display());
    }
    Ok(there)
}

fn is_there(task: &Task, data: &Path) -> bool {
    task.folder.is_none_or(|folder| data.join(folder).is_dir())
}
