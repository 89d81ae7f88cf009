//! `flowhq tenant update`.

use ::api::{Tenant, UpdateTenant};
use clap::Args;
use http::Method;

use super::ConfigOptions;
use crate::{
    api,
    args::{Connect, Format, Place, Which},
    error::CliError,
};

/// Change a tenant; what is not named stays
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  flowhq tenant update \"Amina Salon\" --language en
  flowhq tenant update \"Amina Salon\" --phone +255712345678
  flowhq tenant update \"Amina Salon\" --no-phone")]
pub(crate) struct Update {
    #[command(flatten)]
    which: Which,
    /// New name that operators read
    #[arg(long)]
    name: Option<String>,
    /// New declared WhatsApp number with its country code
    #[arg(long, value_name = "NUMBER")]
    phone: Option<String>,
    /// Forget the declared number
    #[arg(long, conflicts_with = "phone")]
    no_phone: bool,
    /// New IANA time zone
    #[arg(long, value_name = "ZONE")]
    timezone: Option<String>,
    /// New ISO 4217 currency
    #[arg(long, value_name = "CODE")]
    currency: Option<String>,
    /// Days after which lines of the conversation log are deleted
    #[arg(long, value_name = "DAYS")]
    retention_days: Option<u32>,
    #[command(flatten)]
    config: ConfigOptions,
    #[command(flatten)]
    format: Format,
    #[command(flatten)]
    connect: Connect,
}

impl Update {
    pub(super) async fn run(&self, place: &Place) -> Result<(), CliError> {
        let client = api::client(place, &self.connect)?;
        let id = api::find(&client, &self.which.tenant).await?;
        let body = UpdateTenant {
            name: self.name.clone(),
            phone_number: if self.no_phone { Some(None) } else { self.phone.clone().map(Some) },
            timezone: self.timezone.clone(),
            currency: self.currency.clone(),
            retention_days: self.retention_days.map(Some),
            config: self.config.input(),
        };
        let path = format!("/admin/tenants/{id}");
        let tenant: Tenant = client.send_json(Method::PATCH, &path, Some(&body)).await?;
        super::print_change(&tenant, "changed", self.format)
    }
}
