//! `flowhq host drain` and `flowhq host undrain`.

use ::api::Host;
use clap::Args;
use http::Method;

use crate::{
    api,
    args::{Connect, Format, Place},
    error::CliError,
    output,
};

/// Which host, and how it is told.
#[derive(Debug, Args)]
struct Told {
    /// The host's name
    #[arg(value_name = "HOST")]
    host: String,
    #[command(flatten)]
    format: Format,
    #[command(flatten)]
    connect: Connect,
}

/// Empty a host: its tenants go to others one after the other, and it takes none
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  flowhq host drain host-2
  flowhq host list")]
pub(crate) struct Drain {
    #[command(flatten)]
    told: Told,
}

/// Take a host into use again that was emptied or given up
#[derive(Debug, Args)]
pub(crate) struct Undrain {
    #[command(flatten)]
    told: Told,
}

impl Drain {
    pub(super) async fn run(&self, place: &Place) -> Result<(), CliError> {
        self.told
            .order(place, "drain", "its tenants go to other hosts; flowhq host list shows how many are left")
            .await
    }
}

impl Undrain {
    pub(super) async fn run(&self, place: &Place) -> Result<(), CliError> {
        self.told.order(place, "undrain", "it takes tenants again").await
    }
}

impl Told {
    async fn order(&self, place: &Place, verb: &str, done: &str) -> Result<(), CliError> {
        let client = api::client(place, &self.connect)?;
        let host: Host = client.send_json(Method::POST, &super::path(&self.host, verb), None::<&()>).await?;
        if self.format.json {
            return Ok(output::json(&host)?);
        }
        Ok(output::line(format_args!("{} ({}, {} tenants): {done}", host.name, host.state, host.tenants))?)
    }
}
