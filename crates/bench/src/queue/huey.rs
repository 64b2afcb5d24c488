//! The peer: huey with its queue in SQLite and fsync on, in a Python of its own beside the benchmark.
//! It is installed when it is first wanted; where that can't be done, the report says so.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context, Result, ensure};
use serde_json::Value;

use super::span::Span;

/// What is installed.
const PACKAGE: &str = "huey==3.5.4";

/// A Python that has huey.
pub(super) struct Huey(PathBuf);

impl Huey {
    /// Installs it beside the benchmark itself.
    pub(super) fn install() -> Result<Self> {
        let program = std::env::current_exe()?;
        let target = program.ancestors().nth(2).context("the program lies in no target directory")?;
        let home = target.join("peers").join("huey-venv");
        let python = home.join("bin").join("python3");
        if !python.exists() {
            eprintln!("making a Python for the peer …");
            run(Command::new("python3").args(["-m", "venv"]).arg(&home), "python3 could not make a venv")?;
        }
        let pip = ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", PACKAGE];
        run(Command::new(&python).args(pip), "pip could not install huey")?;
        Ok(Self(python))
    }

    /// Enqueues so many tasks in a new file, then does them.
    pub(super) fn round(&self, database: &Path, tasks: usize) -> Result<Span> {
        crate::place::remove(database)?;
        let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("peers/huey/queue.py");
        ensure!(script.exists(), "its source is not there any more: {}", script.display());
        let output = Command::new(&self.0).arg("-B").arg(script).arg(database).arg(tasks.to_string()).output()?;
        ensure!(output.status.success(), "huey failed: {}", String::from_utf8_lossy(&output.stderr));
        let told: Value = serde_json::from_slice(&output.stdout)?;
        let figure = |key: &str| told[key].as_f64().with_context(|| format!("huey told no `{key}`"));
        let tasks = figure("tasks")?;
        Ok(Span { enqueue: tasks / figure("enqueue")?, work: tasks / figure("work")?, pages: None })
    }
}

fn run(command: &mut Command, failed: &'static str) -> Result<()> {
    let status = command.stdout(Stdio::null()).status().context(failed)?;
    ensure!(status.success(), "{failed}: {status}");
    Ok(())
}
