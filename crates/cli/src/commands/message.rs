//! `flowhq message`.

use ::api::{SendMessage, SentMessage};
use clap::Args;
use http::Method;

use crate::{
    api,
    args::{Connect, Format, Place, Which},
    error::CliError,
    output,
};

/// Send a text to a customer as a tenant's bot
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  flowhq message \"Amina Salon\" 255712345678 \"We open at nine tomorrow.\"

The customer must have written before. The chat is a person's then: the bot keeps quiet there for a while.")]
pub(crate) struct Message {
    #[command(flatten)]
    which: Which,
    /// The customer's number in digits, or lid: and digits, as the log shows it
    #[arg(value_name = "CONTACT")]
    contact: String,
    /// What to send
    #[arg(value_name = "TEXT")]
    text: String,
    #[command(flatten)]
    format: Format,
    #[command(flatten)]
    connect: Connect,
}

impl Message {
    pub(crate) async fn run(&self, place: &Place) -> Result<(), CliError> {
        let client = api::client(place, &self.connect)?;
        let id = api::find(&client, &self.which.tenant).await?;
        let contact = self.contact.trim_start_matches('+').to_owned();
        let body = SendMessage { contact, text: self.text.clone(), key: None };
        let path = format!("/admin/tenants/{id}/messages");
        let sent: SentMessage = client.send_json(Method::POST, &path, Some(&body)).await?;
        if self.format.json {
            return Ok(output::json(&sent)?);
        }
        Ok(output::line(format_args!("Sent as {}.", output::harmless(&sent.wa_message_id)))?)
    }
}
