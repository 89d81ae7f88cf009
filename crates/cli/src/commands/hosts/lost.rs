//! `flowhq host lost`.

use std::io::{self, IsTerminal as _};

use ::api::{Host, LoseHost};
use clap::Args;
use http::Method;

use crate::{
    api,
    args::{Connect, Place},
    error::CliError,
    output,
};

/// Give a host up that never comes back: its tenants can then begin elsewhere, without their linked phones
#[derive(Debug, Args)]
#[command(after_help = "Look first:
  Is the machine off? While it runs, its bots go on answering although nobody hears of them.
  Is it the network? A host that can be reached again comes back by itself, with nothing lost.
  Is its disk lost too? The same host started with that disk on another machine has all sessions.

Examples:
  flowhq host lost host-2
  flowhq tenant place \"Amina Salon\" host-1")]
pub(crate) struct Lost {
    /// The host's name
    #[arg(value_name = "HOST")]
    host: String,
    /// Do not ask
    #[arg(long)]
    yes: bool,
    #[command(flatten)]
    connect: Connect,
}

impl Lost {
    pub(super) async fn run(&self, place: &Place) -> Result<(), CliError> {
        let client = api::client(place, &self.connect)?;
        if !self.yes {
            confirm(&self.host)?;
        }
        let body = LoseHost { typed_name: self.host.clone() };
        let host: Host =
            client.send_json(Method::POST, &super::path(&self.host, "lost"), Some(&body)).await?;
        output::remark(format_args!(
            "{} is given up. Its {} tenants wait: flowhq tenant place NAME HOST moves each, and its phone is linked again.",
            host.name, host.tenants
        ));
        Ok(())
    }
}

/// Asks for the name.
fn confirm(host: &str) -> Result<(), CliError> {
    if !io::stdin().is_terminal() {
        return Err(CliError::Usage(
            "look at the machine first, and give --yes where nobody can be asked".to_owned(),
        ));
    }
    output::remark(format_args!(
        "Is {host} off for good? Where it still runs, its bots go on answering beside those that are started elsewhere. Type its name to go on:"
    ));
    let mut typed = String::new();
    io::stdin().read_line(&mut typed)?;
    if typed.trim() == host {
        return Ok(());
    }
    Err(CliError::Usage("that is not the name; nothing was changed".to_owned()))
}
