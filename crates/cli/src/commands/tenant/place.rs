//! `flowhq tenant place`.

use ::api::{MoveTo, Place as Placed};
use clap::Args;
use domain::PlaceStep;
use http::Method;

use crate::{
    api,
    args::{Connect, Format, Place, Which},
    error::CliError,
    output,
};

/// Show on which host a tenant's bot runs, or move it to another
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  flowhq tenant place \"Amina Salon\"
  flowhq tenant place \"Amina Salon\" host-2
  flowhq tenant place \"Amina Salon\" --here

Its bot ends where it is and goes on there with its linked phone. Interrupted, the same command goes on.")]
pub(crate) struct OfTenant {
    #[command(flatten)]
    which: Which,
    /// The host that it goes to
    #[arg(value_name = "HOST")]
    host: Option<String>,
    /// Move it to the control plane's own machine
    #[arg(long, conflicts_with = "host")]
    here: bool,
    #[command(flatten)]
    format: Format,
    #[command(flatten)]
    connect: Connect,
}

impl OfTenant {
    pub(super) async fn run(&self, place: &Place) -> Result<(), CliError> {
        let client = api::client(place, &self.connect)?;
        let id = api::find(&client, &self.which.tenant).await?;
        let path = format!("/admin/tenants/{id}/place");
        let placed: Placed = if self.here || self.host.is_some() {
            let waiting = output::Waiting::new("Moving the tenant");
            let body = MoveTo { host: self.host.clone() };
            let placed = client.send_json_to_its_end(Method::POST, &path, Some(&body)).await?;
            drop(waiting);
            placed
        } else {
            client.get(&path).await?
        };
        if self.format.json {
            return Ok(output::json(&placed)?);
        }
        let on = |host: Option<&str>| {
            host.map_or("the control plane's own machine".to_owned(), |host| format!("host {host}"))
        };
        let mut line = on(placed.host.as_deref());
        if placed.step == PlaceStep::Leaves {
            line = format!("{line}, on its way to {}", on(placed.other.as_deref()));
        }
        if let Some(waits) = &placed.waits {
            line = format!("{line}: {}", output::harmless(waits));
        }
        Ok(output::line(line)?)
    }
}
