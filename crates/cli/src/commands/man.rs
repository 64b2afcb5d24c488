//! `hearsay man`: manual pages, made of the command line's own tree.

use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use clap::{Args, Command, CommandFactory};
use clap_mangen::Man;

use crate::cli::Cli;
use crate::exit::Failure;
use crate::output::say;
use crate::words::count;

/// Examples for its help.
pub(crate) const EXAMPLES: &str = "Examples:\n  hearsay man | man -l -\n  \
    hearsay man --dir ~/.local/share/man/man1";

/// Arguments of `man`.
#[derive(Args, Debug)]
pub(crate) struct ManArgs {
    /// Write a page for every verb to this directory, which is made if it isn't there; default: the main page, to
    /// standard output.
    #[arg(long, value_name = "DIR")]
    dir: Option<PathBuf>,
}

/// Writes the main page, or all pages.
pub(crate) fn run(args: &ManArgs) -> Result<(), Failure> {
    let mut command = Cli::command();
    command.build();
    let Some(dir) = &args.dir else {
        let mut page = Vec::new();
        titled(&command).render(&mut page).map_err(Failure::Output)?;
        let mut out = io::stdout().lock();
        return out.write_all(&page).and_then(|()| out.flush()).map_err(Failure::Output);
    };
    fs::create_dir_all(dir).map_err(|source| Failure::File { path: dir.clone(), source })?;
    let written = pages(&command, dir)?;
    say(&format!("Wrote {} to `{}`.", count(written, "page", "pages"), dir.display()))
}

fn titled(command: &Command) -> Man {
    Man::new(command.clone()).source(concat!("hearsay ", env!("CARGO_PKG_VERSION"))).manual("Hearsay")
}

/// Writes the page of a command and those of all that are under it.
fn pages(command: &Command, dir: &Path) -> Result<u32, Failure> {
    let man = titled(command);
    let path = dir.join(man.get_filename());
    man.generate_to(dir).map_err(|source| Failure::File { path, source })?;
    let under = command.get_subcommands().map(|sub| pages(sub, dir));
    under.sum::<Result<u32, Failure>>().map(|under| under + 1)
}
