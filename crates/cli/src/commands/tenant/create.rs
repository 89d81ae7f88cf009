//! `flowhq tenant create`.

use ::api::{CreateTenant, Tenant};
use clap::Args;
use http::Method;

use super::ConfigOptions;
use crate::{
    api,
    args::{Connect, Format, Place},
    error::CliError,
};

/// Create a tenant
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  flowhq tenant create \"Amina Salon\"
  flowhq tenant create \"Amina Salon\" --phone +255712345678 --pack booking --language sw")]
pub(crate) struct Create {
    /// Name that operators read, 1 to 120 characters
    name: String,
    /// Declared WhatsApp number with its country code
    #[arg(long, value_name = "NUMBER")]
    phone: Option<String>,
    /// IANA time zone [default: Africa/Dar_es_Salaam]
    #[arg(long, value_name = "ZONE")]
    timezone: Option<String>,
    /// ISO 4217 currency [default: TZS]
    #[arg(long, value_name = "CODE")]
    currency: Option<String>,
    #[command(flatten)]
    config: ConfigOptions,
    #[command(flatten)]
    format: Format,
    #[command(flatten)]
    connect: Connect,
}

impl Create {
    pub(super) async fn run(&self, place: &Place) -> Result<(), CliError> {
        let client = api::client(place, &self.connect)?;
        let body = CreateTenant {
            name: self.name.clone(),
            phone_number: self.phone.clone(),
            timezone: self.timezone.clone(),
            currency: self.currency.clone(),
            config: self.config.input(),
            ..CreateTenant::default()
        };
        let tenant: Tenant = client.send_json(Method::POST, "/admin/tenants", Some(&body)).await?;
        super::print_change(&tenant, "created", self.format)
    }
}
