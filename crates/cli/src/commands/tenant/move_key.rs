//! `flowhq tenant move-key`.

use std::{fs::OpenOptions, io::Write as _, os::unix::fs::OpenOptionsExt as _, path::PathBuf};

use ::api::MoveKey as Made;
use clap::Args;

use crate::{
    api,
    args::{Connect, Place},
    error::CliError,
    output,
};

/// Give a move key with which one tenant of another installation may come to this one
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  flowhq tenant move-key --to amina.key                  # here, where the tenant is to come
  flowhq tenant move-out \"Amina Salon\" --key amina.key --to amina.move    # there
  flowhq tenant move-in amina.move                  # here

The move key seals the tenant on its way: keep it like a password until the tenant has come. It serves
once, for this installation alone, and within 30 days.")]
pub(crate) struct MoveKey {
    /// Write it into this new file [default: standard output]
    #[arg(long, value_name = "FILE")]
    to: Option<PathBuf>,
    #[command(flatten)]
    connect: Connect,
}

impl MoveKey {
    pub(super) async fn run(&self, place: &Place) -> Result<(), CliError> {
        let client = api::client(place, &self.connect)?;
        // Before one is made: a move key that nobody has seen is good for nothing.
        let into = |path: &PathBuf| {
            let file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(path);
            file.map_err(CliError::file(path))
        };
        let file = self.to.as_ref().map(into).transpose()?;
        let given: Result<Made, _> = client.post("/admin/tenants/move-keys").await;
        let Some((path, mut file)) = self.to.as_ref().zip(file) else {
            return Ok(output::line(&given?.move_key)?);
        };
        let given = given.inspect_err(|_| drop(std::fs::remove_file(path)))?;
        writeln!(file, "{}", given.move_key).and_then(|()| file.sync_all()).map_err(CliError::file(path))
    }
}
