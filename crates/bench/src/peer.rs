//! The peer: cqrs-es with sqlite-es, in a workspace of its own, since its SQLite can't link beside ours.
//! It is built by cargo when it is first wanted; where that can't be done, the report says so.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, ensure};
use serde_json::Value;

use crate::callers::Round;

/// The built program.
pub(crate) struct Peer(PathBuf);

/// What the peer is asked for.
pub(crate) struct Ask {
    pub(crate) claims: usize,
    pub(crate) pieces: usize,
    pub(crate) callers: usize,
    pub(crate) commands: usize,
    pub(crate) rounds: usize,
}

impl Peer {
    /// Builds it beside the benchmark itself.
    pub(crate) fn build() -> Result<Self> {
        let manifest = Path::new(env!("CARGO_MANIFEST_DIR")).join("peers/cqrs/Cargo.toml");
        ensure!(manifest.exists(), "its source is not there any more: {}", manifest.display());
        let program = std::env::current_exe()?;
        let target = program.ancestors().nth(2).context("the program lies in no target directory")?.join("peers");
        eprintln!("building the peer (cqrs-es with sqlite-es); the first time takes minutes …");
        let status = Command::new("cargo")
            .args(["build", "--release", "--locked", "--quiet", "--manifest-path"])
            .arg(&manifest)
            .env("CARGO_TARGET_DIR", &target)
            .env("CARGO_NET_RETRY", "0")
            .status()
            .context("cargo could not be run")?;
        ensure!(status.success(), "cargo could not build it: {status}");
        Ok(Self(target.join("release").join("hearsay-peer-cqrs")))
    }

    /// Runs some rounds on its own database.
    pub(crate) fn run(&self, database: &Path, ask: &Ask) -> Result<Vec<Round>> {
        let numbers = [ask.claims, ask.pieces, ask.callers, ask.commands, ask.rounds];
        let output =
            Command::new(&self.0).arg(database).args(numbers.map(|number| number.to_string())).output()?;
        ensure!(output.status.success(), "the peer failed: {}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout)?.lines().map(round).collect()
    }
}

fn round(line: &str) -> Result<Round> {
    let line: Value = serde_json::from_str(line)?;
    let figure = |key: &str| line[key].as_f64().with_context(|| format!("the peer told no `{key}`"));
    Ok(Round {
        per_second: figure("commands")? / figure("seconds")?,
        p50: figure("p50_us")?,
        p99: figure("p99_us")?,
        pages: line["pages"].as_f64(),
    })
}
