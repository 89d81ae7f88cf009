//! `flowhq zygote`: has everything loaded that workers need, and forks them. Started by the supervisor, never by hand.

use std::process::ExitCode;

use clap::Args;
use zygote::{Served, serve};

use crate::error::CliError;

/// Fork workers; started by `flowhq serve`
#[derive(Debug, Args)]
pub(crate) struct Zygote {
    /// Room for the arguments of a worker.
    #[arg(value_name = "ROOM")]
    _room: String,
}

impl Zygote {
    pub(crate) fn run(&self) -> Result<ExitCode, CliError> {
        let _kept_by_another_allocator = memory::give_back_soon(memory::For::One);
        warm();
        match serve().map_err(|error| CliError::Failed(format!("workers cannot be forked: {error}")))? {
            Served::Ended => Ok(ExitCode::SUCCESS),
            Served::Worker => super::worker::run(),
        }
    }
}

/// Loads what each worker would load for itself. It draws no random number and opens nothing of a tenant's.
fn warm() {
    vault::spare_memory();
    replies::warm();
    memory::give_back_now();
}
