//! `flowhq host lost`.

use ::api::{Host, LoseHost};
use clap::Args;
use http::Method;

use crate::{
    api,
    args::{Connect, Place},
    ask,
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
            "{} is given up. To be moved from it: {}. flowhq tenant place NAME HOST moves each, and its phone is linked again.",
            host.name,
            output::tenants(host.tenants)
        ));
        Ok(())
    }
}

/// Asks for the name.
fn confirm(host: &str) -> Result<(), CliError> {
    let question = format!(
        "Is {host} off for good? Where it still runs, its bots go on answering beside those that are started elsewhere. Type its name to go on:"
    );
    let nobody = "look at the machine first, and give --yes where nobody can be asked";
    ask::whether(question, host, nobody, "that is not the name; nothing was changed")
}
