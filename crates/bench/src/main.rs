//! `hearsay-bench`: what the store and the rules take, each beside the raw limit, in one run. docs/benchmarks.md
//! says how each figure comes about. No benchmark fails for being slow: goals are printed beside what was found.

mod append;
mod audit;
mod callers;
mod clock;
mod docket;
mod eval;
mod grow;
mod import;
mod learn;
mod limit;
mod peer;
mod place;
mod queue;
mod report;
mod standing;
mod verify;

use std::path::PathBuf;

use anyhow::Result;
use clap::{Parser, Subcommand, ValueEnum};

/// How the findings are shown.
#[derive(Clone, Copy, PartialEq, Eq, Debug, ValueEnum)]
enum Format {
    /// A table and its goals, for people.
    Table,
    /// One JSON object, for programs.
    Json,
}

/// Measures Hearsay beside what the machine can do.
#[derive(Parser, Debug)]
#[command(name = "hearsay-bench", version)]
struct Bench {
    /// Small sizes: sees that it runs, in a few seconds; its figures mean nothing.
    #[arg(long, global = true)]
    quick: bool,
    /// Where the databases on disk go; default: beside the built program.
    #[arg(long, global = true, value_name = "DIR")]
    dir: Option<PathBuf>,
    /// How the findings are shown.
    #[arg(long, global = true, value_enum, default_value_t = Format::Table)]
    format: Format,
    #[command(subcommand)]
    what: What,
}

/// What to measure.
#[derive(Subcommand, Debug)]
enum What {
    /// Concurrent callers record follow-ups, beside a hand-written writer and cqrs-es.
    Append(append::AppendArgs),
    /// What auditors ask, on a long log with realistic skew, beside the raw queries.
    Audit(audit::AuditArgs),
    /// How well texts are read and matched, on outside data, beside the goals and what others reach.
    Eval(eval::EvalArgs),
    /// Learns the weights by which candidates are ranked, and writes the file that is shipped.
    LearnRanking(eval::LearnArgs),
    /// The same on a short log and on a long one.
    Grow(grow::GrowArgs),
    /// Lines of the interchange file, parsed and taken in.
    Import,
    /// Learns the weights again that the reading ships.
    Learn(learn::LearnArgs),
    /// Tasks through the queue, beside a hand-written loop and huey; the worker's pickup, and follow-ups through it.
    Queue(queue::QueueArgs),
    /// Weighing and explaining claims of many pieces.
    Standing,
    /// A log hashed anew and verified, beside a loop that reads and hashes the same bytes.
    Verify(verify::VerifyArgs),
}

#[tokio::main]
async fn main() -> Result<()> {
    let bench = Bench::parse();
    let report = match &bench.what {
        What::Append(args) => append::run(args, &bench).await?,
        What::Audit(args) => audit::run(args, &bench).await?,
        What::Eval(args) => return eval::run(args, &bench),
        What::LearnRanking(args) => return eval::learn(args),
        What::Learn(args) => return learn::run(args),
        What::Grow(args) => grow::run(args, &bench).await?,
        What::Import => import::run(&bench).await?,
        What::Queue(args) => queue::run(args, &bench).await?,
        What::Standing => standing::run(&bench)?,
        What::Verify(args) => verify::run(args, &bench).await?,
    };
    match bench.format {
        Format::Table => println!("{}", report.table()),
        Format::Json => println!("{}", report.json()),
    }
    Ok(())
}
