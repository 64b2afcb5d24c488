//! A desk for the walkthroughs: the program itself, a database of its own, and a folder that goes away with it.

use std::cell::Cell;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use tempfile::TempDir;

/// A desk with an empty docket.
pub(crate) struct Desk {
    folder: TempDir,
    imports: Cell<u32>,
}

/// How one run of the program ended.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Ended {
    /// The exit code; none where a signal ended it.
    pub(crate) code: Option<i32>,
    /// What it printed.
    pub(crate) stdout: String,
    /// What it said beside that.
    pub(crate) stderr: String,
}

impl Ended {
    /// Itself, where the program ended well.
    #[track_caller]
    pub(crate) fn done(self) -> Self {
        assert_eq!(self.code, Some(0), "stdout:\n{}\nstderr:\n{}", self.stdout, self.stderr);
        self
    }
}

impl Desk {
    /// Sets up a desk.
    #[track_caller]
    pub(crate) fn new() -> Self {
        let desk = Self { folder: TempDir::new().expect("a temporary folder"), imports: Cell::new(0) };
        desk.run(&["init"]).done();
        desk
    }

    /// The folder in which the program runs.
    pub(crate) fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// The database.
    pub(crate) fn database(&self) -> PathBuf {
        self.folder().join("desk.db")
    }

    /// Runs `hearsay --db … ARGS` as the editor Ana.
    pub(crate) fn run(&self, args: &[&str]) -> Ended {
        self.run_as("ana", "editor", args)
    }

    /// Runs `hearsay --db … ARGS` as that person, in that role.
    pub(crate) fn run_as(&self, actor: &str, role: &str, args: &[&str]) -> Ended {
        let output = self.command(actor, role, args).output().expect("the program can be run");
        Ended {
            code: output.status.code(),
            stdout: String::from_utf8(output.stdout).expect("stdout is UTF-8"),
            stderr: String::from_utf8(output.stderr).expect("stderr is UTF-8"),
        }
    }

    /// The program with its surroundings, not yet run: for walkthroughs that kill it.
    pub(crate) fn command(&self, actor: &str, role: &str, args: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_hearsay"));
        for (name, _) in std::env::vars_os().filter(|(name, _)| name.to_string_lossy().starts_with("HEARSAY_")) {
            command.env_remove(name);
        }
        command
            .args(args)
            .arg("--db")
            .arg(self.database())
            .env("HEARSAY_ACTOR", actor)
            .env("HEARSAY_ROLE", role)
            .env("NO_COLOR", "1")
            .current_dir(self.folder())
            .stdin(Stdio::null());
        command
    }

    /// Writes a file of the interchange format; a second file of the same name is the same import again.
    pub(crate) fn file(&self, name: &str, lines: &str) -> PathBuf {
        let path = self.folder().join(name);
        fs::write(&path, lines).expect("a file can be written");
        path
    }

    /// Imports lines, each time as a file of another name.
    pub(crate) fn import(&self, lines: &str) -> Ended {
        self.imports.set(self.imports.get() + 1);
        let path = self.file(&format!("{}.jsonl", self.imports.get()), lines);
        self.run(&["import", &path.to_string_lossy()])
    }

    /// What the program answers as JSON.
    #[track_caller]
    pub(crate) fn json(&self, args: &[&str]) -> serde_json::Value {
        let args: Vec<&str> = args.iter().copied().chain(["--format", "json"]).collect();
        let answer = self.run(&args).done().stdout;
        serde_json::from_str(&answer).unwrap_or_else(|error| {
            assert_eq!("", error.to_string(), "{args:?} answered no JSON:\n{answer}");
            serde_json::Value::Null
        })
    }
}
