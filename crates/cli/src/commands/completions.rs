//! `hearsay completions`: a shell's script that completes verbs and flags, made of the command line's own tree.

use std::io::{self, Write};

use clap::{Args, CommandFactory};
use clap_complete::Shell;

use crate::cli::Cli;
use crate::exit::Failure;

/// Examples for its help.
pub(crate) const EXAMPLES: &str = "Examples:\n  \
    hearsay completions bash > ~/.local/share/bash-completion/completions/hearsay\n  \
    hearsay completions zsh > ~/.zfunc/_hearsay\n  \
    hearsay completions fish > ~/.config/fish/completions/hearsay.fish";

/// Arguments of `completions`.
#[derive(Args, Debug)]
pub(crate) struct CompletionsArgs {
    /// For which shell.
    #[arg(value_name = "SHELL", value_enum)]
    shell: Shell,
}

/// Writes the script to standard output.
pub(crate) fn run(args: &CompletionsArgs) -> Result<(), Failure> {
    // Into memory first: the generator panics where a pipe is closed early.
    let mut script = Vec::new();
    clap_complete::generate(args.shell, &mut Cli::command(), "hearsay", &mut script);
    let mut out = io::stdout().lock();
    out.write_all(&script).and_then(|()| out.flush()).map_err(Failure::Output)
}
