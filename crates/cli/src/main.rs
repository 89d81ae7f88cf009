//! `flowhq`: parses the command line and wires the parts together; the only crate that names concrete implementations.

mod api;
mod args;
mod ask;
mod commands;
mod error;
mod host;
mod logging;
mod output;
mod planted;
mod version;

use std::process::ExitCode;

use clap::Parser;

fn main() -> ExitCode {
    let cli = args::Cli::parse();
    match commands::run(cli) {
        Ok(code) => code,
        Err(error) => error.report(),
    }
}
