//! `flowhq owner link`.

use ::api::portal::{LinkMade, MakeOwnerLink};
use clap::Args;
use http::Method;

use crate::{
    api,
    args::{Connect, Format, Place, Which},
    error::CliError,
    output,
};

/// Make a link by which an owner signs in to the portal
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  flowhq owner link \"Amina Salon\" --email amina@example.com
  flowhq owner link \"Amina Salon\" --email amina@example.com --name \"Amina Juma\"

Whoever has the link gets in: pass it on to the owner alone. It can be used once and is over after a
week.")]
pub(crate) struct Link {
    #[command(flatten)]
    which: Which,
    /// Address that the owner will sign in with
    #[arg(long, value_name = "ADDRESS")]
    email: String,
    /// Name of an owner who is not known yet
    #[arg(long)]
    name: Option<String>,
    #[command(flatten)]
    format: Format,
    #[command(flatten)]
    connect: Connect,
}

impl Link {
    pub(super) async fn run(&self, place: &Place) -> Result<(), CliError> {
        let client = api::client(place, &self.connect)?;
        let id = api::find(&client, &self.which.tenant).await?;
        let body = MakeOwnerLink { email: self.email.clone(), name: self.name.clone() };
        let path = format!("/admin/tenants/{id}/owner-links");
        let made: LinkMade = client.send_json(Method::POST, &path, Some(&body)).await?;
        if self.format.json {
            return Ok(output::json(&made)?);
        }
        output::line(format_args!("{}", output::harmless(&made.url)))?;
        Ok(output::line(format_args!(
            "It can be used once, until {}.",
            made.expires_at.strftime("%Y-%m-%d %H:%M UTC")
        ))?)
    }
}
