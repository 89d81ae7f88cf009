//! `flowhq demo`: everything in one process, with the virtual WhatsApp in place of the real one.

#[cfg(feature = "virtual")]
mod cast;
#[cfg(feature = "virtual")]
mod play;
#[cfg(feature = "virtual")]
mod proof;
#[cfg(feature = "virtual")]
mod provider;
#[cfg(feature = "virtual")]
mod stage;

use std::path::PathBuf;

use clap::Args;

use crate::{args::Place, error::CliError};

/// Try everything without a phone: a demo tenant, a virtual WhatsApp, a customer who writes
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  cargo demo            # builds what it needs and shows it, until Ctrl-C
  cargo demo --oidc     # the portal has a button of a provider too; needs Node.js
  cargo demo --once     # ends by itself; exit code 1 if anything was not as it should be")]
pub(crate) struct Demo {
    /// End after the proof
    #[arg(long)]
    once: bool,
    /// Start an OpenID provider on this machine, so that owners can sign in by it
    #[arg(long, conflicts_with = "once")]
    oidc: bool,
    /// Keep everything in this directory [default: a new one that is removed at the end]
    #[arg(long, value_name = "DIR")]
    keep_in: Option<PathBuf>,
}

impl Demo {
    #[cfg(not(feature = "virtual"))]
    pub(crate) fn run(&self, _: &Place) -> Result<(), CliError> {
        let Self { once, .. } = self;
        let once = if *once { " --once" } else { "" };
        Err(CliError::Failed(format!(
            "this build speaks with WhatsApp itself and has no virtual one in it. In the source directory, run: cargo demo{once}"
        )))
    }

    #[cfg(feature = "virtual")]
    pub(crate) fn run(&self, place: &Place) -> Result<(), CliError> {
        let directory = self.keep_in.clone().or_else(|| place.data_dir.clone());
        play::run(self.once, self.oidc, directory)
    }
}
