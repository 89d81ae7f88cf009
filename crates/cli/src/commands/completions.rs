//! `flowhq completions`.

use clap::{Args, CommandFactory};
use clap_complete::Shell;

use crate::{args::Cli, error::CliError};

/// Print completions for a shell
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  flowhq completions bash > ~/.local/share/bash-completion/completions/flowhq
  flowhq completions fish > ~/.config/fish/completions/flowhq.fish")]
pub(crate) struct Completions {
    /// Which shell
    shell: Shell,
}

impl Completions {
    pub(crate) fn run(&self) -> Result<(), CliError> {
        let mut script = Vec::new();
        clap_complete::generate(self.shell, &mut Cli::command(), "flowhq", &mut script);
        Ok(std::io::Write::write_all(&mut std::io::stdout().lock(), &script)?)
    }
}
