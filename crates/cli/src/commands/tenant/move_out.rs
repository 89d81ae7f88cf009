//! `flowhq tenant move-out`.

use std::{
    fs::{File, OpenOptions},
    io::{self, Read as _},
    os::unix::fs::OpenOptionsExt as _,
    path::{Path, PathBuf},
};

use ::api::{MoveOut as Wanted, MovedOut, TenantWithLogs};
use clap::Args;
use http::Method;

use crate::{
    api,
    args::{Connect, Place, Which},
    ask,
    error::CliError,
    output,
};

/// Move a tenant with its linked device to another installation: it never runs here again
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  flowhq tenant move-out \"Amina Salon\" --key amina.key --to amina.move
  flowhq tenant move-out \"Amina Salon\" --key amina.key --yes --to - | ssh new flowhq tenant move-in -

The move key comes from the other installation (flowhq tenant move-key), which alone can take the file in.
Its bot ends here at once, and messages wait at WhatsApp until it runs there; no phone links again.
Interrupted, the same command makes the same file again. Delete the tenant here once it answers there.")]
pub(crate) struct MoveOut {
    #[command(flatten)]
    which: Which,
    /// File with the other installation's move key; - reads standard input
    #[arg(long = "key", value_name = "FILE")]
    move_key: PathBuf,
    /// Where the file goes; - writes standard output
    #[arg(long, value_name = "FILE")]
    to: PathBuf,
    /// Do not ask
    #[arg(long)]
    yes: bool,
    #[command(flatten)]
    connect: Connect,
}

impl MoveOut {
    pub(super) async fn run(&self, place: &Place) -> Result<(), CliError> {
        if self.connect.url.is_some() {
            let why = "the file is made where flowhq serve runs: give this command there, without --url";
            return Err(CliError::Usage(why.to_owned()));
        }
        let client = api::client(place, &self.connect)?;
        let id = api::find(&client, &self.which.tenant).await?;
        let mut move_key = String::new();
        let read = match self.move_key.to_str() {
            Some("-") => io::stdin().take(1024).read_to_string(&mut move_key),
            _ => File::open(&self.move_key).and_then(|file| file.take(1024).read_to_string(&mut move_key)),
        };
        read.map_err(CliError::file(&self.move_key))?;
        if !self.yes {
            let tenant = client.get::<TenantWithLogs>(&format!("/admin/tenants/{id}")).await?.tenant;
            confirm(&tenant.name)?;
        }
        let waiting = output::Waiting::new("Ending the bot and writing the file");
        let body = Wanted { move_key: move_key.trim().to_owned() };
        let path = format!("/admin/tenants/{id}/move-out");
        let made: MovedOut = client.send_json_to_its_end(Method::POST, &path, Some(&body)).await?;
        hand_over(Path::new(&made.file), &self.to)?;
        drop(waiting);
        output::remark(format_args!(
            "The tenant is fenced here and never starts here again: {} bytes, for flowhq tenant move-in on the other installation.",
            made.bytes
        ));
        Ok(())
    }
}

/// To where it was asked for; the same again where that is interrupted.
fn hand_over(file: &Path, to: &Path) -> Result<(), CliError> {
    let copied = || -> io::Result<()> {
        let mut from = File::open(file)?;
        if to.to_str() == Some("-") {
            io::copy(&mut from, &mut io::stdout().lock())?;
        } else {
            let mut into = OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(to)?;
            io::copy(&mut from, &mut into)?;
            into.sync_all()?;
        }
        std::fs::remove_file(file)
    };
    copied().map_err(CliError::file(to))
}

/// Asks for the name: there is no way back.
fn confirm(name: &str) -> Result<(), CliError> {
    let question = format!(
        "\"{}\" ends here and never starts here again; only the installation of the move key can go on with it. Type the name to go on:",
        output::harmless(name)
    );
    let nobody = "this is for good: give --yes where nobody can be asked";
    ask::whether(question, name.trim(), nobody, "that is not the name; nothing was changed")
}
