//! The binary `hearsay`: reads the command line, runs one verb, and ends with the exit code that says how it went.

mod cli;
mod clock;
mod commands;
mod config;
mod demo;
mod desk;
mod exit;
mod import;
mod interchange;
mod output;
mod progress;
mod render;
mod signals;
mod witness;
mod words;

use std::io::IsTerminal;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::process::ExitCode;

use clap::Parser;

use crate::cli::Cli;
use crate::exit::{BUG, Failure};

fn main() -> ExitCode {
    std::panic::set_hook(Box::new(|panic| eprintln!("error: a defect in hearsay, please report it: {panic}")));
    match catch_unwind(AssertUnwindSafe(|| run(Cli::parse()))) {
        Ok(Ok(())) => ExitCode::SUCCESS,
        Ok(Err(failure)) => {
            if let Some(sentence) = failure.sentence() {
                eprintln!("error: {sentence}");
            }
            ExitCode::from(failure.code())
        }
        Err(_) => ExitCode::from(BUG),
    }
}

fn run(cli: Cli) -> Result<(), Failure> {
    tracing_subscriber::fmt()
        .with_env_filter(std::env::var("HEARSAY_LOG").unwrap_or_else(|_| "error,work=warn".to_owned()))
        .with_ansi(std::io::stderr().is_terminal() && std::env::var_os("NO_COLOR").is_none_or(|no| no.is_empty()))
        .with_writer(std::io::stderr)
        .init();
    if let Some(answered) = commands::without_settings(&cli.noun) {
        return answered;
    }
    let settings = config::settings(&cli.global)?;
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().map_err(Failure::Output)?;
    let ended = runtime.block_on(commands::run(cli.noun, settings));
    runtime.shutdown_background();
    ended
}
